"use strict";
// Before the first paint: the theme that was chosen, if one was.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  try {
    const theme = localStorage.getItem("gongbao-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // A browser may forbid storage; then the system's theme is used.
  }
})();
