// All visible charts as one picture: data and layout of plotly.js, for what leaves the page.
/** @import { ComparePanel } from "./types" */

/**
 * Text as plotly.js takes it: its few tags of markup must not come from a run.
 * @type {(text: unknown) => string}
 */
const escaped = (text) =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * All charts that show something, in two columns with one legend.
 * @type {(panel: ComparePanel) => { data: object[], layout: any }}
 */
export function composed(panel) {
  const charts = panel.charts.filter((chart) => chart.drawn.length);
  const columns = Math.min(2, charts.length);
  const rows = Math.ceil(charts.length / columns);
  const { colors, range } = panel;
  /** @type {object[]} */
  const data = [];
  const named = new Set(); // runs that are in the legend
  /** @type {any} */
  const layout = {
    width: 1100,
    height: 110 + 300 * rows,
    margin: { l: 60, r: 30, t: 40, b: 90 },
    paper_bgcolor: colors.bg,
    plot_bgcolor: colors.bg,
    font: { family: colors.font, size: 13, color: colors.ink },
    grid: { rows, columns, pattern: "independent", ygap: 0.28, xgap: 0.12 },
    legend: { orientation: "h", yref: "container", y: 0, yanchor: "bottom" },
    annotations: [],
  };
  charts.forEach((chart, k) => {
    const end = k ? String(k + 1) : "";
    const lines = chart.traces().filter((trace) => trace.opacity === 1 || trace.fill);
    for (const trace of lines) {
      data.push({
        ...trace,
        name: escaped(trace.name ?? ""),
        xaxis: `x${end}`,
        yaxis: `y${end}`,
        legendgroup: trace.name,
        legendrank: Number.parseInt(trace.name, 10),
        showlegend: Boolean(trace.name) && !named.has(trace.name),
      });
      named.add(trace.name);
    }
    layout[`xaxis${end}`] = {
      range: [...range],
      gridcolor: colors.grid,
      linecolor: colors.axis,
      zeroline: false,
      title: { text: panel.axisName, standoff: 4, font: { size: 12, color: colors.muted } },
    };
    layout[`yaxis${end}`] = {
      range: chart.shownY(),
      type: chart.isLog ? "log" : "linear",
      gridcolor: colors.grid,
      zeroline: false,
    };
    layout.annotations.push({
      text: `<b>${escaped(chart.spec.title)}</b>`,
      showarrow: false,
      xref: `x${end} domain`,
      yref: `y${end} domain`,
      x: 0,
      y: 1.12,
      xanchor: "left",
    });
  });
  return { data, layout };
}
