// The page of the style network: a content picture and a style picture in, a painted picture out.
import { el, field, paint, savePicture, slider } from "./dom.js";
import { start } from "./start.js";
import { word } from "./words.js";
/** @import { Card, Style } from "./types" */
/** @import { Draw, Tensor } from "../components/shared/network/types" */

const SIDES = [128, 192, 256, 384, 512]; // pixels of the longer side of what is painted
const FIRST = 192;
const LEAST = 16;
const OWN = ["flow_strokes", "halftone", "hatching", "marble", "mosaic", "stained_glass"]; // names that have words
const SOON = 60; // ms after the last change
const LUMA = [0.299, 0.587, 0.114]; // ITU-R BT.601

/**
 * A part of a picture as numbers in [0, 1], [h, w, 3], in another size; what is transparent becomes white.
 * @type {(picture: CanvasImageSource, from: number[], w: number, h: number) => Tensor}
 */
function numbers(picture, [left, top, wide, high], w, h) {
  const canvas = el("canvas", { width: w, height: h }),
    context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, w, h);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, left, top, wide, high, 0, 0, w, h);
  const { data } = context.getImageData(0, 0, w, h);
  return {
    shape: [h, w, 3],
    data: Float32Array.from(
      { length: h * w * 3 },
      (_, i) => data[4 * Math.floor(i / 3) + (i % 3)] / 255,
    ),
  };
}

/**
 * Each pixel of the content, as much lighter or darker as what was made.
 * @type {(made: Float32Array, content: Float32Array) => Float32Array}
 */
function withColours(made, content) {
  return content.map((v, i) => {
    const at = i - (i % 3);
    return v + LUMA.reduce((sum, share, k) => sum + share * (made[at + k] - content[at + k]), 0);
  });
}

/** @type {(base64: string) => Promise<ImageBitmap>} */
const picture = async (base64) => {
  const image = el("img", { src: `data:image/jpeg;base64,${base64}` });
  await image.decode();
  return createImageBitmap(image);
};

export class StylePage {
  side = FIRST;
  strength = 1;
  colours = false;

  /**
   * @param {Draw[]} networks
   * @param {Card} card
   * @param {HTMLElement} root
   */
  constructor([predict, transform], card, root) {
    this.predict = predict;
    this.transform = transform;
    this.card = card;
    this.root = root;
    /** @type {Style[]} */
    this.styles = card.styles.map(({ name, vector, picture: shown }) => ({
      name: OWN.includes(name) ? word(name) : name,
      vector: Float32Array.from(vector),
      shown,
    }));
    this.style = this.styles[0];
    root.replaceChildren(this.figure(), this.controls());
    picture(card.content).then((found) => this.take(found));
  }

  figure() {
    this.input = el("canvas", { role: "img", "aria-label": word("content") });
    this.output = el("canvas", { className: "shown", role: "img", "aria-label": word("output") });
    for (const canvas of [this.input, this.output]) canvas.style.imageRendering = "auto";
    this.took = el("p", { className: "help", role: "status" });
    const figures = [
      [word("content"), this.input],
      [word("output"), this.output],
    ].map(([name, canvas]) => el("figure", {}, el("figcaption", {}, name), canvas));
    const png = el(
      "button",
      { onclick: () => savePicture([this.output], "style.png", 1) },
      word("png"),
    );
    const side = el(
      "button",
      { onclick: () => savePicture([this.input, this.output], "style-pair.png", 1) },
      word("side"),
    );
    return el(
      "div",
      {},
      el("div", { className: "pair" }, ...figures),
      this.took,
      el(
        "div",
        { className: "row" },
        this.file("content", (found) => this.take(found)),
        png,
        side,
      ),
    );
  }

  /**
   * A button that takes a picture's file.
   * @type {(name: string, take: (found: ImageBitmap) => void) => HTMLLabelElement}
   */
  file(name, take) {
    const input = el("input", { type: "file", accept: "image/*" });
    input.addEventListener("change", async () => {
      const found =
        input.files[0] &&
        (await createImageBitmap(input.files[0]).catch(() => /** @type {ImageBitmap} */ (null)));
      if (found) take(found);
      else this.took.textContent = word("picture_bad");
      input.value = "";
    });
    return el(
      "label",
      { className: "file" },
      word(name === "content" ? "load" : "load_style"),
      input,
    );
  }

