// The page of a translator: draw on the left, what it becomes on the right.
import { onDrag, within } from "../components/shared/drag.js";
import { MARK, ink } from "../components/shared/on_black.js";
import { coalesced, el, field, paint, savePicture, scaleFor, slider } from "./dom.js";
import { start } from "./start.js";
import { word } from "./words.js";
/** @import { Card, Way } from "./types" */
/** @import { Draw } from "../components/shared/network/types" */

const GOAL = 336; // pixels of the screen that a picture gets
const KEPT = 50; // strokes that can be undone

export class TranslatorPage {
  way = 0;
  /** @type {Float32Array[]} */
  undone = [];
  colour = 0;
  width = 1;
  at = [0, 0];

  /**
   * @param {Way[]} ways
   * @param {Card} card
   * @param {HTMLElement} root
   */
  constructor(ways, card, root) {
    this.ways = ways;
    this.card = card;
    this.root = root;
    this.redraw = coalesced(() => this.show());
    this.build();
  }

  get chosen() {
    return this.ways[this.way];
  }

  build() {
    const [h, w, c] = this.chosen.shape,
      scale = scaleFor(Math.max(h, w), GOAL);
    this.colour = Math.min(this.colour, this.chosen.colours.length - 1);
    this.image = { shape: [h, w, c], data: new Float32Array(h * w * c) };
    this.fill(this.image.data, this.chosen.ground);
    this.input = el("canvas", {
      width: w,
      height: h,
      tabIndex: 0,
      role: "application",
      "aria-label": `${word("input")}. ${word("canvas_help")}`,
      title: word("canvas_help"),
    });
    this.output = el("canvas", {
      className: "shown",
      width: w,
      height: h,
      role: "img",
      "aria-label": word("output"),
    });
    for (const canvas of [this.input, this.output]) canvas.style.width = `${w * scale}px`;
    this.listen();
    const figures = [
      [word("input"), this.input],
      [word("output"), this.output],
    ].map(([name, canvas]) => el("figure", {}, el("figcaption", {}, name), canvas));
    this.took = el("p", { className: "help" });
    this.root.replaceChildren(
      el(
        "div",
        {},
        this.directions(),
        el("div", { className: "pair" }, ...figures),
        this.took,
        this.tools(),
        this.examples(),
      ),
    );
    this.root.classList.add("single");
    if (this.chosen.examples.length) this.take(this.chosen.examples[0]);
    this.redraw();
  }

  /** Pictures that the network never learned from; a click takes one. */
  examples() {
    if (!this.chosen.examples.length) return null;
    const [h, w, c] = this.chosen.shape,
      scale = scaleFor(Math.max(h, w), 64);
    const tiles = this.chosen.examples.map((example, k) => {
      const canvas = el("canvas", { width: w, height: h });
      canvas.style.width = `${w * scale}px`;
      paint(canvas, { shape: [h, w, c], data: Float32Array.from(example, (v) => v / 127.5 - 1) });
      return el(
        "button",
        {
          "aria-label": `${word("examples")} ${k + 1}`,
          onclick: () => {
            this.keep();
            this.take(example);
          },
        },
        canvas,
      );
    });
    return el(
      "section",
      {},
      el("h2", {}, word("examples")),
      el("div", { className: "strip" }, ...tiles),
    );
  }

  /** @type {(example: Uint8Array) => void} */
  take(example) {
    this.image.data.set(Float32Array.from(example, (v) => v / 127.5 - 1));
    this.redraw();
  }

  directions() {
    if (this.ways.length < 2) return null;
    const buttons = this.ways.map((way, k) =>
      el(
        "button",
        {
          role: "radio",
          "aria-checked": String(k === this.way),
          onclick: () => {
            this.way = k;
            this.undone = [];
            this.build();
          },
        },
        word(NAMES[way.way]),
      ),
    );
    return el(
      "div",
      { className: "row", role: "radiogroup", "aria-label": word("direction") },
      el("span", { className: "sub" }, word("direction")),
      ...buttons,
    );
  }

  tools() {
    const colours = this.chosen.colours.map((colour, k) => {
      const button = el("button", {
        role: "radio",
        "aria-checked": String(k === this.colour),
        "aria-label": `${word("colour")} ${colour.join(" ")}`,
        onclick: () => this.pick(k),
      });
      button.style.background = `rgb(${(colour.length === 1 ? [...colour, ...colour, ...colour] : colour).join(" ")})`;
      return button;
    });
    this.swatches = colours;
    const width = slider({
      min: 1,
      max: 4,
      step: 1,
      value: this.width,
      label: word("width"),
      change: (value) => {
        this.width = value;
      },
    });
    const file = el("input", {
      type: "file",
      accept: "image/*",
      onchange: () => this.load(file.files[0]),
    });
    return el(
      "div",
      {},
      el(
        "div",
        { className: "row" },
        el(
          "span",
          { className: "colours", role: "radiogroup", "aria-label": word("colour") },
          ...colours,
        ),
      ),
      field(word("width"), width),
      el(
        "div",
        { className: "row" },
        el("button", { onclick: () => this.undo() }, word("undo")),
        el(
          "button",
          {
            onclick: () => {
              this.keep();
              this.fill(this.image.data, this.chosen.ground);
              this.redraw();
            },
          },
          word("clear"),
        ),
        el("label", { className: "file" }, word("load"), file),
        el(
          "button",
          {
            onclick: () =>
              savePicture([this.output], `${this.card.name}.png`, scaleFor(this.output.width, 512)),
          },
          word("png"),
        ),
        el(
          "button",
          {
            onclick: () =>
              savePicture(
                [this.input, this.output],
                `${this.card.name}-pair.png`,
                scaleFor(this.output.width, 512),
              ),
          },
          word("side"),
        ),
      ),
    );
  }

