// What every view of a run's sample grids shares: which grid the shared cursor is at, fetched and shown
// together with its words. Who extends it lays it out: build(), fit(), paint(picture), caption().
import { ago, el, mounted, put, rootOf, whole } from "../shared/base.js";
import { cursorOf, join, onCursor, picturePath } from "../shared/feed.js";
import { Enlarged } from "./sample_grid_one.js";

export class Samples {
  constructor(component) {
    this.root = rootOf(component, "samples");
    this.data = component.data;
    this.header = null; // grid.json; until it comes, data.expect says what the grid will be
    this.times = new Map();
    this.steps = [];
    this.shown = null; // step of the grid on the page
    this.info = el("span", { class: "cap" });
    this.empty = el("p", { class: "empty" }, "Loading the samples.");
    this.one = new Enlarged(this.data.run);
    this.head = el("div", { class: "head" }, el("h2", {}, "Samples"), this.info);
    this.build();
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
    this.fit(); // at once, in the place that it will keep
    this.join();
    this.clock = setInterval(() => this.caption(), 1000);
  }

  /** How the grids are cut, as far as anybody knows. */
  get known() { return this.header ?? this.data.expect ?? null; }
  get names() { return this.known?.names ?? []; }

  join() {
    const run = this.data.run;
    const leaveFeed = join(run, {
      status: (s) => { this.skew = s.now - Date.now() / 1000; this.wait(s); },
      samples: (...found) => this.know(...found),
    });
    const leaveCursor = onCursor(run, () => this.show());
    this.leave = () => { leaveFeed(); leaveCursor(); };
  }

  /** What the empty place says: a run that has taken no step has no grid yet; others only load theirs. */
  wait(status) {
    const young = status.step < 1 && ["queued", "ready", "running", "paused"].includes(status.state);
    put(this.empty, young ? "The first grid comes with the first steps." : "Loading the samples.");
  }

  know(steps, times, grid, reals) {
    this.header = grid ?? null;
    const grew = steps.length !== this.steps.length || steps.at(-1) !== this.steps.at(-1) || times.at(-1) !== this.times.get(this.steps.at(-1));
    this.steps = steps;
    this.times = new Map(steps.map((step, i) => [step, times[i]]));
    this.fit(); // the places, before anything is loaded
    if (steps.length) this.knowReals?.(reals);
    if (grew) this.show();
  }

  /** Show the newest grid, or the newest one that is not after the cursor. */
  show() {
    if (!this.steps.length) return;
    const { step, live } = cursorOf(this.data.run);
    const wanted = live || step === null ? this.steps.at(-1) : this.steps.findLast((s) => s <= step) ?? this.steps[0];
    const address = picturePath(this.data.run, `samples/${wanted}.png`, this.times.get(wanted));
    if (address === this.address) return;
    this.address = address;
    const next = new Image();
    next.src = address;
    next.decode().then(() => this.swap(wanted, address, next), () => {});
  }

  /** The picture and its words change together, once the picture is there. */
  swap(step, address, picture) {
    if (this.address !== address) return;
    this.shown = step;
    this.empty.hidden = true;
    this.paint(picture, address);
    this.caption();
    this.root.dataset.step = step;
  }

  /** ", 3 s ago" of the grid on the page. */
  get age() {
    const time = this.times.get(this.shown);
    return time ? `, ${ago(Date.now() / 1000 + (this.skew ?? 0) - time)}` : "";
  }

  /** `what` is shown at every step, of which weights, which step, how old. */
  tell(what) {
    const key = `the same ${what} at every step · EMA weights · step `;
    if (this.info.dataset.key !== key) {
      this.info.dataset.key = key;
      this.info.replaceChildren(key, (this.number = el("b")), (this.old = el("span")));
    }
    put(this.number, whole(this.shown));
    put(this.old, this.age);
  }

  update(component) {
    const changed = component.data.run !== this.data.run;
    this.data = component.data;
    if (changed) {
      this.leave();
      Object.assign(this, { shown: null, address: null, steps: [], header: null });
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
    clearInterval(this.clock);
  }
}

export const samples = (kind) => mounted((component) => new kind(component));
