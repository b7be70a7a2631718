"use strict";
// The findings and the lists of reports: search, filter, order. What is chosen stands in the address, so a list can be
// sent. The first stand in the page; the others are in script files, each of some reports, read when they are asked for.

const findings = document.getElementById("findings");
const reports = document.querySelector("#reports tbody");
const chosen = new URLSearchParams(location.search);
const cards = new Map(Array.from(findings?.querySelectorAll(":scope > .item") ?? [], (item) => [item.id.slice(2), item]));
const blocks = Array.from({ length: Number(document.querySelector("[data-blocks]")?.dataset.blocks ?? 0) }, (_, number) => number);
const SHOWN = 50; // how many findings are shown at once
let shown = SHOWN;

// A row of a finding: id, verdict, kind, day, gap, publisher, acknowledged, words, block, place in its block.
const order = {
  verdict: (a, b) => a[1].localeCompare(b[1]) || b[3].localeCompare(a[3]),
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

async function card(row) {
  if (!cards.has(row[0])) {
    const name = `findings/c${row[8]}`;
    const holder = document.createElement("div");
    gongbao.fill(holder, (await gongbao.load(name, `data/${name}.js`))[row[9]]);
    gongbao.measure(holder);
    cards.set(row[0], holder.firstElementChild);
  }
  return cards.get(row[0]);
}

const allFindings = () => Promise.all(blocks.map(async (number) => {
  const own = await gongbao.load(`findings/r${number}`, `data/findings/r${number}.js`);
  return own.map((row, place) => [...row, number, place]);
}));

let turn = 0;
async function showFindings() {
  const mine = (turn += 1);
  const rows = (await allFindings()).flat();
  const words = wordsAsked();
  const fits = rows.filter((row) => (!chosen.get("verdict") || row[1] === chosen.get("verdict"))
    && (!chosen.get("kind") || row[2] === chosen.get("kind"))
    && (!chosen.get("publisher") || row[5] === chosen.get("publisher"))
    && (!chosen.get("open") || !row[6])
    && words.every((word) => row[7].includes(word)));
  fits.sort(order[chosen.get("order")] ?? order.verdict);
  const named = location.hash.slice(1);
  const target = fits.findIndex((row) => `c-${row[0]}` === named);
  shown = Math.max(shown, target + 1);
  const wanted = await Promise.all(fits.slice(0, shown).map(card));
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

/** The rows of all reports, the newest first, in place of the newest alone. */
async function allReports() {
  if (!blocks.length) return;
  const read = await Promise.all(blocks.splice(0).map((number) => gongbao.load(`reports/b${number}`, `data/reports/b${number}.js`)));
  gongbao.fill(reports, read.join(""));
  reports.append(...[...reports.rows].sort((a, b) => b.dataset.day.localeCompare(a.dataset.day)));
  document.querySelector("[data-all-reports]")?.remove();
}

async function showReports() {
  const words = wordsAsked();
  if (words.length) await allReports();
  for (const row of reports.rows) row.hidden = !words.every((word) => row.dataset.words.includes(word));
  document.querySelector("[data-none]").hidden = [...reports.rows].some((row) => !row.hidden);
}

const show = () => (findings ? showFindings() : showReports());

function choose(name, value) {
  if (value) chosen.set(name, value);
  else chosen.delete(name);
  shown = SHOWN;
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
    shown += SHOWN;
    show();
  }
  if (button && "allReports" in button.dataset) allReports();
});
document.addEventListener("gongbao:tongue", show);
addEventListener("hashchange", show);
addEventListener("beforeprint", () => { for (const item of cards.values()) item.classList.add("printed"); });

for (const [field, name] of Object.entries(fields)) {
  const element = document.querySelector(field);
  if (element && chosen.get(name)) element.value = chosen.get(name);
}
show();
