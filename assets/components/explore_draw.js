// Draw or upload an image; the generator's nearest z is searched and the best answers offered.
import { button, el, put } from "./base.js";
import { call } from "./explore_ask.js";
import { paint } from "./explore_pixels.js";

const SIZE = 224; // CSS pixels of the drawing
const BRUSH = 1.3; // image pixels
const MAX_FILE = 20e6; // bytes

export class DrawTool {
  constructor(panel) {
    this.panel = panel;
    this.canvas = el("canvas", { width: 28, height: 28, class: "drawing", role: "img", "aria-label": "Your drawing; upload a file to work without a pointer" });
    this.file = el("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp", "aria-label": "Upload an image", onchange: () => this.upload() });
    this.find = button("Find its z", () => this.search(), { class: "btn primary" });
    this.aid = el("p", { class: "cap", "aria-live": "polite" }, "Draw with the pointer, or upload a picture; then the z that comes nearest is searched, over all classes.");
    this.tiles = el("ol", { class: "tiles found" });
    this.node = el("div", { class: "tool draw" },
      el("div", { class: "easel" }, el("div", { class: "well" }, this.canvas),
        el("div", { class: "side" }, this.find, button("What D thinks of it", () => this.store.tell("judge", this.pixels())), button("Clear", () => this.clear()), button("Use this image", () => this.take()), this.file)),
      this.aid, this.tiles);
    this.canvas.addEventListener("pointerdown", (event) => this.draw(event));
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
    this.clear();
  }

  settled() { this.show(); }

  clear() {
    const brush = this.canvas.getContext("2d");
    brush.fillStyle = "#000";
    brush.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.tiles.replaceChildren();
  }

  take() { paint(this.canvas, this.store.current, this.store.shape); }

  draw(event) {
    if (event.button) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    const brush = this.canvas.getContext("2d");
    Object.assign(brush, { strokeStyle: "#fff", lineWidth: (BRUSH * this.canvas.width) / 14, lineCap: "round", lineJoin: "round" });
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
    this.clear();
    const { width, height } = this.canvas;
    const scale = Math.min(width / picture.width, height / picture.height);
    const [w, h] = [picture.width * scale, picture.height * scale];
    const brush = this.canvas.getContext("2d");
    brush.imageSmoothingQuality = "high";
    brush.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
    return put(this.aid, "Made as small as the generator's images. Now find its z.");
  }

  pixels() {
    const [h, w, c] = this.store.shape;
    const { data } = this.canvas.getContext("2d").getImageData(0, 0, w, h);
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
