// One request at a time for the whole page: what matters most goes first, and of the same kind only
// the newest waits. So a drag always shows the newest z, however slow the generator is.

import { get, getFile, rest } from "./fetch.js";
import { urlOf } from "./place.js";

const PATIENCE = 120000; // ms; the first answer waits for TensorFlow
const PACE = 160; // ms from one question to the next while a run trains, so that it is hardly slowed ...
const MIN_REST = 60; // ... and at least so many between an answer and the next question

function address(page, run, route, params) {
  const query = new URLSearchParams(Object.entries(params).filter(([, v]) => v !== null && v !== undefined));
  return urlOf(`api/${[page, ...(run === null ? [] : [encodeURIComponent(run)]), route].join("/")}?${query}`);
}

/**
 * One request to a route of a page, "explore", "translate" or, whose routes are of no run (null),
 * "style" (further options: fetch.js); throws an Error with the server's words.
 */
export async function call(run, route, params = {}, body = null, { page = "explore", ...options } = {}) {
  return get(address(page, run, route, params), { patience: PATIENCE, body, ...options });
}

/** The same for an answer that is a file. */
export async function callFile(run, route, params, body, { page = "explore" } = {}) {
  return getFile(address(page, run, route, params), { patience: PATIENCE, body });
}

export class Asker {
  constructor(run, page = "explore") {
    Object.assign(this, { run, page });
    this.waiting = new Map(); // channel -> request
    this.busy = false;
    this.gentle = false; // a run trains
    this.raw = null; // 1: raw weights instead of averaged ones
    this.ended = false;
  }

  /**
   * Ask when it is this channel's turn. `make()` is called then and returns {route, params, body},
   * or null when there is nothing to ask any more. Smaller ranks go first.
   */
  ask(channel, rank, make, done, failed) {
    this.waiting.set(channel, { rank, make, done, failed });
    if (!this.busy) this.work();
  }

  async work() {
    this.busy = true;
    while (this.waiting.size && !this.ended) {
      const [channel, next] = [...this.waiting].reduce((a, b) => (b[1].rank < a[1].rank ? b : a));
      this.waiting.delete(channel);
      const start = performance.now();
      try {
        const wanted = next.make();
        if (!wanted) continue;
        const outdated = () => this.ended || this.waiting.has(channel);
        const answer = await call(this.run, wanted.route, { ...wanted.params, raw: this.raw }, wanted.body, { outdated, page: this.page });
        if (!this.ended) next.done(answer);
      } catch (error) {
        if (!this.ended && !error.outdated) next.failed?.(error);
      }
      if (this.gentle) await rest(Math.max(MIN_REST, PACE - (performance.now() - start)));
    }
    this.busy = false;
  }
}
