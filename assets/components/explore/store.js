// Where the explore page is: run, step, z, class. All its components share one store per run; it
// asks for the current image and its class row, and tells everybody what changed.
import { cursorOf, onCursor, setCursor } from "../shared/feed.js";
import { Asker, call } from "../shared/ask.js";
import { Latent } from "./latent.js";
import { readView } from "../shared/link.js";
import { Trail } from "./trail.js";

const POLL = 500; // ms between looks for newer weights
const SETTLE = 150; // ms without a change until slow panels follow ...
const GENTLE_SETTLE = 600; // ... and while a run trains, so that the panels leave it the processor
const [OTHERS, LONE] = [6, 60]; // further z of the matrix, with classes and without
const MAX_SEED = 2 ** 31 - 1;
const stores = new Map();

export const randomSeed = () => Math.floor(Math.random() * 100000);

/** The store of a run; it lives while somebody has joined it. */
export function storeOf(run) {
  let store = stores.get(run);
  if (!store) stores.set(run, (store = new Store(run)));
  return store;
}

class Store extends Latent {
  constructor(run) {
    super();
    Object.assign(this, { run, listeners: new Set(), facts: null, about: null, ready: false });
    Object.assign(this, { current: null, row: null, dragging: false, words: "", ms: null });
    this.notes = { favourites: [], directions: [] };
    this.asker = new Asker(run);
    this.trail = new Trail(this);
    this.window = { from: 0, count: 0 }; // of the classes, those whose images are made
    this.view = readView(run);
    this.raw = this.view.raw === true;
    this.asker.raw = this.raw ? 1 : null;
    this.seed = this.view.seed ?? 1;
    this.psi = this.view.psi ?? 1;
    const cursor = cursorOf(run);
    this.step = this.view.step ?? (cursor.live ? null : cursor.step);
    this.follow = this.step === null;
    this.shown = null; // step of the image on the page
    this.leaveCursor = onCursor(run, (c) => this.cursor(c));
    this.poll();
  }

  /**
   * Listen. `listener` may have: facts(), awake(), about(), images(), settled(), other(), locked(),
   * axes(), notes(), trail(), judge(pixels), problem(words). Returns a function that leaves.
   */
  join(listener) {
    this.listeners.add(listener);
    if (this.facts) listener.facts?.();
    if (this.ready) {
      listener.awake?.();
      listener.about?.();
      if (this.current) listener.images?.();
      listener.settled?.();
      listener.notes?.();
      listener.trail?.();
    }
    if (this.words) listener.problem?.(this.words);
    return () => {
      this.listeners.delete(listener);
      if (!this.listeners.size) this.end();
    };
  }

  end() {
    stores.delete(this.run);
    this.ended = this.asker.ended = true;
    this.leaveCursor();
    this.trail.end();
    clearTimeout(this.timer);
    clearTimeout(this.settling);
  }

  tell(what, ...values) {
    for (const listener of [...this.listeners]) listener[what]?.(...values);
  }

  /** Say what is wrong; the next image clears it, unless it is about the address. */
  problem(words, { stays = false } = {}) {
    this.words = words;
    this.stays = stays;
    this.tell("problem", words);
  }

  get classes() { return this.about?.num_classes ?? 0; }
  get sigma() { return this.about?.prior === "uniform" ? 1 / Math.sqrt(3) : 1; }
  get range() { return this.about?.prior === "uniform" ? 1 : 3; }
  get shape() { return this.about.image_shape; }
  /** Steps that can be shown: raw weights are only in full checkpoints. */
  get steps() { return (this.raw ? this.facts?.full : this.facts?.steps) ?? []; }
  get newest() { return this.steps.at(-1) ?? null; }
  /** The step whose generator is asked. */
  get at() { return this.follow ? this.newest : this.step; }

  // ---- which generator ----

  async poll() {
    try {
      const before = this.newest;
      this.facts = await call(this.run, "facts");
      if (this.ended) return;
      this.asker.gentle = this.facts.training;
      this.tell("facts");
      if (!this.ready && !this.opening && this.facts.newest !== null) this.open();
      else if (this.ready && this.follow && before !== this.newest) this.generator();
    } catch (error) {
      if (!this.ended) this.problem(error.message);
    }
    if (!this.ended) this.timer = setTimeout(() => this.poll(), document.hidden ? 6 * POLL : POLL);
  }

  /** Load the first generator and restore the view that the address names. */
  async open() {
    this.opening = true;
    try {
      if (this.raw && !this.facts.full.length) this.raw = this.asker.raw = null;
      if (!this.follow) this.step = this.nearestStep(this.step);
      this.about = await call(this.run, "about", { step: this.at, raw: this.asker.raw });
      await this.restore();
      this.readNotes();
      if (this.ended) return;
      this.ready = true;
      this.tell("awake");
      this.tell("about");
      this.change();
    } catch (error) {
      if (!this.ended) this.problem(error.message);
      await new Promise((go) => setTimeout(go, 3000));
    }
    this.opening = false;
  }

  /** Another view of this generator, by its address. */
  async reopen(view) {
    Object.assign(this, { view, seed: view.seed ?? 1, psi: view.psi ?? 1, moved: false, mixed: false });
    const step = view.step ?? null;
    Object.assign(this, { raw: view.raw === true, step, follow: step === null });
    try {
      await this.restore();
      this.arrive();
    } catch (error) {
      this.problem(error.message);
    }
  }

