// Out of the page: the curves as CSV, all charts as one PNG or SVG made by plotly.js here.
import { button, el, put } from "../shared/base.js";
import { saveFile, saveText } from "../shared/save.js";
import { report } from "./report.js";
import { t } from "../shared/words.js";
/** @import { ComparePanel } from "./types" */

/**
 * The menu of everything that can be taken away.
 * @type {(panel: ComparePanel) => HTMLElement}
 */
export function menu(panel) {
  const open = button(t("Report"), () => show(Boolean(body.hidden)), { "aria-expanded": "false" });
  /** @type {(label: string, action: () => unknown) => HTMLButtonElement} */
  const item = (label, action) =>
    button(label, () => {
      show(false);
      Promise.resolve(action()).catch((e) => put(panel.where, e.message));
    });
  const body = el(
    "div",
    { hidden: "" },
    item(t("Curves as CSV"), () => csv(panel)),
    item(t("Charts as PNG"), () => picture(panel, "png")),
    item(t("Charts as SVG"), () => picture(panel, "svg")),
    item(t("Everything as HTML"), () => report(panel)),
  );
  /** @type {(shown: boolean) => void} */
  const show = (shown) => {
    body.hidden = !shown;
    open.setAttribute("aria-expanded", String(shown));
  };
  const node = el("div", { class: "menu" }, open, body);
  node.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      show(false);
      open.focus();
    }
  });
  node.addEventListener("focusout", (e) => {
    if (e.relatedTarget && !node.contains(/** @type {Node} */ (e.relatedTarget))) show(false);
  });
  return node;
}

/**
 * Text as plotly.js takes it: its few tags of markup must not come from a run.
 * @type {(text: unknown) => string}
 */
const escaped = (text) =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * A cell that no spreadsheet takes for a formula.
 * @type {(value: unknown) => string}
 */
function cell(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = String(value ?? "");
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/**
 * One row a point: run, position on every axis, the mean of every curve that is shown.
 * @type {(panel: ComparePanel) => void}
 */
export function csv(panel) {
  const names = panel.wanted();
  /** @type {unknown[][]} */
  const rows = [["run", "step", "images_seen", "wall_time", ...names]];
  panel.series.forEach((series, index) => {
    for (let i = 0; i < (series?.length ?? 0); i++) {
      const place = ["step", "images_seen", "wall_time"].map((name) => series.position[name][i]);
      rows.push([
        panel.runs[index].id,
        ...place,
        ...names.map((name) => series.metric[name]?.mean[i]),
      ]);
    }
  });
  saveText(rows.map((row) => row.map(cell).join(",")).join("\r\n"), "compare.csv", "text/csv");
}

/**
 * All visible charts in one picture with a legend; `format` is "png" or "svg".
 * @type {(panel: ComparePanel, format: string) => Promise<void>}
 */
export async function picture(panel, format) {
  const { data, layout } = composed(panel);
  const address = await panel.Plotly.toImage(
    { data, layout },
    { format, width: layout.width, height: layout.height },
  );
  saveFile(address, `compare.${format}`);
}

/**
 * The same as data and layout of plotly.js.
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
