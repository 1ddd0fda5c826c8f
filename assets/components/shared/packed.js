// The one binary format of all routes: a JSON header and arrays (described in gan_core/web/packed.py).
/** @import { Answer } from "./types" */

/** @type {Record<string, Uint8ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor>} */
const KINDS = { u1: Uint8Array, f4: Float32Array, f8: Float64Array };
const ALIGNED = 8; // bytes; where every array begins

/** The media type of such an answer, and of a body of numbers. */
export const BYTES = "application/octet-stream";

/**
 * An answer as {header, parts, columns}: the arrays in their order, and by name where they have one.
 * Nothing is copied: all arrays look into `buffer`.
 * @type {(buffer: ArrayBuffer) => Answer}
 */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  /** @type {{ parts: [name: string | null, kind: string, shape: number[]][] }} */
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  /** @type {any[]} */
  const parts = [];
  /** @type {Record<string, any>} */
  const columns = {};
  let at = 4 + length;
  for (const [name, kind, shape] of header.parts) {
    const count = shape.reduce((product, n) => product * n, 1);
    const array = new KINDS[kind](buffer, at, count);
    at += Math.ceil(array.byteLength / ALIGNED) * ALIGNED;
    parts.push(array);
    if (name !== null) columns[name] = array;
  }
  return { header, parts, columns };
}
