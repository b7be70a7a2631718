"use strict";
// The statements of an indicator, from the parts in which they are kept: what came later stands in later parts.

/** Lines of one publisher, place, entity and set of modifiers, the longest first, each with its points, oldest first.
 *  `wanted` chooses parts by the first and last day in them, and which of how many they are. */
gongbao.series = async (name, wanted = () => true) => {
  const stem = decodeURIComponent(name);
  const load = (part) => gongbao.load(`series/${stem}${part}`, `${gongbao.root}data/series/${name}${part}.js`);
  const index = await load("");
  const parts = index.filter(([, , first, last], place) => wanted(first, last, place, index.length)).map(([part]) => part);
  const found = new Map();
  for (const { lines, reports, rows } of await Promise.all(parts.map((part) => load(`~${part}`)))) {
    for (const [line, thing, home, start, day, period, printed, unit, base, baseUnit, quote, marks, previous] of rows) {
      const key = JSON.stringify(lines[line]);
      if (!found.has(key)) found.set(key, { names: lines[line], points: [] });
      const [report, page, title, published] = reports[home];
      found.get(key).points.push({
        thing, report, start, day, period, printed, unit, base: base || printed, baseUnit, quote, previous, title, published,
        href: `${gongbao.root}reports/${page}#f${start}`, isRevision: marks & 1, isOld: marks & 2, isCorrected: marks & 4,
      });
    }
  }
  const lines = [...found.values()].sort((a, b) => b.points.length - a.points.length);
  for (const line of lines) {
    line.points.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.published < b.published ? -1 : a.published > b.published ? 1 : 0));
    const [{ unit, baseUnit }] = line.points;
    line.isPrinted = line.points.every((one) => one.printed && one.unit === unit);
    line.unit = line.isPrinted ? unit : baseUnit;
    line.valueOf_ = (point) => (line.isPrinted ? point.printed : point.base);
    const [publisher, hant, hans, en, entity, modifiers] = line.names;
    line.label = () => {
      const said = modifiers.split(";").filter(Boolean).map((one) => gongbao.word(`m_${one}`).replace(/^m_/, ""));
      return [...new Set([[hant, hans, en][gongbao.tongue()], entity, said.join(" "), publisher].filter(Boolean))].join(" · ");
    };
  }
  return { lines, statements: index.reduce((sum, [, count]) => sum + count, 0), isWhole: parts.length === index.length };
};