  /** A view as the trail keeps it. */
  show(view) {
    Object.assign(this, view);
    this.arrive();
  }

  arrive() {
    this.asker.raw = this.raw ? 1 : null;
    this.stays = false;
    this.tell("facts");
    this.generator();
    this.tell("other");
  }

  async restore() {
    const { z, mix, label, badZ } = this.view;
    const further = Array.from({ length: this.classes ? OTHERS : LONE }, (_, i) => (this.seed + 1 + i) % MAX_SEED);
    const seeds = [this.seed, ...further];
    const drawn = await this.draw(seeds);
    [this.base, ...this.others] = drawn.map((values, i) => ({ seed: seeds[i], z: values }));
    this.z = this.base.z.slice();
    if (badZ || (z && z.length !== this.z.length)) {
      this.problem(`The z in the address does not fit: this generator takes ${this.z.length} numbers${badZ ? "" : `, it has ${z.length}`}. Shown is the z of seed ${this.seed}.`, { stays: true });
    } else if (z) {
      this.z = z.slice();
      this.moved = true;
    }
    this.label = Math.min(label ?? 0, Math.max(0, this.classes - 1));
    this.weights = this.oneHot(this.label);
    if (mix && mix.length === this.classes) [this.weights, this.mixed] = [mix.slice(), true];
  }

  async draw(seeds) {
    const { parts } = await call(this.run, "z", { step: this.at, seeds: seeds.join(",") });
    const size = this.about.latent_dim;
    return seeds.map((_, i) => parts[0].slice(i * size, (i + 1) * size));
  }

  nearestStep(step) {
    const { steps } = this;
    return steps.reduce((best, s) => (Math.abs(s - step) < Math.abs(best - step) ? s : best), steps[0] ?? step);
  }

  setStep(step, { playing = false } = {}) {
    Object.assign(this, { step, follow: false, playing });
    this.generator();
  }

  setFollow(follow) {
    this.step = follow ? null : this.at ?? this.shown;
    this.follow = follow;
    this.generator();
  }

  setRaw(raw) {
    this.raw = raw;
    this.asker.raw = raw ? 1 : null;
    if (!this.follow) this.step = this.nearestStep(this.step);
    this.tell("facts");
    this.generator();
  }

  cursor({ step, live }) {
    if (this.telling || !this.ready) return;
    if (live) this.setFollow(true);
    else if (step !== null) this.setStep(this.nearestStep(step));
  }

  /** Another generator: its facts, and everything anew. */
  generator() {
    this.telling = true;
    setCursor(this.run, this.at, this.follow);
    this.telling = false;
    const ask = () => ({ route: "about", params: { step: this.at } });
    this.asker.ask("about", 1, ask, (about) => { this.about = about; this.tell("about"); }, () => {});
    this.change();
  }

  // ---- what is kept with the run ----

  async readNotes() {
    try {
      this.notes = await call(this.run, "notes");
      if (!this.ended) this.tell("notes");
    } catch (error) {
      this.problem(error.message);
    }
  }

  /** {what: "favourites" or "directions", add | remove | rename}. */
  async keep(change) {
    try {
      this.notes = await call(this.run, "notes", {}, JSON.stringify(change), { type: "application/json" });
      this.tell("notes");
    } catch (error) {
      this.problem(error.message);
    }
  }

  // ---- the image ----

  /** Which of the classes have an image of their own now: `count` of them, with the chosen one. */
  setWindow(count, from = null) {
    const most = Math.min(count, this.classes);
    const start = from ?? (this.inWindow(this.label, most) ? this.window.from : Math.floor(this.label / Math.max(1, most)) * most);
    const next = { from: Math.max(0, Math.min(start, this.classes - most)), count: most };
    if (next.from === this.window.from && most === this.window.count) return false;
    this.window = next;
    return true;
  }

  inWindow(label, count = this.window.count) { return label >= this.window.from && label < this.window.from + count; }

  /** The classes of the window, first to last. */
  get windowed() { return Array.from({ length: this.window.count }, (_, i) => this.window.from + i); }

  change(dragging = false) {
    if (!this.z) return;
    this.dragging = dragging;
    const make = () => {
      this.making = this.window;
      const rows = [this.line(), ...this.windowed.map((k) => this.line(this.z, this.oneHot(k)))];
      return { route: "images", params: { step: this.at }, body: this.body(rows) };
    };
    this.asker.ask("live", 0, make, (a) => this.arrived(a), (e) => this.problem(e.message));
    clearTimeout(this.settling);
    if (dragging || this.playing) return;
    const wait = this.asker.gentle ? GENTLE_SETTLE : SETTLE;
    this.settling = setTimeout(() => { this.trail.settled(); this.tell("settled"); }, wait);
  }

  arrived({ header, parts }) {
    const size = this.shape.reduce((a, b) => a * b, 1);
    this.current = parts[0].subarray(0, size);
    this.row = parts[0].subarray(size);
    this.rowFrom = this.making.from;
    this.shown = header.step;
    this.ms = header.ms / (parts[0].length / size); // of one image
    if (this.words && !this.stays) this.problem("");
    this.tell("images");
  }
}
