"use strict";
// One report: step through its numerals and relations, inspect one, light what belongs together.
// One listener a kind of event for the whole page: a report may hold hundreds of thousands of numerals.

const data = JSON.parse(document.getElementById("data").textContent);
const text = document.getElementById("text");
const inspector = document.getElementById("inspector");
const panel = document.getElementById("figure");
const cards = new Map(Array.from(document.querySelectorAll(".check"), (card) => [Number(card.dataset.check), card]));
const cardOrder = Array.from(cards.keys());
const checksOf = new Map();
data.checks.forEach((members, check) => {
  for (const member of new Set(members)) checksOf.set(member, [...(checksOf.get(member) ?? []), check]);
});

let at = -1; // the figure that is shown
let atCheck = -1; // the relation that is lit
let only = ""; // the verdict that is stepped through
let lit = [];

const cell = (figure, column) => data.columns[column].values[data.columns[column].at[figure]];
const markOf = (figure) => document.getElementById(`f${data.starts[figure]}`);
const isFigure = (figure) => ["quantity", "percent"].includes(cell(figure, "cls"));
const isShown = (figure) => !only || (isFigure(figure) ? cell(figure, "verdict") : "not_figure") === only;

/** The index of the numeral that starts at `start`, or -1. */
function indexOf(start) {
  let low = 0;
  let high = data.starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (data.starts[middle] === start) return middle;
    if (data.starts[middle] < start) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function element(name, className, words) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = words;
  return made;
}

function describe(figure) {
  const verdict = isFigure(figure) ? cell(figure, "verdict") : "not_figure";
  const unit = cell(figure, "unit");
  const header = element("header", "", "");
  const badge = element("span", `badge ${verdict}`, "");
  badge.append(element("span", "sign", ""), gongbao.word(verdict));
  header.append(badge, element("span", "kind", gongbao.word(cell(figure, "cls"))));
  const facts = element("dl", "facts", "");
  const base = cell(figure, "base_value");
  const rows = [
    ["value", [cell(figure, "value"), unit].filter(Boolean).join(" ")],
    ["base_value", cell(figure, "base_unit") === unit ? "" : [base, cell(figure, "base_unit")].filter(Boolean).join(" ")],
    ["interval", cell(figure, "interval") === cell(figure, "value") ? "" : cell(figure, "interval")],
    ["direction", gongbao.word(cell(figure, "direction"))],
    ["hedge", cell(figure, "hedge")],
    ["indicator", [cell(figure, "indicator_text"), cell(figure, "indicator")].filter(Boolean).join("  ")],
    ["modifiers", cell(figure, "modifiers")],
    ["entity", cell(figure, "entity")],
    ["period", cell(figure, "period")],
    ["as_of", cell(figure, "as_of")],
    ["rule", cell(figure, "rule")],
    ["position", String(data.starts[figure])],
  ];
  for (const [key, value] of rows) {
    if (!value) continue;
    const row = element("div", key, "");
    row.append(element("dt", "", gongbao.word(key)), element("dd", "", value));
    facts.append(row);
  }
  panel.replaceChildren(header, element("p", "quote", cell(figure, "quote")), facts);
  panel.className = `figure ${verdict}`;
  panel.hidden = false;
}

/** Show only the relations of `figure`, or all of them (-1). */
function listRelations(figure) {
  const shown = figure < 0 ? null : new Set(checksOf.get(figure) ?? []);
  for (const [check, card] of cards) card.hidden = shown !== null && !shown.has(check);
  inspector.querySelector("[data-relations-count]").textContent = shown ? shown.size : cards.size;
  inspector.querySelector("[data-show-all]").hidden = shown === null || shown.size === cards.size;
  inspector.querySelector("[data-none]").hidden = shown === null || shown.size > 0;
}

function dim() {
  for (const one of lit) one.classList.remove("lit", "current", "as-result");
  lit = [];
  for (const card of cards.values()) card.classList.remove("chosen");
}

function light(one, ...classes) {
  if (!one) return;
  one.classList.add(...classes);
  lit.push(one);
}

function lightCheck(check) {
  for (const figure of data.checks[check]) light(markOf(figure), "lit");
  for (const cue of text.querySelectorAll(`.cue[data-c~="${check}"]`)) light(cue, "lit");
  cards.get(check).classList.add("chosen");
}

