// The time machine: this input at every stored step. Its cursor is the page's checkpoint.
import { button, el, icon, lessMotion, mounted, put, whole } from "../shared/base.js";
import { Well } from "../shared/well.js";
import { Panel } from "./panel.js";
import { sizeOf } from "./pixels.js";

const MOST = 40; // images; longer runs are thinned evenly
const CHUNK = 10; // steps of one request
const FRAME = 160; // ms while playing
const HIGH = 56; // CSS pixels of a picture, about
const MOST_PIXELS = 128 * 128; // of an input; larger ones would take long at every step

class Time extends Panel {
  build() {
    Object.assign(this, { tiles: new Map(), steps: [] });
    this.aid = el("span", { class: "cap" });
    this.player = button("Play", () => this.toggle(), {}, icon("play"));
    if (lessMotion()) this.player.title = "One checkpoint further";
    this.well = new Well({ label: "This input at every checkpoint", name: (c) => `step ${whole(this.steps[c])}`, go: (c) => this.go(c) });
    this.labels = el("div", { class: "steps", "aria-hidden": "true" });
    this.scroller = el("div", { class: "scroller" }, this.well.node, this.labels);
    this.root.append(el("div", { class: "head" }, el("h2", {}, "Time machine"), this.aid, el("span", { class: "right" }, this.player)), this.scroller);
  }

  stop() { this.pause(); }
  forget() { this.pause(); this.tiles.clear(); this.steps = []; this.asked = null; }

  facts() {
    const all = this.store.steps;
    const keep = Math.min(MOST, all.length);
    const steps = Array.from({ length: keep }, (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, keep - 1))]);
    if (steps.join() === this.steps.join()) return;
    this.steps = steps;
    put(this.aid, all.length < 2 ? "one checkpoint only" : `this input at ${keep < all.length ? `${keep} of` : "all"} ${all.length} checkpoints; the cursor is the same as on the Train page`);
    this.player.hidden = all.length < 2;
    if (this.store.input) { this.draw(true); this.pull(); }
  }

  settled() {
    const { store } = this;
    if (!store.input) return;
    if (store.input !== this.line) this.tiles.clear();
    this.line = store.input;
    this.draw(!this.drawn);
    this.pull();
  }

  output() { this.mark(); }

  /** Ask for missing steps, the newest first, a few at a time. */
  pull() {
    const { store } = this;
    const make = () => {
      const missing = this.steps.filter((s) => !this.tiles.has(s)).slice(-CHUNK);
      const [h, w] = store.size;
      if (!missing.length || store.input !== this.line || h * w > MOST_PIXELS) return null;
      this.asked = [this.line, missing];
      return { route: "timeline", params: { towards: store.towards, h, w, steps: missing.join(",") }, body: store.input };
    };
    store.asker.ask("time", 7, make, ({ header, parts }) => {
      const [line, missing] = this.asked;
      if (line !== this.line) return;
      const size = sizeOf(store.madeShape);
      for (const step of missing) this.tiles.set(step, null); // could not be read, or pruned
      header.steps.forEach((step, i) => this.tiles.set(step, parts[0].subarray(i * size, (i + 1) * size)));
      this.draw();
      this.pull();
    });
  }

  draw(toEnd = false) {
    if (!this.steps.length || !this.store.input) return;
    const shape = this.store.madeShape;
    const size = sizeOf(shape);
    const all = new Uint8Array(size * this.steps.length);
    this.steps.forEach((step, i) => { const tile = this.tiles.get(step); if (tile?.length === size) all.set(tile, i * size); });
    this.well.show(all, shape, this.steps.length);
    this.root.dataset.tiles = [...this.tiles.values()].filter(Boolean).length;
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
    if (!this.steps.length || !this.store?.size) return;
    const [h, w] = this.store.size;
    this.well.fit(w * this.steps.length * Math.max(1, Math.round(HIGH / h)));
    this.labels.style.gridTemplateColumns = `repeat(${this.steps.length}, ${w * this.well.scale}px)`;
    if (this.labels.childElementCount !== this.steps.length || this.labels.lastChild?.textContent !== whole(this.steps.at(-1))) {
      this.labels.replaceChildren(...this.steps.map((s) => el("span", {}, whole(s))));
    }
  }

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
      at += 1;
      return null;
    };
    this.timer = setInterval(next, FRAME);
    this.player.replaceChildren(icon("pause"), "Pause");
    return next();
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.player.replaceChildren(icon("play"), "Play");
    if (this.store.at === this.store.newest) this.store.setFollow(true);
    else this.store.setStep(this.store.at);
  }
}

export default mounted((component) => new Time(component, "time"));
