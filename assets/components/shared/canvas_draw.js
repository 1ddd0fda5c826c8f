// A canvas that is drawn on: pencil and eraser, by pointer or keyboard, in colour or grey; strokes can be taken back.
import { el } from "./base.js";
import { onDrag, within } from "./drag.js";
import { paint } from "./pixels.js";
import { t } from "./words.js";
/** @import { DrawOptions, Pixels, Point, Shape } from "./types" */

const MOST = 50; // strokes that can be taken back
const FAR = 5; // pixels that an arrow key with Shift moves the pencil
/** @type {Record<string, Point>} */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = t(
  "Arrow keys move the pencil, with Shift further; Space puts it down and lifts it; Ctrl and Z take a stroke back.",
);

/**
 * Bytes [H, W, C] of what a canvas has (RGBA), C = 3 or 1; grey by the luma of Rec. 601.
 * @type {(rgba: Uint8ClampedArray, channels: number) => Uint8Array}
 */
export function bytesOf(rgba, channels) {
  const count = rgba.length / 4;
  const out = new Uint8Array(count * channels);
  for (let i = 0; i < count; i++) {
    const [r, g, b] = rgba.subarray(4 * i, 4 * i + 3);
    if (channels === 3) out.set([r, g, b], 3 * i);
    else out[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  }
  return out;
}

/**
 * Where the pencil at (x, y) is after a key, inside width x height pixels; null: this key does not move it.
 * @type {(event: { key: string, shiftKey?: boolean }, at: Point, width: number, height: number) => Point | null}
 */
export function stepped({ key, shiftKey }, [x, y], width, height) {
  const step = STEPS[key];
  if (!step) return null;
  const by = shiftKey ? FAR : 1;
  /** @type {(v: number, most: number) => number} */
  const inside = (v, most) => Math.min(most - 0.5, Math.max(0.5, v));
  return [inside(x + by * step[0], width), inside(y + by * step[1], height)];
}

/**
 * Corners of the whole squares of `size` pixels on the way between two places.
 * @type {(from: Point, to: Point, size: number) => Point[]}
 */
export function squares([x, y], [toX, toY], size) {
  const count = Math.max(1, Math.ceil(Math.max(Math.abs(toX - x), Math.abs(toY - y))));
  /** @type {(v: number) => number} */
  const corner = (v) => Math.round(v - size / 2);
  return Array.from({ length: count + 1 }, (_, i) => [
    corner(x + ((toX - x) * i) / count),
    corner(y + ((toY - y) * i) / count),
  ]);
}

export class CanvasDraw {
  /** @type {ImageData[]} */
  past = [];
  ink = "#fff";
  size = 1;
  erasing = false;
  picking = false;
  /** @type {Point} */
  at = null;
  down = false;

  /**
   * `label` for screen readers; `paper`: the colour of an empty canvas; `changed()` after every change,
   * `drawing()` while a stroke grows; `picked(colour)` where a colour was taken from it, as CSS; `crisp`:
   * whole pixels, as line drawings have them.
   * @param {DrawOptions} options
   */
  constructor({
    label,
    paper = "#000",
    changed = () => {},
    drawing = () => {},
    picked = () => {},
    crisp = false,
  }) {
    this.paper = paper;
    this.changed = changed;
    this.drawing = drawing;
    this.picked = picked;
    this.crisp = crisp;
    this.canvas = el("canvas", {
      width: 1,
      height: 1,
      class: "drawing",
      role: "application",
      tabindex: 0,
      "aria-label": `${label}. ${KEYS}`,
    });
    this.pencil = el("span", { class: "pencil", hidden: "" });
    this.node = el("div", { class: "well drawn" }, this.canvas, this.pencil);
    onDrag(this.canvas, {
      start: (event) => this.pressed(event),
      move: (event, from) => this.stroke(from, this.under(event)),
      end: () => this.changed(),
    });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("focus", () => this.show(this.canvas.matches(":focus-visible")));
    this.canvas.addEventListener("blur", () => {
      this.down = false;
      this.show(false);
    });
  }

  /** The drawing, for reading as well: it is read after every stroke. */
  get brush() {
    return this.canvas.getContext("2d", { willReadFrequently: true });
  }

  /**
   * An empty paper of H x W pixels in so many CSS pixels each; nothing can be taken back.
   * @type {(size: number[], scale: number) => void}
   */
  resize([h, w], scale) {
    Object.assign(this.canvas, { width: w, height: h });
    this.past = [];
    this.at = null;
    this.down = false;
    this.enlarge(scale);
    this.clear();
  }

  /**
   * The same drawing in so many CSS pixels each.
   * @type {(scale: number) => void}
   */
  enlarge(scale) {
    const { width, height, style } = this.canvas;
    this.scale = scale;
    [style.width, style.height] = [width, height].map((n) => `${n * scale}px`);
    this.show(!this.pencil.hidden);
  }

  /**
   * The pencil's colour, as CSS.
   * @type {(ink: string) => void}
   */
  dip(ink) {
    this.ink = ink;
    this.erasing = false;
    this.picking = false;
  }

  erase() {
    this.erasing = true;
    this.picking = false;
  }

  /** The next place that is pressed gives its colour. */
  pick() {
    this.picking = true;
  }

  /** @type {(at: Point) => string} */
  colourAt([x, y]) {
    const { width, height } = this.canvas;
    /** @type {(v: number, most: number) => number} */
    const inside = (v, most) => Math.min(most - 1, Math.max(0, Math.floor(v)));
    return `rgb(${[...this.brush.getImageData(inside(x, width), inside(y, height), 1, 1).data.subarray(0, 3)].join(" ")})`;
  }

  /**
   * The pencil's width in pixels of the drawing.
   * @type {(size: number) => void}
   */
  choose(size) {
    this.size = size;
    this.show(!this.pencil.hidden);
  }

  get canUndo() {
    return this.past.length > 0;
  }

  /** Keep the drawing as it is, to go back to it. */
  remember() {
    this.past.push(this.read());
    if (this.past.length > MOST) this.past.shift();
  }

  undo() {
    const before = this.past.pop();
    if (before) this.brush.putImageData(before, 0, 0);
    this.changed();
  }

  read() {
    return this.brush.getImageData(0, 0, this.canvas.width, this.canvas.height);
  }

  clear() {
    this.brush.fillStyle = this.paper;
    this.brush.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.changed();
  }

  /** White for black, and the other way round. */
  invert() {
    this.remember();
    const picture = this.read();
    picture.data.forEach((v, i) => {
      if (i % 4 !== 3) picture.data[i] = 255 - v;
    });
    this.brush.putImageData(picture, 0, 0);
    this.changed();
  }

  /**
   * Bytes [H, W, C] as the drawing, of its size.
   * @type {(pixels: Pixels, shape: Shape) => void}
   */
  take(pixels, shape) {
    this.remember();
    paint(this.canvas, pixels, shape);
    this.changed();
  }

  /**
   * A picture of any size as the drawing: as large as fits, in the middle.
   * @type {(picture: ImageBitmap | HTMLCanvasElement | HTMLImageElement) => void}
   */
  place(picture) {
    this.remember();
    this.clear();
    const { width, height } = this.canvas;
    const scale = Math.min(width / picture.width, height / picture.height);
    const [w, h] = [picture.width * scale, picture.height * scale];
    this.brush.imageSmoothingQuality = "high";
    this.brush.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
    this.changed();
  }

  /**
   * The drawing as bytes [H, W, C].
   * @type {(channels: number) => Uint8Array}
   */
  pixels(channels) {
    return bytesOf(this.read().data, channels);
  }

  // ---- by pointer ----

  /**
   * The place of a pointer in pixels of the drawing.
   * @type {(event: MouseEvent) => Point}
   */
  under(event) {
    const { x, y, width, height } = within(event, this.canvas);
    return [(x / width) * this.canvas.width, (y / height) * this.canvas.height];
  }

  /** @type {(event: PointerEvent) => { last: Point } | null} */
  pressed(event) {
    event.preventDefault();
    if (this.picking) {
      this.picked(this.colourAt(this.under(event)));
      return null;
    }
    this.remember();
    return { last: this.under(event) };
  }

  /**
   * From the last place to this one; a dot where they are the same, as a line without length leaves none.
   * @type {(from: { last: Point }, to: Point) => unknown}
   */
  stroke(from, to) {
    const { brush } = this;
    const color = this.erasing ? this.paper : this.ink;
    if (this.crisp) {
      brush.fillStyle = color;
      for (const [x, y] of squares(from.last, to, this.size))
        brush.fillRect(x, y, this.size, this.size);
      from.last = to;
      return this.drawing();
    }
    brush.beginPath();
    if (String(from.last) === String(to)) {
      brush.fillStyle = color;
      brush.arc(...to, this.size / 2, 0, 2 * Math.PI);
      brush.fill();
    } else {
      Object.assign(brush, {
        strokeStyle: color,
        lineWidth: this.size,
        lineCap: "round",
        lineJoin: "round",
      });
      brush.moveTo(...from.last);
      brush.lineTo(...to);
      brush.stroke();
    }
    from.last = to;
    return this.drawing();
  }

  // ---- by keyboard ----

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const undoes =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    const { width, height } = this.canvas;
    this.at ??= [Math.floor(width / 2) + 0.5, Math.floor(height / 2) + 0.5];
    const to = stepped(event, this.at, width, height);
    if (undoes) this.undo();
    else if (event.key === " ") this.put(!this.down);
    else if (event.key === "Escape" && this.down) this.put(false);
    else if (to) this.go(to);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.show(true);
  }

  /**
   * Put the pencil down, which makes a dot, or lift it.
   * @type {(down: boolean) => void}
   */
  put(down) {
    if (down && this.picking) return this.picked(this.colourAt(this.at));
    this.down = down;
    if (down) {
      this.remember();
      this.stroke({ last: this.at }, this.at);
    }
    return this.changed();
  }

  /** @type {(to: Point) => void} */
  go(to) {
    if (this.down) this.stroke({ last: this.at }, to);
    this.at = to;
  }

  /**
   * The pencil's place while the keyboard moves it.
   * @type {(shown: boolean) => void}
   */
  show(shown) {
    this.pencil.hidden = !shown || !this.at;
    if (this.pencil.hidden) return;
    const size = Math.max(6, this.size * this.scale);
    const [x, y] = this.at.map((v) => v * this.scale - size / 2);
    this.pencil.style.cssText = `left:${x}px;top:${y}px;width:${size}px;height:${size}px`;
    this.pencil.classList.toggle("down", this.down);
  }
}
