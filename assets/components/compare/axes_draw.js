// Parallel axes as SVG: a vertical axis for each setting and result, a line for each run.
import { decimal, setting, svg } from "../shared/base.js";
import { spreadOut } from "../shared/chart_axis.js";
import { dashOf, inkOn } from "./look.js";
import { t } from "../shared/words.js";
/** @import { Axis, ComparedRun, Look, PlacedAxis, Tick } from "./types" */

export const HEIGHT = 250;
const [TOP, BOTTOM, LEFT, RIGHT, APART] = [44, 212, 46, 62, 16];
const WIDE = 30; // times from lowest to highest, from which on an axis is logarithmic

/**
 * Places of the values of one axis: {name, x, at: [pixel or null], ticks: [[pixel, text]]}.
 * @type {(axis: Axis, x: number) => PlacedAxis}
 */
function scaled(axis, x) {
  const known = axis.values.filter((v) => v !== null && v !== undefined);
  const numeric =
    known.length > 0 &&
    known.every((v) => typeof v === "number") &&
    (axis.result || known.length === axis.values.length);
  return {
    name: axis.name,
    x,
    ...(numeric ? numbers(axis.values, known, axis.result) : words(axis.values)),
  };
}

/** @type {(values: any[], known: number[], result: boolean) => Pick<PlacedAxis, "at" | "ticks">} */
function numbers(values, known, result) {
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const curve = low > 0 && high / low >= WIDE ? Math.log : (/** @type {number} */ v) => v;
  /** @type {(v: number) => number} */
  const place = (v) =>
    high === low
      ? (TOP + BOTTOM) / 2
      : BOTTOM - ((curve(v) - curve(low)) / (curve(high) - curve(low))) * (BOTTOM - TOP);
  const write = result ? (/** @type {number} */ v) => decimal(v, v < 10 ? 2 : 1) : setting;
  /** @type {Tick[]} */
  const ticks =
    high === low
      ? [[place(low), write(low)]]
      : [
          [TOP - 8, write(high), "end"],
          [BOTTOM + 14, write(low), "end"],
        ];
  return { at: values.map((v) => (typeof v === "number" ? place(v) : null)), ticks };
}

/** @type {(values: any[]) => Pick<PlacedAxis, "at" | "ticks">} */
function words(values) {
  const names = values.map((v) => (v === null || v === undefined ? "none" : String(v)));
  const kinds = [...new Set(names)].sort();
  /** @type {(name: string) => number} */
  const place = (name) =>
    kinds.length === 1
      ? (TOP + BOTTOM) / 2
      : BOTTOM - (kinds.indexOf(name) / (kinds.length - 1)) * (BOTTOM - TOP);
  return {
    at: names.map(place),
    ticks: kinds.map((name) => [place(name) + 4, name.slice(0, 18), "beside"]),
  };
}

/**
 * Pixels that the axes need; narrower places scroll.
 * @type {(axes: Axis[], width: number) => number}
 */
export const widthFor = (axes, width) => Math.max(width, axes.length * 96 + LEFT + RIGHT - 96);

/**
 * The axes with their places, from left to right.
 * @type {(axes: Axis[], width: number) => PlacedAxis[]}
 */
export function placed(axes, width) {
  const gap = axes.length > 1 ? (width - LEFT - RIGHT) / (axes.length - 1) : 0;
  return axes.map((axis, i) => scaled(axis, LEFT + i * gap));
}

/**
 * `brushes`: axis index -> [top, bottom] in pixels; runs outside one of them are pale.
 * @type {(axes: Axis[], runs: ComparedRun[], colors: Look, width: number, brushes?: Map<number, number[]>) => SVGSVGElement}
 */
