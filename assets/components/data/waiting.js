// What waits to be kept: its state as the server tells it, and the words for it.
import { clock, whole } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { queryOf, urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
import { unitOf } from "./words.js";
/** @import { Options } from "../shared/types" */

export const BUSY = ["receiving", "reading", "looking", "keeping"];

/**
 * Those of which nothing can become; one whose keeping failed can be kept otherwise.
 * @template {{ phase: string }} T
 * @param {T[]} waiting
 */
export const failedOf = (waiting) => waiting.filter(({ phase }) => phase === "failed");

/** All that waits: {waiting, fetching, bin}. */
export const waitingList = () => get(urlOf("api/data/waiting"), { busy: 0 });

/**
 * The state of one.
 * @type {(id: string) => Promise<any>}
 */
export const waitingState = (id) =>
  get(urlOf(`api/data/waiting/${encodeURIComponent(id)}`), { busy: 0 });

/**
 * A command to one, with what belongs to it.
 * @type {(id: string, what: string, body?: object, options?: Options) => Promise<any>}
 */
export function command(id, what, body = {}, options = {}) {
  return get(urlOf(`api/data/waiting/${encodeURIComponent(id)}/${what}`), {
    ...options,
    body: JSON.stringify(body),
    type: "application/json",
  });
}

/**
 * Where a picture of one is found; with the `stamp` of what was read the browser may keep it.
 * @type {(id: string, index: number, side: number, stamp?: string | null) => string}
 */
export function pictureOf(id, index, side, stamp = null) {
  return urlOf(
    `api/data/waiting/${encodeURIComponent(id)}/picture.png?${queryOf({ index, side, ...(stamp ? { v: stamp } : {}) })}`,
  );
}

/**
 * "4,120 of 12,060 files read, 0:09 left".
 * @type {(of: { phase: string, done: number, total: number, left?: number | null, doing?: string, unit?: string }) => string}
 */
export function progress({ phase, done, total, left, doing, unit }) {
  const words = {
    receiving: t("files received"),
    reading: unitOf(unit).read,
    looking: unitOf(unit).read,
    keeping: doing === "writing" ? t("images written") : t("images prepared"),
  };
  const what = /** @type {Record<string, string>} */ (words)[phase] ?? t("done");
  if (!total) return phase === "keeping" ? t("Keeping") : t("Reading");
  return t("{done} of {total} {what}{left}", {
    done: whole(done),
    total: whole(total),
    what,
    left: left ? t(", {left} left", { left: clock(left) }) : "",
  });
}
