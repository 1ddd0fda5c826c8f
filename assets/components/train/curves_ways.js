// Charts of two directions: beside each other under one title, with one legend and the same y axis.
import { el, lineKey } from "../shared/base.js";
import { titled } from "../shared/glossary.js";
import { t } from "../shared/words.js";
/** @import { RunChart } from "./curves_chart.js" */
/** @import { ChartSpec } from "../shared/types" */

export const GAP = 14; // CSS pixels between the two

/**
 * What a chart is chosen by: its row's id, or its own.
 * @type {(spec: ChartSpec) => string}
 */
export const rowOf = (spec) => spec.beside ?? spec.id;

/**
 * "a \u2192 b", with the names of both sides where they are known.
 * @type {(spec: ChartSpec, ends?: string[]) => string}
 */
export function wayOf(spec, ends = []) {
  const [a, b] = [ends[0] ?? "a", ends[1] ?? "b"];
  return spec.towards === "a" ? `${b} \u2192 ${a}` : `${a} \u2192 ${b}`;
}

/**
 * What stands on the page for these charts, in their order: two of a row in one section.
 * @type {(charts: RunChart[], ends: string[]) => HTMLElement[]}
 */
export function sections(charts, ends) {
  return [...grouped(charts).values()].map((row) =>
    row[0].spec.beside ? section(row, ends) : row[0].node,
  );
}

/** @type {(charts: RunChart[]) => Map<string, RunChart[]>} */
function grouped(charts) {
  const found = new Map();
  for (const chart of charts)
    found.set(rowOf(chart.spec), [...(found.get(rowOf(chart.spec)) ?? []), chart]);
  return found;
}

/** @type {(row: RunChart[], ends: string[]) => HTMLElement} */
function section(row, ends) {
  const [{ spec }] = row;
  const legend = el(
    "span",
    { class: "legend right" },
    ...spec.series.map((_, i) => toggle(row, i)),
  );
  const halves = row.map((chart) =>
    el(
      "div",
      { class: "half", "data-chart": chart.spec.id },
      el("p", { class: "way" }, wayOf(chart.spec, ends)),
      chart.frame,
    ),
  );
  return el(
    "section",
    { class: "chart", "data-chart": spec.beside },
    el("div", { class: "head" }, el("h3", {}, titled(spec.title, spec.term)), legend),
    el("p", { class: "cap aid" }, spec.aid),
    el("div", { class: "ways" }, ...halves),
  );
}

/**
 * A line of the legend shows or hides it in both directions.
 * @type {(row: RunChart[], i: number) => HTMLButtonElement}
 */
function toggle(row, i) {
  const { role, label, dashed, dash } = row[0].spec.series[i];
  const names = row.map(
    (chart) => /** @type {[RunChart, string]} */ ([chart, chart.spec.series[i]?.name]),
  );
  const node = el(
    "button",
    {
      type: "button",
      class: "toggle",
      title: t("Show or hide this line"),
      "aria-pressed": !row[0].hidden.has(names[0][1]),
    },
    lineKey(role, dashed ?? dash),
    label,
  );
  node.addEventListener("click", () => {
    const hide = node.getAttribute("aria-pressed") === "true";
    for (const [chart, name] of names) chart.hidden[hide ? "add" : "delete"](name);
    node.setAttribute("aria-pressed", String(!hide));
    row[0].panel.remember();
    row[0].panel.redraw();
  });
  return node;
}
