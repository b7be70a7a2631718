"use strict";
// One report: step through its numerals and relations, inspect one, light what belongs together.
// One listener a kind of event for the whole page, and of a long report only the parts that are looked at: it may hold
// hundreds of thousands of numerals.

const data = JSON.parse(document.getElementById("data").textContent);
const text = document.getElementById("text");
const inspector = document.getElementById("inspector");
const panel = document.getElementById("figure");
const cardList = document.getElementById("checks");
const starts = [];
for (const step of data.steps) starts.push(step + (starts.at(-1) ?? 0));
const checksOf = new Map();
data.checks.forEach((members, check) => {
  for (const member of new Set(members)) {
    const own = checksOf.get(member);
    if (own) own.push(check);
    else checksOf.set(member, [check]);
  }
});
const placeOf = new Map(data.order.map((check, place) => [check, place]));
const cards = new Map();
/** The cards that have come into the page; `facts` are those of the last of them. */
function takeCards(facts) {
  const fresh = Array.from(cardList.children).slice(cards.size);
  fresh.forEach((card, place) => {
    const check = Number(card.dataset.check);
    gongbao.draw(card, facts[place], data.ids[check]);
    cards.set(check, card);
  });
}
takeCards(data.facts);

const KINDS = { h: "holds", b: "broken", c: "cannot_tell", u: "unchecked", n: "not_figure" };
let at = -1; // the figure that is shown
let atCheck = -1; // the relation that is lit
let only = ""; // the verdict that is stepped through
let lit = [];
let listed = null; // the relations that are listed, null for all
let loadedCards = 1;
let held = null; // what was brought into view just now
let letGo;

const markOf = (figure) => document.getElementById(`f${starts[figure]}`);
const kindOf = (figure) => KINDS[data.kinds[figure]];

/** The greatest place in `sorted` whose value is not above `value`. */
function before(sorted, value) {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** The index of the numeral that starts at `start`, or -1. */
function indexOf(start) {
  const place = before(starts, start);
  return starts[place] === start ? place : -1;
}

// Parts of the text: those in the page, and those that are handed over.
const parts = new Map();
for (let part = 0; part < data.shown; part += 1) parts.set(part, { columns: data.columns, first: 0 });
const holders = new Map(Array.from(text.querySelectorAll(".part"), (holder) => [Number(holder.dataset.part), holder]));
const partOf = (figure) => Math.max(0, before(data.firsts, figure));

/** The height in pixels that so many characters will need, guessed: until they are laid out, they take this room. */
const guessed = (chars) => Math.ceil(chars / Math.max(20, Math.floor(text.clientWidth / 18))) * 36;
const makeRoom = (chunk) => { chunk.style.containIntrinsicHeight = `auto ${guessed(chunk.textContent.length)}px`; };

async function need(part) {
  if (parts.has(part)) return;
  const taken = await gongbao.load(`p${part}`, `${data.parts}p${part}.js`);
  if (parts.has(part)) return;
  const holder = holders.get(part);
  holder.replaceChildren(...taken.html.map((html) => {
    const chunk = gongbao.element("div", "chunk", undefined, { dir: "auto" });
    gongbao.fill(chunk, html);
    makeRoom(chunk);
    return chunk;
  }));
  holder.style.height = "";
  parts.set(part, { columns: taken.columns, first: data.firsts[part] });
  relight();
}

{
  for (const chunk of text.querySelectorAll(".chunk")) makeRoom(chunk);
  for (const holder of holders.values()) holder.style.height = `${guessed(Number(holder.dataset.chars))}px`;
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) need(Number(entry.target.dataset.part));
  }, { rootMargin: "1500px" });
  for (const holder of holders.values()) near.observe(holder);
}

function cell(figure, column) {
  const part = parts.get(partOf(figure));
  const { values, at: places } = part.columns[column];
  return values[places[figure - part.first]];
}

const element = (name, className, words) => gongbao.element(name, className, words);

