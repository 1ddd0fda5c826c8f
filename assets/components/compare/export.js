// Out of the page: the curves as CSV, all charts as one PNG or SVG made by plotly.js here.
import { button, el, put } from "../shared/base.js";
import { saveFile, saveText } from "../shared/save.js";
import { composed } from "./composed.js";
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
