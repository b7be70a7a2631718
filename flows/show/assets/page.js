"use strict";
// Every page: the language of the interface, light and dark, and data that stands in script files beside the page.

const gongbao = {
  waiting: new Map(),
  root: document.documentElement.dataset.root ?? "",
  keep(name, value) {
    try { localStorage.setItem(name, value); } catch { /* storage is forbidden: the choice lasts for this page */ }
  },
  kept(name) {
    try { return localStorage.getItem(name); } catch { return null; }
  },
  /** The word for `key` in the language of the interface; an unknown key is shown as it is. */
  word(key) {
    return window.gongbaoWords[document.documentElement.dataset.ui][key] ?? key;
  },
  /** Which of [hant, hans, en] the interface speaks. */
  tongue() {
    return ["hant", "hans", "en"].indexOf(document.documentElement.dataset.ui);
  },
  speak(tongue) {
    const root = document.documentElement;
    root.dataset.ui = tongue;
    root.lang = { hant: "zh-Hant", hans: "zh-Hans", en: "en" }[tongue];
    this.translate(document);
    for (const button of document.querySelectorAll("[data-tongue]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tongue === tongue));
    }
    document.dispatchEvent(new CustomEvent("gongbao:tongue"));
  },
  translate(within) {
    for (const element of within.querySelectorAll("[data-t]")) element.textContent = this.word(element.dataset.t);
    for (const element of within.querySelectorAll("[data-t-placeholder]")) {
      element.placeholder = this.word(element.dataset.tPlaceholder);
    }
  },
  /** HTML of the site's own making, in which every word of a report is escaped, put where it belongs. */
  fill(element, html) {
    element.innerHTML = html;
    if (this.tongue() > 0) this.translate(element);
  },
  /** Traditional or Simplified, full or half width, upper or lower case: the same words. No character moves. */
  fold(text) {
    if (!this.table) {
      this.table = new Map();
      for (let i = 0; i < window.gongbaoFold.length; i += 2) this.table.set(window.gongbaoFold[i], window.gongbaoFold[i + 1]);
      for (let code = 0xff01; code < 0xff5f; code += 1) {
        if (code !== 0xff0c) this.table.set(String.fromCharCode(code), String.fromCharCode(code - 0xfee0).toLowerCase());
      }
    }
    return text.replace(/[^\x00-\x40\x5b-\x7f]/g, (char) => {
      const plain = this.table.get(char) ?? char.toLowerCase();
      return plain.length === 1 ? plain : char;
    });
  },
  /** The data of a script file; a page opened from disk may load scripts and nothing else. */
  load(name, src) {
    if (!this.waiting.has(name)) {
      const asked = {};
      asked.promise = new Promise((done, fail) => { asked.done = done; asked.fail = fail; });
      this.waiting.set(name, asked);
      const script = document.createElement("script");
      script.src = src;
      script.onload = () => script.remove();
      script.onerror = () => {
        script.remove();
        this.waiting.delete(name);
        asked.fail(new Error(`${src} is not there`));
      };
      document.head.append(script);
    }
    return this.waiting.get(name).promise;
  },
  take(name, data) {
    this.waiting.get(name)?.done(data);
  },
  /** An exact number, from decimal text or a fraction such as 1/3: [numerator, denominator]; null where it is none. */
  exact(text) {
    const [, minus, whole, decimals = "", below] = /^(-?)(\d+)(?:\.(\d+)|\/(\d+))?$/.exec(text) ?? [];
    if (whole === undefined) return null;
    const above = BigInt(whole + decimals);
    return [minus ? -above : above, below ? BigInt(below) : 10n ** BigInt(decimals.length)];
  },
  /** An exact number with thousands separators; one that is cut to `places` decimals (half to even) is marked. */
  grouped(text, places = 6) {
    const number = this.exact(text);
    if (!number) return text;
    const [above, below] = number;
    const scale = 10n ** BigInt(places);
    const size = (above < 0n ? -above : above) * scale;
    const rest = size % below;
    let scaled = size / below;
    if (2n * rest > below || (2n * rest === below && scaled % 2n)) scaled += 1n;
    const decimals = String(scaled % scale).padStart(places, "0").replace(/0+$/, "");
    return `${rest ? "≈ " : ""}${above < 0n ? "−" : ""}${(scaled / scale).toLocaleString("en")}${decimals && "."}${decimals}`;
  },
  /** `[98.15, 98.25]`, `(3,200, 3,300)`, `≥ 9`, or the one value where both ends are the same. */
  interval(low, high, lowClosed, highClosed) {
    if (low === high) return this.grouped(low);
    if (!low) return `${highClosed ? "≤" : "<"} ${this.grouped(high)}`;
    if (!high) return `${lowClosed ? "≥" : ">"} ${this.grouped(low)}`;
    return `${lowClosed ? "[" : "("}${this.grouped(low)}, ${this.grouped(high)}${highClosed ? "]" : ")"}`;
  },
  /** A number of the published file, with its exact value and where in the file it stands. */
  number(value, of, key) {
    return this.element("data", "", this.grouped(value), { value, "data-of": of, "data-key": key });
  },
  /** A word of the interface, which changes with its language. */
  wordIn(name, key, className) {
    return this.element(name, className, this.word(key), { "data-t": key });
  },
  element(name, className, words, attributes = {}) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (words !== undefined) made.textContent = words;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  },
};

document.addEventListener("click", (event) => {
  const tongue = event.target.closest("[data-tongue]");
  if (tongue) {
    gongbao.speak(tongue.dataset.tongue);
    gongbao.keep("gongbao-tongue", tongue.dataset.tongue);
  }
  if (event.target.closest("[data-theme-toggle]")) {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    gongbao.keep("gongbao-theme", root.dataset.theme);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  event.preventDefault();
  const field = document.querySelector("input[type=search]");
  if (field) field.focus();
  else location.href = `${gongbao.root}search.html`;
});

{
  const asked = navigator.language.toLowerCase();
  const theirs = !asked.startsWith("zh") ? "en" : /hant|tw|hk|mo/.test(asked) ? "hant" : "hans";
  const tongue = gongbao.kept("gongbao-tongue") ?? theirs;
  if (tongue !== "hant") gongbao.speak(tongue in window.gongbaoWords ? tongue : "hant");
}
