// The page's time control: every stored grid is a tick; all components follow the shared cursor.
import { button, el, icon, mounted, put, rootOf, svg, whole } from "../shared/base.js";
import { onDrag, within } from "../shared/drag.js";
import { cursorOf, join, onCursor, setCursor } from "../shared/feed.js";
import { glyph, onLane, spread } from "../shared/glyphs.js";
import { InView } from "../shared/in_view.js";
import { t } from "../shared/words.js";
/** @import { Component, RunEvent, Status } from "../shared/types" */

const FRAME = 125; // ms between grids while playing
const PAD = 9; // pixels at both ends of the track, so that the thumb stays inside

class Slider {
  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "stepper");
    this.data = component.data;
    /** @type {number[]} */
    this.steps = [];
    /** @type {RunEvent[]} */
    this.events = [];
    this.end = 1; // right end of the track, a step
    this.build();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.track);
    this.view = new InView(this.track, () => this.draw());
    this.join();
  }

  build() {
    this.play = button(
      "",
      () => this.toggle(),
      { class: "btn square", "aria-label": t("Play all grids"), title: t("Play all grids") },
      icon("play"),
    );
    this.picture = svg("svg", { "aria-hidden": "true" });
    this.track = el(
      "div",
      {
        class: "track",
        tabindex: 0,
        role: "slider",
        "aria-label": t("Step shown"),
        "aria-valuemin": 0,
      },
      this.picture,
    );
    this.word = el("span", {}, t("Newest"));
    this.newest = button(
      "",
      () => this.goLive(),
      { title: t("Follow the newest step") },
      this.word,
    );
    this.root.append(this.play, this.track, this.newest);
    this.track.addEventListener("keydown", (event) => this.key(event));
    onDrag(this.track, {
      start: () => this.steps.length > 0 && this.pause(),
      move: (event) => this.seek(event),
    });
  }

  join() {
    const run = this.data.run;
    const leaveFeed = join(run, {
      status: (s) => this.progress(s),
      samples: (steps) => {
        this.steps = steps;
        this.soon();
      },
      events: (events) => {
        this.events = events.filter(onLane);
        this.soon();
      },
    });
    const leaveCursor = onCursor(run, () => this.draw());
    this.leave = () => {
      leaveFeed();
      leaveCursor();
      this.pause();
    };
    this.draw();
  }

  /** @type {(status: Status) => void} */
  progress(status) {
    this.epochs = status.step ? status.epoch / status.step : 0;
    if (status.step === this.last) return;
    /** @type {number} */
    this.last = status.step;
    this.soon();
  }

  /** Draw with the next frame, once for all that came until then. */
  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  /** Where the cursor stands: {step, live}. */
  place() {
    const { step, live } = cursorOf(this.data.run);
    return live || step === null ? { step: this.steps.at(-1) ?? 0, live: true } : { step, live };
  }

  /** @type {(index: number) => void} */
  go(index) {
    const i = Math.min(this.steps.length - 1, Math.max(0, index));
    if (this.steps.length)
      setCursor(this.data.run, this.steps[i], i === this.steps.length - 1 && !this.timer);
  }

  goLive() {
    this.pause();
    setCursor(this.data.run, this.steps.at(-1) ?? null, true);
  }

  index() {
    const { step } = this.place();
    return Math.max(
      0,
      this.steps.findLastIndex((s) => s <= step),
    );
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const many = event.shiftKey ? 10 : 1;
    /** @type {Record<string, number>} */
    const moves = {
      ArrowLeft: -many,
      ArrowDown: -many,
      ArrowRight: many,
      ArrowUp: many,
      PageDown: -10,
      PageUp: 10,
      Home: -Infinity,
      End: Infinity,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.pause();
    this.go(this.index() + moves[event.key]);
  }

  /**
   * The grid nearest to the pointer.
   * @type {(event: PointerEvent) => void}
   */
  seek(event) {
    const { x, width } = within(event, this.track);
    const step = ((x - PAD) / (width - 2 * PAD)) * this.end;
    const after = this.steps.findIndex((s) => s >= step);
    const i = after < 0 ? this.steps.length - 1 : after;
    this.go(i > 0 && step - this.steps[i - 1] < this.steps[i] - step ? i - 1 : i);
  }

  toggle() {
    if (this.timer) return this.pause();
    let at = this.place().live ? 0 : this.index();
    this.timer = setInterval(() => (at < this.steps.length ? this.go(at++) : this.goLive()), FRAME);
    this.name(t("Pause"), "pause");
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.name(t("Play all grids"), "play");
  }

  /** @type {(label: string, shape: string) => void} */
  name(label, shape) {
    this.play.replaceChildren(icon(shape));
    this.play.setAttribute("aria-label", label);
    this.play.title = label;
  }

  draw() {
    const { step, live } = this.place();
    this.end = Math.max(1, this.steps.at(-1) ?? 0, this.last ?? 0);
    this.tell(step, live);
    const width = this.view.is ? this.track.clientWidth : 0;
    if (!width) return;
    /** @type {(s: number) => number} */
    const x = (s) => PAD + (s / this.end) * (width - 2 * PAD);
    /** @type {(a: number, b: number, kind: string) => SVGRectElement} */
    const line = (a, b, kind) =>
      svg("rect", { x: a, y: 21, width: Math.max(0, b - a), height: 4, rx: 2, class: kind });
    this.picture.setAttribute("viewBox", `0 0 ${width} 44`);
    this.picture.replaceChildren(
      line(x(0), x(this.end), "rail"),
      line(x(0), x(step), "done"),
      svg("path", { d: this.steps.map((s) => `M${x(s)} 27v3`).join(""), class: "tick" }),
      ...this.labels(x, width),
      ...spread(this.events, (event) => x(event.step), 10).map((event) =>
        glyph(event, x(event.step), 10),
      ),
      svg("circle", { cx: x(step), cy: 23, r: 7, class: "thumb" }),
      ...(live
        ? []
        : [
            svg(
              "text",
              { x: Math.min(width - 14, Math.max(14, x(step))), y: 12, class: "here" },
              whole(step),
            ),
          ]),
    );
  }

  /** @type {(x: (step: number) => number, width: number) => SVGTextElement[]} */
  labels(x, width) {
    const rough = this.end / Math.max(2, width / 90);
    const power = 10 ** Math.floor(Math.log10(rough));
    const nice = Math.max(
      1,
      [1, 2, 5, 10].map((m) => m * power).find((v) => v >= rough),
    );
    const found = [];
    for (let s = 0; s <= this.end; s += nice) {
      if (x(s) <= width - 18)
        found.push(svg("text", { x: Math.max(6, x(s)), y: 41, class: s ? "mid" : "" }, whole(s)));
    }
    return found;
  }

  /** @type {(step: number, live: boolean) => void} */
  tell(step, live) {
    const epoch = this.epochs ? t(", epoch {step}", { step: (step * this.epochs).toFixed(2) }) : "";
    this.track.setAttribute("aria-valuemax", String(this.end));
    this.track.setAttribute("aria-valuenow", String(step));
    this.track.setAttribute(
      "aria-valuetext",
      t("step {step}{epoch}{live}", { step: whole(step), epoch, live: live ? t(", newest") : "" }),
    );
    this.newest.className = live ? "btn newest" : "btn newest primary";
    this.newest.setAttribute("aria-pressed", String(live));
    put(
      this.word,
      live ? t("Newest") : t("Newest {steps}", { steps: whole(this.steps.at(-1) ?? 0) }),
    );
    this.root.dataset.step = String(step);
  }

  /** @type {(component: Component) => void} */
  update(component) {
    const changed = component.data.run !== this.data.run;
    this.data = component.data;
    if (changed) {
      this.leave();
      this.steps = [];
      this.join();
    }
  }

  dispose() {
    this.leave();
    this.observer.disconnect();
    this.view.dispose();
  }
}

export default mounted((component) => new Slider(component));
