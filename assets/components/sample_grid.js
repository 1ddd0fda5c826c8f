// The grid of fakes from fixed z and real images of the same classes, pixel for pixel.
import { ago, el, icon, lineKey, mounted, put, rootOf, whole } from "./base.js";
import { cursorOf, join, onCursor, picturePath } from "./feed.js";

const FEW = 7; // columns: fewer classes do not grow to fill the width
const LARGE = 336; // CSS pixels of the enlarged image, at most

/** The largest whole number of device pixels per image pixel that fits. */
function scaleFor(natural, width) {
  const density = window.devicePixelRatio || 1;
  return Math.max(1, Math.floor((width * density) / natural)) / density;
}

/** A black well with one grid in it; arrows choose an image, Enter or a click enlarges it. */
class Well {
  constructor(name, role, enlarge) {
    this.image = el("img", { alt: "", draggable: "false" });
    this.frame = el("span", { class: "frame", hidden: "" });
    this.node = el("div", { class: "well", tabindex: 0, role: "group", "aria-label": name }, this.image, this.frame);
    this.bar = el("div", { class: `bar ${role}` }, this.node);
    this.name = name;
    this.enlarge = enlarge;
    this.at = [0, 0];
    this.node.addEventListener("click", (event) => this.click(event));
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("focus", () => this.mark(this.node.matches(":focus-visible")));
    this.node.addEventListener("blur", () => this.mark(false));
  }

  get ready() { return this.image.naturalWidth > 0; }

  /** Width and height of one image in pixels of the file, columns and rows of the grid. */
  layout(tile) {
    const [w, h] = [this.image.naturalWidth, this.image.naturalHeight];
    const [tw, th] = tile && w % tile[1] === 0 && h % tile[0] === 0 ? [tile[1], tile[0]] : [w, h];
    return { tw, th, columns: Math.max(1, w / tw), rows: Math.max(1, h / th) };
  }

  fit(tile, width) {
    this.tile = tile;
    if (!this.ready) return;
    this.scale = scaleFor(this.image.naturalWidth, width);
    this.image.style.width = `${this.image.naturalWidth * this.scale}px`;
    this.image.style.height = `${this.image.naturalHeight * this.scale}px`;
  }

  click(event) {
    if (!this.ready) return;
    const box = this.image.getBoundingClientRect();
    const { tw, th } = this.layout(this.tile);
    this.move(Math.floor((event.clientX - box.left) / (tw * this.scale)), Math.floor((event.clientY - box.top) / (th * this.scale)));
    this.enlarge(this);
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!this.ready || !(step || event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    if (step) this.move(this.at[0] + step[0], this.at[1] + step[1]);
    else this.enlarge(this);
    this.mark(true);
  }

  move(column, row) {
    const { columns, rows } = this.layout(this.tile);
    this.at = [Math.min(columns - 1, Math.max(0, column)), Math.min(rows - 1, Math.max(0, row))];
  }

  mark(shown) {
    this.frame.hidden = !shown || !this.ready;
    if (!shown || !this.ready) return;
    const { tw, th } = this.layout(this.tile);
    const [x, y, w, h] = [this.at[0] * tw, this.at[1] * th, tw, th].map((v) => v * this.scale);
    this.frame.style.cssText = `left:${x}px;top:${y}px;width:${w}px;height:${h}px`;
  }
}

class Grid {
  constructor(component) {
    this.root = rootOf(component, "samples");
    this.data = component.data;
    this.names = []; // class of each column; empty where the columns are no classes
    this.times = new Map();
    this.steps = [];
    this.shown = null; // step of the grid on the page
    this.build();
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
    this.join();
    this.clock = setInterval(() => this.caption(), 1000);
  }

  build() {
    this.info = el("span", { class: "cap" });
    this.labels = el("div", { class: "labels", "aria-hidden": "true" });
    this.fakes = new Well("Fakes", "fake", (well) => this.enlarge(well));
    this.reals = new Well("Real images", "real", (well) => this.enlarge(well));
    this.empty = el("div", { class: "empty" }, el("p", {}, "The first grid comes with the first steps."));
    this.realKey = el("span", {});
    this.keys = el("div", { class: "keys" }, el("span", {}, lineKey("fake", true), " Fake"), el("span", { class: "right" }, lineKey("real", false), " ", this.realKey));
    this.sheet = el("div", { class: "sheet" }, this.labels, this.fakes.bar, this.keys, this.reals.bar);
    this.dialog = el("dialog", { "aria-label": "One image, enlarged" });
    this.root.append(el("div", { class: "head" }, el("h2", {}, "Samples"), this.info), this.empty, this.sheet, this.dialog);
    this.fakes.image.addEventListener("load", () => this.fit());
    this.reals.image.addEventListener("load", () => this.fit());
    this.reals.image.addEventListener("error", () => (this.reals.bar.hidden = true));
    this.dialog.addEventListener("click", () => this.dialog.close());
    this.sheet.hidden = true;
  }

  join() {
    const run = this.data.run;
    const leaveFeed = join(run, {
      status: (s) => { this.skew = s.now - Date.now() / 1000; },
      samples: (...found) => this.know(...found),
    });
    const leaveCursor = onCursor(run, () => this.show());
    this.leave = () => { leaveFeed(); leaveCursor(); };
    this.askedReals = false;
  }

