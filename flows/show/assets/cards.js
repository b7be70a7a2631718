"use strict";
// What is drawn of a relation beside its arithmetic, on the pages of reports and among the findings: the number line,
// its members, whatever else is known. All from the facts that stand in the page (flows/show/cards.py). Numbers are
// exact: they are reckoned in whole numbers of any size, and only the place of a stroke is rounded.

{
  const { element } = gongbao;
  const [WIDTH, LEFT, RIGHT] = [400, 66, 386];
  const [STATED_Y, COMPUTED_Y, AXIS_Y] = [24, 54, 76];

  function shape(name, attributes, words) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, typeof value === "number" ? String(Number(value.toFixed(2))) : value);
    if (words !== undefined) made.textContent = words;
    return made;
  }

  const size = (number) => (number < 0n ? -number : number);
  const divisor = (a, b) => (b ? divisor(b, a % b) : size(a));
  const isLess = ([a, b], [c, d]) => a * d < c * b;

  const gapOf = ([a, b], [c, d]) => `${a * d - c * b}/${b * d}`;

  /** Where each value stands on the line, a fifth of their span left free at both ends; exact until it is drawn. */
  function places(values) {
    const common = values.reduce((all, one) => (one ? all / divisor(all, one[1]) * one[1] : all), 1n);
    const tenths = values.map((one) => (one ? one[0] * (10n * common / one[1]) : null));
    const there = tenths.filter((one) => one !== null);
    const first = there.reduce((a, b) => (b < a ? b : a));
    const last = there.reduce((a, b) => (b > a ? b : a));
    const about = size(first) / 10n;
    const margin = (last - first) / 5n || (about > 10n * common ? about : 10n * common);
    const span = last - first + 2n * margin;
    return tenths.map((one) => (one === null ? null : LEFT + Number(BigInt(100 * (RIGHT - LEFT)) * (one - first + margin) / span) / 100));
  }

  const diamond = (key, x, y) => shape("polygon", { class: key, points: `${x},${y - 7} ${x + 7},${y} ${x},${y + 7} ${x - 7},${y}` });

  /** A bar from `low` to `high`, with an arrow where there is no bound. */
  function bar(key, low, high, y) {
    const [left, right] = [low ?? LEFT, high ?? RIGHT];
    const made = [shape("line", { class: `${key} bar`, x1: left, x2: right, y1: y, y2: y })];
    for (const [end, x, tip] of [[low, left, -4], [high, right, 4]]) {
      made.push(end === null
        ? shape("polygon", { class: key, points: `${x + tip},${y} ${x - tip},${y - 6} ${x - tip},${y + 6}` })
        : shape("line", { class: `${key} end`, x1: x, x2: x, y1: y - 7, y2: y + 7 }));
    }
    return made;
  }

  /** The ends, named beneath the axis; one too near the last named is left out. */
  function ticks(named) {
    const made = [];
    let last = -1000;
    for (const [x, label] of named) {
      const half = label.length * 3.3;
      made.push(shape("line", { class: "axis", x1: x, x2: x, y1: AXIS_Y, y2: AXIS_Y + 4 }));
      if (x - half <= last + 6) continue;
      const middle = Math.min(Math.max(x, half), WIDTH - half);
      made.push(shape("text", { x: middle, y: AXIS_Y + 17, "text-anchor": "middle" }, label));
      last = middle + half;
    }
    return made;
  }

  /** What the text states and what its figures give, as two bars on one scale, with the gap between them.
      None where either has no bound at all, and where all are one value: the arithmetic says that better. */
  function numberLine(verdict, bounds) {
    const values = bounds.map((bound) => gongbao.exact(bound));
    const stated = values[0] ?? values[1];
    if (!stated || !(values[2] ?? values[3])) return [];
    if (values.every((one) => one && !isLess(one, stated) && !isLess(stated, one))) return [];
    const at = places(values);
    const parts = [shape("line", { class: "axis", x1: LEFT, x2: RIGHT, y1: AXIS_Y, y2: AXIS_Y })];
    for (const [left, right] of [[1, 2], [3, 0]]) {
      if (!values[left] || !values[right] || !isLess(values[left], values[right])) continue;
      const words = `Δ ${gongbao.grouped(gapOf(values[right], values[left]), 4)}`;
      parts.push(shape("rect", { class: "gap", x: at[left], y: 15, width: at[right] - at[left], height: AXIS_Y - 15 }),
        shape("text", { class: "gap", x: (at[left] + at[right]) / 2, y: 11, "text-anchor": "middle" }, words));
    }
    for (const [low, high, y, key] of [[at[0], at[1], STATED_Y, "stated"], [at[2], at[3], COMPUTED_Y, "computed"]]) {
      parts.push(shape("text", { class: "who", x: 0, y: y + 4, "data-t": key }, gongbao.word(key)));
      parts.push(...(low !== null && low === high ? [diamond(key, low, y)] : bar(key, low, high, y)));
    }
    const named = new Map(at.map((x, place) => [x, gongbao.grouped(bounds[place], 4)]));
    named.delete(null);
    parts.push(...ticks([...named].sort(([a], [b]) => a - b)));
    const said = (low, high) => (low === high ? gongbao.grouped(low) : `${gongbao.grouped(low) || "−∞"} – ${gongbao.grouped(high) || "∞"}`);
    const label = `文中 stated ${said(bounds[0], bounds[1])}; 算得 computed ${said(bounds[2], bounds[3])}`;
    const picture = shape("svg", { class: `line ${verdict}`, viewBox: `0 0 ${WIDTH} 96`, role: "img", "aria-label": label });
    picture.append(...parts);
    return [picture];
  }

  /** What is said in three tongues, of which the stylesheet shows one. */
  function tongues([hant, hans, en]) {
    const one = (tongue, lang, words) => element("span", `in-${tongue}`, words, { lang });
    if (hant !== hans) return [one("hant", "zh-Hant", hant), one("hans", "zh-Hans", hans), one("en", "en", en)];
    return hant === en ? [hant] : [one("zh", "zh", hant), one("en", "en", en)];
  }

  function facts(one, id) {
    const list = element("dl", "facts");
    const row = (className, key, ...said) => {
      const made = element("div", className);
      const told = element("dd");
      told.append(...said);
      made.append(gongbao.wordIn("dt", key), told);
      list.append(made);
    };
    if (one.gap) row("gap", "gap", gongbao.number(one.gap, "fct_checks.gap_ulp_exact", id));
    if (one.fits) row("fits", "fits", one.fits);
    for (const key of ["cue", "why", "doubt", "flags", "acknowledged"]) {
      if (one[key]) row("", key, ...(Array.isArray(one[key]) ? tongues(one[key]) : [one[key]]));
    }
    return list;
  }

  function member([role, start, quote, about, weight, report, page]) {
    const item = element("li", role);
    const link = report ? element("a", "away", `${quote} ↗`, { href: page, title: report }) : element("a", "", quote, { href: `#f${start}` });
    item.append(gongbao.wordIn("small", role), " ", link);
    if (weight !== "1") item.append(" ", element("span", "weight", `× ${weight}`));
    if (about) item.append(" ", element("span", "about", about));
    return item;
  }

  /** The rest of a card on the page of a report. */
  gongbao.draw = (card, one, id) => {
    const members = element("ul", "members");
    members.append(...one.members.map(member));
    const link = element("a", "permalink", "#", { href: `#c-${id}`, title: id, "aria-label": `# ${gongbao.word("copy_link")}` });
    card.querySelector(".card-head").append(link);
    card.append(...numberLine(card.classList[1], one.bounds ?? []), members, facts(one, id));
    if (!one.rule) return;
    const rule = element("p", "rule");
    rule.append(gongbao.wordIn("span", "rule"), " ", element("code", "", one.rule));
    card.append(rule);
  };

  /** The same of a card that is mailed: its links lead to marks of the same file only. */
  gongbao.drawAlone = (card, one, id, isMarked) => {
    const quotes = element("p", "quotes");
    one.members.forEach(([, start, quote, , , report], place) => {
      if (place) quotes.append(", ");
      quotes.append(isMarked(start) && !report ? element("a", "", quote, { href: `#f${start}` }) : report ? `${quote} (${report})` : quote);
    });
    card.append(...numberLine(card.classList[1], one.bounds ?? []), quotes, facts(one, id));
  };

  /** What was measured of the findings within `holder`: number lines and facts. */
  gongbao.measure = (holder) => {
    for (const place of holder.querySelectorAll("[data-facts]")) {
      const one = JSON.parse(place.dataset.facts);
      place.replaceChildren(...numberLine(place.closest(".finding").classList[1], one.bounds ?? []), facts(one, place.dataset.check));
      place.removeAttribute("data-facts");
    }
  };
  gongbao.measure(document);
}
