// The time machine of a page: what it shows, at every stored step. Its cursor is the page's checkpoint.
import { button, el, icon, lessMotion, whole } from "./base.js";
import { Well } from "./well.js";
import { t } from "./words.js";
/** @import { Panel } from "./panel.js" */
/** @import { Answer, Component, Pixels, Question, Shape, StripStore } from "./types" */

const CHUNK = 10; // steps of one request
const FRAME = 160; // ms while playing
const HIGH = 56; // CSS pixels of a picture, about

/**
 * At most so many of all steps, thinned evenly; the first and the newest stay.
 * @type {(all: number[], most: number) => number[]}
 */
export function thinned(all, most) {
  const keep = Math.min(most, all.length);
  return Array.from(
    { length: keep },
    (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, keep - 1))],
  );
}

/**
 * Images of `size` bytes side by side, by step; one that is missing or of another size is black.
 * @type {(steps: number[], tiles: Map<number, Pixels | null>, size: number) => Uint8Array}
 */
export function laid(steps, tiles, size) {
  const all = new Uint8Array(size * steps.length);
  steps.forEach((step, i) => {
    const tile = tiles.get(step);
    if (tile?.length === size) all.set(tile, i * size);
  });
  return all;
}

/**
 * The newest steps that have no image yet, as many as are asked for at once.
 * @type {(steps: number[], tiles: Map<number, Pixels | null>) => number[]}
 */
export const missingOf = (steps, tiles) => steps.filter((step) => !tiles.has(step)).slice(-CHUNK);

const timeStrip = (
  /** @type {new (component: Component, className: string) => Panel<StripStore>} */ Base,
) =>
  class extends Base {
    get awaiting() {
      return false;
    }
    /** @type {unknown} */
    get line() {
      return null;
    }
    /** @type {Shape} */
    get shape() {
      return null;
    }
    /** @type {(steps: number[]) => Question | null} */
    question() {
      return null;
    }

    /** @type {(label: string) => void} */
    buildStrip(label) {
      /** @type {Map<number, Pixels | null>} */
      this.tiles = new Map();
      /** @type {number[]} */
      this.steps = [];
      /** @type {unknown} */
      this.known = null; // tiles: step -> its image of `known`
      this.player = button(t("Play"), () => this.toggle(), {}, icon("play"));
      if (lessMotion()) this.player.title = t("One checkpoint further");
      this.well = new Well({
        label,
        name: (c) => t("step {steps}", { steps: whole(this.steps[c]) }),
        go: (c) => this.go(c),
      });
      this.labels = el("div", { class: "steps", "aria-hidden": "true" });
      this.scroller = el("div", { class: "scroller" }, this.well.node, this.labels);
    }

    stop() {
      this.pause();
    }

    forget() {
      this.pause();
      this.tiles.clear();
      this.steps = [];
      this.known = null;
    }

    /**
     * The steps there are, at most so many; whether they are others than before.
     * @type {(most: number) => boolean}
     */
    know(most) {
      const steps = thinned(this.store.steps, most);
      if (steps.join() === this.steps.join()) return false;
      this.steps = steps;
      if (!this.awaiting) {
        this.draw(true);
        this.pull();
      }
      return true;
    }

    settled() {
      if (this.awaiting) return;
      if (this.line !== this.known) this.tiles.clear();
      this.known = this.line;
      this.draw(!this.drawn);
      this.pull();
    }

    /** Ask for missing steps, the newest first, a few at a time. */
    pull() {
      const make = () => {
        const missing = missingOf(this.steps, this.tiles);
        if (!missing.length || this.line !== this.known) return null;
        this.asked = { line: this.line, missing };
        return this.question(missing);
      };
      this.store.asker.ask("time", 7, make, (/** @type {Answer} */ answer) => this.came(answer));
    }

    /** @type {(answer: Answer) => void} */
    came({ header, parts }) {
      const { line, missing } = this.asked;
      if (line !== this.known) return;
      const size = this.size();
      for (const step of missing) this.tiles.set(step, null); // could not be read, or pruned
      header.steps.forEach((/** @type {number} */ step, /** @type {number} */ i) =>
        this.tiles.set(step, parts[0].subarray(i * size, (i + 1) * size)),
      );
      if (header.problem) this.root.dataset.problem = header.problem;
      this.draw();
      this.pull();
    }

    size() {
      return this.shape.reduce((a, b) => a * b, 1);
    }

    /** @type {(toEnd?: boolean) => void} */
    draw(toEnd = false) {
      if (!this.steps.length || this.awaiting) return;
      this.well.show(laid(this.steps, this.tiles, this.size()), this.shape, this.steps.length);
      this.root.dataset.tiles = String([...this.tiles.values()].filter(Boolean).length);
      this.fit();
      this.mark();
      this.drawn = true;
      if (toEnd) this.scroller.scrollLeft = this.scroller.scrollWidth;
    }

    mark() {
      const column = this.steps.indexOf(this.store.at);
      this.well.choose(column < 0 ? null : [column, 0]);
      [...this.labels.children].forEach((node, i) => node.classList.toggle("on", i === column));
    }

    fit() {
      if (!this.store || !this.steps?.length || this.awaiting) return;
      const [h, w] = this.shape;
      this.well.fit(w * this.steps.length * Math.max(1, Math.round(HIGH / h)));
      this.labels.style.gridTemplateColumns = `repeat(${this.steps.length}, ${w * this.well.scale}px)`;
      if (
        this.labels.childElementCount !== this.steps.length ||
        this.labels.lastChild?.textContent !== whole(this.steps.at(-1))
      ) {
        this.labels.replaceChildren(...this.steps.map((s) => el("span", {}, whole(s))));
      }
    }

    /** @type {(column: number) => void} */
    go(column) {
      this.pause();
      const step = this.steps[column];
      if (step === this.store.newest) this.store.setFollow(true);
      else this.store.setStep(step);
    }

    toggle() {
      if (this.timer) return this.pause();
      let at = Math.max(0, this.steps.indexOf(this.store.at));
      if (lessMotion()) return this.go((at + 1) % this.steps.length); // one checkpoint a press
      if (at === this.steps.length - 1) at = 0;
      const next = () => {
        if (at >= this.steps.length) return this.pause();
        this.store.setStep(this.steps[at], { playing: true });
        this.mark();
        at += 1;
        return null;
      };
      this.timer = setInterval(next, FRAME);
      this.player.replaceChildren(icon("pause"), t("Pause"));
      return next();
    }

    pause() {
      if (!this.timer) return;
      clearInterval(this.timer);
      this.timer = null;
      this.player.replaceChildren(icon("play"), t("Play"));
      if (this.store.at === this.store.newest) this.store.setFollow(true);
      else this.store.setStep(this.store.at);
    }
  };

/**
 * `Panel` with a strip. Subclasses call buildStrip() and have `awaiting`, whether there is nothing to show
 * yet; `line`, what is shown, which is another value where something else is; `shape` of one image; and
 * question(steps), the request for these steps, or null.
 *
 * @type {<P extends Panel<any>>(Base: new (component: Component, className: string) => P) => new (component: Component, className: string) => P & InstanceType<ReturnType<typeof timeStrip>>}
 */
export const TimeStrip = /** @type {any} */ (timeStrip); // as Following