  know(steps, times, grid, reals) {
    this.tile = grid?.tile ?? null;
    this.names = grid?.names ?? [];
    this.points = grid?.points ?? false;
    const grew = steps.length !== this.steps.length || steps.at(-1) !== this.steps.at(-1) || times.at(-1) !== this.times.get(this.steps.at(-1));
    this.steps = steps;
    this.times = new Map(steps.map((step, i) => [step, times[i]]));
    this.empty.hidden = steps.length > 0;
    this.sheet.hidden = steps.length === 0;
    if (steps.length && !this.askedReals) {
      this.askedReals = true;
      this.reals.image.src = picturePath(this.data.run, "reals.png", reals);
    }
    if (grew) this.show();
  }

  /** Show the newest grid, or the newest one that is not after the cursor. */
  show() {
    if (!this.steps.length) return;
    const { step, live } = cursorOf(this.data.run);
    const wanted = live || step === null ? this.steps.at(-1) : this.steps.findLast((s) => s <= step) ?? this.steps[0];
    const address = picturePath(this.data.run, `samples/${wanted}.png`, this.times.get(wanted));
    if (address === this.address) return;
    Object.assign(this, { shown: wanted, address });
    const next = new Image();
    next.src = address;
    const swap = () => { if (this.address === address) this.fakes.image.src = next.src; };
    next.decode().then(swap, () => {});
    this.caption();
    this.root.dataset.step = wanted;
  }

  caption() {
    if (this.shown === null) return;
    const { columns, rows } = this.fakes.ready ? this.fakes.layout(this.tile) : { columns: 0, rows: 0 };
    const time = this.times.get(this.shown);
    const age = time ? `, ${ago(Date.now() / 1000 + (this.skew ?? 0) - time)}` : "";
    const count = this.names.length ? `${rows} z in every class` : `${columns * rows} z`;
    const what = `the same ${this.points ? "z" : count} at every step`;
    const key = `${what} · EMA weights · step `;
    if (this.info.dataset.key !== key) {
      this.info.dataset.key = key;
      this.info.replaceChildren(key, (this.number = el("b")), (this.age = el("span")));
    }
    put(this.number, whole(this.shown));
    put(this.age, age);
    this.fakes.image.alt = `${columns * rows} fakes${this.names.length ? ", one class per column" : ""}, step ${whole(this.shown)}`;
  }

  fit() {
    const width = (this.root.clientWidth - 11) * Math.min(1, (this.names.length || FEW) / FEW); // beside the role bar
    if (width <= 0) return;
    for (const well of [this.fakes, this.reals]) well.fit(this.tile, width);
    this.sheet.style.width = `${(this.fakes.image.clientWidth || width) + 11}px`;
    this.name();
    this.caption();
  }

  /** Class names over the columns, when every column is one class. */
  name() {
    const { columns, tw } = this.fakes.layout(this.tile);
    const labels = columns === this.names.length ? this.names : [];
    this.labels.hidden = labels.length === 0;
    this.labels.style.gridTemplateColumns = `repeat(${columns}, ${tw * (this.fakes.scale ?? 1)}px)`;
    this.labels.replaceChildren(...labels.map((label) => el("span", { title: label }, label)));
    put(this.realKey, labels.length ? "Real, same class in each column" : "Real");
    this.reals.image.alt = labels.length ? "Real images, one class per column" : "Real images";
  }

  enlarge(well) {
    const { tw, th } = well.layout(this.tile);
    const [column, row] = well.at;
    const density = window.devicePixelRatio || 1;
    const k = Math.max(1, Math.floor((LARGE * density) / Math.max(tw, th)));
    const canvas = el("canvas", { width: tw * k, height: th * k, style: `width:${(tw * k) / density}px` });
    const paint = canvas.getContext("2d");
    paint.imageSmoothingEnabled = false;
    paint.drawImage(well.image, column * tw, row * th, tw, th, 0, 0, tw * k, th * k);
    const label = this.labels.hidden ? "" : `, class ${this.names[column]}`;
    const time = this.times.get(this.shown);
    const age = time ? `, ${ago(Date.now() / 1000 + (this.skew ?? 0) - time)}` : "";
    const z = this.names.length ? row + 1 : row * well.layout(this.tile).columns + column + 1; // classes share z along a row
    const words = well === this.fakes
      ? `Fake, z ${whole(z)}${label}, step ${whole(this.shown)}${age}`
      : `Real image${label}`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", words);
    const close = el("button", { type: "button", class: "btn", autofocus: "" }, icon("close"), "Close");
    this.dialog.replaceChildren(canvas, el("div", { class: "head" }, el("span", {}, words), el("span", { class: "right" }, close)));
    this.dialog.showModal();
  }

  update(component) {
    const changed = component.data.run !== this.data.run;
    this.data = component.data;
    if (changed) {
      this.leave();
      Object.assign(this, { shown: null, address: null, steps: [] });
      this.join();
    }
    this.fit();
  }

  dispose() {
    this.leave();
    this.observer.disconnect();
    clearInterval(this.clock);
  }
}

export default mounted((component) => new Grid(component));
