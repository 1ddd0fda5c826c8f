// The page of a generator: z and class in, an image out, drawn as the sliders move.
import { random } from "../components/shared/random.js";
import { saveFile } from "../components/shared/save.js";
import { coalesced, el, field, paint, pixels, savePicture, scaleFor, slider } from "./dom.js";
import { enlarged, gif } from "./gif.js";
import { between, blended, drawn } from "./latent.js";
import { start } from "./start.js";
import { word } from "./words.js";
/** @import { Card } from "./types" */
/** @import { Draw, Tensor } from "../components/shared/network/types" */

const GOAL = 320; // pixels of the screen that the image gets
const STRIP = 20; // classes that are shown side by side
const WALK = 2500; // milliseconds from one image to the next
const FRAMES = 12; // of a GIF between two images, of which it has four

export class GeneratorPage {
  /**
   * @param {Draw} draw
   * @param {Card} card
   * @param {HTMLElement} root
   */
  constructor(draw, card, root) {
    this.draw = draw;
    this.card = card;
    this.root = root;
    this.next = random(Math.floor(Math.random() * 2 ** 31));
    this.z = drawn(card.z, card.prior, this.next);
    this.truncation = 1;
    this.moves = Float32Array.from({ length: (card.directions ?? []).length });
    this.amounts = Float32Array.from(card.classes, (_, k) => Number(k === 0));
    this.redraw = coalesced(() => this.show());
    this.walker = { from: this.z, to: this.z, start: 0, on: false };
    root.replaceChildren(this.figure(), this.controls());
    this.redraw();
  }

  figure() {
    const [h, w] = this.card.shape,
      scale = scaleFor(Math.max(h, w), GOAL);
    this.canvas = el("canvas", {
      className: "shown",
      width: w,
      height: h,
      role: "img",
      "aria-label": word("image"),
    });
    Object.assign(this.canvas.style, { width: `${w * scale}px` });
    this.play = el(
      "button",
      { "aria-pressed": "false", onclick: () => this.toggle() },
      word("play"),
    );
    this.record = el("button", { onclick: () => this.film() }, word("gif"));
    this.took = el("p", { className: "help" });
    const fresh = el("button", { className: "first", onclick: () => this.fresh() }, word("new"));
    const png = el(
      "button",
      {
        onclick: () =>
          savePicture([this.canvas], `${this.card.name}.png`, scaleFor(Math.max(h, w), 512)),
      },
      word("png"),
    );
    return el(
      "div",
      {},
      this.canvas,
      el("div", { className: "row" }, fresh, this.play, png, this.record),
      this.took,
    );
  }

  /** What the network gets, [K]. */
  get classes() {
    return blended(this.amounts);
  }

  controls() {
    const parts = [this.classPart(), this.sliders(), this.strip()];
    return el("div", {}, ...parts.filter(Boolean));
  }

  classPart() {
    const names = this.card.classes;
    if (!names.length) return null;
    this.picks = names.map((name, k) =>
      el(
        "button",
        { role: "radio", "aria-checked": String(k === 0), onclick: () => this.choose(k) },
        name,
      ),
    );
    this.shares = names.map((name, k) =>
      slider({
        min: 0,
        max: 1,
        step: 0.01,
        value: k === 0 ? 1 : 0,
        label: name,
        change: (value) => this.mix(k, value),
      }),
    );
    const blend = el(
      "details",
      {},
      el("summary", {}, word("blend")),
      ...names.map((name, k) => field(name, this.shares[k])),
    );
    return el(
      "section",
      {},
      el("h2", {}, word("class")),
      el(
        "div",
        { className: "row", role: "radiogroup", "aria-label": word("class") },
        ...this.picks,
      ),
      blend,
    );
  }

  /** @type {(index: number) => void} */
  choose(index) {
    this.amounts.fill(0);
    this.amounts[index] = 1;
    this.shares.forEach((share, k) => share.set(k === index ? 1 : 0));
    this.picks.forEach((pick, k) => pick.setAttribute("aria-checked", String(k === index)));
    this.redraw();
  }

  /** @type {(index: number, value: number) => void} */
  mix(index, value) {
    this.amounts[index] = value;
    const { classes } = this;
    this.picks.forEach((pick, k) => pick.setAttribute("aria-checked", String(classes[k] === 1)));
    this.redraw();
  }

  sliders() {
    const truncation = slider({
      min: 0,
      max: 1.5,
      step: 0.05,
      value: 1,
      label: word("truncation"),
      change: (value) => this.set("truncation", value),
    });
    this.ways = [...this.moves].map((_, k) =>
      slider({
        min: -3,
        max: 3,
        step: 0.05,
        value: 0,
        label: `${word("directions")} ${k + 1}`,
        change: (value) => {
          this.moves[k] = value;
          this.redraw();
        },
      }),
    );
    const reset = el("button", { onclick: () => this.straight() }, word("reset"));
    const most = this.card.prior === "uniform" ? 1 : 3;
    this.coordinates = [...this.z].map((value, i) =>
      slider({
        min: -most,
        max: most,
        step: 0.01,
        value,
        label: `z ${i + 1}`,
        change: (v) => {
          this.z[i] = v;
          this.redraw();
        },
      }),
    );
    const all = el(
      "details",
      {},
      el("summary", {}, word("numbers", this.z.length)),
      el(
        "div",
        { className: "numbers" },
        ...this.coordinates.map((input, i) => field(String(i + 1), input)),
      ),
    );
    const directions = this.ways.length
      ? [
          el("h2", {}, word("directions")),
          el("p", { className: "help" }, word("directions_help")),
          ...this.ways.map((input, k) => field(String(k + 1), input)),
          el("div", { className: "row" }, reset),
        ]
      : [];
    return el(
      "section",
      {},
      field(word("truncation"), truncation, word("truncation_help")),
      ...directions,
      all,
    );
  }

