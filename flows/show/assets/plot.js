"use strict";
// Series as charts, with d3: every point leads to its words. Colours and sizes are in the stylesheet.

{
  const { plots } = JSON.parse(document.getElementById("plots").textContent);

  const svg = (parent, name, attributes, words) => {
    const made = parent.append(name);
    for (const [key, value] of Object.entries(attributes)) made.attr(key, value);
    return words === undefined ? made : made.text(words);
  };

  function draw(figure) {
    const plot = plots[figure.dataset.plot];
    figure.querySelector("svg")?.remove();
    figure.querySelector(".keys")?.remove();
    if (!plot) return;
    const day = d3.utcParse("%Y-%m-%d");
    const lines = plot.lines.map((line) => ({ ...line, points: line.points.map((one) => ({ ...one, x: day(one.d), y: Number(one.v) })) }));
    const all = lines.flatMap((line) => line.points);
    if (!all.length) return;
    const small = Boolean(plot.is_small);
    const width = Math.max(figure.clientWidth || 320, 200);
    const height = small ? 84 : Math.min(320, Math.max(200, width * 0.42));
    const edge = small ? { left: 4, right: 6, top: 6, bottom: 16 } : { left: 58, right: 16, top: 12, bottom: 26 };
    const [first, last] = d3.extent(all, (one) => one.x);
    const x = d3.scaleUtc([first, last > first ? last : d3.utcDay.offset(first, 1)], [edge.left, width - edge.right]);
    const [low, high] = d3.extent(all, (one) => one.y);
    const floor = low >= 0 && low < high * 0.6 ? 0 : low;
    const y = d3.scaleLinear([floor, high > floor ? high : floor + 1], [height - edge.bottom, edge.top]).nice(small ? 2 : 5);
    const root = d3.select(figure).append("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "group")
      .attr("aria-label", `${figure.dataset.plot} ${first.toISOString().slice(0, 10)} – ${last.toISOString().slice(0, 10)}`);
    if (small) {
      for (const [at, anchor] of [[first, "start"], [last, "end"]]) {
        svg(root, "text", { x: anchor === "start" ? edge.left : width - edge.right, y: height - 2, "text-anchor": anchor },
          at.toISOString().slice(0, 10));
      }
    } else {
      const format = high >= 1e5 ? d3.format("~s") : d3.format(",");
      root.append("g").attr("class", "grid").attr("transform", `translate(${edge.left},0)`)
        .call(d3.axisLeft(y).ticks(5).tickSize(-(width - edge.left - edge.right)).tickFormat(format));
      root.append("g").attr("class", "time").attr("transform", `translate(0,${height - edge.bottom})`)
        .call(d3.axisBottom(x).ticks(Math.min(7, Math.max(2, width / 110))).tickFormat(d3.utcFormat(last - first > 3e10 ? "%Y-%m" : "%m-%d")).tickSizeOuter(0));
    }
    lines.forEach((line, number) => {
      const group = root.append("g").attr("class", `series s${number}${line.key ? ` ${line.key}` : ""}`);
      const now = line.points.filter((one) => !one.o);
      svg(group, "path", { class: "curve", d: d3.line((one) => x(one.x), (one) => y(one.y))(now) });
      for (const one of small && line.points.length > 40 ? [] : line.points) {
        const where = one.h ? group.append("a").attr("href", one.h) : group.append("g");
        const said = `${one.d}: ${one.q ?? one.v}${one.p ? ` (${gongbao.word("published")} ${one.p})` : ""}`;
        if (one.h) where.attr("aria-label", said);
        if (small) where.attr("tabindex", "-1");
        where.append("title").text(said);
        svg(where, "circle", { class: `hit`, cx: x(one.x), cy: y(one.y), r: small ? 5 : 9 });
        svg(where, "circle", { class: `dot${one.r ? " restated" : one.o ? " was" : ""}`, cx: x(one.x), cy: y(one.y), r: small ? 2 : line.points.length > 60 ? 2.5 : 4 });
      }
    });
    if (lines.length > 1) {
      const keys = document.createElement("ul");
      keys.className = "keys";
      lines.forEach((line, number) => {
        const words = line.key ? gongbao.word(line.key) : line.label[gongbao.tongue()] || "—";
        const key = gongbao.element("li", `s${number}${line.key ? ` ${line.key}` : ""}`, words);
        keys.append(key);
      });
      figure.append(keys);
    }
  }

  // The older rows of a long table, from the series file that the inspector of a report reads as well.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-older]");
    if (!button) return;
    const { older, series: name } = button.dataset;
    const series = await gongbao.load(`series/${decodeURIComponent(name)}`, `../data/series/${name}.js`);
    const body = button.closest("section").querySelector("tbody");
    const rows = series.rows.filter((row) => row[0] === Number(older)).reverse().slice(body.rows.length);
    for (const [, , report, start, day, published, value, quote, revised] of rows) {
      const line = document.createElement("tr");
      const cells = [gongbao.element("time", "", day || "—"), gongbao.element("data", "", Number(value).toLocaleString("en", { maximumFractionDigits: 6 }), { value }),
        gongbao.element("a", "words", quote, { href: `../reports/${series.pages[report]}#f${start}` }),
        gongbao.element("time", "", published || "—"), series.reports[report], revised ? gongbao.element("span", "tag", gongbao.word("restated_value")) : ""];
      cells.forEach((cell, place) => {
        const holder = gongbao.element(place ? "td" : "th", place === 1 ? "number" : "", undefined, place ? {} : { scope: "row" });
        holder.append(cell);
        line.append(holder);
      });
      body.append(line);
    }
    button.parentElement.remove();
  });

  const figures = Array.from(document.querySelectorAll("[data-plot]"));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "600px" });
  for (const figure of figures) seen.observe(figure);
  const again = () => { for (const figure of figures) if (figure.querySelector("svg")) draw(figure); };
  let wide = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== wide) again();
    wide = innerWidth;
  });
  addEventListener("beforeprint", () => figures.forEach(draw));
  document.addEventListener("gongbao:tongue", again);
}
