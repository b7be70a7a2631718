"use strict";
// Every page: the language of the interface, light and dark.

const gongbao = {
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
  speak(tongue) {
    const root = document.documentElement;
    root.dataset.ui = tongue;
    root.lang = { hant: "zh-Hant", hans: "zh-Hans", en: "en" }[tongue];
    for (const element of document.querySelectorAll("[data-t]")) element.textContent = this.word(element.dataset.t);
    for (const element of document.querySelectorAll("[data-t-placeholder]")) {
      element.placeholder = this.word(element.dataset.tPlaceholder);
    }
    for (const button of document.querySelectorAll("[data-tongue]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tongue === tongue));
    }
    document.dispatchEvent(new CustomEvent("gongbao:tongue"));
  },
  /** Traditional or Simplified, full or half width, upper or lower case: the same words. */
  fold(text) {
    this.table ??= new Map(Array.from({ length: window.gongbaoFold.length / 2 }, (_, i) => [
      window.gongbaoFold[2 * i], window.gongbaoFold[2 * i + 1],
    ]));
    const plain = (char) => {
      const code = char.charCodeAt(0);
      if (code >= 0xff01 && code <= 0xff5e && code !== 0xff0c) return String.fromCharCode(code - 0xfee0);
      return this.table.get(char) ?? char;
    };
    return Array.from(text, plain).join("").toLowerCase();
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

{
  const asked = navigator.language.toLowerCase();
  const theirs = !asked.startsWith("zh") ? "en" : /hant|tw|hk|mo/.test(asked) ? "hant" : "hans";
  const tongue = gongbao.kept("gongbao-tongue") ?? theirs;
  if (tongue !== "hant") gongbao.speak(tongue in window.gongbaoWords ? tongue : "hant");
}
