"use strict";
// Series as charts, with d3: every point leads to its words. Colours and sizes are in the stylesheet.

{
  const DOTS = 400; // of a longer line only so many points, the newest, can be pointed at
  const plots = new Map();

  const svg = (parent, name, attributes, words) => {
    const made = parent.append(name);
    for (const [key, value] of Object.entries(attributes)) made.attr(key, value);
    return words === undefined ? made : made.text(words);
  };

  function draw(figure) {
    const plot = plots.get(figure);
    figure.querySelector("svg")?.remove();
    figure.querySelector(".keys")?.remove();
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
      for (const one of small && line.points.length > 40 ? [] : line.points.slice(-DOTS)) {
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
        const words = line.key ? gongbao.word(line.key) : line.label || "—";
        const key = gongbao.element("li", `s${number}${line.key ? ` ${line.key}` : ""}`, words);
        keys.append(key);
      });
      figure.append(keys);
    }
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "600px" });
  /** Draw `plot` into `figure` once it comes near the screen, and again when its room or the language changes. */
  gongbao.plot = (figure, plot) => {
    plots.set(figure, plot);
    seen.observe(figure);
  };
  const given = document.getElementById("plots");
  if (given) {
    const own = JSON.parse(given.textContent).plots;
    for (const figure of document.querySelectorAll("[data-plot]")) if (own[figure.dataset.plot]) gongbao.plot(figure, own[figure.dataset.plot]);
  }
  const again = () => { for (const figure of plots.keys()) if (figure.isConnected && figure.querySelector("svg")) draw(figure); };
  let wide = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== wide) again();
    wide = innerWidth;
  });
  addEventListener("beforeprint", () => { for (const figure of plots.keys()) if (figure.isConnected) draw(figure); });
  document.addEventListener("gongbao:tongue", again);
}
