"use strict";
// The search over indicators, figures and texts. The words of the reports are in script files of some reports each;
// they are read one after the other and what is found is shown as it is found.

const ask = document.getElementById("ask");
const progress = document.getElementById("progress");
const PAGE = 40;
const groups = Object.fromEntries(Array.from(document.querySelectorAll("[data-hits]"), (section) => [section.dataset.hits, {
  section, list: section.querySelector("ul"), hits: [], shown: PAGE,
}]));
const FIELDS = 9; // numbers a figure: start, quote, value, unit, words, indicator, entity, period, verdict
const folded = new Map();
let names = new Map();
let turn = 0;

/** A block with its words folded, once. */
async function block(file) {
  const data = await gongbao.load(`search/${file}`, `data/search/${file}.js`);
  if (!folded.has(file)) {
    folded.set(file, {
      words: data.words.map((word) => gongbao.fold(`${word} ${names.get(word)?.said ?? ""}`)),
      texts: data.reports.map((report) => gongbao.fold(report.text)),
      heads: data.reports.map((report) => gongbao.fold(`${report.title} ${report.about}`)),
    });
  }
  return [data, folded.get(file)];
}

function put(group) {
  const { section, list, hits, shown } = groups[group];
  section.hidden = hits.length === 0;
  section.querySelector(".count").textContent = hits.length.toLocaleString("en");
  while (list.children.length > Math.min(shown, hits.length)) list.lastChild.remove();
  for (let place = list.children.length; place < Math.min(shown, hits.length); place += 1) list.append(hits[place]());
  const more = section.querySelector("button");
  if (more) more.hidden = hits.length <= shown;
}

/** `text` with the asked words in it marked; words are found in the folded twin, which has the same places. */
function marked(text, words) {
  const twin = gongbao.fold(text);
  const holder = document.createDocumentFragment();
  let at = 0;
  while (at < text.length) {
    let next = -1;
    let long = 0;
    for (const word of words) {
      const found = twin.indexOf(word, at);
      if (found >= 0 && (next < 0 || found < next || (found === next && word.length > long))) [next, long] = [found, word.length];
    }
    if (next < 0) break;
    holder.append(text.slice(at, next), gongbao.element("mark", "", text.slice(next, next + long)));
    at = next + long;
  }
  holder.append(text.slice(at));
  return holder;
}

// What would reorder or hide text is written out, as on the pages of the reports.
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]/g;
const visible = (text) => text.replace(HIDDEN, (char) => `⟦U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟧`);

/** Whether `words` hold `word`, or, of a long Chinese one, each two characters of it: 新增確診 is in 新增本土確診病例. */
function holds(words, word) {
  if (words.includes(word)) return true;
  if (word.length < 4 || word.length % 2 || !/^[\u3400-\u9fff]+$/.test(word)) return false;
  for (let at = 0; at < word.length; at += 2) if (!words.includes(word.slice(at, at + 2))) return false;
  return true;
}

function figureHit(report, words, at, asked) {
  const [start, quote, value, unit, about, indicator, entity, period, verdict] = report.figures.slice(at, at + FIELDS);
  return () => {
    const item = gongbao.element("li", `hit ${words[verdict]}`);
    const link = gongbao.element("a", "", undefined, { href: `reports/${report.page}#f${start}` });
    link.append(marked(words[quote], asked));
    const title = names.get(words[indicator])?.titles[gongbao.tongue()] ?? "";
    item.append(gongbao.element("span", "sign"), link, " ");
    const facts = [title, words[about] === title ? "" : words[about], words[entity], words[value] && `= ${words[value]} ${words[unit]}`, words[period]];
    for (const fact of facts.filter(Boolean)) {
      const part = gongbao.element("span", "fact");
      part.append(marked(fact, asked));
      item.append(part, " ");
    }
    item.append(gongbao.element("small", "", report.title));
    return item;
  };
}

