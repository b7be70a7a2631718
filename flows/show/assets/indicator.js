"use strict";
// The page of an indicator: its series as charts and tables, drawn from the parts in which its statements are kept.

{
  const DRAWN = 6; // lines in one chart; more cannot be told apart, and stand in the tables
  const LISTED = 30; // lines with a table at first
  const ROWS = 100; // rows of a table at first
  const PARTS = 40; // parts that are read at first
  const place = document.getElementById("series");
  const { series: name, code } = place.dataset;
  const { element } = gongbao;
  let all = false;
  let listed = LISTED;
  const rowsShown = new Map();

  const cell = (tag, className, ...words) => {
    const made = element(tag, className);
    made.append(...words);
    return made;
  };
  const tag = (key, ...words) => {
    const made = element("span", "tag", gongbao.word(key));
    made.append(...words);
    return made;
  };

  function row(line, point) {
    const made = element("tr", point.isOld ? "was" : "");
    const value = gongbao.number(line.valueOf_(point), `fct_observations.${line.isPrinted ? "printed_value" : "value"}`, `${point.report}#${point.start}`);
    const notes = [];
    if (point.isRevision) {
      notes.push(tag("restated_from", " ", gongbao.number(point.previous, "fct_observations_history.previous_value", `${point.report}#${point.start}`), ` ${point.baseUnit}`));
    } else if (point.isOld) notes.push(tag("superseded"));
    if (point.isCorrected) notes.push(tag("corrected"));
    const head = cell("th", "", element("time", "", point.period || point.day || "—"));
    head.scope = "row";
    made.append(head, cell("td", "number", value), cell("td", "", element("a", "words", point.quote, { href: point.href })),
      cell("td", "", element("time", "", point.published || "—")), cell("td", "title", element("a", "", point.title, { href: point.href.split("#")[0], title: point.title })), cell("td", "", ...notes));
    return made;
  }

  function table(line) {
    const section = element("section", "line-table");
    const title = element("h2", "", line.label() || gongbao.word("no_place"));
    title.append(" ", cell("span", "count", gongbao.number(String(line.points.length), "length", "")));
    const scroller = element("div", "scroll", undefined, { tabindex: "0", role: "group", "aria-label": line.label() || code });
    const made = element("table", "series");
    const heads = element("tr");
    for (const [key, className, more] of [["period"], ["value", "number", line.unit], ["as_printed"], ["published"], ["report"], ["note"]]) {
      heads.append(element("th", className ?? "", gongbao.word(key) + (more ? ` (${more})` : "")));
    }
    const body = element("tbody");
    const key = JSON.stringify(line.names);
    const shown = rowsShown.get(key) ?? ROWS;
    const newest = line.points.toReversed();
    body.append(...newest.slice(0, shown).map((point) => row(line, point)));
    made.append(cell("thead", "", heads), body);
    scroller.append(made);
    section.append(title, scroller);
    if (newest.length > shown) {
      const more = element("button", "", gongbao.word("older"), { type: "button", "data-older": "" });
      more.addEventListener("click", () => {
        rowsShown.set(key, shown + 5 * ROWS);
        section.replaceWith(table(line));
      });
      section.append(cell("p", "more", more));
    }
    return section;
  }

  async function show() {
    const found = await gongbao.series(name, (first, last, part, parts) => all || part >= parts - PARTS);
    const held = document.createDocumentFragment();
    const units = Map.groupBy(found.lines, (line) => line.unit);
    for (const [unit, lines] of units) {
      const figure = element("figure", "plot", undefined, { "data-plot": unit });
      figure.append(element("figcaption", "", `${gongbao.word("unit")} ${unit || "—"}`));
      held.append(figure);
      gongbao.plot(figure, {
        unit,
        lines: lines.slice(0, DRAWN).map((line) => ({
          label: line.label(),
          points: line.points.filter((one) => one.day).map((one) => ({
            d: one.day, v: line.valueOf_(one), q: one.quote, h: one.href, p: one.published, r: one.isRevision, o: one.isOld,
          })),
        })),
      });
    }
    const legend = element("p", "legend-say quiet");
    for (const [className, key] of [["now", "current_value"], ["was", "superseded"], ["restated", "restated_value"]]) {
      legend.append(element("span", `dot ${className}`), gongbao.word(key), " ");
    }
    held.append(legend, ...found.lines.slice(0, listed).map(table));
    if (found.lines.length > listed || !found.isWhole) {
      const more = element("button", "", gongbao.word("more"), { type: "button", "data-more-lines": "" });
      more.addEventListener("click", () => {
        if (found.lines.length > listed) listed += LISTED;
        else all = true;
        show();
      });
      held.append(cell("p", "more", more));
    }
    document.querySelector("[data-statements]").replaceChildren(gongbao.number(String(found.statements), "observations:indicator", code));
    place.replaceChildren(held);
  }

  document.addEventListener("gongbao:tongue", show);
  show();
}