  controls() {
    this.strip = el("div", { className: "strip", role: "radiogroup", "aria-label": word("style") });
    this.list();
    const strength = slider({
      min: 0,
      max: 1,
      step: 0.05,
      value: this.strength,
      label: word("strength"),
      change: (value) => {
        this.strength = value;
        this.soon();
      },
    });
    const side = el(
      "select",
      {
        onchange: () => {
          this.side = Number(side.value);
          this.soon();
        },
      },
      ...SIDES.map((n) => el("option", { value: n }, `${n}`)),
    );
    side.value = String(this.side);
    const colours = el("input", {
      type: "checkbox",
      checked: this.colours,
      onchange: () => {
        this.colours = colours.checked;
        this.soon();
      },
    });
    return el(
      "div",
      {},
      el(
        "section",
        {},
        el("h2", {}, word("style")),
        this.strip,
        el(
          "div",
          { className: "row" },
          this.file("style", (found) => this.own(found)),
        ),
      ),
      el(
        "section",
        {},
        field(word("strength"), strength, word("strength_help")),
        field(word("pixels"), side),
        field(word("keep"), colours),
      ),
    );
  }

  list() {
    this.strip.replaceChildren(
      ...this.styles.map((style) =>
        el(
          "button",
          {
            role: "radio",
            "aria-checked": String(style === this.style),
            onclick: () => this.choose(style),
          },
          (style.tile ??= el("img", {
            src: `data:image/jpeg;base64,${style.shown}`,
            alt: "",
            width: 40,
            height: 40,
          })),
          style.name,
        ),
      ),
    );
  }

  /** @type {(style: Style) => void} */
  choose(style) {
    this.style = style;
    this.list();
    this.soon();
  }

  /** @type {(found: ImageBitmap) => void} */
  take(found) {
    this.content = found;
    this.itself = null;
    this.soon();
  }

  /**
   * What the first network reads from a picture: from the largest square in its middle.
   * @type {(found: ImageBitmap) => Float32Array}
   */
  read(found) {
    const size = Math.min(found.width, found.height),
      { side } = this.card;
    this.square = numbers(
      found,
      [(found.width - size) / 2, (found.height - size) / 2, size, size],
      side,
      side,
    );
    return this.predict({ image: this.square }).data;
  }

  /** @type {(found: ImageBitmap) => void} */
  own(found) {
    const style = {
      name: word("own_style"),
      vector: this.read(found),
      tile: el("canvas", { width: 40, height: 40 }),
    };
    const size = Math.min(found.width, found.height);
    style.tile
      .getContext("2d")
      .drawImage(
        found,
        (found.width - size) / 2,
        (found.height - size) / 2,
        size,
        size,
        0,
        0,
        40,
        40,
      );
    this.styles.push(style);
    this.choose(style);
  }

  soon() {
    if (!this.content) return;
    this.took.textContent = word("painting");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), SOON);
  }

  /** The numbers of the style, nearer to the content's own where it is less strong. */
  get wanted() {
    if (this.strength === 1) return this.style.vector;
    this.itself ??= this.read(this.content);
    return this.style.vector.map(
      (v, i) => this.strength * v + (1 - this.strength) * this.itself[i],
    );
  }

  show() {
    const { width, height } = this.content,
      { multiple } = this.card,
      scale = this.side / Math.max(width, height);
    const [w, h] = [width, height].map((n) =>
      Math.max(LEAST, Math.round((n * scale) / multiple) * multiple),
    );
    this.image = numbers(this.content, [0, 0, width, height], w, h);
    const begun = performance.now(),
      style = this.wanted;
    const made = this.transform({
      image: this.image,
      style: { shape: [style.length], data: style },
    }).data;
    const shown = this.colours ? withColours(made, this.image.data) : made;
    /** @type {(data: Float32Array) => Tensor} */
    const wide = (data) => ({ shape: [h, w, 3], data: data.map((v) => 2 * v - 1) });
    paint(this.input, wide(this.image.data));
    paint(this.output, wide(shown));
    this.took.textContent = word("ms", (performance.now() - begun).toFixed(0));
    this.root.dataset.painted = String(Number(this.root.dataset.painted ?? 0) + 1);
  }
}

start((draws, card, work) => new StylePage(draws, card, work));