function describe(figure) {
  const verdict = kindOf(figure);
  const unit = cell(figure, "unit");
  const header = element("div", "card-head");
  const badge = element("span", `badge ${verdict}`);
  badge.append(element("span", "sign"), gongbao.word(verdict));
  header.append(badge, element("span", "kind", gongbao.word(cell(figure, "cls"))));
  const facts = element("dl", "facts");
  const [value, base] = ["value", "base_value"].map((column) => gongbao.grouped(cell(figure, column), 12));
  const [low, high] = [cell(figure, "low"), cell(figure, "high")];
  const code = cell(figure, "indicator");
  const name = data.names[code]?.[gongbao.tongue()];
  const period = [...new Set([cell(figure, "period_start"), cell(figure, "period_end")])].filter(Boolean);
  const modifiers = cell(figure, "modifiers").split(";").filter(Boolean).map((one) => gongbao.word(`m_${one}`).replace(/^m_/, "")).join(" · ");
  const rows = [
    ["value", [value, unit].filter(Boolean).join(" ")],
    ["base_value", cell(figure, "base_unit") === unit ? "" : [base, cell(figure, "base_unit")].filter(Boolean).join(" ")],
    ["interval", low === high && low === cell(figure, "value") ? low && gongbao.word("exactly") : gongbao.interval(low, high, cell(figure, "low_closed"), cell(figure, "high_closed"))],
    ["direction", gongbao.word(cell(figure, "direction"))],
    ["hedge", cell(figure, "hedge")],
    ["indicator_text", cell(figure, "indicator_text")],
    ["indicator", name ?? code],
    ["modifiers", modifiers],
    ["entity", cell(figure, "entity")],
    ["period", period.join(" – ")],
    ["as_of", cell(figure, "as_of")],
    ["rule", cell(figure, "rule")],
    ["position", starts[figure].toLocaleString("en")],
  ];
  for (const [key, said] of rows) {
    if (!said) continue;
    const row = element("div", key);
    const told = element("dd");
    if (key === "indicator" && data.series[code]) {
      told.append(gongbao.element("a", "", said, { href: `../indicators/${data.series[code]}.html`, title: code }));
    } else told.textContent = said;
    row.append(element("dt", "", gongbao.word(key)), told);
    facts.append(row);
  }
  panel.replaceChildren(header, element("p", "quote", cell(figure, "quote")), facts);
  panel.className = `figure ${verdict}`;
  panel.hidden = false;
  if (data.series[code]) history_(figure, data.series[code]);
}

/** What other reports, and other places of this one, say of the same thing: the newest and those around this figure. */
async function history_(figure, name) {
  const day = cell(figure, "period_end") || cell(figure, "period_start") || cell(figure, "as_of") || data.published;
  const near = (first, last, place, parts) => parts <= 8 || place >= parts - 2 || !day || (first <= day && day <= last);
  const series = await gongbao.series(name, near);
  if (at !== figure) return;
  const isMine = (one) => one.report === data.report && one.start === starts[figure];
  const line = series.lines.find((one) => one.points.some(isMine));
  if (!line || line.points.length < 2) return;
  const { points } = line;
  const middle = points.findIndex(isMine);
  const from = Math.max(0, Math.min(middle - 4, points.length - 9));
  const list = element("ol", "history");
  points.slice(from, from + 9).forEach((one, place) => {
    const isHere = from + place === middle;
    const item = element("li", [isHere ? "here" : "", one.thing === points[middle].thing ? "same" : ""].filter(Boolean).join(" "));
    const href = one.report === data.report ? `#f${one.start}` : one.href;
    item.append(element("time", "", one.day || one.published), gongbao.element("a", "", one.quote, { href, "data-value": line.valueOf_(one) }));
    if (one.published !== one.day) item.append(element("small", "", `${gongbao.word("published")} ${one.published}`));
    if (one.isRevision) item.append(element("small", "tag", gongbao.word("restated_value")));
    list.append(item);
  });
  panel.querySelector(".past")?.remove();
  const past = element("div", "past");
  const title = element("p", "past-title", gongbao.word("history"));
  if (series.isWhole) title.append(" ", gongbao.element("span", "count", points.length.toLocaleString("en")));
  past.append(title, list);
  panel.append(past);
}

// Relations: the first stand in the page, the others are handed over.
async function needCard(check) {
  const file = Math.floor(placeOf.get(check) / data.cards);
  if (file > 0 && !cards.has(check)) {
    const taken = await gongbao.load(`c${file}`, `${data.parts}c${file}.js`);
    if (!cards.has(check)) {
      const holder = document.createElement("div");
      gongbao.fill(holder, taken.html);
      cardList.append(...holder.children);
      takeCards(taken.facts);
      if (file === loadedCards) loadedCards += 1;
      list();
    }
  }
  return cards.get(check);
}

function list() {
  for (const [check, card] of cards) card.hidden = listed !== null && !listed.has(check);
  const total = data.checks.length;
  const count = inspector.querySelector("[data-relations-count] data");
  count.value = String(listed ? listed.size : total);
  count.textContent = (listed ? listed.size : total).toLocaleString("en");
  inspector.querySelector("[data-show-all]").hidden = listed === null || listed.size === total;
  inspector.querySelector("[data-none]").hidden = listed === null || listed.size > 0;
  inspector.querySelector("[data-more-cards]").hidden = listed !== null || cards.size >= total;
}

/** List only the relations of `figure`, or all of them (-1). */
function listRelations(figure) {
  listed = figure < 0 ? null : new Set(checksOf.get(figure) ?? []);
  list();
}

function light(one, ...classes) {
  if (!one) return;
  one.classList.add(...classes);
  lit.push(one);
}