export function parallel(axes, runs, colors, width, brushes = new Map()) {
  const drawn = placed(axes, width);
  /** @type {(run: number) => boolean} */
  const inside = (run) =>
    [...brushes].every(
      ([i, [a, b]]) =>
        drawn[i].at[run] !== null && drawn[i].at[run] >= a - 2 && drawn[i].at[run] <= b + 2,
    );
  const shown = runs.map((_, run) => inside(run));
  const said = runs
    .map(
      (run, i) =>
        `${i + 1} ${run.title}: ${axes.map((a) => `${a.name} ${a.values[i] ?? t("none")}`).join(", ")}`,
    )
    .join("; ");
  return svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width,
      height: HEIGHT,
      role: "img",
      "aria-label": t("Settings against results. {said}", { said }),
      "font-family": colors.font,
    },
    ...drawn.map((axis, i) => upright(axis, colors, brushes.get(i))),
    ...runs.map((_, i) => line(drawn, i, colors, shown[i])),
    ...drawn.flatMap((axis) => labels(axis, colors)),
    ...ends(drawn.at(-1), runs, colors, shown),
  );
}

/** @type {(axis: PlacedAxis, colors: Look, brush?: number[]) => SVGGElement} */
function upright(axis, colors, brush) {
  const chosen = brush
    ? [
        svg("rect", {
          x: axis.x - 6,
          width: 12,
          y: brush[0],
          height: Math.max(2, brush[1] - brush[0]),
          fill: colors.accent,
          opacity: 0.25,
        }),
      ]
    : [];
  return svg(
    "g",
    {},
    svg("line", {
      x1: axis.x,
      x2: axis.x,
      y1: TOP,
      y2: BOTTOM,
      stroke: colors.axis,
      "stroke-width": 1.5,
    }),
    ...chosen,
  );
}

/** @type {(axis: PlacedAxis, colors: Look) => SVGTextElement[]} */
function labels(axis, colors) {
  const halo = {
    stroke: colors.bg,
    "stroke-width": 4,
    "stroke-linejoin": "round",
    "paint-order": "stroke",
  };
  /** @type {(tick: Tick) => SVGTextElement} */
  const text = ([y, label, kind]) =>
    svg(
      "text",
      {
        x: kind === "beside" ? axis.x + 8 : axis.x,
        y,
        "font-size": 11.5,
        fill: colors.ink,
        "text-anchor": kind === "beside" ? "start" : "middle",
        ...halo,
      },
      label,
    );
  const lines = axis.name.split(", "); // the second: its unit, or whose it is
  const name = lines.map((words, i) =>
    svg(
      "text",
      {
        x: axis.x,
        y: lines.length > 1 ? 10 + 13 * i : 16,
        "font-size": 12,
        "font-weight": i ? 400 : 700,
        fill: colors.ink,
        "text-anchor": "middle",
      },
      words,
    ),
  );
  return [...name, ...axis.ticks.map(text)];
}

/** @type {(drawn: PlacedAxis[], run: number, colors: Look, shown: boolean) => SVGPathElement} */
function line(drawn, run, colors, shown) {
  const points = drawn.map((axis) => [axis.x, axis.at[run]]).filter(([, y]) => y !== null);
  const d = points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  return svg("path", {
    d,
    fill: "none",
    stroke: colors.runs[run],
    "stroke-width": 2,
    "stroke-dasharray": dashOf(run),
    opacity: shown ? 1 : 0.12,
    "data-run": run,
  });
}

/**
 * The number of each run where its line ends, none over another.
 * @type {(axis: PlacedAxis, runs: ComparedRun[], colors: Look, shown: boolean[]) => SVGElement[]}
 */
function ends(axis, runs, colors, shown) {
  const found = runs
    .map((_, i) => ({ i, y: axis.at[i] }))
    .filter((e) => e.y !== null)
    .sort((a, b) => a.y - b.y);
  const spread = spreadOut(
    found.map((e) => e.y),
    APART,
    0,
    HEIGHT - 10,
  );
  return found.flatMap(({ i }, k) => {
    const opacity = shown[i] ? 1 : 0.25;
    return [
      svg("rect", {
        x: axis.x + 34,
        y: spread[k] - 7,
        width: 14,
        height: 14,
        rx: 2,
        fill: colors.runs[i],
        opacity,
      }),
      svg(
        "text",
        {
          x: axis.x + 41,
          y: spread[k] + 4,
          "font-size": 10.5,
          "font-weight": 700,
          "text-anchor": "middle",
          fill: inkOn(colors.runs[i]),
          opacity,
        },
        String(i + 1),
      ),
    ];
  });
}
