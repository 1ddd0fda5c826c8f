// Small helpers of the page: elements and canvases. Text is always text, never markup.
import { savePng } from "../components/shared/save.js";
/** @import { Slider } from "./types" */

/**
 * An element with properties, attributes (`data-` and `aria-`), and children.
 * @type {<K extends keyof HTMLElementTagNameMap>(tag: K, props?: Record<string, any>, ...children: (Node | string | null)[]) => HTMLElementTagNameMap[K]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else Object.assign(node, { [name]: value });
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/**
 * Numbers in [-1, 1], [h, w, 1 or 3], as pixels on a canvas of that very size.
 * @type {(canvas: HTMLCanvasElement, tensor: { shape: number[], data: ArrayLike<number> }) => void}
 */
export function paint(canvas, { shape, data }) {
  const [h, w, c] = shape;
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  canvas.getContext("2d").putImageData(new ImageData(pixels(data, h * w, c), w, h), 0, 0);
}

/**
 * Bytes [n * 4] of red, green, blue and 255.
 * @type {(data: ArrayLike<number>, count: number, c: number) => Uint8ClampedArray<ArrayBuffer>}
 */
export function pixels(data, count, c) {
  const made = new Uint8ClampedArray(count * 4);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++)
      made[4 * i + k] = Math.round((data[i * c + (c === 3 ? k : 0)] + 1) * 127.5);
    made[4 * i + 3] = 255;
  }
  return made;
}

/**
 * A canvas enlarged by whole pixels, as a PNG.
 * @type {(canvases: HTMLCanvasElement[], name: string, scale: number) => void}
 */
export function savePicture(canvases, name, scale) {
  const width = canvases.reduce((sum, canvas) => sum + canvas.width, 0) * scale,
    height = Math.max(...canvases.map((canvas) => canvas.height)) * scale;
  const large = el("canvas", { width, height }),
    context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  let x = 0;
  for (const canvas of canvases) {
    context.drawImage(canvas, x, 0, canvas.width * scale, canvas.height * scale);
    x += canvas.width * scale;
  }
  savePng(large, name);
}

/**
 * How many screen pixels an image pixel gets, so that the longer side has about `goal`.
 * @type {(side: number, goal: number) => number}
 */
export const scaleFor = (side, goal) => Math.max(1, Math.floor(goal / side));

/**
 * A label above a control, with what it says beside it.
 * @type {(text: string, control: Node, help?: string) => HTMLLabelElement}
 */
export function field(text, control, help) {
  return el("label", { className: "field", title: help ?? "" }, el("span", {}, text), control);
}

/**
 * A range input that tells its value as it moves.
 * @type {(of: { min: number, max: number, step: number, value: number, label?: string, change(value: number): void }) => Slider}
 */
export function slider({ min, max, step, value, label, change }) {
  const said = el("output", {}, format(value)),
    input = el("input", { type: "range", min, max, step });
  input.value = String(value);
  if (label) input.setAttribute("aria-label", label);
  input.addEventListener("input", () => {
    said.value = format(Number(input.value));
    change(Number(input.value));
  });
  const box = el("span", { className: "slider" }, input, said);
  /** @type {(number: number) => void} */
  const set = (number) => {
    input.value = String(number);
    said.value = format(number);
  };
  return Object.assign(box, { set });
}

/** @type {(number: number) => string} */
const format = (number) => (Math.round(number * 100) / 100).toString().replace("-", "\u2212");

/**
 * Runs `task` at the next frame, once for all calls in between.
 * @type {(task: () => void) => () => void}
 */
export function coalesced(task) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      task();
    });
  };
}