/** Light what is chosen, as far as it is in the page. */
function relight() {
  for (const one of lit) one.classList.remove("lit", "current", "as-result", "chosen");
  lit = [];
  const own = at >= 0 ? checksOf.get(at) ?? [] : [];
  const check = atCheck >= 0 ? atCheck : own.length === 1 ? own[0] : -1;
  if (check >= 0) {
    for (const figure of data.checks[check]) light(markOf(figure), "lit");
    for (const cue of text.querySelectorAll(`.cue[data-c~="${check}"]`)) light(cue, "lit");
    light(cards.get(check), "chosen");
  }
  if (at >= 0) light(markOf(at), "current");
}

function remember(hash) {
  try {
    history.replaceState(null, "", hash || location.pathname + location.search);
  } catch {
    // Some browsers forbid it for files on disk; the page still answers.
  }
}

function place() {
  const words = at < 0 ? "" : `${(at + 1).toLocaleString("en")} / ${starts.length.toLocaleString("en")}`;
  inspector.querySelector("[data-place]").textContent = words;
  inspector.querySelector("[data-close]").hidden = at < 0 && atCheck < 0;
  document.body.classList.toggle("inspecting", at >= 0 || atCheck >= 0);
}

/** Bring `one` to the middle, and hold it there until what lies about it has taken its room or the reader goes on. */
function hold(one) {
  held = one;
  one?.scrollIntoView({ block: "center", behavior: "instant" });
  clearTimeout(letGo);
  letGo = setTimeout(() => { held = null; }, 5000);
}

// Parts come in, and the browser lays out only what is near the screen: either moves the text without a scroll.
// An observer of sizes is told after the layout and before the paint, so what is held is never seen elsewhere.
{
  const sizes = new ResizeObserver(() => { if (held) hold(held); });
  for (const one of [text, document.querySelector(".report-head")]) sizes.observe(one);
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    addEventListener(kind, () => { held = null; }, { capture: true, passive: true });
  }
}

async function select(figure, { moves = true } = {}) {
  at = figure;
  atCheck = -1;
  place();
  remember(`#f${starts[figure]}`);
  await need(partOf(figure));
  if (at !== figure) return; // stepped on meanwhile
  describe(figure);
  listRelations(figure);
  relight();
  inspector.scrollTop = 0;
  if (moves) hold(markOf(figure));
  for (const check of checksOf.get(figure) ?? []) {
    if (!cards.has(check)) await needCard(check);
    if (at !== figure) return;
  }
  relight();
}

async function selectCheck(check, { moves = true } = {}) {
  atCheck = check;
  if ((listed !== null && !listed.has(check)) || at < 0 || !data.checks[check].includes(at)) {
    at = -1;
    panel.hidden = true;
    listRelations(-1);
  }
  place();
  remember(`#c-${data.ids[check]}`);
  const members = data.checks[check];
  if (members.length) await need(partOf(members[0]));
  const card = await needCard(check);
  if (atCheck !== check) return;
  relight();
  card?.scrollIntoView({ block: "nearest", behavior: "instant" }); // first: on a phone this moves the page too
  if (moves && members.length) hold(markOf(members[0]));
}

function close() {
  at = atCheck = -1;
  panel.hidden = true;
  listRelations(-1);
  relight();
  place();
  remember("");
}

function step(by) {
  let next = at < 0 ? (by > 0 ? 0 : starts.length - 1) : at + by;
  while (next >= 0 && next < starts.length && only && kindOf(next) !== only) next += by;
  if (next >= 0 && next < starts.length) select(next);
}

function stepCheck(by) {
  const order = listed === null ? data.order : data.order.filter((check) => listed.has(check));
  const from = order.indexOf(atCheck);
  const next = from < 0 ? (by > 0 ? 0 : order.length - 1) : from + by;
  if (next >= 0 && next < order.length) selectCheck(order[next]);
}

function filter(verdict) {
  only = only === verdict ? "" : verdict;
  text.dataset.only = only;
  for (const button of document.querySelectorAll("[data-only]")) {
    if (button !== text) button.setAttribute("aria-pressed", String(button.dataset.only === only && only !== ""));
  }
}

async function follow() {
  let hash = "";
  try {
    hash = decodeURIComponent(location.hash.slice(1));
  } catch {
    return; // no address of ours
  }
  const number = Number(hash.slice(1));
  if (/^f\d+$/.test(hash)) {
    const figure = indexOf(number);
    if (figure >= 0) await select(figure);
  } else if (/^t\d+$/.test(hash) && holders.size) {
    const figure = before(starts, number);
    await need(partOf(figure));
    await need(Math.min(partOf(figure) + 1, data.firsts.length - 1));
    hold(document.getElementById(hash));
  } else if (hash.startsWith("c-")) {
    const check = data.ids.indexOf(hash.slice(2));
    if (check >= 0) await selectCheck(check);
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
  else if (button && "moreCards" in button.dataset) needCard(data.order[loadedCards * data.cards]);
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
document.addEventListener("gongbao:tongue", () => { if (at >= 0 && parts.has(partOf(at))) describe(at); });
list();
follow();
