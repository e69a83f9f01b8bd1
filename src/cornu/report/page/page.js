// Draws a chart for each curve of the history: training and validation over the epochs.
(() => {
  const {epochs, charts, best} = JSON.parse(document.getElementById("history").textContent);
  const place = document.getElementById("charts");
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = (value) =>
    value == null ? "–" : Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
      ? value.toExponential(3).replace("e+", "e") : String(+value.toPrecision(4));

  // Texts with the same number of decimals; of large numbers 1.5M.
  const tickTexts = (chart, ticks, axis, space, step) => {
    const decimals = Math.min((String(step).split(".")[1] ?? "").length, 6);
    const format = Math.max(...ticks.map(Math.abs)) >= 1e5
      ? {notation: "compact", maximumSignificantDigits: 4}
      : step < 1e-5 ? {notation: "scientific"} : {minimumFractionDigits: decimals, maximumFractionDigits: decimals};
    const text = new Intl.NumberFormat("en-US", format);
    return ticks.map((each) => text.format(each));
  };
  // A dotted line at the epoch whose model is best.
  const markBest = (chart) => {
    if (best == null) return;
    const {ctx, bbox} = chart, x = Math.round(chart.valToPos(best, "x", true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = color("--soft");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  };
  // Until the pointer is there the legend tells the last epoch.
  const showLast = (chart) => chart.setLegend({idx: epochs.length - 1});
  const axis = (values) => ({
    stroke: () => color("--soft"),
    font: "12px system-ui, sans-serif",
    grid: {stroke: () => color("--line"), width: 1},
    ticks: {show: false},
    ...values,
  });
  const series = (name, hue, dash) => ({
    label: name, stroke: () => color(hue), width: 2, dash,
    value: (chart, value) => number(value),
    points: {show: epochs.length < 2, size: 8, fill: () => color(hue)},
  });

  const drawn = charts.map(({name, train, validation}) => {
    const figure = document.createElement("figure");
    figure.append(Object.assign(document.createElement("figcaption"), {textContent: name}));
    place.append(figure);
    const lines = [[train, "training", "--blue"], [validation, "validation", "--orange"]].filter(([values]) => values);
    const width = () => Math.max(figure.clientWidth, 200);
    const chart = new uPlot({
      width: width(), height: 250,
      cursor: {sync: {key: "epoch"}, y: false, points: {size: 8}},
      select: {show: false},
      scales: {x: {time: false, range: epochs.length < 2 ? [epochs[0] - 1, epochs[0] + 1] : undefined}},
      axes: [
        axis({incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000], size: 30, space: 40}),
        axis({size: 52, values: tickTexts}),
      ],
      series: [{label: "epoch"}, ...lines.map(([, label, hue]) => series(label, hue))],
      hooks: {drawAxes: [markBest], ready: [showLast]},
    }, [epochs, ...lines.map(([values]) => values)], figure);
    chart.over.addEventListener("mouseleave", () => showLast(chart));
    return {chart, width};
  });
  const fit = () => drawn.forEach(({chart, width}) => chart.setSize({width: width(), height: 250}));
  addEventListener("resize", fit);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(({chart}) => chart.redraw()));
})();
