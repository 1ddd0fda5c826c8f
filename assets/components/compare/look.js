// How runs are told apart: a number, a colour and a dash each, the same in every place.
import { el, svg } from "../shared/base.js";
import { rgb, themeColors, themeFont } from "../shared/colors.js";
import { t } from "../shared/words.js";
/** @import { Look } from "./types" */

const DASHES = ["", "7 4", "2 3", "9 3 2 3", "14 4", "4 2", "9 3 2 3 2 3", "1.5 2"];
/** Of runs, where the theme has fewer; a report that stands alone has no theme. */
export const SPARE = [
  "#1D2B73",
  "#D04C08",
  "#128BF4",
  "#841B13",
  "#6C0CFB",
  "#CE7A7E",
  "#462B38",
  "#8567A3",
];

export const X = [
  ["step", t("Step")],
  ["images", t("Images")],
  ["time", t("Time")],
]; // what the lines may run over
/** @type {Record<string, string>} */
export const AXIS = { step: t("step"), images: t("images seen"), time: t("seconds of training") };

/**
 * The theme's colours of runs 1 to 8, and those of axes.
 * @type {(root: HTMLElement) => Look}
 */
export function look(root) {
  const listed = getComputedStyle(root).getPropertyValue("--st-chart-categorical-colors");
  const found = listed.match(/#[0-9a-f]{6}\b|rgba?\([^)]*\)/gi) ?? [];
  const runs = found.length >= 8 ? found : SPARE;
  return {
    runs,
    ...themeColors(root, ["muted", "grid", "axis", "ink", "bg", "accent"]),
    font: themeFont(root),
  };
}

/** @type {(index: number) => string} */
export const dashOf = (index) => DASHES[index % DASHES.length];

/**
 * Plotly's words for the same dash.
 * @type {(index: number) => string}
 */
export const plotDash = (index) =>
  dashOf(index)
    .split(" ")
    .filter(Boolean)
    .map((n) => `${n}px`)
    .join(",") || "solid";

/**
 * Black or white, whichever is read better on this colour.
 * @type {(color: string) => string}
 */
export function inkOn(color) {
  const parts = rgb(color)
    .match(/\d+/g)
    .map(Number)
    .map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  return light > 0.18 ? "#000" : "#fff";
}

/**
 * The number of a run on its colour.
 * @type {(index: number, color: string) => HTMLSpanElement}
 */
export function badge(index, color) {
  return el(
    "span",
    { class: "num", style: `background:${color};color:${inkOn(color)}` },
    String(index + 1),
  );
}

/**
 * A sample of a run's line.
 * @type {(index: number, color: string) => SVGSVGElement}
 */
export function lineSample(index, color) {
  const line = svg("line", {
    x1: 0,
    x2: 26,
    y1: 4,
    y2: 4,
    "stroke-width": 2.6,
    stroke: color,
    "stroke-dasharray": dashOf(index),
  });
  return svg("svg", { viewBox: "0 0 26 8", class: "line", "aria-hidden": "true" }, line);
}
