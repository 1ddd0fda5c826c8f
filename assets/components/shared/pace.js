// How often something is drawn again: so that it takes at most a share of the time, whatever else the machine does.

/** What is drawn may be drawn again when its share of the time allows. `share` from 0 to 1, `least` and `most` in ms. */
export class Pace {
  next = -Infinity;

  /** @param {{ share: number, least: number, most: number }} of */
  constructor({ share, least, most }) {
    this.share = share;
    this.least = least;
    this.most = most;
  }

  get isDue() {
    return performance.now() >= this.next;
  }

  /**
   * Draw by `draw()`, timed from its begin until the frame that shows it has been made.
   * @type {<T>(draw: () => T) => Promise<Awaited<T>>}
   */
  async time(draw) {
    const began = performance.now();
    try {
      return await draw();
    } finally {
      this.took(performance.now() - began, began);
      requestAnimationFrame(() => setTimeout(() => this.took(performance.now() - began, began)));
    }
  }

  /**
   * A drawing that began then has taken so many ms: from then on the time until the next one counts.
   * @type {(ms: number, began: number) => void}
   */
  took(ms, began) {
    this.next = began + this.wait(ms);
  }

  /**
   * From the begin of a drawing that took so long to the begin of the next, in ms.
   * @type {(ms: number) => number}
   */
  wait(ms) {
    return Math.max(ms, Math.min(this.most, Math.max(this.least, ms / this.share)));
  }
}
