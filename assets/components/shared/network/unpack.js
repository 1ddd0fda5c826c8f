// Weights as they travel: float16, whole numbers of a step, or int8 with a scale for each output, in one piece.
/** @import { Entry, Weights } from "./types" */

/**
 * float16 bits as a number (IEEE 754-2008, binary16).
 * @type {(bits: number) => number}
 */
export function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1,
    exponent = (bits >> 10) & 31,
    rest = bits & 1023;
  if (exponent === 31) return rest ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + rest / 1024) : 2 ** -14 * (rest / 1024));
}

/** @type {Float32Array[]} */
const TABLE = [];
function halves() {
  if (!TABLE.length) TABLE.push(Float32Array.from({ length: 65536 }, (_, bits) => half(bits)));
  return TABLE[0];
}

/**
 * @param {Entry[]} entries steps are a byte each with the highest bits of a number, then the other `bits` of all of them, the
 *   higher ones first; `scales` is the place of the scales of int8 numbers, float16 where `half`, else float32; number i has
 *   scale[floor(i / repeat) % count]
 * @param {ArrayBuffer} buffer that holds all of them
 * @returns {Weights} by key
 */
export function unpacked(entries, buffer) {
  /** @type {Weights} */
  const found = {};
  for (const entry of entries) found[entry.key] = READERS[entry.type](entry, buffer);
  return found;
}

/** @type {Record<string, (entry: Partial<Entry>, buffer: ArrayBuffer) => Float32Array>} */
const READERS = {
  float32: ({ size, at }, buffer) => new Float32Array(buffer.slice(at, at + 4 * size)),
  float16({ size, at }, buffer) {
    const table = halves(),
      bits = new Uint16Array(buffer.slice(at, at + 2 * size));
    return Float32Array.from(bits, (b) => table[b]);
  },
  steps({ size, at, step, bits }, buffer) {
    const high = new Int8Array(buffer, at, size),
      low = new Uint8Array(buffer, at + size);
    return Float32Array.from(high, (number, i) => {
      for (let b = i * bits; b < (i + 1) * bits; b++)
        number = 2 * number + ((low[b >> 3] >> (b & 7)) & 1);
      return number * step;
    });
  },
  int8({ size, at, scales, count, repeat, half: short }, buffer) {
    const numbers = new Int8Array(buffer, at, size),
      scale = READERS[short ? "float16" : "float32"]({ size: count, at: scales }, buffer);
    return Float32Array.from(numbers, (n, i) => n * scale[Math.floor(i / repeat) % count]);
  },
};
