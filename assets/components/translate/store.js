// Where the Translate page is: run, step, direction, input. All its components share one store per run;
// it asks for the output and tells everybody what changed.
import { Asker, call } from "../shared/ask.js";
import { cursorOf, onCursor, setCursor } from "../shared/feed.js";
import { changed, fromText, sizeOf, toText } from "./pixels.js";

const PAGE = "translate";
const POLL = 500; // ms between looks for newer weights
const SETTLE = 150; // ms without a change until the slower parts follow ...
const GENTLE_SETTLE = 600; // ... and while a run trains, so that they leave it the processor
const stores = new Map();

/** The store of a run; it lives while somebody has joined it. */
export function storeOf(run) {
  let store = stores.get(run);
  if (!store) stores.set(run, (store = new Store(run)));
  return store;
}

const whole = (text, high) => (/^\d{1,10}$/.test(text ?? "") && Number(text) <= high ? Number(text) : null);

class Store {
  constructor(run) {
    Object.assign(this, { run, listeners: new Set(), facts: null, ready: false, words: "", ms: null, shown: null });
    Object.assign(this, { input: null, size: null, index: null, origin: null, truth: null, label: "", count: 0 });
    Object.assign(this, { output: null, back: null, said: {}, withBack: false, edits: 0, name: "" });
    this.asker = new Asker(run, PAGE);
    const cursor = cursorOf(run);
    this.query = new URLSearchParams(window.location.search);
    this.step = whole(this.query.get("step"), 2 ** 32 - 1) ?? (cursor.live ? null : cursor.step);
    this.follow = this.step === null;
    this.leaveCursor = onCursor(run, (c) => this.cursor(c));
    this.poll();
  }

