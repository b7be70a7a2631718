"use strict";
// A copy of the report that can be mailed: text, marks and relations in one file without a script, which loads nothing.
// It is made of what stands in the page, and of the parts of a long report that do not.

{
  /** The HTML of all chunks of the text. */
  async function chunksOf() {
    const all = Array.from(text.querySelectorAll(":scope > .chunk"), (chunk) => chunk.innerHTML);
    for (let part = data.shown; part < data.firsts.length; part += 1) {
      all.push(...(await gongbao.load(`p${part}`, `${data.parts}p${part}.js`)).html);
    }
    return all;
  }

  /** The HTML of all relations, worst first, and the facts of each. */
  async function relationsOf() {
    let [html, facts] = ["", data.facts];
    for (const card of cardList.children) if (placeOf.get(Number(card.dataset.check)) < data.cards) html += bare(card);
    for (let file = 1; file * data.cards < data.order.length; file += 1) {
      const taken = await gongbao.load(`c${file}`, `${data.parts}c${file}.js`);
      html += taken.html;
      facts = facts.concat(taken.facts);
    }
    return [html, facts];
  }

  /** A card as it came, without what was drawn into it. */
  function bare(card) {
    const made = card.cloneNode(false);
    made.append(card.querySelector(".card-head").cloneNode(true), card.querySelector(".arithmetic").cloneNode(true));
    made.querySelector(".permalink").remove();
    made.classList.remove("chosen", "lit");
    made.hidden = false;
    return made.outerHTML;
  }

  async function copy(report) {
    const { style, digest } = await gongbao.load("mail-style", "../assets/mail-style.js");
    const made = document.implementation.createHTMLDocument(document.querySelector("h1").textContent);
    const put = (parent, ...what) => parent.appendChild(gongbao.element(...what));
    made.documentElement.lang = document.documentElement.lang;
    made.documentElement.dataset.ui = "both";
    const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
    for (const attributes of [
      { name: "referrer", content: "no-referrer" },
      { name: "viewport", content: "width=device-width, initial-scale=1" },
      { "http-equiv": "Content-Security-Policy", content: policy },
      { charset: "utf-8" },
    ]) made.head.prepend(gongbao.element("meta", "", undefined, attributes));
    made.body.className = "mail";
    const main = put(made.body, "main");

    const head = put(main, "header", "report-head");
    for (const one of document.querySelectorAll(".report-head > :is(h1, .meta), .report-head .tally")) head.append(made.importNode(one, true));
    head.querySelector(".mail-link").remove();
    put(head.querySelector(".meta"), "code", "", report);

    const article = put(put(main, "div", "paper"), "article", "text", undefined, { lang: text.lang });
    for (const html of await chunksOf()) put(article, "div", "chunk", undefined, { dir: "auto" }).innerHTML = html;
    for (const one of article.querySelectorAll(".lit, .current, .as-result")) one.classList.remove("lit", "current", "as-result");
    for (const cue of article.querySelectorAll(".cue")) cue.replaceWith(...cue.childNodes);
    const marked = new Set();
    for (const mark of article.querySelectorAll("a.n")) {
      const start = Number(mark.getAttribute("href").slice(2));
      const own = checksOf.get(indexOf(start));
      if (own) { // it leads to the worst of its relations
        mark.setAttribute("href", `#c-${data.ids[own.reduce((a, b) => (placeOf.get(b) < placeOf.get(a) ? b : a))]}`);
        marked.add(start);
      } else {
        const plain = gongbao.element("span", mark.className);
        plain.append(...mark.childNodes);
        mark.replaceWith(plain);
      }
    }

    const [html, facts] = await relationsOf();
    if (facts.length) main.append(gongbao.wordIn("h2", "relations"));
    const list = put(main, "div", "checks");
    list.innerHTML = html;
    Array.from(list.children).forEach((card, place) => {
      gongbao.drawAlone(card, facts[place], data.ids[data.order[place]], (start) => marked.has(start));
    });
    for (const one of made.querySelectorAll("[data-t], [data-check], [tabindex]")) {
      for (const name of ["data-t", "data-check", "tabindex"]) one.removeAttribute(name);
    }
    // the style comes last, as text: an element of it the policy of this page would refuse
    return `<!doctype html>\n${made.documentElement.outerHTML.replace("</title>", () => `</title><style>${style}</style>`)}\n`;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-mail]");
    if (!button) return;
    button.disabled = true;
    const url = URL.createObjectURL(new Blob([await copy(button.dataset.mail)], { type: "text/html" }));
    gongbao.element("a", "", "", { href: url, download: `${button.dataset.mail}.html` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    button.disabled = false;
  });
}