function remember(hash) {
  try {
    history.replaceState(null, "", hash || location.pathname + location.search);
  } catch {
    // Some browsers forbid it for files on disk; the page still answers.
  }
}

function place() {
  const words = at < 0 ? "" : `${(at + 1).toLocaleString("en")} / ${data.starts.length.toLocaleString("en")}`;
  inspector.querySelector("[data-place]").textContent = words;
  inspector.querySelector("[data-close]").hidden = at < 0 && atCheck < 0;
  document.body.classList.toggle("inspecting", at >= 0 || atCheck >= 0);
}

const scroll = (one, block) => one?.scrollIntoView({ block, behavior: "instant" });

function select(figure, { moves = true } = {}) {
  dim();
  at = figure;
  atCheck = -1;
  describe(figure);
  listRelations(figure);
  const own = checksOf.get(figure) ?? [];
  if (own.length === 1) lightCheck(own[0]);
  light(markOf(figure), "current");
  inspector.scrollTop = 0;
  place();
  if (moves) scroll(markOf(figure), "center");
  remember(`#f${data.starts[figure]}`);
}

function selectCheck(check, { moves = true } = {}) {
  dim();
  if (cards.get(check).hidden || at < 0 || !data.checks[check].includes(at)) {
    at = -1;
    panel.hidden = true;
    listRelations(-1);
  } else {
    light(markOf(at), "current");
  }
  atCheck = check;
  lightCheck(check);
  place();
  if (moves && data.checks[check].length) scroll(markOf(data.checks[check][0]), "center");
  scroll(cards.get(check), "nearest");
  remember(`#${cards.get(check).id}`);
}

function close() {
  dim();
  at = atCheck = -1;
  panel.hidden = true;
  listRelations(-1);
  place();
  remember("");
}

function step(by) {
  let next = at < 0 ? (by > 0 ? 0 : data.starts.length - 1) : at + by;
  while (next >= 0 && next < data.starts.length && !isShown(next)) next += by;
  if (next >= 0 && next < data.starts.length) select(next);
}

function stepCheck(by) {
  const from = cardOrder.indexOf(atCheck);
  const next = from < 0 ? (by > 0 ? 0 : cardOrder.length - 1) : from + by;
  if (next >= 0 && next < cardOrder.length) selectCheck(cardOrder[next]);
}

function filter(verdict) {
  only = only === verdict ? "" : verdict;
  text.dataset.only = only;
  for (const button of document.querySelectorAll("[data-only]")) {
    button.setAttribute?.("aria-pressed", String(button.dataset.only === only && only !== ""));
  }
}

function follow() {
  const hash = decodeURIComponent(location.hash.slice(1));
  if (/^f\d+$/.test(hash)) {
    const figure = indexOf(Number(hash.slice(1)));
    if (figure >= 0) select(figure);
  } else if (hash.startsWith("c-")) {
    const card = document.getElementById(hash);
    if (card?.dataset.check) selectCheck(Number(card.dataset.check));
  }
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window: leave it to the browser
  const { target } = event;
  const mark = target.closest(".text a.n");
  const link = target.closest('a[href^="#f"], a[href^="#c-"]');
  const button = target.closest("button");
  if (mark) {
    event.preventDefault();
    select(indexOf(Number(mark.hash.slice(2))), { moves: false });
  } else if (link) {
    event.preventDefault();
    remember(link.getAttribute("href"));
    follow();
  } else if (button?.dataset.step) step(Number(button.dataset.step));
  else if (button?.dataset.only) filter(button.dataset.only);
  else if (button && "close" in button.dataset) close();
  else if (button && "showAll" in button.dataset) listRelations(-1);
  else if (!button && !target.closest("a") && target.closest(".check") && !String(getSelection())) {
    selectCheck(Number(target.closest(".check").dataset.check));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const act = {
    n: () => step(1), p: () => step(-1), j: () => stepCheck(1), k: () => stepCheck(-1), Escape: close,
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

addEventListener("hashchange", follow);
document.addEventListener("gongbao:tongue", () => { if (at >= 0) describe(at); });
follow();
