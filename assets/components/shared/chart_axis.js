// The y axis of a chart: a range that one spike does not rule, round ticks, and how wide words are.
import { decimal, svg } from "./base.js";
import { t } from "./words.js";
/** @import { Series } from "./series.js" */
/** @import { Beyond, Box, LineSpec, Span } from "./types" */

const MINUS = "\u2212";
const RAISED = [
  "\u2070",
  "\u00b9",
  "\u00b2",
  "\u00b3",
  "\u2074",
  "\u2075",
  "\u2076",
  "\u2077",
  "\u2078",
  "\u2079",
];
const SHRINK = 0.6; // an axis shrinks only where its data leave this share of it
export const WIDE = 1e4; // times from the 1st to the 99th percentile, from which an axis is logarithmic

/**
 * Span of the values from their 1st to their 99th percentile, or all of it: {low, high, least, wide}.
 * `least` is the smallest value, `wide` whether positive values span many powers of ten. null without any.
 * @type {(arrays: (number | null)[][], whole?: boolean) => { low: number, high: number, least: number, wide: boolean } | null}
 */
export function spanOf(arrays, whole = false) {
  const found = Float64Array.from(
    arrays.flat().filter((v) => v !== null && Number.isFinite(v)),
  ).sort();
  if (!found.length) return null;
  /** @type {(share: number) => number} */
  const at = (share) => found[Math.round(share * (found.length - 1))];
  const [least, p1, p99] = [found[0], at(0.01), at(0.99)];
  const wide = least > 0 && p99 / p1 > WIDE;
  return whole
    ? { low: least, high: found.at(-1), least, wide }
    : { low: p1, high: p99, least, wide };
}

/**
 * What an axis shows of it, with some air; positive values begin at 0 where they are near.
 * @type {(span: { low: number, high: number }, log: boolean, air?: number) => Span}
 */
export function withAir({ low, high }, log, air = 0.12) {
  if (log) return [low / 1.3, high * 1.3];
  const pad = Math.max((high - low) * air, Math.abs(high) * 0.01, 1e-6);
  return [low >= 0 && low < pad * 2 ? 0 : low - pad, high + pad];
}

/**
 * The range to show next: it grows with the data, and shrinks only where most of it is empty.
 * @type {(old: Span | null, wanted: Span) => Span}
 */
export function follow(old, wanted) {
  if (!old) return wanted;
  const [a, b] = old;
  const [low, high] = wanted;
  if (high - low < SHRINK * (b - a)) return wanted;
  if (low >= a - 1e-12 && high <= b + 1e-12) return old;
  const grow = (high - low) * 0.08; // a little room beyond, so that it does not move at every update
  return [low < a ? (low === 0 ? 0 : low - grow) : a, high > b ? high + grow : b];
}

const FEW = 6; // whole numbers on an axis of which each has a tick

/**
 * How Plotly ticks an axis of whole numbers: each of a few, else as it likes; none stands there twice.
 * @type {(range: Span) => Record<string, unknown>}
 */
export function wholeTicks([low, high]) {
  return high - low < FEW ? { tickmode: "linear", tick0: 0, dtick: 1 } : { tickmode: "auto" };
}

/**
 * Round values inside the range, with their texts: {tickvals, ticktext}. `low` and `high` are values.
 * @type {(low: number, high: number, log: boolean, count?: number) => { tickvals: number[], ticktext: string[] }}
 */
export function ticks(low, high, log, count = 4) {
  const tickvals = log ? decades(low, high, count) : rounds(low, high, count);
  return { tickvals, ticktext: tickvals.map((value) => tickText(value, tickvals)) };
}

