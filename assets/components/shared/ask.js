// One request at a time for the whole page: what matters most goes first, and of the same kind only
// the newest waits. So a drag always shows the newest z, however slow the generator is.

import { get, getFile, rest } from "./fetch.js";
import { urlOf } from "./place.js";
/** @import { Failure, Lane, Options, Params, Question } from "./types" */

const PATIENCE = 120000; // ms; the first answer waits for TensorFlow
const PACE = 190; // ms from one question to the next while a run trains, so that it is hardly slowed ...
const MIN_REST = 60; // ... and at least so many between an answer and the next question

/** @type {(page: string, run: string | null, route: string, params: Params) => string} */
function address(page, run, route, params) {
  const query = new URLSearchParams(
    Object.entries(params)
      .filter(([, v]) => v !== null && v !== undefined)
      .map(([name, v]) => [name, String(v)]),
  );
  return urlOf(
    `api/${[page, ...(run === null ? [] : [encodeURIComponent(run)]), route].join("/")}?${query}`,
  );
}

/**
 * One request to a route of a page, "explore", "translate" or, whose routes are of no run (null),
 * "style" (further options: fetch.js); throws an Error with the server's words.
 * @type {(run: string | null, route: string, params?: Params, body?: any, options?: Options & { page?: string }) => Promise<any>}
 */
export async function call(
  run,
  route,
  params = {},
  body = null,
  { page = "explore", ...options } = {},
) {
  return get(address(page, run, route, params), { patience: PATIENCE, body, ...options });
}

/**
 * The same for an answer that is a file.
 * @type {(run: string | null, route: string, params: Params, body: any, options?: { page?: string }) => Promise<Blob>}
 */
export async function callFile(run, route, params, body, { page = "explore" } = {}) {
  return getFile(address(page, run, route, params), { patience: PATIENCE, body });
}

/**
 * Requests that wait for each other; of a channel only the newest.
 * @type {() => Lane}
 */
const lane = () => ({ waiting: new Map(), busy: false });

export class Asker {
  /**
   * @param {string | null} run
   * @param {string} page?
   */
  constructor(run, page = "explore") {
    this.run = run;
    this.page = page;
    this.far = lane();
    this.near = lane();
    this.waiting = this.far.waiting; // channel -> request
    this.here = null; // drawn_here.js, where this browser may draw by itself
    this.isTraining = false; // a run trains
    this.raw = null; // 1: raw weights instead of averaged ones
    this.ended = false;
  }

  /**
   * The address of a route of this run.
   * @type {(route: string, params: Params) => string}
   */
  addressOf(route, params) {
    return address(this.page, this.run, route, params);
  }

  /**
   * Ask when it is this channel's turn. `make()` is called then and returns {route, params, body},
   * or null when there is nothing to ask any more. Smaller ranks go first; what follows the hand, of
   * rank 0, waits for no answer of the server while this browser draws.
   * @type {(channel: string, rank: number, make: () => Question | null, done: (answer: any) => unknown, failed?: (error: Failure) => unknown) => void}
   */
  ask(channel, rank, make, done, failed) {
    const own = rank === 0 && this.here?.ready ? this.near : this.far;
    for (const each of [this.near, this.far]) each.waiting.delete(channel);
    own.waiting.set(channel, { rank, make, done, failed });
    if (!own.busy) this.work(own);
  }

  /** @type {(own: Lane) => Promise<void>} */
  async work(own) {
    const { waiting } = own;
    own.busy = true;
    while (waiting.size && !this.ended) {
      const [channel, next] = [...waiting].reduce((a, b) => (b[1].rank < a[1].rank ? b : a));
      waiting.delete(channel);
      const start = performance.now();
      let here = null;
      try {
        const wanted = next.make();
        if (!wanted) continue;
        here = (await this.here?.answer(wanted, this.raw)) ?? null;
        const outdated = () => this.ended || waiting.has(channel);
        const answer =
          here ??
          (await call(this.run, wanted.route, { ...wanted.params, raw: this.raw }, wanted.body, {
            outdated,
            page: this.page,
          }));
        if (!here && next.rank === 0) this.here?.took(performance.now() - start);
        if (!this.ended) next.done(answer);
      } catch (error) {
        if (!this.ended && !error.outdated) next.failed?.(error);
      }
      await this.leave(performance.now() - start, here);
    }
    own.busy = false;
  }

  /**
   * While a run trains: time for it. What was drawn here took a core that may be the same machine's: half of one at most.
   * @type {(took: number, here: unknown) => Promise<void>}
   */
  async leave(took, here) {
    if (!this.isTraining) return;
    await rest(Math.max(here ? took : MIN_REST, PACE - took));
  }
}
