// Arithmetic on images of bytes [H, W, C]: errors, changes, and an image as text for a link.
import { FAKE, REAL } from "../shared/on_black.js";
/** @import { Pixels, Shape } from "../shared/types" */

/** @type {(shape: Shape) => number} */
export const sizeOf = (shape) => shape.reduce((product, n) => product * n, 1);

/**
 * The brightness of every pixel, 0..255; of colours the luma of Rec. 601.
 * @type {(pixels: Pixels, channels: number) => Float32Array}
 */
export function brightness(pixels, channels) {
  if (channels === 1) return Float32Array.from(pixels);
  const out = new Float32Array(pixels.length / 3);
  for (let i = 0; i < out.length; i++)
    out[i] = 0.299 * pixels[3 * i] + 0.587 * pixels[3 * i + 1] + 0.114 * pixels[3 * i + 2];
  return out;
}

/**
 * Mean difference in [-1, 1] units of two images of as many pixels; grey ones count as grey colours.
 * @type {(a: Pixels, b: Pixels) => number}
 */
export function l1(a, b) {
  const [more, less] = a.length >= b.length ? [a, b] : [b, a];
  const each = more.length / less.length;
  let sum = 0;
  for (let i = 0; i < more.length; i++) sum += Math.abs(more[i] - less[Math.floor(i / each)]);
  return sum / more.length / 127.5;
}

/**
 * Colours [H, W, 3] that say where the output is too bright (gold) and where something is missing (teal).
 * @type {(output: Pixels, truth: Pixels, channels: number) => Uint8Array}
 */
export function errorMap(output, truth, channels) {
  const [made, wanted] = [brightness(output, channels), brightness(truth, channels)];
  const out = new Uint8Array(3 * made.length);
  for (let i = 0; i < made.length; i++) {
    const off = made[i] - wanted[i];
    const share = Math.min(1, Math.abs(off) / 128);
    out.set(
      (off > 0 ? FAKE : REAL).map((v) => v * share),
      3 * i,
    );
  }
  return out;
}

/**
 * What was altered, orange on black [H, W, 3]; a grey and a colour image by their brightness.
 * @type {(before: Pixels, beforeChannels: number, after: Pixels, afterChannels: number) => Uint8Array}
 */
export function changeMap(before, beforeChannels, after, afterChannels) {
  const [a, b] = [brightness(before, beforeChannels), brightness(after, afterChannels)];
  const out = new Uint8Array(3 * a.length);
  for (let i = 0; i < a.length; i++)
    out.set(
      [255, 150, 60].map((v) => v * Math.min(1, Math.abs(a[i] - b[i]) / 128)),
      3 * i,
    );
  return out;
}

/**
 * How many pixels differ at all.
 * @type {(a: Pixels, b: Pixels, channels: number) => number}
 */
export function changed(a, b, channels) {
  let count = 0;
  for (let i = 0; i < a.length; i += channels) {
    for (let c = 0; c < channels; c++)
      if (a[i + c] !== b[i + c]) {
        count += 1;
        break;
      }
  }
  return count;
}

/**
 * What D says of every patch (`shape` of them, 0 fake to 1 real) over the image [H, W, C] that it says it
 * of: gold is fake, teal is real; colours [H, W, 3].
 * @type {(said: Float32Array, shape: number[], width: number, height: number, image: Pixels, channels: number) => Uint8Array}
 */
export function opinionMap(said, shape, width, height, image, channels) {
  const [h, w] = shape;
  const light = brightness(image, channels);
  const out = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const real = Math.min(
        1,
        Math.max(0, said[Math.floor((y * h) / height) * w + Math.floor((x * w) / width)]),
      );
      const pixel = y * width + x;
      const shade = 0.25 + (0.55 * light[pixel]) / 255;
      out.set(
        FAKE.map((gold, c) => shade * (gold * (1 - real) + REAL[c] * real)),
        3 * pixel,
      );
    }
  }
  return out;
}

const MOST_IN_A_LINK = 3200; // bytes of an input that an address holds
const CHUNK = 3000; // bytes at a time; a call takes only so many values

/**
 * Bytes as URL-safe base64; "" where there are more than an address should hold.
 * @type {(pixels: Pixels, most?: number) => string}
 */
export function toText(pixels, most = MOST_IN_A_LINK) {
  if (pixels.length > most) return "";
  let text = "";
  for (let i = 0; i < pixels.length; i += CHUNK)
    text += String.fromCharCode(...pixels.subarray(i, i + CHUNK));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * The inverse; null where the text is no such thing.
 * @type {(text: string) => Uint8Array | null}
 */
export function fromText(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) =>
      c.charCodeAt(0),
    );
    return bytes.length ? bytes : null;
  } catch {
    return null;
  }
}

/**
 * Whether these are the bytes of an image of size [H, W] in the channels of a shape.
 * @type {(pixels: Pixels, size: number[], shape: Shape) => boolean}
 */
export const fitsIn = (pixels, [h, w], shape) => pixels.length === h * w * shape[2];
