// Draws the plane: what D believes as blocks, the grid of z bent by G, real and fake points, the push on each fake.
import { FAKE, G, MARK, REAL, ink } from "../shared/on_black.js";
import { EXTENT } from "./points.js";
/** @import { PlaneGAN } from "./engine/gan.js" */
/** @import { Point } from "../shared/types" */
/** @import { Rows } from "./types" */

export const BLOCK = 7; // pixels of a block of D's opinion
const BRIGHT = 0.55; // at most, so that points stay readable
const LINES = 11,
  POINTS = 41,
  REACH = 2.2; // of the grid of z
const ARROWS = 60,
  LONGEST = 34;

/**
 * A plane of `side` pixels: from points to pixels and back.
 * @type {(side: number, x: number, y: number) => Point}
 */
export const toPixel = (side, x, y) => [
  ((x + EXTENT) / (2 * EXTENT)) * side,
  ((EXTENT - y) / (2 * EXTENT)) * side,
];
/** @type {(side: number, px: number, py: number) => Point} */
export const toPoint = (side, px, py) => [
  (px / side) * 2 * EXTENT - EXTENT,
  EXTENT - (py / side) * 2 * EXTENT,
];

/**
 * D's opinion of the middle of each block, as an image of one pixel a block: gold fake, black unsure, teal real.
 * @type {(gan: PlaneGAN, blocks: number) => ImageData}
 */
export function heat(gan, blocks) {
  const rows = new Float64Array(2 * blocks * blocks);
  for (let j = 0; j < blocks; j++)
    for (let i = 0; i < blocks; i++) {
      const [x, y] = toPoint(blocks, i + 0.5, j + 0.5),
        at = 2 * (j * blocks + i);
      rows[at] = x;
      rows[at + 1] = y;
    }
  const pixels = new Uint8ClampedArray(4 * blocks * blocks);
  gan.beliefs(gan.d.apply(rows, blocks * blocks)).forEach((belief, i) => {
    const colour = belief > 0.5 ? REAL : FAKE,
      share = BRIGHT * Math.abs(2 * belief - 1);
    for (let k = 0; k < 3; k++) pixels[4 * i + k] = share * colour[k];
    pixels[4 * i + 3] = 255;
  });
  return new ImageData(pixels, blocks, blocks);
}

/**
 * Lines of constant z, bent by G: [[x, y], ...] each. With one number of z a single curve.
 * @type {(gan: PlaneGAN) => Point[][]}
 */
export function bent(gan) {
  const size = gan.settings.latent_dim,
    at = (/** @type {number} */ k, /** @type {number} */ n) => -REACH + (2 * REACH * k) / (n - 1);
  /** @type {Point[][]} */
  const lines = [];
  for (let k = 0; k < (size === 1 ? 1 : LINES); k++)
    for (const across of size === 1 ? [0] : [0, 1]) {
      const z = new Float64Array(POINTS * size);
      for (let i = 0; i < POINTS; i++) {
        z[i * size + across] = at(i, POINTS);
        if (size > 1) z[i * size + 1 - across] = at(k, LINES);
      }
      const made = gan.g.apply(z, POINTS);
      lines.push(
        Array.from(
          { length: POINTS },
          (_, i) => /** @type {Point} */ ([made[2 * i], made[2 * i + 1]]),
        ),
      );
    }
  return lines;
}

/** @type {(context: CanvasRenderingContext2D, side: number, image: ImageData) => void} */
export function drawHeat(context, side, image) {
  const small = new OffscreenCanvas(image.width, image.height);
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, side, side);
}

/** @type {(context: CanvasRenderingContext2D, side: number, lines: Point[][]) => void} */
export function drawGrid(context, side, lines) {
  Object.assign(context, { strokeStyle: ink(G), lineWidth: 1, globalAlpha: 0.55 });
  for (const line of lines) {
    context.beginPath();
    line.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](...toPixel(side, x, y)));
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** @type {Record<string, string>} */
const COLOURS = { real: ink(REAL), fake: ink(FAKE), side: "#9AA4AC" };

/**
 * Real points are teal discs, fakes gold diamonds, those of the other side grey squares: the shape says it without the colour.
 * @type {(context: CanvasRenderingContext2D, side: number, points: Rows, kind: string) => void}
 */
export function drawPoints(context, side, points, kind) {
  context.fillStyle = COLOURS[kind];
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toPixel(side, points[i], points[i + 1]);
    if (kind === "real") {
      context.moveTo(x + 3, y);
      context.arc(x, y, 3, 0, 2 * Math.PI);
    } else if (kind === "side") {
      context.rect(x - 2, y - 2, 4, 4);
    } else {
      context.moveTo(x, y - 4);
      for (const [dx, dy] of [
        [4, 0],
        [0, 4],
        [-4, 0],
      ])
        context.lineTo(x + dx, y + dy);
      context.closePath();
    }
  }
  context.fill();
}

/**
 * Mean length of pushes [count, 2].
 * @type {(push: Rows) => number}
 */
export function meanLength(push) {
  let sum = 0;
  for (let i = 0; i < push.length; i += 2) sum += Math.hypot(push[i], push[i + 1]);
  return (2 * sum) / Math.max(1, push.length);
}

/**
 * Pixels of an arrow, beside the largest mean push so far: 20 at that mean, 34 at most, half as long for a quarter of the push.
 * @type {(size: number, reach: number) => number}
 */
export const arrowLength = (size, reach) =>
  LONGEST * Math.min(1, Math.sqrt(size / Math.max(3 * reach, 1e-12)));

/**
 * Arrows from some fakes along the push; `reach` as in arrowLength, so that they shrink when the push does.
 * @type {(context: CanvasRenderingContext2D, side: number, points: Rows, push: Rows, reach: number) => void}
 */
export function drawArrows(context, side, points, push, reach) {
  const sizes = Array.from({ length: points.length / 2 }, (_, i) =>
      Math.hypot(push[2 * i], push[2 * i + 1]),
    ),
    each = Math.max(1, Math.floor(sizes.length / ARROWS));
  Object.assign(context, { strokeStyle: ink(G), fillStyle: ink(G), lineWidth: 1.4 });
  for (let i = 0; i < sizes.length; i += each) {
    const length = arrowLength(sizes[i], reach);
    if (length < 4) continue;
    const [x, y] = toPixel(side, points[2 * i], points[2 * i + 1]),
      angle = Math.atan2(-push[2 * i + 1], push[2 * i]);
    const [tx, ty] = [x + length * Math.cos(angle), y + length * Math.sin(angle)];
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(tx, ty);
    for (const turn of [2.6, -2.6]) {
      context.moveTo(tx, ty);
      context.lineTo(tx + 5 * Math.cos(angle + turn), ty + 5 * Math.sin(angle + turn));
    }
    context.stroke();
  }
}

/** @type {(context: CanvasRenderingContext2D, side: number, x: number, y: number) => void} */
export function drawRing(context, side, x, y) {
  context.strokeStyle = ink(MARK);
  context.lineWidth = 2;
  context.beginPath();
  context.arc(...toPixel(side, x, y), 8, 0, 2 * Math.PI);
  context.stroke();
}
