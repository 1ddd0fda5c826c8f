// Mean images: of all that is in a set, and of each class; of two sides each has its own, and there is none of both.
import { el } from "../shared/base.js";
import { fitted } from "./pictures.js";
/** @import { Painted } from "./types" */

const [LARGE, SMALL] = [140, 64]; // CSS pixels of a side
const BRIGHTER = 4; // times, at most

/**
 * What shows them: `parts` and their shapes are of the whole set first (of pairs two), then of each group.
 * @type {(parts: Float32Array[], shapes: number[][], names: string[], kind: string) => HTMLElement[]}
 */
export function means(parts, shapes, names, kind) {
  const most = Math.max(1, ...parts.map((part) => part.reduce((a, b) => Math.max(a, b), 0)));
  const factor = Math.min(BRIGHTER, 255 / most); // dark ones are brightened, all alike
  const made = shapes.map((shape, i) => ({
    canvas: el("canvas", { "aria-hidden": "true" }),
    parts: [parts[i].map((value) => value * factor)],
    shapes: [[1, ...shape]],
  }));
  if (kind === "sides") return [each(made.slice(1), names, LARGE)];
  const whole = made.slice(0, kind === "pairs" ? 2 : 1);
  const rest = names.length > 1 && kind !== "pairs" ? made.slice(1) : [];
  for (const one of whole) fitted(one, LARGE);
  return [...whole.map(({ canvas }) => canvas), each(rest, names, SMALL)];
}

/** @type {(made: Painted[], names: string[], side: number) => HTMLElement} */
function each(made, names, side) {
  for (const one of made) fitted(one, side);
  return el(
    "div",
    { class: side === LARGE ? "each large" : "each" },
    ...made.map(({ canvas }, i) =>
      el("span", {}, canvas, el("span", { class: "cap", title: names[i] }, names[i])),
    ),
  );
}