/** @type {(low: number, high: number, count: number) => number[]} */
function rounds(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((v) => v >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** @type {(low: number, high: number, count: number) => number[]} */
function decades(low, high, count) {
  const [a, b] = [Math.log10(low), Math.log10(high)];
  if (b - a < 1.5)
    return [1, 2, 5]
      .flatMap((m) => [Math.floor(a), Math.ceil(a)].map((e) => m * 10 ** e))
      .filter((v) => v >= low && v <= high)
      .sort((x, y) => x - y);
  const step = Math.max(1, Math.ceil((b - a) / count));
  const found = [];
  for (let e = Math.ceil(a); e <= b; e += step) found.push(10 ** e);
  return found;
}

/**
 * 0.25, 1,500, 1.5×10¹⁷: never an e, never cut.
 * @type {(value: number, all?: number[]) => string}
 */
export function tickText(value, all = [value]) {
  const largest = Math.max(...all.map(Math.abs));
  if (value === 0) return "0";
  if (largest >= 1e5 || largest < 1e-3) return power(value);
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 }).replace("-", MINUS);
}

/** @type {(value: number, digits?: number) => string} */
function power(value, digits = 2) {
  const [factor, exponent] = value.toExponential(digits).split("e").map(Number);
  const raised = [...String(Math.abs(exponent))].map((d) => RAISED[Number(d)]).join("");
  const ten = `10${exponent < 0 ? "\u207b" : ""}${raised}`;
  if (factor === 1) return ten;
  return `${String(factor).replace("-", MINUS)}\u00d7${ten}`;
}

/**
 * A value beside a line: as `decimal`, with powers of ten instead of an e.
 * @type {(value: number) => string}
 */
export const valueText = (value) => (/e/.test(decimal(value)) ? power(value, 1) : decimal(value));

/** @type {Map<string, CanvasRenderingContext2D>} */
const pens = new Map();

/**
 * Pixels that a text takes in a CSS font.
 * @type {(text: string, font: string) => number}
 */
export function textWidth(text, font) {
  if (!pens.has(font)) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    pens.set(font, pen);
  }
  return pens.get(font).measureText(text).width;
}

/**
 * Places in the right margin, so that no two texts touch: `wanted` ascending, `apart` pixels.
 * @type {(wanted: number[], apart: number, top: number, bottom: number) => number[]}
 */
export function spreadOut(wanted, apart, top, bottom) {
  const found = [...wanted];
  for (let i = 1; i < found.length; i++) found[i] = Math.max(found[i], found[i - 1] + apart);
  for (let i = found.length - 1; i >= 0; i--)
    found[i] = Math.max(top, Math.min(found[i], bottom - (found.length - 1 - i) * apart));
  return found;
}

/**
 * Points of a series beyond the axis: [{place, up, value, step, series}], `places` from point `from` on.
 * @type {(of: Series, series: LineSpec, places: number[], low: number, high: number, from: number) => Beyond[]}
 */
export function beyond({ metric, position }, series, places, low, high, from) {
  const { low: lows, high: highs } = metric[series.name];
  const found = [];
  for (let i = from; i < highs.length; i++) {
    const point = { place: places[i - from], step: position.step[i], series };
    if (highs[i] > high) found.push({ ...point, up: true, value: highs[i] });
    if (lows[i] < low) found.push({ ...point, up: false, value: lows[i] });
  }
  return found;
}

/**
 * Where lines leave the picture: an arrow a place, `apart` pixels between two.
 * @type {<L>(points: { x: number, up: boolean, value: number, step: number, series: L }[], box: Box, colorOf: (series: L) => string, apart?: number) => SVGPathElement[]}
 */
export function cutMarks(points, { left, right, top, bottom }, colorOf, apart = 12) {
  /** @type {typeof points} */
  const kept = [];
  for (const point of points) {
    if (point.x < left || point.x > right) continue;
    if (kept.every((k) => k.up !== point.up || Math.abs(k.x - point.x) >= apart)) kept.push(point);
  }
  return kept.slice(0, 40).map(({ x, up, series, value, step }) => {
    const y = up ? top : bottom;
    const tip = up ? -1 : 1;
    const words = t("{value} at step {step}, beyond the axis", {
      value: valueText(value),
      step: Math.round(step).toLocaleString("en-US"),
    });
    return svg(
      "path",
      {
        d: `M${x} ${y + tip * 1}l4 ${-tip * 6}h-8z`,
        class: "cut",
        style: `fill:${colorOf(series)}`,
      },
      svg("title", {}, words),
    );
  });
}
