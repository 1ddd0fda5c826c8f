// A network in a thread of its own, so that the page stays fluid while it draws.
// In: {id, plan, entries, buffer} is the network from now on; {id, inputs: [{name: {shape, data}}]} is drawn with it.
// Out: {id, ms} or {id, pixels: Uint8ClampedArray of all images, ms}, or {id, error}.
import { toBytes } from "./bytes.js";
import { network } from "./network.js";
import { unpacked } from "./unpack.js";
/** @import { Draw, Entry, Plan, Tensor } from "./types" */

/** @type {Draw} */
let draw = null;

/**
 * What goes back for a message.
 * @type {(told: { plan?: Plan, entries?: Entry[], buffer?: ArrayBuffer, inputs?: Record<string, Tensor>[] }) => { pixels: Uint8ClampedArray<ArrayBuffer>, ms: number }}
 */
export function answered({ plan, entries, buffer, inputs }) {
  const start = performance.now();
  if (plan) draw = network(plan, unpacked(entries, buffer));
  const made = (inputs ?? []).map((given) => toBytes(draw(given).data));
  const pixels = new Uint8ClampedArray(made.reduce((sum, image) => sum + image.length, 0));
  made.reduce((at, image) => {
    pixels.set(image, at);
    return at + image.length;
  }, 0);
  return { pixels, ms: performance.now() - start };
}

globalThis.onmessage = ({ data: { id, ...told } }) => {
  try {
    const answer = answered(told);
    globalThis.postMessage({ id, ...answer }, { transfer: [answer.pixels.buffer] });
  } catch (error) {
    globalThis.postMessage({ id, error: error.message });
  }
};
