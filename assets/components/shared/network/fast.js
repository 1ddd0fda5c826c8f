// Convolutions and dense layers as products of matrices in WebAssembly SIMD: ten times as fast as the plain loops of
// convolutions.js, which stay for browsers without it. The same sums in another order.
import { finished, reach } from "./convolutions.js";
import { PRODUCTS } from "./products.js";
/** @import { Params, Tensor, Weights } from "./types" */

const PAGE = 65536; // bytes of WebAssembly's memory
const LANES = 4;

/** @type {WebAssembly.Module | null} */
let compiled;
function compile() {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new WebAssembly.Module(Uint8Array.from(atob(PRODUCTS), (c) => c.charCodeAt(0)));
  } catch {
    compiled = null; // no SIMD, or a policy that lets nothing be compiled
  }
  return compiled;
}

/** The memory of one network: its kernels, and above them room for what a layer reads and makes. Places are in floats. */
class Memory {
  kept = 0;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const { memory, multiply } =
      /** @type {{ memory: WebAssembly.Memory, multiply: (...places: number[]) => void }} */ (
        new WebAssembly.Instance(module).exports
      );
    this.memory = memory;
    this.multiply = multiply;
    this.floats = new Float32Array(memory.buffer);
  }

  /** @type {(floats: number) => void} */
  reserve(floats) {
    const more = 4 * floats - this.memory.buffer.byteLength;
    if (more > 0) this.memory.grow(Math.ceil(more / PAGE));
    if (this.floats.buffer !== this.memory.buffer)
      this.floats = new Float32Array(this.memory.buffer);
  }

  /**
   * Keeps a matrix [rows, columns] whose number (row, column) is `at(row, column)`; columns are filled up to whole lanes.
   * @type {(rows: number, columns: number, at: (row: number, column: number) => number) => { start: number, wide: number }}
   */
  keep(rows, columns, at) {
    const wide = Math.ceil(columns / LANES) * LANES,
      start = this.kept;
    this.kept += rows * wide;
    this.reserve(this.kept);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) this.floats[start + r * wide + c] = at(r, c);
    return { start, wide };
  }

  /**
   * Places of a copy of `data` and of so many zeros.
   * @type {(data: Float32Array, count: number) => { input: number, output: number }}
   */
  room(data, count) {
    const input = this.kept,
      output = input + Math.ceil(data.length / LANES) * LANES;
    this.reserve(output + count);
    this.floats.set(data, input);
    this.floats.fill(0, output, output + count);
    return { input, output };
  }

  /**
   * A copy of rows of `columns` numbers that lie `wide` apart.
   * @type {(start: number, rows: number, wide: number, columns: number) => Float32Array}
   */
  taken(start, rows, wide, columns) {
    if (wide === columns) return this.floats.slice(start, start + rows * wide);
    const made = new Float32Array(rows * columns);
    for (let r = 0; r < rows; r++)
      made.set(this.floats.subarray(start + r * wide, start + r * wide + columns), r * columns);
    return made;
  }

  /**
   * C[m, n] += A[m, k] B[k, n]: places, and how far apart rows are.
   * @type {(a: number, lda: number, b: number, c: number, ldc: number, m: number, k: number, n: number) => void}
   */
  add(a, lda, b, c, ldc, m, k, n) {
    this.multiply(4 * a, 4 * lda, 4 * b, 4 * n, 4 * c, 4 * ldc, m, k, n);
  }
}

/**
 * Which x of 0..count-1 have x * stride + shift within 0..most-1: {first, many}.
 * @type {(count: number, stride: number, shift: number, most: number) => { first: number, many: number }}
 */
function span(count, stride, shift, most) {
  const first = Math.max(0, Math.ceil(-shift / stride)),
    last = Math.min(count - 1, Math.floor((most - 1 - shift) / stride));
  return { first, many: Math.max(0, last - first + 1) };
}

