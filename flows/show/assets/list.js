"use strict";
// The findings and the lists of reports: search, filter, order. What is chosen stands in the address, so a list can be
// sent. Findings beyond the first are handed over in script files, when they are to be shown.

const findings = document.getElementById("findings");
const reports = document.querySelector("#reports tbody");
const chosen = new URLSearchParams(location.search);
const cards = new Map(Array.from(findings?.querySelectorAll(":scope > .item") ?? [], (item) => [item.id.slice(2), item]));
let shown = 50; // how many findings are shown at once
let rows = [];

const order = {
  published: (a, b) => b[3].localeCompare(a[3]),
  oldest: (a, b) => a[3].localeCompare(b[3]),
  gap: (a, b) => b[4] - a[4],
  kind: (a, b) => a[2].localeCompare(b[2]),
};

const wordsAsked = () => gongbao.fold(chosen.get("q") ?? "").split(/\s+/).filter(Boolean);

function say(count) {
  const output = document.querySelector("[data-shown]");
  if (output) output.textContent = `${count.toLocaleString("en")} ${gongbao.word("shown")}`;
}

/** The card of the finding with number `place` in its natural order. */
async function card(row, place, size) {
  if (!cards.has(row[0])) {
    const name = `findings/f${Math.floor(place / size)}`;
    const holder = document.createElement("div");
    gongbao.fill(holder, await gongbao.load(name, `data/${name}.js`));
    for (const item of holder.children) if (!cards.has(item.id.slice(2))) cards.set(item.id.slice(2), item);
  }
  return cards.get(row[0]);
}

let turn = 0;
async function showFindings() {
  const mine = (turn += 1);
  const index = await gongbao.load("findings/index", "data/findings/index.js");
  rows = index.rows.map((row, place) => [...row, place]);
  const words = wordsAsked();
  const fits = rows.filter((row) => (!chosen.get("verdict") || row[1] === chosen.get("verdict"))
    && (!chosen.get("kind") || row[2] === chosen.get("kind"))
    && (!chosen.get("publisher") || row[5] === chosen.get("publisher"))
    && (!chosen.get("open") || !row[6])
    && words.every((word) => row[7].includes(word)));
  if (order[chosen.get("order")]) fits.sort(order[chosen.get("order")]);
  const named = location.hash.slice(1);
  const target = fits.findIndex((row) => `c-${row[0]}` === named);
  shown = Math.max(shown, target + 1);
  const wanted = await Promise.all(fits.slice(0, shown).map((row) => card(row, row[8], index.shown)));
  if (mine !== turn) return; // something else was chosen meanwhile
  findings.replaceChildren(...wanted);
  for (const button of document.querySelectorAll("button[data-verdict]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === (chosen.get("verdict") ?? "")));
  }
  document.querySelector("[data-open]")?.setAttribute("aria-pressed", String(Boolean(chosen.get("open"))));
  document.querySelector("[data-more]").hidden = fits.length <= shown;
  say(fits.length);
  if (target >= 0) wanted[target].scrollIntoView({ block: "start" });
}

function showReports() {
  const words = wordsAsked();
  for (const row of reports.rows) row.hidden = !words.every((word) => row.dataset.words.includes(word));
}

const show = () => (findings ? showFindings() : showReports());

function choose(name, value) {
  if (value) chosen.set(name, value);
  else chosen.delete(name);
  shown = 50;
  try {
    history.replaceState(null, "", `${location.pathname}${chosen.size ? `?${chosen}` : ""}${location.hash}`);
  } catch {
    // Some browsers forbid it for files on disk; the list still answers.
  }
  show();
}

const fields = { "[data-search]": "q", "[data-kind]": "kind", "[data-order]": "order", "[data-publisher]": "publisher" };
document.addEventListener("input", (event) => {
  for (const [field, name] of Object.entries(fields)) if (event.target.matches(field)) choose(name, event.target.value);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && "verdict" in button.dataset) choose("verdict", button.dataset.verdict);
  if (button && "open" in button.dataset) choose("open", chosen.get("open") ? "" : "1");
  if (button && "more" in button.dataset) {
    shown += 50;
    show();
  }
});
document.addEventListener("gongbao:tongue", show);
addEventListener("hashchange", show);
addEventListener("beforeprint", () => { for (const item of cards.values()) item.classList.add("printed"); });

for (const [field, name] of Object.entries(fields)) {
  const element = document.querySelector(field);
  if (element && chosen.get(name)) element.value = chosen.get(name);
}
show();