  /** @type {(name: "truncation", value: number) => void} */
  set(name, value) {
    this[name] = value;
    this.redraw();
  }

  straight() {
    this.moves.fill(0);
    this.ways.forEach((way) => way.set(0));
    this.redraw();
  }

  strip() {
    const names = this.card.classes;
    if (!names.length || names.length > STRIP) return null;
    const [h, w] = this.card.shape,
      scale = scaleFor(Math.max(h, w), 64);
    this.tiles = names.map((name, k) => {
      const canvas = el("canvas", { width: w, height: h });
      canvas.style.width = `${w * scale}px`;
      return { canvas, button: el("button", { onclick: () => this.choose(k) }, canvas, name), k };
    });
    return el(
      "section",
      {},
      el("h2", {}, word("every")),
      el("div", { className: "strip" }, ...this.tiles.map((tile) => tile.button)),
    );
  }

  fresh() {
    this.z = drawn(this.card.z, this.card.prior, this.next);
    this.coordinates.forEach((input, i) => input.set(this.z[i]));
    this.redraw();
  }

  /**
   * What the network gets: z nearer to the middle, then moved along the directions, never outside of a uniform prior.
   * @type {(z: Float32Array) => Float32Array}
   */
  moved(z) {
    const made = z.map((v) => v * this.truncation),
      sigma = this.card.prior === "uniform" ? 1 / Math.sqrt(3) : 1;
    this.ways.forEach((_, k) => {
      const amount = this.moves[k] * sigma;
      if (amount)
        this.card.directions[k].forEach((v, i) => {
          made[i] += amount * v;
        });
    });
    return this.card.prior === "uniform" ? made.map((v) => Math.min(1, Math.max(-1, v))) : made;
  }

  /** @type {(z: Float32Array, classes?: Float32Array) => Tensor} */
  image(z, classes = this.classes) {
    /** @type {Record<string, Tensor>} */
    const given = { z: { shape: [z.length], data: this.moved(z) } };
    if (classes.length) given.classes = { shape: [classes.length], data: classes };
    return this.draw(given);
  }

  show() {
    const started = performance.now();
    paint(this.canvas, this.image(this.z));
    this.took.textContent = word("ms", (performance.now() - started).toFixed(1));
    if (this.tiles) this.later();
  }

  /** One tile of the strip a frame, so that the image never waits for it. */
  later() {
    clearTimeout(this.timer);
    const z = this.z,
      rest = [...this.tiles];
    const one = () => {
      const tile = rest.shift();
      if (!tile || z !== this.z || this.walker.on) return;
      paint(
        tile.canvas,
        this.image(
          z,
          Float32Array.from(this.classes, (_, k) => Number(k === tile.k)),
        ),
      );
      this.timer = setTimeout(one, 0);
    };
    this.timer = setTimeout(one, 120);
  }

  toggle() {
    this.walker.on = !this.walker.on;
    this.play.textContent = word(this.walker.on ? "pause" : "play");
    this.play.setAttribute("aria-pressed", String(this.walker.on));
    if (!this.walker.on) return this.redraw();
    Object.assign(this.walker, {
      from: this.z,
      to: drawn(this.card.z, this.card.prior, this.next),
      start: performance.now(),
    });
    return requestAnimationFrame((now) => this.stride(now));
  }

  /** @type {(now: number) => void} */
  stride(now) {
    const { from, to, start, on } = this.walker;
    if (!on) return;
    const t = Math.min(1, Math.max(0, (now - start) / WALK));
    this.z = between(from, to, t, this.card.prior);
    paint(this.canvas, this.image(this.z));
    this.coordinates.forEach((input, i) => input.set(this.z[i]));
    if (t === 1)
      Object.assign(this.walker, {
        from: to,
        to: drawn(this.card.z, this.card.prior, this.next),
        start: now,
      });
    requestAnimationFrame((later) => this.stride(later));
  }

  /** A walk past four images and back to the first, as a GIF. */
  async film() {
    const stops = [
      this.z,
      ...Array.from({ length: 3 }, () => drawn(this.card.z, this.card.prior, this.next)),
      this.z,
    ];
    const [h, w, c] = this.card.shape,
      scale = scaleFor(Math.max(h, w), 196),
      frames = [],
      count = FRAMES * (stops.length - 1);
    this.record.disabled = true;
    for (let i = 0; i < count; i++) {
      const { data } = this.image(
        between(
          stops[Math.floor(i / FRAMES)],
          stops[Math.floor(i / FRAMES) + 1],
          (i % FRAMES) / FRAMES,
          this.card.prior,
        ),
      );
      frames.push(enlarged(pixels(data, h * w, c), w, h, scale));
      this.record.textContent = word("making", Math.round((100 * i) / count));
      await new Promise((go) => setTimeout(go, 0));
    }
    saveFile(gif(frames, w * scale, h * scale, 6), `${this.card.name}.gif`);
    this.record.textContent = word("gif");
    this.record.disabled = false;
  }
}

start((draws, card, work) => new GeneratorPage(draws[0], card, work));