function textHit(report, text, at, asked) {
  return () => {
    const item = gongbao.element("li", "hit");
    const line = at ? Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1 : 0;
    const start = report.from + Array.from(text.slice(0, line)).length; // the pages count code points
    item.append(gongbao.element("a", "", report.title, { href: `reports/${report.page}#t${start}` }), " ",
      gongbao.element("small", "", report.about));
    const quote = gongbao.element("p", "excerpt");
    const from = Math.max(0, at - 40);
    quote.append(from > 0 ? "… " : "", marked(visible(text.slice(from, at + 80).replace(/\s+/g, " ")), asked), " …");
    item.append(quote);
    return item;
  };
}

function searchBlock(data, twin, asked) {
  data.reports.forEach((report, number) => {
    const head = twin.heads[number];
    const { figures } = report;
    for (let at = 0; at < figures.length; at += FIELDS) {
      let own = false; // a word that stands in the head only finds the report, not each of its figures
      const fits = asked.every((word) => {
        for (let field = 1; field < FIELDS - 1; field += 1) {
          if (holds(twin.words[figures[at + field]], word)) {
            own = true;
            return true;
          }
        }
        return head.includes(word);
      });
      if (fits && own) groups.figures.hits.push(figureHit(report, data.words, at, asked));
    }
    const text = twin.texts[number];
    const found = asked.map((word) => text.indexOf(word));
    if (asked.every((word, place) => found[place] >= 0 || head.includes(word))) {
      const at = Math.min(...found.filter((place) => place >= 0), Infinity);
      groups.texts.hits.push(textHit(report, report.text, Number.isFinite(at) ? at : 0, asked));
    }
  });
}

async function search() {
  const mine = (turn += 1);
  const asked = [...new Set(gongbao.fold(ask.value).split(/\s+/).filter(Boolean))];
  for (const group of Object.values(groups)) {
    group.hits = [];
    group.shown = PAGE;
    group.list.replaceChildren();
    group.section.hidden = true;
  }
  document.getElementById("nothing").hidden = true;
  progress.textContent = "";
  try {
    history.replaceState(null, "", ask.value ? `?q=${encodeURIComponent(ask.value)}` : location.pathname);
  } catch {
    // Some browsers forbid it for files on disk; the search still answers.
  }
  if (!asked.length) return;
  const index = await gongbao.load("search/index", "data/search/index.js");
  if (mine !== turn) return;
  names = new Map(index.indicators.map(([, code, ...titles]) => [code, { titles, said: titles.join(" ") }]));
  for (const [page, code, ...titles] of index.indicators) {
    const twin = gongbao.fold(`${code} ${titles.join(" ")}`);
    if (!asked.every((word) => holds(twin, word))) continue;
    groups.indicators.hits.push(() => {
      const item = document.createElement("li");
      const link = gongbao.element("a", "", undefined, { href: `indicators/${page}` });
      link.append(marked(titles[gongbao.tongue()] || code, asked));
      item.append(link);
      return item;
    });
  }
  put("indicators");
  for (const [number, file] of index.files.entries()) {
    const [data, twin] = await block(file);
    if (mine !== turn) return;
    searchBlock(data, twin, asked);
    put("figures");
    put("texts");
    progress.textContent = number + 1 < index.files.length ? `${number + 1} / ${index.files.length}` : "";
  }
  const count = Object.values(groups).reduce((sum, group) => sum + group.hits.length, 0);
  document.getElementById("nothing").hidden = count > 0;
  progress.textContent = count ? `${count.toLocaleString("en")} ${gongbao.word("hits")}` : "";
}

let pause;
ask.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(search, 200);
});
document.addEventListener("click", (event) => {
  const more = event.target.closest("[data-more]");
  if (!more) return;
  groups[more.dataset.more].shown += PAGE;
  put(more.dataset.more);
});
document.addEventListener("gongbao:tongue", search);
ask.value = new URLSearchParams(location.search).get("q") ?? "";
ask.focus();
search();