  /** @type {(index: number) => void} */
  pick(index) {
    this.colour = index;
    this.swatches.forEach((swatch, k) => swatch.setAttribute("aria-checked", String(k === index)));
  }

  /** @type {(data: Float32Array, colour: number[]) => void} */
  fill(data, colour) {
    for (let i = 0; i < data.length; i++) data[i] = colour[i % colour.length] / 127.5 - 1;
  }

  keep() {
    this.undone.push(this.image.data.slice());
    if (this.undone.length > KEPT) this.undone.shift();
  }

  undo() {
    const before = this.undone.pop();
    if (before) this.image.data.set(before);
    this.redraw();
  }

  listen() {
    /** @type {(event: MouseEvent) => number[]} */
    const place = (event) => {
      const { x, y, width, height } = within(event, this.input);
      return [(x / width) * this.input.width, (y / height) * this.input.height];
    };
    onDrag(this.input, {
      start: (event) => {
        this.keep();
        return { last: place(event) };
      },
      move: (event, from) => {
        const here = place(event);
        this.line(from.last, here);
        from.last = here;
      },
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ];
    const [h, w] = this.image.shape;
    if (step)
      this.at = [
        Math.min(w - 1, Math.max(0, this.at[0] + step[0])),
        Math.min(h - 1, Math.max(0, this.at[1] + step[1])),
      ];
    else if (event.key === " ") {
      this.keep();
      this.line(
        this.at.map((v) => v + 0.5),
        this.at.map((v) => v + 0.5),
      );
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
    else return;
    event.preventDefault();
    this.redraw();
  }

  /** Pixels within half the width of the stroke take the colour. */
  line(/** @type {number[]} */ [x0, y0], /** @type {number[]} */ [x1, y1]) {
    const [h, w, c] = this.image.shape,
      steps = Math.max(1, Math.ceil(2 * Math.hypot(x1 - x0, y1 - y0))),
      colour = this.chosen.colours[this.colour];
    for (let s = 0; s <= steps; s++) {
      const left = x0 + ((x1 - x0) * s) / steps - this.width / 2,
        top = y0 + ((y1 - y0) * s) / steps - this.width / 2;
      for (let j = 0; j < this.width; j++)
        for (let i = 0; i < this.width; i++) {
          const x = Math.round(left + i),
            y = Math.round(top + j);
          if (x < 0 || y < 0 || x >= w || y >= h) continue;
          for (let k = 0; k < c; k++)
            this.image.data[(y * w + x) * c + k] =
              colour[Math.min(k, colour.length - 1)] / 127.5 - 1;
        }
    }
    this.redraw();
  }

  /**
   * A picture, cut to the shape in its middle and made small; what is transparent becomes white.
   * @type {(file: File) => Promise<void>}
   */
  async load(file) {
    if (!file) return;
    const [h, w, c] = this.image.shape;
    try {
      const picture = await createImageBitmap(file);
      const small = el("canvas", { width: w, height: h }),
        context = small.getContext("2d");
      const zoom = Math.max(w / picture.width, h / picture.height);
      context.fillStyle = "#fff";
      context.fillRect(0, 0, w, h);
      context.imageSmoothingQuality = "high";
      context.drawImage(
        picture,
        (w - picture.width * zoom) / 2,
        (h - picture.height * zoom) / 2,
        picture.width * zoom,
        picture.height * zoom,
      );
      const { data } = context.getImageData(0, 0, w, h);
      this.keep();
      for (let i = 0; i < h * w; i++) {
        const grey = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
        for (let k = 0; k < c; k++)
          this.image.data[i * c + k] = (c === 1 ? grey : data[4 * i + k]) / 127.5 - 1;
      }
      this.redraw();
    } catch {
      this.took.textContent = word("picture_bad");
    }
  }

  show() {
    paint(this.input, this.image);
    if (document.activeElement === this.input && this.input.matches(":focus-visible"))
      this.cursor();
    const started = performance.now();
    paint(this.output, this.chosen.draw({ image: this.image }));
    this.took.textContent = word("ms", (performance.now() - started).toFixed(1));
  }

  cursor() {
    const context = this.input.getContext("2d");
    context.fillStyle = ink(MARK);
    context.fillRect(this.at[0], this.at[1], 1, 1);
  }
}

/** @type {(text: string) => Uint8Array} */
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
/** @type {Record<string, string>} */
const NAMES = { target: "way_target", a: "way_a", b: "way_b" };
/** @type {(way: Card["ways"][number], draw: Draw) => Way} */
const told = ({ examples, ...way }, draw) => ({
  ...way,
  draw,
  examples: (examples ?? []).map(bytes),
});

start(
  (draws, card, work) =>
    new TranslatorPage(
      card.ways.map((way, k) => told(way, draws[k])),
      card,
      work,
    ),
);
