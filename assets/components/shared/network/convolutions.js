// Convolutions of one image [h, w, c] in rows of numbers, as TensorFlow counts padding and strides.
import { activate } from "./activations.js";
/** @import { Layer } from "./types" */

/**
 * How many outputs there are, and how many rows of padding come `before` the input.
 * @type {(size: number, kernel: number, stride: number, same: boolean) => { count: number, before: number }}
 */
export function reach(size, kernel, stride, same) {
  const count = same ? Math.ceil(size / stride) : Math.floor((size - kernel) / stride) + 1;
  const over = same ? Math.max((count - 1) * stride + kernel - size, 0) : 0;
  return { count, before: over >> 1 };
}

/**
 * Adds a bias to each row of `data`, then the activation.
 * @type {(data: Float32Array, bias: Float32Array | undefined, activation: string) => Float32Array}
 */
export function finished(data, bias, activation) {
  if (bias) {
    const width = bias.length;
    for (let i = 0, j = 0; i < data.length; i++, j = j + 1 === width ? 0 : j + 1)
      data[i] += bias[j];
  }
  return activate(data, activation);
}

/**
 * out[o..o+n] += value * kernel[k..k+n], four at a time.
 * @type {(out: Float32Array, o: number, value: number, kernel: Float32Array, k: number, n: number) => void}
 */
function addRow(out, o, value, kernel, k, n) {
  let i = 0;
  for (; i + 3 < n; i += 4) {
    out[o + i] += value * kernel[k + i];
    out[o + i + 1] += value * kernel[k + i + 1];
    out[o + i + 2] += value * kernel[k + i + 2];
    out[o + i + 3] += value * kernel[k + i + 3];
  }
  for (; i < n; i++) out[o + i] += value * kernel[k + i];
}

/**
 * The product of two rows, in four sums so that they do not wait for each other.
 * @type {(a: Float32Array, i: number, b: Float32Array, j: number, n: number) => number}
 */
function dot(a, i, b, j, n) {
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0,
    q = 0;
  for (; q + 3 < n; q += 4) {
    s0 += a[i + q] * b[j + q];
    s1 += a[i + q + 1] * b[j + q + 1];
    s2 += a[i + q + 2] * b[j + q + 2];
    s3 += a[i + q + 3] * b[j + q + 3];
  }
  for (; q < n; q++) s0 += a[i + q] * b[j + q];
  return s0 + s1 + s2 + s3;
}

/**
 * kernel [kh, kw, c, f]; image [h, w, c] -> [H, W, f]. A window shared with the depthwise one would cost a call a place: a fifth of the time.
 * @type {Layer}
 */
export function convolve(
  { kernel_size: [kh, kw], strides: [sh, sw], padding, filters, activation },
  [image],
  { kernel, bias },
) {
  const [h, w, c] = image.shape;
  const same = padding === "same";
  const down = reach(h, kh, sh, same),
    across = reach(w, kw, sw, same);
  const data = new Float32Array(down.count * across.count * filters);
  for (let y = 0; y < down.count; y++) {
    for (let x = 0; x < across.count; x++) {
      const out = (y * across.count + x) * filters;
      for (let a = 0; a < kh; a++) {
        const row = y * sh + a - down.before;
        if (row < 0 || row >= h) continue;
        for (let b = 0; b < kw; b++) {
          const column = x * sw + b - across.before;
          if (column < 0 || column >= w) continue;
          const at = (row * w + column) * c,
            k = (a * kw + b) * c * filters;
          for (let q = 0; q < c; q++) {
            const value = image.data[at + q];
            if (value !== 0) addRow(data, out, value, kernel, k + q * filters, filters);
          }
        }
      }
    }
  }
  return { shape: [down.count, across.count, filters], data: finished(data, bias, activation) };
}

/**
 * kernel [kh, kw, f, c]; image [h, w, c] -> [h * strides, ..., f], each pixel spread over the outputs it reaches.
 * @type {Layer}
 */
export function convolveTransposed(
  { kernel_size: [kh, kw], strides: [sh, sw], padding, filters, activation },
  [image],
  { kernel, bias },
) {
  const [h, w, c] = image.shape;
  const same = padding === "same";
  const height = h * sh + (same ? 0 : Math.max(kh - sh, 0)),
    width = w * sw + (same ? 0 : Math.max(kw - sw, 0));
  const top = same ? Math.max(kh - sh, 0) >> 1 : 0,
    left = same ? Math.max(kw - sw, 0) >> 1 : 0;
  const data = new Float32Array(height * width * filters);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = (y * w + x) * c;
      for (let a = 0; a < kh; a++) {
        const row = y * sh + a - top;
        if (row < 0 || row >= height) continue;
        for (let b = 0; b < kw; b++) {
          const column = x * sw + b - left;
          if (column < 0 || column >= width) continue;
          const out = (row * width + column) * filters,
            k = (a * kw + b) * filters * c;
          for (let f = 0; f < filters; f++)
            data[out + f] += dot(image.data, at, kernel, k + f * c, c);
        }
      }
    }
  }
  return { shape: [height, width, filters], data: finished(data, bias, activation) };
}

/**
 * kernel [kh, kw, c, 1]: each channel by itself.
 * @type {Layer}
 */
export function convolveDepthwise(
  { kernel_size: [kh, kw], strides: [sh, sw], padding, activation },
  [image],
  { kernel, bias },
) {
  const [h, w, c] = image.shape;
  const same = padding === "same";
  const down = reach(h, kh, sh, same),
    across = reach(w, kw, sw, same);
  const data = new Float32Array(down.count * across.count * c);
  for (let y = 0; y < down.count; y++) {
    for (let x = 0; x < across.count; x++) {
      const out = (y * across.count + x) * c;
      for (let a = 0; a < kh; a++) {
        const row = y * sh + a - down.before;
        if (row < 0 || row >= h) continue;
        for (let b = 0; b < kw; b++) {
          const column = x * sw + b - across.before;
          if (column < 0 || column >= w) continue;
          const at = (row * w + column) * c,
            k = (a * kw + b) * c;
          for (let q = 0; q < c; q++) data[out + q] += image.data[at + q] * kernel[k + q];
        }
      }
    }
  }
  return { shape: [down.count, across.count, c], data: finished(data, bias, activation) };
}

/**
 * kernel [n, units]; the last axis of what comes in has n numbers.
 * @type {Layer}
 */
export function dense({ units, activation }, [input], { kernel, bias }) {
  const n = input.shape.at(-1),
    rows = input.data.length / n;
  const data = new Float32Array(rows * units);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < n; i++) {
      const value = input.data[r * n + i];
      if (value !== 0) addRow(data, r * units, value, kernel, i * units, units);
    }
  }
  return { shape: [...input.shape.slice(0, -1), units], data: finished(data, bias, activation) };
}
