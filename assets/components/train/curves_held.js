// Measures of held-out images beside a training, and of the input as it is: drawn with the training's own.
import { runPath } from "../shared/feed.js";
import { get } from "../shared/fetch.js";
/** @import { Measured } from "./types" */

const EVERY = 4000; // ms between looks, while it trains

export class HeldOut {
  /** @type {Record<string, Measured>} */
  known = {};
  wanted = false;
  busy = false;
  asked = -Infinity;
  step = -1;

  /**
   * `tell()` is called when there is more to draw.
   * @param {string} run
   * @param {() => void} tell
   */
  constructor(run, tell) {
    this.run = run;
    this.tell = tell;
  }

  /**
   * Ask again where the run has gone on.
   * @type {(status: { step: number }) => void}
   */
  follow({ step }) {
    const now = performance.now();
    if (!this.wanted || this.busy || step === this.step || now - this.asked < EVERY) return;
    this.asked = now;
    this.step = step;
    this.busy = true;
    get(runPath(this.run, "held_out"), { busy: 0 }).then((found) => this.take(found), () => {}).finally(() => (this.busy = false));
  }

  /** @type {(found: { measures: Record<string, Measured> }) => void} */
  take({ measures }) {
    const grew = JSON.stringify(measures) !== JSON.stringify(this.known);
    this.known = measures;
    if (grew) this.tell();
  }

  /**
   * {steps, values, input} of a measure, or null.
   * @type {(name: string) => Measured | null}
   */
  of(name) {
    const found = name ? this.known[name] : null;
    return found?.steps.length ? found : null;
  }
}
