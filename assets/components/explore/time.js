// The time machine: this z and class at every stored step. Its cursor is the page's checkpoint.
import { button, el, icon, lessMotion, mounted, put, whole } from "../shared/base.js";
import { filmButtons } from "./downloads.js";
import { Panel, segments } from "./panel.js";
import { explain } from "../shared/glossary.js";
import { Well } from "../shared/well.js";
import { WipeTool } from "./wipe.js";

const MOST = 60; // images; longer runs are thinned evenly
const CHUNK = 10; // steps of one request
const FRAME = 160; // ms while playing

class TimeStrip extends Panel {
  build() {
    this.tiles = new Map(); // step -> pixels, for the present z and class
    this.aid = el("span", { class: "cap" });
    this.player = button("Play", () => this.toggle(), {}, icon("play"));
    this.views = segments("View", [["strip", "Strip"], ["wipe", "A/B wipe"]], (view) => this.look(view));
    explain(this.views.children[1], "wipe");
    if (lessMotion()) { this.player.title = "One checkpoint further"; }
    this.well = new Well({ label: "This z at every checkpoint", name: (c) => `step ${whole(this.steps[c])}`, go: (c) => this.go(c) });
    this.labels = el("div", { class: "steps", "aria-hidden": "true" });
    this.scroller = el("div", { class: "scroller" }, this.well.node, this.labels);
    this.wipe = new WipeTool(this);
    const film = () => ({ params: { steps: this.steps.join(","), rate: 8 }, body: this.store.line(), name: "training" });
    this.films = el("span", { class: "tools" }, ...filmButtons(() => this.store, film, (words) => this.store.problem(words)));
    this.root.append(el("div", { class: "head" }, el("h2", {}, "Time machine"), this.aid, el("span", { class: "right tools" }, this.player, this.films, this.views)), this.scroller, this.wipe.node);
    this.steps = [];
    this.look("strip");
  }

  look(view) {
    this.view = view;
    this.views.press(view);
    this.scroller.hidden = view !== "strip";
    this.wipe.node.hidden = view !== "wipe";
    if (view === "wipe" && this.store?.ready) this.wipe.open();
  }

  forget() {
    this.pause();
    this.tiles.clear();
    this.steps = [];
    this.line = null;
    this.wipe.forget();
    this.look("strip");
  }

  stop() { this.pause(); }

  facts() {
    const all = this.store.steps;
    const keep = Math.min(MOST, all.length);
    const steps = Array.from({ length: keep }, (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, keep - 1))]);
    if (steps.join() === this.steps.join()) return;
    this.steps = steps;
    put(this.aid, all.length === 1 ? "one checkpoint only; compare it with another generator by A/B wipe"
      : keep < all.length
      ? `this z and class at ${keep} of ${all.length} checkpoints`
      : `this z and class at all ${all.length} checkpoints; the cursor is the same as on the Train page`);
    this.player.hidden = this.films.hidden = all.length < 2;
    if (this.store.ready) { this.draw(true); this.pull(); }
  }

  settled() {
    const line = `${this.store.line().join()} ${this.store.raw}`;
    if (line !== this.line) this.tiles.clear();
    this.line = line;
    this.draw(!this.drawn);
    this.pull();
    if (this.view === "wipe") this.wipe.open();
  }

  images() { this.mark(); }

  /** Ask for missing steps, the newest first, a few at a time. */
  pull() {
    const { store } = this;
    const make = () => {
      const missing = this.steps.filter((s) => !this.tiles.has(s)).slice(-CHUNK);
      if (!missing.length || `${store.line().join()} ${store.raw}` !== this.line) return null;
      this.asked = [this.line, missing];
      return { route: "timeline", params: { steps: missing.join(",") }, body: store.line() };
    };
    store.asker.ask("time", 7, make, ({ header, parts }) => {
      const [line, missing] = this.asked;
      if (line !== this.line) return;
      const size = this.size();
      for (const step of missing) this.tiles.set(step, null); // could not be read, or pruned
      header.steps.forEach((step, i) => this.tiles.set(step, parts[0].subarray(i * size, (i + 1) * size)));
      if (header.problem) this.root.dataset.problem = header.problem;
      this.draw();
      this.pull();
    });
  }

  size() { return this.store.shape.reduce((a, b) => a * b, 1); }

  draw(toEnd = false) {
    if (!this.steps.length || !this.store.ready) return;
    const size = this.size();
    const all = new Uint8Array(size * this.steps.length);
    this.steps.forEach((step, i) => { const tile = this.tiles.get(step); if (tile) all.set(tile, i * size); });
    this.well.show(all, this.store.shape, this.steps.length);
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
    if (!this.steps.length || !this.store.ready) return;
    const [h, w] = this.store.shape;
    this.well.fit(w * this.steps.length * Math.max(1, Math.round(56 / h)));
    const each = `${w * this.well.scale}px`;
    this.labels.style.gridTemplateColumns = `repeat(${this.steps.length}, ${each})`;
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
      this.mark();
      at += 1;
      return null;
    };
    this.timer = setInterval(next, FRAME);
    this.player.replaceChildren(icon("pause"), "Pause");
    next();
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.player.replaceChildren(icon("play"), "Play");
    this.store.playing = false;
    if (this.store.step === this.store.newest) this.store.setFollow(true);
    else this.store.change();
  }
}

export default mounted((component) => new TimeStrip(component, "time"));
