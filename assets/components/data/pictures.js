// Images of a set on canvases: in a row, as pairs, or as points.
import { REAL, ink } from "../shared/on_black.js";
import { paint, scaleFor } from "../shared/pixels.js";
/** @import { Painted } from "./types" */

const POINTS = 300; // pixels a side, at most
const EXTENT = 1.5; // of the plane

/**
 * Paint one image as large as whole pixels allow within so many pixels.
 * @type {(of: Painted, side: number, most?: number) => void}
 */
export function fitted({ canvas, parts, shapes }, side, most = Infinity) {
  const [, h, w, c] = shapes[0];
  paint(canvas, parts[0], [h, w, c]);
  size(canvas, scaleFor(Math.max(w, h), side, most));
}

/**
 * As many images as fit in a row, in so many full rows at most; an input and its target stand side by side.
 * @type {(of: Painted, width: number, most?: number) => void}
 */
export function paintRows({ canvas, parts, shapes }, width, most = 1) {
  const [count, h, own] = shapes[0];
  const w = shapes.reduce((sum, shape) => sum + shape[2], 0);
  if (!count || width <= 0) return;
  const scale = Math.min(scaleFor(w, width), scaleFor(own, 64));
  const columns = Math.max(1, Math.min(count, Math.floor(width / (w * scale))));
  const shown = columns * Math.min(most, Math.floor(count / columns));
  const pixels =
    parts.length > 1
      ? beside(parts, shapes, shown)
      : parts[0].subarray(0, shown * h * w * shapes[0][3]);
  paint(canvas, pixels, [h, w, parts.length > 1 ? 3 : shapes[0][3]], columns);
  size(canvas, scale);
}

/**
 * Images [n, H, W + W2, 3] of two arrays.
 * @type {(parts: ArrayLike<number>[], shapes: number[][], count: number) => Uint8Array}
 */
export function beside(parts, shapes, count) {
  const [, h] = shapes[0];
  const w = shapes.reduce((sum, shape) => sum + shape[2], 0);
  const pixels = new Uint8Array(count * h * w * 3);
  let left = 0;
  shapes.forEach(([, , own, c], k) => {
    for (let row = 0; row < count * h; row++) {
      for (let x = 0; x < own; x++) {
        const from = (row * own + x) * c,
          to = (row * w + left + x) * 3;
        for (let i = 0; i < 3; i++) pixels[to + i] = parts[k][from + (c === 3 ? i : 0)];
      }
    }
    left += own;
  });
  return pixels;
}

/** @type {(canvas: HTMLCanvasElement, scale: number) => void} */
function size(canvas, scale) {
  [canvas.style.width, canvas.style.height] = [
    `${canvas.width * scale}px`,
    `${canvas.height * scale}px`,
  ];
}

/**
 * Real points are teal discs on black.
 * @type {(of: Painted, width: number) => void}
 */
export function paintPoints({ canvas, parts, shapes }, width) {
  const side = Math.min(POINTS, width);
  const density = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [side * density, side * density];
  size(canvas, 1 / density);
  const draw = canvas.getContext("2d");
  draw.fillStyle = "#000";
  draw.fillRect(0, 0, canvas.width, canvas.height);
  draw.fillStyle = ink(REAL);
  /** @type {(v: number) => number} */
  const place = (v) => ((v / EXTENT + 1) / 2) * canvas.width;
  for (let i = 0; i < shapes[0][0]; i++) {
    draw.beginPath();
    draw.arc(place(parts[0][2 * i]), canvas.height - place(parts[0][2 * i + 1]), 2 * density, 0, 7);
    draw.fill();
  }
}
