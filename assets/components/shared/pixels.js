// Pixels on canvases: a whole number of device pixels each, never smoothed, on black.
import { el } from "./base.js";

/**
 * The largest whole number of device pixels per image pixel that fits, in CSS pixels. What does not
 * fit at one device pixel is shrunk: nothing runs out of its panel.
 */
export function scaleFor(natural, width, most = Infinity) {
  const density = window.devicePixelRatio || 1;
  const whole = Math.floor((width * density) / natural);
  return whole >= 1 ? Math.min(Math.max(1, most * density), whole) / density : width / natural;
}

/** Paint images [N, H, W, C] of bytes into a grid of so many columns. */
export function paint(canvas, pixels, [h, w, c], columns = 1) {
  const count = Math.floor(pixels.length / (h * w * c));
  const rows = Math.max(1, Math.ceil(count / columns));
  if (canvas.width !== w * columns || canvas.height !== h * rows) [canvas.width, canvas.height] = [w * columns, h * rows];
  const picture = new ImageData(canvas.width, canvas.height);
  const colours = new Uint32Array(picture.data.buffer).fill(0xff000000);
  for (let n = 0, i = 0; n < count; n++) {
    const corner = Math.floor(n / columns) * h * canvas.width + (n % columns) * w;
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++, i += c) {
        const [r, g, b] = c === 3 ? [pixels[i], pixels[i + 1], pixels[i + 2]] : [pixels[i], pixels[i], pixels[i]];
        colours[corner + y * canvas.width + x] = 0xff000000 | (b << 16) | (g << 8) | r;
      }
    }
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return { columns, rows, count };
}

/** Save what a canvas shows as a PNG file. */
export function savePng(canvas, name) {
  canvas.toBlob((blob) => saveBlob(blob, name), "image/png");
}

export function saveBlob(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/**
 * A black well with a grid of images. One tab stop; arrows choose an image, Enter or a click goes
 * there. `name(column, row)` puts the choice into words, `go(column, row)` acts on it.
 */
export class Well {
  constructor({ label, name, go, most = 2 }) {
    this.canvas = el("canvas", { width: 1, height: 1 });
    this.chosen = el("span", { class: "chosen", hidden: "" });
    this.focus = el("span", { class: "frame", hidden: "" });
    this.node = el("div", { class: "well", role: "group", tabindex: 0, "aria-label": label }, this.canvas, this.chosen, this.focus);
    Object.assign(this, { label, name, go, most, at: [0, 0], grid: { columns: 1, rows: 1, count: 0 }, scale: 1, tile: [1, 1] });
    this.node.addEventListener("click", (event) => this.click(event));
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("focus", () => this.mark(this.node.matches(":focus-visible")));
    this.node.addEventListener("blur", () => this.mark(false));
  }

  show(pixels, shape, columns) {
    this.tile = [shape[1], shape[0]];
    this.grid = paint(this.canvas, pixels, shape, columns);
    this.resize();
  }

  fit(width) {
    this.width = width;
    this.resize();
  }

  resize() {
    if (!this.width) return;
    this.scale = scaleFor(this.canvas.width, this.width, this.most);
    this.canvas.style.width = `${this.canvas.width * this.scale}px`;
    this.canvas.style.height = `${this.canvas.height * this.scale}px`;
    this.choose(this.selected);
  }

  /** Column and row under the pointer. */
  under(event) {
    const box = this.canvas.getBoundingClientRect();
    const [w, h] = this.tile.map((n) => n * this.scale);
    return this.inside(Math.floor((event.clientX - box.left) / w), Math.floor((event.clientY - box.top) / h));
  }

  inside(column, row) {
    const { columns, rows } = this.grid;
    return [Math.min(columns - 1, Math.max(0, column)), Math.min(rows - 1, Math.max(0, row))];
  }

  click(event) {
    this.at = this.under(event);
    if (this.grid.count) this.go?.(...this.at);
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-999, 0], End: [999, 0] }[event.key];
    if (!this.grid.count || !(step || event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    if (step) this.at = this.inside(this.at[0] + step[0], this.at[1] + step[1]);
    else this.go?.(...this.at);
    this.mark(true);
  }

  mark(shown) {
    this.focus.hidden = !shown || !this.grid.count;
    if (shown) this.place(this.focus, this.at);
    const words = shown && this.name ? `${this.label}: ${this.name(...this.at)}` : this.label;
    this.node.setAttribute("aria-label", words);
  }

  /** Frame the image that the page is at; null: none. */
  choose(place) {
    this.selected = place;
    this.chosen.hidden = !place || !this.grid.count;
    if (place) this.place(this.chosen, place);
  }

  place(frame, [column, row]) {
    const [w, h] = this.tile.map((n) => n * this.scale);
    frame.style.cssText = `left:${column * w}px;top:${row * h}px;width:${w}px;height:${h}px`;
  }
}
