// The plane: points, what D believes, where fakes are pushed; and the buttons that run the training.
import { button, el, icon, lessMotion, put, whole } from "../shared/base.js";
import { onDrag, within } from "../shared/drag.js";
import { REAL, ink } from "../shared/on_black.js";
import {
  BLOCK,
  bent,
  drawArrows,
  drawGrid,
  drawHeat,
  drawPoints,
  drawRing,
  heat,
  meanLength,
  toPoint,
} from "./plane_draw.js";
import { DISTRIBUTIONS } from "./points.js";
import { SHOWN } from "./lesson.js";
import { t } from "../shared/words.js";
/** @import { Lesson } from "./lesson.js" */
/** @import { Stages } from "./stages.js" */
/** @import { Distribution, Rows } from "./types" */
/** @import { Point } from "../shared/types" */

const SIDE = 560; // pixels of the canvas; the page shows it as large as it has room for
const LAYERS = [
  ["real", t("Real")],
  ["fakes", t("Fake")],
  ["heat", t("D’s opinion")],
  ["arrows", t("Arrows")],
  ["grid", t("Grid of z")],
];
const HEAT_EVERY = 100; // milliseconds between two heat maps
const PER_SECOND = 60; // steps while it plays, as long as frames come ...
const MOST = 3; // ... at a third of that, or faster
const LEAST = 20; // sprayed points
const QUIET = 50; // steps between two pictures where less motion is asked for

export class Plane {
  /** @type {string} */
  only = null;
  playing = false;
  /** @type {Point[]} */
  sprayed = null;
  ringed = 0;
  pace = 1;
  frames = 0;
  left = 0; // of a step
  mapped = 0; // when the heat map was due
  /** @type {number} */
  before = undefined; // when the last frame came
  /** @type {{ step: number, then: () => void }} */
  aim = null;

  /**
   * @param {Lesson} lesson
   * @param {Stages} stages
   */
  constructor(lesson, stages) {
    this.lesson = lesson;
    this.stages = stages;
    this.layers = new Set(LAYERS.map(([name]) => name));
    this.build();
    this.stop = lesson.listen(() => this.later());
  }

  build() {
    this.title = el("span", { class: "cap" });
    this.canvas = el("canvas", {
      width: SIDE,
      height: SIDE,
      tabindex: 0,
      role: "img",
      class: "plane",
    });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    onDrag(this.canvas, {
      start: (event) => this.press(event),
      move: (event) => this.sprayAt(event),
      end: () => this.sprayed && this.spread(),
    });
    const layers = LAYERS.map(([name, label]) => {
      const node = button(label, () => this.toggle(name, node), {
        class: "btn pill",
        "aria-pressed": "true",
      });
      return node;
    });
    this.play = button(
      t("Play"),
      () => this.toggleplay(),
      { class: "btn primary", "aria-keyshortcuts": "Alt+Shift+P" },
      icon("play"),
    );
    this.slow = button(
      t("Slow"),
      () => this.stages.toggle(),
      { "aria-pressed": "false" },
      icon("clock"),
    );
    this.one = button(
      t("One step"),
      () => this.single(),
      { "aria-keyshortcuts": "Alt+Shift+S" },
      icon("newest"),
    );
    this.who = [
      [t("Both"), null],
      [t("Only D"), "d"],
      [t("Only G"), "g"],
    ].map(([label, only]) =>
      button(label, () => this.choose(only), {
        "aria-pressed": String(only === null),
        "data-only": only ?? "both",
      }),
    );
    this.again = button(
      t("Restart"),
      () => this.lesson.restart({ ...this.lesson.settings, seed: this.lesson.settings.seed + 1 }),
      { title: t("From the beginning, with another seed") },
      icon("undo"),
    );
    this.note = el("p", { class: "cap", role: "status" });
    this.node = el(
      "section",
      { class: "panel ground", "aria-label": t("The plane") },
      el("div", { class: "head" }, el("h2", {}, t("The plane")), this.title),
      el("div", { class: "tools" }, ...layers),
      el("div", { class: "well" }, this.canvas),
      this.key_(),
      el(
        "div",
        { class: "tools" },
        this.play,
        this.slow,
        this.one,
        el("span", { class: "seg", role: "group", "aria-label": t("Who learns") }, ...this.who),
        el("span", { class: "right" }, this.again),
      ),
      this.sources(),
      this.note,
    );
  }

  key_() {
    /** @type {(kind: string, text: string) => HTMLElement} */
    const item = (kind, text) => el("span", { class: "legend" }, el("i", { class: kind }), text);
    this.other = item("square", t("side a"));
    return el(
      "p",
      { class: "cap legends" },
      item("disc", t("real")),
      item("diamond", t("fake")),
      item("arrow", t("where G is pushed, and how strongly")),
      item("mesh", t("grid of z")),
      item("belief", t("D believes: fake to real")),
      this.other,
    );
  }

