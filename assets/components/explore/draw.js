// Draw or upload an image; the generator's nearest z is searched and the best answers offered.
import { button, el, icon, put } from "../shared/base.js";
import { call } from "../shared/ask.js";
import { segments } from "./panel.js";
import { paint } from "../shared/pixels.js";

const SIZE = 224; // CSS pixels of the drawing
const BRUSHES = [["Fine", 0.6], ["Medium", 1.3], ["Broad", 2.4]]; // in 1/14 of the image's width
const MOST = 30; // strokes that can be taken back
const MAX_FILE = 20e6; // bytes

export class DrawTool {
  constructor(panel) {
    this.panel = panel;
    this.canvas = el("canvas", { width: 28, height: 28, class: "drawing", role: "img", "aria-label": "Your drawing; upload a file to work without a pointer" });
    this.file = el("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp", class: "hush", tabindex: -1, "aria-hidden": "true", onchange: () => this.upload() });
    this.past = []; // what the drawing was before each stroke
    this.back = button("Undo", () => this.undo(), { title: "Take back the last stroke (Ctrl+Z)", disabled: "" }, icon("undo"));
    this.brushes = segments("Brush", BRUSHES.map(([name, size]) => [size, name]), (size) => this.choose(size));
    this.choose(BRUSHES[1][1]);
    this.inks = segments("Ink", [["#fff", "White"], ["#000", "Black"]], (ink) => this.dip(ink));
    this.dip("#fff");
    this.find = button("Find its z", () => this.search(), { class: "btn primary" });
    this.aid = el("p", { class: "cap", "aria-live": "polite" }, "Draw with the pointer, or upload a picture; then the z that comes nearest is searched, over all classes.");
    this.tiles = el("ol", { class: "tiles found" });
    this.node = el("div", { class: "tool draw" },
      el("div", { class: "easel" }, el("div", { class: "well" }, this.canvas),
        el("div", { class: "side" },
          el("div", { class: "line" }, this.brushes, this.inks),
          el("div", { class: "line" }, this.back, button("Clear", () => { this.remember(); this.clear(); }), button("Invert", () => this.invert(), { title: "Black on white to white on black, and back" })),
          el("div", { class: "line" }, button("Copy the image shown", () => this.take()), button("Upload a picture", () => this.file.click()), this.file),
          el("div", { class: "line" }, this.find, button("What D thinks of it", () => this.store.tell("judge", this.pixels()))))),
      this.aid, this.tiles);
    this.canvas.addEventListener("pointerdown", (event) => this.draw(event));
    this.node.addEventListener("keydown", (event) => this.key(event));
  }

  /** The drawing, for reading as well: it is read after every stroke. */
  get brush() { return this.canvas.getContext("2d", { willReadFrequently: true }); }

  choose(size) { this.size = Number(size); this.brushes.press(size); }
  dip(ink) { this.ink = ink; this.inks.press(ink); }

  remember() {
    this.past.push(this.brush.getImageData(0, 0, this.canvas.width, this.canvas.height));
    if (this.past.length > MOST) this.past.shift();
    this.back.disabled = false;
  }

  undo() {
    const before = this.past.pop();
    if (before) this.brush.putImageData(before, 0, 0);
    this.back.disabled = !this.past.length;
  }

  invert() {
    this.remember();
    const picture = this.brush.getImageData(0, 0, this.canvas.width, this.canvas.height);
    picture.data.forEach((v, i) => { if (i % 4 !== 3) picture.data[i] = 255 - v; });
    this.brush.putImageData(picture, 0, 0);
  }

  /** Ctrl+Z in here is about the drawing, not about the view. */
  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.stopPropagation();
    this.undo();
  }

  get store() { return this.panel.store; }

  show() {
    const [h, w] = this.store.shape ?? [];
    if (!this.store.about || (this.canvas.width === w && this.canvas.height === h && this.sized)) return;
    [this.canvas.width, this.canvas.height] = [w, h];
    const scale = Math.max(1, Math.floor(SIZE / Math.max(h, w)));
    this.canvas.style.width = `${w * scale}px`;
    this.canvas.style.height = `${h * scale}px`;
    this.sized = true;
    this.past = [];
    this.back.disabled = true;
    this.clear();
  }

  settled() { this.show(); }

  clear() {
    const { brush } = this;
    brush.fillStyle = "#000";
    brush.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.tiles.replaceChildren();
  }

  take() {
    this.remember();
    paint(this.canvas, this.store.current, this.store.shape);
  }

  draw(event) {
    if (event.button) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.remember();
    const { brush } = this;
    Object.assign(brush, { strokeStyle: this.ink, lineWidth: (this.size * this.canvas.width) / 14, lineCap: "round", lineJoin: "round" });
    const at = (e) => {
      const box = this.canvas.getBoundingClientRect();
      return [((e.clientX - box.left) / box.width) * this.canvas.width, ((e.clientY - box.top) / box.height) * this.canvas.height];
    };
    let from = at(event);
    const to = (e) => {
      brush.beginPath();
      brush.moveTo(...from);
      from = at(e);
      brush.lineTo(...from);
      brush.stroke();
    };
    const up = () => this.canvas.removeEventListener("pointermove", to);
    this.canvas.addEventListener("pointermove", to);
    this.canvas.addEventListener("pointerup", up, { once: true });
    this.canvas.addEventListener("pointercancel", up, { once: true });
    to(event);
  }

  /** The browser reads the file; only pixels of the right size leave it. */
  async upload() {
    const [file] = this.file.files;
    if (!file) return;
    if (file.size > MAX_FILE) return put(this.aid, "The file is larger than 20 MB.");
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return put(this.aid, `${file.name.slice(0, 80)} is not a picture that this browser can read.`);
    this.remember();
    this.clear();
    this.file.value = ""; // so that the same file can be chosen again
    const { width, height } = this.canvas;
    const scale = Math.min(width / picture.width, height / picture.height);
    const [w, h] = [picture.width * scale, picture.height * scale];
    const { brush } = this;
    brush.imageSmoothingQuality = "high";
    brush.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
    return put(this.aid, "Made as small as the generator's images. Now find its z.");
  }

  pixels() {
    const [h, w, c] = this.store.shape;
    const { data } = this.brush.getImageData(0, 0, w, h);
    const out = new Uint8Array(h * w * c);
    for (let i = 0; i < h * w; i++) {
      const [r, g, b] = data.subarray(4 * i, 4 * i + 3);
      if (c === 3) out.set([r, g, b], 3 * i);
      else out[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    }
    return out;
  }

  async search() {
    const target = this.pixels();
    this.find.disabled = true;
    put(this.aid, "Searching. This takes some seconds; everything else stays usable.");
    try {
      const { header, parts } = await call(this.store.run, "project", { step: this.store.at, raw: this.store.asker.raw }, target);
      this.answers(target, header.mse, ...parts);
    } catch (error) {
      put(this.aid, error.message);
    }
    this.find.disabled = false;
  }

  answers(target, errors, rows, made) {
    const { store } = this;
    const [size, length] = [made.length / errors.length, rows.length / errors.length];
    const tile = (pixels, words) => {
      const canvas = el("canvas", { role: "img", "aria-label": words });
      paint(canvas, pixels, store.shape);
      canvas.style.width = `${2 * canvas.width}px`;
      return canvas;
    };
    this.tiles.replaceChildren(...errors.map((error, i) => {
      const image = made.subarray(i * size, (i + 1) * size);
      const row = rows.subarray(i * length, (i + 1) * length);
      const weights = row.slice(store.z.length);
      const label = weights.length ? `class ${store.facts.class_names[weights.indexOf(Math.max(...weights))]}` : "";
      const rest = image.map((v, k) => Math.abs(v - target[k]));
      const go = button("Go there", () => store.goTo(row.slice(0, store.z.length), weights), { "aria-label": `Go to answer ${i + 1}` });
      return el("li", {}, el("div", { class: "pair" }, tile(image, `answer ${i + 1}`), tile(rest, "what is left over")), el("span", {}, `${label} ${error.toFixed(4)}`.trim()), go);
    }));
    put(this.aid, `The best answers with their mean squared error. Right of each: what the generator cannot make.`);
    this.panel.root.dataset.found = errors[0];
  }

  fit() {}
}
