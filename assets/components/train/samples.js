// What every view of a run's sample grids shares: which grid the shared cursor is at, fetched and shown
// together with its words. Who extends it lays it out: build(), fit(), paint(picture), caption().
import { el, mounted, put, rootOf, whole } from "../shared/base.js";
import { join } from "../shared/feed.js";
import { InView } from "../shared/in_view.js";
import { AtCursor, isYoung } from "./at_cursor.js";
import { Enlarged } from "./sample_grid_one.js";
import { averagedAt } from "./which_weights.js";
import { t } from "../shared/words.js";
/** @import { Component, Grid, RunEvent, Status } from "../shared/types" */

export class Samples {
  /** @type {Grid} */
  header = null; // grid.json; until it comes, data.expect says what the grid will be
  /** @type {RunEvent[]} */
  events = [];

  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "samples");
    this.data = component.data;
    this.info = el("span", { class: "cap" });
    this.empty = el("p", { class: "empty" }, t("Loading the samples."));
    this.one = new Enlarged(this.data.run);
    this.head = el("div", { class: "head" }, el("h2", {}, t("Samples")), this.info);
    this.build();
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
    this.fit(); // at once, in the place that it will keep
    this.view = new InView(this.root, () => {
      this.now.show();
      this.caption();
    });
    this.join();
    this.clock = setInterval(() => this.view.is && !document.hidden && this.caption(), 1000);
  }

  build() {}
  fit() {}
  /** @type {(picture: HTMLImageElement, address: string) => void} */
  paint() {}
  caption() {}
  clear() {}
  /**
   * When the grid of real images was written.
   * @type {(written: number | null) => void}
   */
  knowReals() {}

  /** How the grids are cut, as far as anybody knows. */
  get known() {
    return this.header ?? this.data.expect ?? null;
  }
  /** @returns {string[]} */
  get names() {
    return this.known?.names ?? [];
  }

  join() {
    const run = this.data.run;
    this.events = [];
    this.now = new AtCursor(
      run,
      (step, address, picture) => this.swap(step, address, picture),
      () => this.view.is,
    );
    const leaveFeed = join(run, {
      status: (s) => {
        this.now.tick(s);
        this.wait(s);
      },
      events: (events) => {
        this.events = events;
        this.caption();
      },
      samples: (steps, times, grid, reals) => this.know(steps, times, grid, reals),
    });
    this.leave = () => {
      leaveFeed();
      this.now.leave();
    };
  }

  /** Step of the grid on the page; null before there is one. */
  get shown() {
    return this.now?.shown ?? null;
  }
  /** ", 3 s ago" of that grid. */
  get age() {
    return this.now.age;
  }

  /**
   * What the empty place says: a run that has taken no step has no grid yet; others only load theirs.
   * @type {(status: Status) => void}
   */
  wait(status) {
    put(
      this.empty,
      isYoung(status) ? t("The first grid comes with the first steps.") : t("Loading the samples."),
    );
  }

  /** @type {(steps: number[], times: number[], grid: Grid | null, reals: number | null) => void} */
  know(steps, times, grid, reals) {
    const cut = JSON.stringify(grid ?? null);
    if (cut !== JSON.stringify(this.header)) {
      this.header = grid ?? null;
      this.fit(); // the places, before anything is loaded
    }
    const grew = this.now.know(steps, times);
    if (steps.length) this.knowReals(reals);
    if (grew) this.now.show();
  }

  /**
   * The picture and its words change together, once the picture is there.
   * @type {(step: number, address: string, picture: HTMLImageElement) => void}
   */
  swap(step, address, picture) {
    this.empty.hidden = true;
    this.paint(picture, address);
    this.caption();
    this.root.dataset.step = String(step);
  }

  /**
   * `what` is shown at every step, of which weights, which step, how old.
   * @type {(what: string) => void}
   */
  tell(what) {
    const key = averagedAt(this.data.ema, this.events, this.shown)
      ? t("the same {what} at every step · EMA weights · step ", { what })
      : t("the same {what} at every step · raw weights · step ", { what });
    if (this.info.dataset.key !== key) {
      this.info.dataset.key = key;
      this.info.replaceChildren(key, (this.number = el("b")), (this.old = el("span")));
    }
    put(this.number, whole(this.shown));
    put(this.old, this.age);
  }

  /** @type {(component: Component) => void} */
  update(component) {
    const changed = component.data.run !== this.data.run;
    this.data = component.data;
    if (changed) {
      this.leave();
      this.now = null;
      this.header = null;
      this.clear();
      this.empty.hidden = false;
      this.one.run = this.data.run;
      this.join();
    }
    this.fit();
  }

  dispose() {
    this.leave();
    this.observer.disconnect();
    this.view.dispose();
    clearInterval(this.clock);
  }
}

/** @type {(kind: new (component: Component) => Samples) => ReturnType<typeof mounted>} */
export const samples = (kind) => mounted((component) => new kind(component));
