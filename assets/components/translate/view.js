// The view in the address: run, step, direction, held-out picture, and the input itself where a hand made it.
import { fromText, toText } from "./pixels.js";
/** @import { View } from "./types" */

const NAMES = ["step", "towards", "held", "input"];

/** @type {(text: string | null, high: number) => number | null} */
const whole = (text, high) =>
  /^\d{1,10}$/.test(text ?? "") && Number(text) <= high ? Number(text) : null;

/**
 * What the address asks for, of this run; `bad`: its input is none.
 * @type {(run: string) => View}
 */
export function readView(run) {
  const query = new URLSearchParams(window.location.search);
  if (query.get("run") && query.get("run") !== run) return {};
  const pixels = query.has("input") ? fromText(query.get("input")) : null;
  return {
    step: whole(query.get("step"), 2 ** 32 - 1),
    towards: query.get("towards"),
    held: whole(query.get("held"), 2 ** 31 - 1),
    pixels,
    bad: query.has("input") && pixels === null,
  };
}

/**
 * The address of the present view of a store.
 * @type {(store: any) => string}
 */
export function address(store) {
  const url = new URL(window.location.href);
  for (const name of NAMES) url.searchParams.delete(name);
  url.searchParams.set("run", store.run);
  if (!store.follow && store.step !== null) url.searchParams.set("step", store.step);
  if (store.bothWays) url.searchParams.set("towards", store.towards);
  if (store.origin) url.searchParams.set("held", store.index);
  const own = store.input && (store.edits || !store.origin) && store.isTrainedSize;
  const text = own ? toText(store.input) : "";
  if (text) url.searchParams.set("input", text);
  return url.href;
}
