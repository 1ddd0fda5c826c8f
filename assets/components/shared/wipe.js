// Two pictures in one place: A left, B right of a line that is dragged, or moved by the keyboard.
import { el } from "./base.js";
import { onDrag, within } from "./drag.js";
import { scaleFor } from "./pixels.js";
import { t } from "./words.js";
/** @import { Picture } from "./types" */

const [FINE, COARSE] = [1, 10]; // percent of the width: an arrow key, and one with Shift
/** @type {Record<string, number>} */
const WAYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/**
 * Where a key moves the line to that is at `share` of the width; null: this key does not.
 * @type {(event: { key: string, shiftKey?: boolean }, share: number) => number | null}
 */
export function movedBy({ key, shiftKey }, share) {
  if (key === "Home" || key === "End") return key === "Home" ? 0 : 1;
  if (!(key in WAYS)) return null;
  const percent = Math.round(100 * share) + WAYS[key] * (shiftKey ? COARSE : FINE);
  return Math.min(100, Math.max(0, percent)) / 100;
}

export class Wipe {
  share = 0.5;
  /** @type {Picture[]} */
  sides = null;

  /**
   * `names` of both sides, in their corners; `label` of the line and `alt` of the picture, for screen
   * readers. `slider`: an <input type="range"> from 0 to 1 that moves the line too, and has the keys
   * then; without one the picture itself takes the focus. `drawn()` is called after every drawing.
   * @param {{ names?: string[], label?: string, alt?: string, slider?: HTMLInputElement | null, drawn?: () => unknown }} options?
   */
  constructor({
    names = ["A", "B"],
    label = t("Line between A and B"),
    alt = t("A left, B right of the line"),
    slider = null,
    drawn = () => {},
  } = {}) {
    this.names = names;
    this.slider = slider;
    this.drawn = drawn;
    this.canvas = el("canvas", { width: 1, height: 1, role: "img", "aria-label": alt });
    this.line = el("i", { class: "cut" });
    this.letters = names.map((name, i) =>
      el("b", { class: `letter ${"ab"[i]}`, "aria-hidden": "true" }, name),
    );
    this.handle =
      slider ??
      el("span", {
        class: "handle",
        role: "slider",
        tabindex: 0,
        "aria-label": label,
        "aria-valuemin": 0,
        "aria-valuemax": 100,
        "aria-valuenow": 50,
      });
    this.node = el(
      "div",
      { class: "well wiped" },
      this.canvas,
      this.line,
      ...this.letters,
      ...(slider ? [] : [this.handle]),
    );
    this.handle.addEventListener("keydown", (event) => this.key(event));
    slider?.addEventListener("input", () => this.move(Number(slider.value)));
    onDrag(this.node, { start: () => this.sides !== null, move: (event) => this.drag(event) });
  }

  /**
   * Both pictures: canvases or images; the smaller one is enlarged to the size of the other.
   * @type {(a: Picture, b: Picture) => void}
   */
  show(a, b) {
    this.sides = [a, b];
    const [width, height] = /** @type {const} */ (["width", "height"]).map((name) =>
      Math.max(sizeOf(a)[name], sizeOf(b)[name]),
    );
    if (this.canvas.width !== width || this.canvas.height !== height)
      Object.assign(this.canvas, { width, height });
    this.fit();
    this.draw();
  }

  /**
   * So many CSS pixels of width, and at most so many device pixels a pixel.
   * @type {(width?: number, most?: number) => void}
   */
  fit(width = this.room, most = this.most) {
    this.room = width;
    this.most = most;
    if (!width) return;
    this.scale = scaleFor(this.canvas.width, width, most);
    [this.canvas.style.width, this.canvas.style.height] = [
      this.canvas.width,
      this.canvas.height,
    ].map((n) => `${n * this.scale}px`);
  }

  /**
   * Put the line at a share of the width, from 0 (all of B) to 1 (all of A).
   * @type {(share: number) => void}
   */
  move(share) {
    this.share = Math.min(1, Math.max(0, share));
    if (this.slider) this.slider.value = String(this.share);
    this.draw();
  }

  draw() {
    if (!this.sides) return;
    const { width, height } = this.canvas;
    const cut = Math.round(this.share * width);
    const paint = this.canvas.getContext("2d");
    paint.imageSmoothingEnabled = false;
    this.sides.forEach((side, i) => {
      paint.save();
      paint.beginPath();
      paint.rect(i ? cut : 0, 0, i ? width - cut : cut, height);
      paint.clip();
      paint.drawImage(side, 0, 0, width, height);
      paint.restore();
    });
    this.line.style.left = `${100 * (cut / width)}%`;
    this.letters.forEach((letter, i) => {
      letter.hidden = cut === (i ? width : 0);
    });
    this.tell();
    this.drawn();
  }

  tell() {
    const percent = Math.round(100 * this.share);
    this.handle.setAttribute(
      "aria-valuetext",
      `${percent} % ${this.names[0]}, ${100 - percent} % ${this.names[1]}`,
    );
    if (!this.slider) this.handle.setAttribute("aria-valuenow", String(percent));
  }

  /** @type {(event: PointerEvent) => void} */
  drag(event) {
    const { x, width } = within(event, this.canvas);
    this.move(x / width);
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const share = movedBy(event, this.share);
    if (share === null) return;
    event.preventDefault();
    this.move(share);
  }
}

/**
 * Width and height in pixels of an image that was loaded, or of a canvas.
 * @type {(side: any) => { width: number, height: number }}
 */
const sizeOf = (side) => ({
  width: side.naturalWidth ?? side.width,
  height: side.naturalHeight ?? side.height,
});
