"use strict";
// The overview and the findings: search, filter, order. What is chosen stands in the address, so a list can be sent.

const list = document.getElementById("findings") ?? document.querySelector("#reports tbody");
const items = Array.from(list.querySelectorAll(":scope > [data-words]"));
const chosen = new URLSearchParams(location.search);

const order = {
  verdict: () => 0,
  published: (a, b) => b.dataset.published.localeCompare(a.dataset.published),
  gap: (a, b) => (parseFloat(b.dataset.gap) || -1) - (parseFloat(a.dataset.gap) || -1),
  kind: (a, b) => a.dataset.kind.localeCompare(b.dataset.kind),
};

function show() {
  const words = gongbao.fold(chosen.get("q") ?? "").split(/\s+/).filter(Boolean);
  const verdict = chosen.get("verdict") ?? "";
  const kind = chosen.get("kind") ?? "";
  let shown = 0;
  for (const item of items) {
    const fits = (!verdict || item.dataset.verdict === verdict) && (!kind || item.dataset.kind === kind)
      && words.every((word) => item.dataset.words.includes(word));
    item.hidden = !fits;
    shown += fits;
  }
  for (const button of document.querySelectorAll("button[data-verdict]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
  }
  const output = document.querySelector("[data-shown]");
  if (output) output.textContent = `${shown.toLocaleString("en")} ${gongbao.word("shown")}`;
}

function choose(name, value) {
  if (value) chosen.set(name, value);
  else chosen.delete(name);
  try {
    history.replaceState(null, "", `${location.pathname}${chosen.size ? `?${chosen}` : ""}${location.hash}`);
  } catch {
    // Some browsers forbid it for files on disk; the list still answers.
  }
  show();
}

function sort(by) {
  list.append(...items.toSorted(order[by] ?? order.verdict));
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-search]")) choose("q", event.target.value);
  if (event.target.matches("[data-kind]")) choose("kind", event.target.value);
  if (event.target.matches("[data-order]")) {
    sort(event.target.value);
    choose("order", event.target.value);
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-verdict]");
  if (button) choose("verdict", button.dataset.verdict);
});
document.addEventListener("gongbao:tongue", show);

document.querySelector("[data-search]").value = chosen.get("q") ?? "";
if (chosen.get("kind")) document.querySelector("select[data-kind]").value = chosen.get("kind");
if (chosen.get("order")) {
  document.querySelector("[data-order]").value = chosen.get("order");
  sort(chosen.get("order"));
}
show();