  sources() {
    this.kinds = Object.entries(DISTRIBUTIONS).map(([name, { title }]) => {
      const canvas = el("canvas", { width: 44, height: 36 });
      const node = el(
        "button",
        {
          type: "button",
          class: "btn source",
          title,
          "aria-label": title,
          "aria-pressed": "false",
          "data-source": name,
          onclick: () => {
            this.endSpray();
            this.lesson.set("data", name);
          },
        },
        canvas,
      );
      return { name, node, canvas };
    });
    this.spray = button(
      t("Draw"),
      () => this.beginSpray(),
      { "aria-pressed": "false" },
      icon("note"),
    );
    return el(
      "div",
      { class: "tools" },
      el("span", { class: "cap" }, t("Real points")),
      ...this.kinds.map(({ node }) => node),
      this.spray,
    );
  }

  /** @type {(name: string, node: HTMLElement) => void} */
  toggle(name, node) {
    if (!this.layers.delete(name)) this.layers.add(name);
    node.setAttribute("aria-pressed", String(this.layers.has(name)));
    this.draw();
  }

  /** @type {(only: string | null) => void} */
  choose(only) {
    this.only = only;
    this.who.forEach((node) =>
      node.setAttribute("aria-pressed", String(node.dataset.only === (only ?? "both"))),
    );
  }

  /**
   * Nothing trains while there is a reason that says why; null frees it.
   * @type {(why: string | null) => void}
   */
  gate(why) {
    this.closed = why;
    for (const node of [this.play, this.slow, this.one]) {
      node.disabled = Boolean(why);
      node.title = why ?? "";
    }
  }

  /**
   * Whether what is trained stays as a chapter set it.
   * @type {(held: boolean) => void}
   */
  hold(held) {
    this.held = held;
    for (const node of [
      this.again,
      this.spray,
      ...this.who,
      ...this.kinds.map((kind) => kind.node),
    ])
      node.disabled = held;
  }

  /** Into the window, where somebody has scrolled away from it. */
  show() {
    this.canvas.scrollIntoView({ block: "nearest" });
    this.play.focus({ preventScroll: true });
  }

  /**
   * Plays to a step, then says so once; without a step nothing is aimed at.
   * @type {(step: number | null, then?: () => void) => void}
   */
  until(step, then) {
    this.aim = step === null ? null : { step, then };
    if (this.aim && !this.playing) this.toggleplay();
  }

  single() {
    if (this.closed) return;
    this.pause();
    this.stages.off();
    this.lesson.train(1, this.only);
  }

  toggleplay() {
    if (this.playing) return this.pause();
    if (this.closed) return undefined;
    this.stages.off();
    this.playing = true;
    this.before = undefined;
    this.left = 0;
    this.face();
    return this.frame();
  }

  pause() {
    this.playing = false;
    this.face();
    this.draw();
  }

  face() {
    this.play.replaceChildren(
      icon(this.playing ? "pause" : "play"),
      this.playing ? t("Pause") : t("Play"),
    );
  }

  /** One frame: steps, then the picture. A hidden tab asks for no frames, so nothing is trained there. */
  frame(now = performance.now()) {
    if (!this.playing) return;
    const [many, left] = owed(now - (this.before ?? now), this.left);
    this.before = now;
    this.left = left;
    if (this.frames++ % this.pace === 0) this.advance(this.pace > 1 ? 1 : many);
    if (this.playing) requestAnimationFrame((then) => this.frame(then));
  }

  /** @type {(due: number) => void} */
  advance(due) {
    const { lesson, aim } = this,
      many = lessMotion() ? QUIET : due;
    lesson.train(aim ? Math.max(1, Math.min(many, aim.step - lesson.step)) : many, this.only);
    if (lesson.flown) this.pause();
    if (!aim || (lesson.step < aim.step && !lesson.flown)) return;
    this.aim = null;
    this.pause();
    aim.then();
  }

