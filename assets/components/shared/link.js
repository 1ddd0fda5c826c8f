// The view in the address: run, step, seed, class, truncation, and z itself once it was moved.
/** @import { ExploreView, ViewedStore } from "./types" */

const NAMES = ["step", "seed", "class", "psi", "z", "mix", "raw"];

/**
 * Float32 numbers as URL-safe base64.
 * @type {(numbers: ArrayLike<number>) => string}
 */
export function encode(numbers) {
  const bytes = new Uint8Array(new Float32Array(numbers).buffer);
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

/**
 * The inverse; null where the text is no such thing.
 * @type {(text: string) => Float32Array | null}
 */
export function decode(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) =>
      c.charCodeAt(0),
    );
    if (!bytes.length || bytes.length % 4) return null;
    const numbers = new Float32Array(bytes.buffer);
    return numbers.every(Number.isFinite) ? numbers : null;
  } catch {
    return null;
  }
}

/** @type {(text: string | null, high: number) => number | null} */
const whole = (text, high) =>
  /^\d{1,10}$/.test(text ?? "") && Number(text) <= high ? Number(text) : null;

/**
 * What the address asks for, of this run; null for whatever it does not say.
 * @type {(run: string) => ExploreView}
 */
export function readView(run) {
  const query = new URLSearchParams(window.location.search);
  if (query.get("run") && query.get("run") !== run) return {};
  const psi = Number(query.get("psi") ?? NaN);
  return {
    step: whole(query.get("step"), 2 ** 32 - 1),
    seed: whole(query.get("seed"), 2 ** 31 - 1),
    label: whole(query.get("class"), 100000),
    psi: psi >= 0 && psi <= 1.5 ? psi : null,
    raw: query.get("raw") === "1",
    z: query.has("z") ? decode(query.get("z")) : null,
    badZ: query.has("z") && decode(query.get("z")) === null,
    mix: query.has("mix") ? decode(query.get("mix")) : null,
  };
}

/**
 * The address of the present view.
 * @type {(store: ViewedStore) => string}
 */
export function viewAddress(store) {
  const url = new URL(window.location.href);
  for (const name of NAMES) url.searchParams.delete(name);
  url.searchParams.set("run", store.run);
  if (!store.follow && store.step !== null) url.searchParams.set("step", String(store.step));
  url.searchParams.set("seed", String(store.seed));
  if (store.classes) url.searchParams.set("class", String(store.label));
  if (store.psi !== 1) url.searchParams.set("psi", store.psi.toFixed(2));
  if (store.moved) url.searchParams.set("z", encode(store.z));
  if (store.raw) url.searchParams.set("raw", "1");
  if (store.mixed) url.searchParams.set("mix", encode(store.weights));
  return url.href;
}