  /**
   * Listen. `listener` may have: facts(), awake(), input() when another image goes in, output(),
   * settled(), problem(words). Returns a function that leaves.
   */
  join(listener) {
    this.listeners.add(listener);
    if (this.facts) listener.facts?.();
    if (this.ready) {
      listener.awake?.();
      listener.input?.();
      if (this.output) listener.output?.();
      listener.settled?.();
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
    clearTimeout(this.timer);
    clearTimeout(this.settling);
  }

  tell(what, ...values) {
    for (const listener of [...this.listeners]) listener[what]?.(...values);
  }

  /** Say what is wrong; the next output clears it. */
  problem(words) {
    this.words = words;
    this.tell("problem", words);
  }

  ask(route, params = {}, body = null, options = {}) { return call(this.run, route, { towards: this.towards, ...params }, body, { page: PAGE, ...options }); }

  get steps() { return this.facts?.steps ?? []; }
  get newest() { return this.steps.at(-1) ?? null; }
  get at() { return this.follow ? this.newest : this.step; }
  get towards() { return this.way?.towards; }
  /** (H, W, C) of what goes in and comes out in training. */
  get inShape() { return this.way.input_shape; }
  get outShape() { return this.way.output_shape; }
  /** The same of the present image, which may be larger. */
  get shape() { return [...this.size, this.inShape[2]]; }
  get madeShape() { return [...this.size, this.outShape[2]]; }
  get isTrainedSize() { return this.size[0] === this.inShape[0] && this.size[1] === this.inShape[1]; }
  get bothWays() { return (this.facts?.ways.length ?? 1) > 1; }

  // ---- which translator ----

  async poll() {
    try {
      const before = this.newest;
      this.facts = await call(this.run, "facts", {}, null, { page: PAGE });
      if (this.ended) return;
      this.asker.gentle = this.facts.training;
      this.way ??= this.facts.ways.find((w) => w.towards === this.query.get("towards")) ?? this.facts.ways[0];
      this.tell("facts");
      if (!this.ready && !this.opening && this.newest !== null) this.open();
      else if (this.ready && this.follow && before !== this.newest) this.change();
    } catch (error) {
      if (!this.ended) this.problem(error.message);
    }
    if (!this.ended) this.timer = setTimeout(() => this.poll(), document.hidden ? 6 * POLL : POLL);
  }

  /** The view that the address names, else the first held-out picture. */
  async open() {
    this.opening = true;
    if (!this.follow) this.step = this.nearestStep(this.step);
    const drawn = this.query.has("input") ? fromText(this.query.get("input"), sizeOf(this.inShape)) : null;
    this.ready = true;
    this.tell("awake");
    await this.take(whole(this.query.get("held"), 1e6) ?? 0);
    if (drawn) this.set(drawn, this.inShape.slice(0, 2));
    else if (this.query.has("input")) this.problem("The drawing in the address does not fit this translator. Shown is a held-out picture.");
    this.opening = false;
  }

  nearestStep(step) {
    return this.steps.reduce((best, s) => (Math.abs(s - step) < Math.abs(best - step) ? s : best), this.steps[0] ?? step);
  }

  setStep(step, { playing = false } = {}) {
    Object.assign(this, { step, follow: false, playing });
    this.moved();
  }

  setFollow(follow) {
    this.step = follow ? null : this.at ?? this.shown;
    Object.assign(this, { follow, playing: false });
    this.moved();
  }

  cursor({ step, live }) {
    if (this.telling || !this.ready) return;
    if (live) this.setFollow(true);
    else if (step !== null) this.setStep(this.nearestStep(step));
  }

  moved() {
    this.telling = true;
    setCursor(this.run, this.at, this.follow);
    this.telling = false;
    this.tell("facts");
    this.change();
  }

  /** The other direction, with its own held-out picture of the same number. */
  async setWay(towards) {
    this.way = this.facts.ways.find((w) => w.towards === towards) ?? this.way;
    Object.assign(this, { output: null, back: null });
    this.tell("facts");
    await this.take(this.index ?? 0);
  }

  /** What came out goes in, the other way. */
  swap() {
    const other = this.facts.ways.find((w) => w.towards === this.way.home);
    if (!other || !this.output) return;
    const [pixels, size] = [this.output, this.size];
    this.way = other;
    Object.assign(this, { truth: null, origin: null, index: null, label: "", name: "what came out", back: null });
    this.tell("facts");
    this.set(pixels, size);
  }

  // ---- what goes in ----

  /** Held-out picture number `index`; an empty one where the data are not here. */
  async take(index) {
    try {
      const { header, parts } = await this.ask("held_out", { index: Math.max(0, index) });
      Object.assign(this, { index: header.index, count: header.count, label: header.label, truth: parts[1] ?? null, origin: parts[0], name: "" });
      this.set(parts[0].slice(), this.inShape.slice(0, 2));
    } catch (error) {
      if (index > 0 && error.status === 400) return this.take(0);
      Object.assign(this, { index: null, truth: null, origin: null, count: 0, label: "" });
      this.set(new Uint8Array(sizeOf(this.inShape)), this.inShape.slice(0, 2));
      this.problem(error.message);
    }
    return null;
  }

  /** A picture's file, made to fit by the server, or `large`. */
  async load(file, large) {
    const { header, parts } = await this.ask("picture", { large: large ? 1 : 0 }, await file.arrayBuffer());
    const [h, w] = header.parts[0][2];
    Object.assign(this, { index: null, truth: null, origin: null, label: "", name: file.name });
    this.set(parts[0].slice(), [h, w]);
    return header;
  }

  /** Another image goes in, of size [H, W]. */
  set(pixels, size) {
    Object.assign(this, { input: pixels, size, edits: 0, back: null });
    this.tell("input");
    this.change();
  }

  /** What goes in is no held-out picture any more. */
  leaveHeldOut() {
    Object.assign(this, { truth: null, origin: null, label: "", name: "your drawing" });
  }

  /** The hand has changed the image that goes in. */
  edit(pixels, drawing) {
    this.input = pixels;
    this.edits = this.origin ? changed(pixels, this.origin, this.inShape[2]) : -1;
    this.change(drawing);
  }

  // ---- what comes out ----

  change(drawing = false) {
    if (!this.input) return;
    const make = () => {
      const [h, w] = this.size;
      const held = this.truth && this.isTrainedSize ? this.index : null;
      this.asked = [this.way, this.size, performance.now()];
      return { route: "image", params: { towards: this.towards, step: this.at, h, w, index: held, back: this.withBack && this.bothWays ? 1 : null }, body: this.input };
    };
    this.asker.ask("live", 0, make, (a) => this.arrived(a), (e) => this.problem(e.message));
    clearTimeout(this.settling);
    if (drawing || this.playing) return;
    this.settling = setTimeout(() => this.settle(), this.asker.gentle ? GENTLE_SETTLE : SETTLE);
  }

  arrived({ header, parts }) {
    const [way, size, start] = this.asked;
    if (way !== this.way || size !== this.size) return;
    // The first answer also waits for the network to be built.
    Object.assign(this, { output: parts[0], back: parts[1] ?? null, shown: header.step, said: header, ms: this.output ? performance.now() - start : header.ms });
    if (this.words) this.problem("");
    this.tell("output");
  }

  settle() {
    window.history.replaceState(window.history.state, "", this.address());
    this.tell("settled");
  }

  setBack(on) {
    this.withBack = on;
    this.back = null;
    this.change();
  }

  /** The address of this view. */
  address() {
    const url = new URL(window.location.href);
    for (const name of ["step", "towards", "held", "input"]) url.searchParams.delete(name);
    url.searchParams.set("run", this.run);
    if (!this.follow && this.step !== null) url.searchParams.set("step", this.step);
    if (this.bothWays) url.searchParams.set("towards", this.towards);
    if (this.origin) url.searchParams.set("held", this.index);
    const text = this.edits && this.isTrainedSize ? toText(this.input) : "";
    if (text) url.searchParams.set("input", text);
    return url.href;
  }
}