/** @type {FastLayer} */
function convolution(
  { kernel_size: [kh, kw], strides: [sh, sw], padding, filters, activation },
  { kernel, bias },
  memory,
) {
  const channels = kernel.length / (kh * kw * filters),
    same = padding === "same";
  const { start, wide } = memory.keep(
    kh * kw * channels,
    filters,
    (r, c) => kernel[r * filters + c],
  );
  return ([
    {
      shape: [h, w],
      data,
    },
  ]) => {
    const down = reach(h, kh, sh, same),
      across = reach(w, kw, sw, same),
      places = down.count * across.count;
    const { input, output } = memory.room(data, places * wide);
    if (kh * kw * sh * sw === 1)
      memory.add(input, channels, start, output, wide, places, channels, wide);
    else
      for (let y = 0; y < down.count; y++)
        for (let a = 0; a < kh; a++) {
          const row = y * sh + a - down.before;
          for (let b = 0; b < kw && row >= 0 && row < h; b++) {
            const shift = b - across.before,
              { first, many } = span(across.count, sw, shift, w);
            memory.add(
              input + (row * w + first * sw + shift) * channels,
              sw * channels,
              start + (a * kw + b) * channels * wide,
              output + (y * across.count + first) * wide,
              wide,
              many,
              channels,
              wide,
            );
          }
        }
    return {
      shape: [down.count, across.count, filters],
      data: finished(memory.taken(output, places, wide, filters), bias, activation),
    };
  };
}

/** @type {FastLayer} */
function transposed(
  { kernel_size: [kh, kw], strides: [sh, sw], padding, filters, activation },
  { kernel, bias },
  memory,
) {
  const channels = kernel.length / (kh * kw * filters),
    same = padding === "same";
  /** @type {(k: number, s: number) => number} */
  const cut = (k, s) => (same ? Math.max(k - s, 0) >> 1 : 0);
  /** @type {(n: number, k: number, s: number) => number} */
  const grown = (n, k, s) => n * s + (same ? 0 : Math.max(k - s, 0));
  /** @type {(r: number, f: number) => number} */
  const number = (r, f) =>
    kernel[(Math.floor(r / channels) * filters + f) * channels + (r % channels)];
  const { start, wide } = memory.keep(kh * kw * channels, filters, number);
  return ([
    {
      shape: [h, w],
      data,
    },
  ]) => {
    const [height, width, top, left] = [
      grown(h, kh, sh),
      grown(w, kw, sw),
      cut(kh, sh),
      cut(kw, sw),
    ];
    const { input, output } = memory.room(data, height * width * wide);
    for (let y = 0; y < h; y++)
      for (let a = 0; a < kh; a++) {
        const row = y * sh + a - top;
        for (let b = 0; b < kw && row >= 0 && row < height; b++) {
          const shift = b - left,
            { first, many } = span(w, sw, shift, width);
          memory.add(
            input + (y * w + first) * channels,
            channels,
            start + (a * kw + b) * channels * wide,
            output + (row * width + first * sw + shift) * wide,
            sw * wide,
            many,
            channels,
            wide,
          );
        }
      }
    return {
      shape: [height, width, filters],
      data: finished(memory.taken(output, height * width, wide, filters), bias, activation),
    };
  };
}

/** @type {FastLayer} */
function dense({ units, activation }, { kernel, bias }, memory) {
  const n = kernel.length / units,
    { start, wide } = memory.keep(n, units, (r, c) => kernel[r * units + c]);
  return ([{ shape, data }]) => {
    const rows = data.length / n,
      { input, output } = memory.room(data, rows * wide);
    memory.add(input, n, start, output, wide, rows, n, wide);
    return {
      shape: [...shape.slice(0, -1), units],
      data: finished(memory.taken(output, rows, wide, units), bias, activation),
    };
  };
}

/** @typedef {(params: Params, weights: Weights, memory: Memory) => (inputs: Tensor[]) => Tensor} FastLayer */

/**
 * By the kind of layer: (params, weights, memory) -> the layer as a function of its inputs.
 * @type {Record<string, FastLayer>}
 */
export const FAST = { Conv2D: convolution, Conv2DTranspose: transposed, Dense: dense };

/**
 * The memory for a network; null where this browser computes no such products.
 * @type {() => Memory | null}
 */
export function memory() {
  const module = compile();
  return module && new Memory(module);
}
