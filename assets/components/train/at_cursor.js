// The newest picture of a run that is not after the shared cursor: loaded first, then shown with its words.
import { ago } from "../shared/base.js";
import { cursorOf, onCursor, picturePath } from "../shared/feed.js";
/** @import { Status } from "../shared/types" */

const YOUNG = ["queued", "ready", "running", "paused"];

/**
 * Whether a run has taken no step yet and may still: its first picture is to come.
 * @type {(status: { step: number, state: string }) => boolean}
 */
export const isYoung = ({ step, state }) => step < 1 && YOUNG.includes(state);

/**
 * The step whose picture a cursor shows: the newest one that is not after it.
 * @type {(steps: number[], cursor: { step: number | null, live: boolean }) => number}
 */
export function wantedStep(steps, { step, live }) {
  return live || step === null ? steps.at(-1) : (steps.findLast((s) => s <= step) ?? steps[0]);
}

export class AtCursor {
  /** @type {number[]} */
  steps = [];
  /** @type {Map<number, number>} */
  times = new Map(); // step -> when its picture was made
  /** @type {number} */
  shown = null;
  /** @type {string} */
  address = null;
  skew = 0;

  /**
   * `swap(step, address, image)` is called once an image is there, unless another is wanted by then. Nothing is loaded while not `seen()`.
   * @param {string} run
   * @param {(step: number, address: string, image: HTMLImageElement) => void} swap
   * @param {() => boolean} seen?
   */
  constructor(run, swap, seen = () => true) {
    this.run = run;
    this.swap = swap;
    this.seen = seen;
    this.leave = onCursor(run, () => this.show());
  }

  /**
   * The run's status was read: how far its clock is from ours.
   * @type {(status: Status) => void}
   */
  tick(status) {
    this.skew = status.now - Date.now() / 1000;
  }

  /**
   * The steps that have a picture, and when each was made; whether there are others than before.
   * @type {(steps: number[], times: number[]) => boolean}
   */
  know(steps, times) {
    const [newest, time] = [steps.at(-1), times.at(-1)];
    const grew =
      steps.length !== this.steps.length ||
      newest !== this.steps.at(-1) ||
      time !== this.times.get(newest);
    this.steps = steps;
    this.times = new Map(steps.map((step, i) => [step, times[i]]));
    return grew;
  }

  show() {
    if (!this.steps.length || !this.seen()) return;
    const step = wantedStep(this.steps, cursorOf(this.run));
    const address = picturePath(this.run, `samples/${step}.png`, this.times.get(step));
    if (address === this.address) return;
    this.address = address;
    const next = new Image();
    next.src = address;
    next.decode().then(
      () => {
        if (this.address !== address) return;
        this.shown = step;
        this.swap(step, address, next);
      },
      () => {},
    );
  }

  /** ", 3 s ago" of the picture on the page. */
  get age() {
    const time = this.times.get(this.shown);
    return time ? `, ${ago(Date.now() / 1000 + this.skew - time)}` : "";
  }
}
