// A black well with a grid of images in it: choosing one by pointer or keyboard, enlarged without blur.
import { el } from "./base.js";
import { within } from "./drag.js";
import { paint, scaleFor } from "./pixels.js";
/** @import { Pixels, Point, Shape, WellOptions } from "./types" */

/** @type {Record<string, Point>} */
const STEPS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

/**
 * One tab stop; arrows choose an image, Enter or a click goes there. `name(column, row)` puts the
 * choice into words, `go(column, row)` acts on it. `most` device pixels a pixel of the image, at most.
 * `picture` is the canvas that show() paints, or an element of who extends it and calls lay().
 */
export class Well {
  /** @type {Point} */
  at = [0, 0];
  scale = 1;

  /** @param {WellOptions} options */
  constructor({ label, name, go, most = 2, picture = el("canvas", { width: 1, height: 1 }) }) {
    this.label = label;
    this.name = name;
    this.go = go;
    this.most = most;
    this.canvas = picture;
    this.lay([1, 1], [1, 1]);
    this.chosen = el("span", { class: "chosen", hidden: "" });
    this.focus = el("span", { class: "frame", hidden: "" });
    this.node = el(
      "div",
      { class: "well", role: "group", tabindex: 0, "aria-label": label },
      picture,
      this.chosen,
      this.focus,
    );
    this.node.addEventListener("click", (event) => this.click(event));
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("focus", () => this.mark(this.node.matches(":focus-visible")));
    this.node.addEventListener("blur", () => this.mark(false));
  }

  /**
   * Images [N, H, W, C] of bytes, in so many columns.
   * @type {(pixels: Pixels, shape: Shape, columns: number) => void}
   */
  show(pixels, shape, columns) {
    const { count } = paint(this.canvas, pixels, shape, columns);
    this.lay([this.canvas.width, this.canvas.height], [shape[1], shape[0]], count > 0);
    this.resize();
  }

  /**
   * How the picture, `size` pixels, is cut into images of `tile` pixels; not `filled`: none to choose yet.
   * @type {(size: Point, tile: Point, filled?: boolean) => void}
   */
  lay(size, tile, filled = false) {
    const [columns, rows] = [0, 1].map((i) => Math.max(1, Math.floor(size[i] / tile[i])));
    this.size = size;
    this.tile = tile;
    this.filled = filled;
    this.grid = { columns, rows };
  }

  /** @type {(width: number) => void} */
  fit(width) {
    this.width = width;
    this.resize();
  }

  resize() {
    if (!this.width) return;
    this.scale = scaleFor(this.size[0], this.width, this.most);
    [this.canvas.style.width, this.canvas.style.height] = this.size.map(
      (n) => `${n * this.scale}px`,
    );
    this.choose(this.selected);
  }

  /**
   * Column and row under the pointer.
   * @type {(event: MouseEvent) => Point}
   */
  under(event) {
    const { x, y } = within(event, this.canvas);
    const [w, h] = this.tile.map((n) => n * this.scale);
    return this.inside(Math.floor(x / w), Math.floor(y / h));
  }

  /** @type {(column: number, row: number) => Point} */
  inside(column, row) {
    const { columns, rows } = this.grid;
    return [Math.min(columns - 1, Math.max(0, column)), Math.min(rows - 1, Math.max(0, row))];
  }

  /** @type {(event: MouseEvent) => void} */
  click(event) {
    this.at = this.under(event);
    if (this.filled) this.go?.(...this.at);
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const step = STEPS[event.key];
    if (!this.filled || !(step || event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    if (step) this.at = this.inside(this.at[0] + step[0], this.at[1] + step[1]);
    else this.go?.(...this.at);
    this.mark(true);
  }

  /** @type {(shown: boolean) => void} */
  mark(shown) {
    this.focus.hidden = !shown || !this.filled;
    if (shown) this.place(this.focus, this.at);
    const words = shown && this.name ? `${this.label}: ${this.name(...this.at)}` : this.label;
    this.node.setAttribute("aria-label", words);
  }

  /**
   * Frame the image that the page is at; null: none.
   * @type {(place: Point | null) => void}
   */
  choose(place) {
    this.selected = place;
    this.chosen.hidden = !place || !this.filled;
    if (place) this.place(this.chosen, place);
  }

  /** @type {(frame: HTMLElement, place: Point) => void} */
  place(frame, [column, row]) {
    const [w, h] = this.tile.map((n) => n * this.scale);
    frame.style.cssText = `left:${column * w}px;top:${row * h}px;width:${w}px;height:${h}px`;
  }
}