  later() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.draw();
    });
  }

  draw() {
    const { lesson, canvas, layers } = this,
      context = canvas.getContext("2d"),
      now = performance.now();
    context.fillStyle = "#000";
    context.fillRect(0, 0, SIDE, SIDE);
    if (layers.has("heat")) {
      const late = now - this.mapped;
      if (!this.playing || !this.map || late >= HEAT_EVERY) {
        this.map = heat(lesson.gan, Math.round(SIDE / BLOCK));
        this.mapped = now - (late % HEAT_EVERY);
      }
      drawHeat(context, SIDE, this.map);
    }
    if (layers.has("grid")) drawGrid(context, SIDE, bent(lesson.gan));
    const real = this.sprayed ? Float64Array.from(this.sprayed.flat()) : lesson.real,
      fake = lesson.fake;
    if (layers.has("real")) drawPoints(context, SIDE, real, "real");
    if (!this.sprayed) {
      if (lesson.settings.sides) drawPoints(context, SIDE, lesson.z, "side");
      if (layers.has("arrows")) {
        const push = lesson.gan.push(fake, SHOWN, lesson.real);
        lesson.reach = Math.max(lesson.reach, meanLength(push));
        drawArrows(context, SIDE, fake, push, lesson.reach);
      }
      if (layers.has("fakes")) drawPoints(context, SIDE, fake, "fake");
      drawRing(context, SIDE, fake[2 * this.ringed], fake[2 * this.ringed + 1]);
    }
    this.words(fake);
  }

  /** @type {(fake: Rows) => void} */
  words(fake) {
    const { lesson } = this,
      groups = lesson.groups;
    put(
      this.title,
      t("step {step} · {SHOWN} fakes, {SHOWN} real{groups}", {
        step: whole(lesson.step),
        SHOWN,
        groups: groups
          ? t(" · {covered} of {all} groups reached", { covered: groups.covered, all: groups.all })
          : "",
      }),
    );
    put(
      this.note,
      lesson.flown
        ? t("The numbers flew off: a rate is too high for this loss. Lower it, then Restart.")
        : this.sprayed
          ? t("Spray on the plane; at least {LEAST} points. G follows when you let go.", { LEAST })
          : "",
    );
    const [x, y] = [fake[2 * this.ringed], fake[2 * this.ringed + 1]];
    this.canvas.setAttribute(
      "aria-label",
      t(
        "The plane at step {step}. Ringed fake {ringed} of {SHOWN} at {x}, {y}. Arrows choose another.",
        { step: lesson.step, ringed: this.ringed + 1, SHOWN, x: x.toFixed(2), y: y.toFixed(2) },
      ),
    );
    this.other.hidden = !lesson.settings.sides;
    Object.assign(this.node.dataset, {
      step: lesson.step,
      covered: groups?.covered ?? "",
      flown: lesson.flown,
    });
    for (const { name, node, canvas } of this.kinds) {
      node.setAttribute("aria-pressed", String(lesson.settings.data === name));
      if (!canvas.dataset.done) thumbnail(canvas, DISTRIBUTIONS[name]);
    }
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.ringed = (this.ringed + step + SHOWN) % SHOWN;
    this.lesson.tell();
  }

  /** @type {(event: PointerEvent) => object | null} */
  press(event) {
    if (this.sprayed) return {};
    const { x, y, width } = within(event, this.canvas),
      [px, py] = toPoint(width, x, y),
      fake = this.lesson.fake;
    /** @type {(i: number) => number} */
    const far = (i) => Math.hypot(fake[2 * i] - px, fake[2 * i + 1] - py);
    this.ringed = Array.from({ length: SHOWN }, (_, i) => i).reduce((a, b) =>
      far(b) < far(a) ? b : a,
    );
    this.lesson.tell();
    return null;
  }

  beginSpray() {
    this.pause();
    this.sprayed = [];
    this.spray.setAttribute("aria-pressed", "true");
    this.draw();
  }

  endSpray() {
    this.sprayed = null;
    this.spray.setAttribute("aria-pressed", "false");
  }

  /** @type {(event: PointerEvent) => void} */
  sprayAt(event) {
    const { x, y, width } = within(event, this.canvas),
      [px, py] = toPoint(width, x, y);
    for (let i = 0; i < 3; i++)
      this.sprayed.push([px + 0.05 * (Math.random() - 0.5), py + 0.05 * (Math.random() - 0.5)]);
    this.later();
  }

  /** What was sprayed is learned once it is enough. */
  spread() {
    if (this.sprayed.length < LEAST) return this.draw();
    const points = this.sprayed;
    this.endSpray();
    this.lesson.spray(points);
    return this.toggleplay();
  }

  dispose() {
    this.playing = false;
    this.stop();
  }
}

/**
 * Whole steps of a frame that comes so many milliseconds after the last one, and the part of a step that is left for the next.
 * @type {(milliseconds: number, left?: number) => [steps: number, left: number]}
 */
export function owed(milliseconds, left = 0) {
  const due = left + (milliseconds * PER_SECOND) / 1000,
    steps = Math.max(1, Math.min(MOST, Math.floor(due + 1e-6)));
  return [steps, Math.max(-1, Math.min(1, due - steps))];
}

/** @type {(canvas: HTMLCanvasElement, source: Distribution) => void} */
function thumbnail(canvas, source) {
  const context = canvas.getContext("2d"),
    { width, height } = canvas;
  let state = 7;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  context.fillStyle = "#000";
  context.fillRect(0, 0, width, height);
  context.fillStyle = ink(REAL);
  for (let i = 0; i < 60; i++) {
    const [x, y] = source.draw(next);
    context.fillRect(width / 2 + (x * height) / 3.2, height / 2 - (y * height) / 3.2, 1.5, 1.5);
  }
  canvas.dataset.done = "yes";
}
