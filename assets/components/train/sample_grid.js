// The grid of fakes from fixed z and real images of the same classes, pixel for pixel.
import { ago, el, lineKey, mounted, put, rootOf, whole } from "../shared/base.js";
import { cursorOf, join, onCursor, picturePath } from "../shared/feed.js";
import { Well } from "../shared/well.js";
import { Enlarged } from "./sample_grid_one.js";

const FEW = 7; // columns: fewer classes do not grow to fill the width

/** A well with one grid that comes as a file; it has its place before the file is there. */
class GridWell extends Well {
  constructor(label, role, enlarge) {
    super({ label, most: Infinity, picture: el("img", { alt: "", draggable: "false" }), go: () => enlarge(this) });
    this.bar = el("div", { class: `bar ${role}` }, this.node);
  }

  get image() { return this.canvas; }

  /** `plan`: {tile: [H, W], columns, rows} of the grid as it will be; the file, once there, knows better. */
  take(plan, width) {
    const { naturalWidth: w, naturalHeight: h } = this.image;
    const tile = plan && [plan.tile[1], plan.tile[0]];
    if (w) this.lay([w, h], tile && w % tile[0] === 0 && h % tile[1] === 0 ? tile : [w, h], true);
    else if (tile) this.lay([plan.columns * tile[0], plan.rows * tile[1]], tile);
    if (w || tile) this.fit(width);
  }
}

class Grid {
  constructor(component) {
    this.root = rootOf(component, "samples");
    this.data = component.data;
    this.names = component.data.expect?.names ?? []; // class of each column; empty where the columns are no classes
    this.header = null; // grid.json; until it comes, data.expect says what the grid will be
    this.times = new Map();
    this.steps = [];
    this.shown = null; // step of the grid on the page
    this.build();
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
    this.fit(); // at once, in the place that it will keep
    this.join();
    this.clock = setInterval(() => this.caption(), 1000);
  }

  build() {
    this.info = el("span", { class: "cap" });
    this.labels = el("div", { class: "labels", "aria-hidden": "true" });
    this.fakes = new GridWell("Fakes", "fake", (well) => this.enlarge(well));
    this.reals = new GridWell("Real images", "real", (well) => this.enlarge(well));
    this.empty = el("p", { class: "empty" }, "Loading the samples.");
    this.fakes.node.append(this.empty);
    this.realKey = el("span", {});
    this.keys = el("div", { class: "keys" }, el("span", {}, lineKey("fake", true), " Fake"), el("span", { class: "right" }, lineKey("real", false), " ", this.realKey));
    this.sheet = el("div", { class: "sheet" }, this.labels, this.fakes.bar, this.keys, this.reals.bar);
    this.one = new Enlarged(this.data.run);
    this.root.append(el("div", { class: "head" }, el("h2", {}, "Samples"), this.info), this.sheet, this.one.node);
    this.fakes.image.addEventListener("load", () => this.fit());
    this.reals.image.addEventListener("load", () => this.fit());
    this.reals.image.addEventListener("error", () => (this.reals.bar.hidden = true));
  }

  join() {
    const run = this.data.run;
    const leaveFeed = join(run, {
      status: (s) => { this.skew = s.now - Date.now() / 1000; this.wait(s); },
      samples: (...found) => this.know(...found),
    });
    const leaveCursor = onCursor(run, () => this.show());
    this.leave = () => { leaveFeed(); leaveCursor(); };
    this.askedReals = false;
  }

  /** What the empty place says: a run that has taken no step has no grid yet; others only load theirs. */
  wait(status) {
    const young = status.step < 1 && ["queued", "ready", "running", "paused"].includes(status.state);
    put(this.empty, young ? "The first grid comes with the first steps." : "Loading the samples.");
  }

  know(steps, times, grid, reals) {
    this.header = grid ?? null;
    this.names = (grid ?? this.data.expect)?.names ?? [];
    this.points = grid?.points ?? false;
    const grew = steps.length !== this.steps.length || steps.at(-1) !== this.steps.at(-1) || times.at(-1) !== this.times.get(this.steps.at(-1));
    this.steps = steps;
    this.times = new Map(steps.map((step, i) => [step, times[i]]));
    this.fit(); // the places of both grids, before either is loaded
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
    Object.assign(this, { wanted, address });
    const next = new Image();
    next.src = address;
    next.decode().then(() => this.swap(wanted, address), () => {});
  }

  /** The picture and its words change together, once the picture is there. */
  swap(step, source) {
    if (this.address !== source) return;
    this.shown = step;
    this.empty.hidden = true;
    this.fakes.image.src = source;
    this.caption();
    this.root.dataset.step = step;
  }

  caption() {
    if (this.shown === null) return;
    const { columns, rows } = this.fakes.grid;
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
    const plan = this.plan();
    const pair = Boolean((this.header ?? this.data.expect)?.points) && plan.tile[1] * 2 + 30 <= width; // two squares have room beside each other
    this.sheet.classList.toggle("pair", pair);
    if (pair) return this.fitPair(plan, Math.floor((width - 22) / 2));
    this.fakes.take(plan, width);
    this.reals.take(plan && { ...plan, rows: plan.real_rows }, width);
    this.sheet.style.width = `${(this.fakes.image.clientWidth || width) + 11}px`;
    this.name();
    this.caption();
  }

  fitPair(plan, width) {
    for (const well of [this.fakes, this.reals]) well.take(plan, width);
    this.sheet.style.width = "max-content";
    this.name();
    this.caption();
  }

  /** How the grids are cut: {tile: [H, W], columns, rows, real_rows}; null while nobody knows. */
  plan() {
    const known = this.header ?? this.data.expect;
    if (!known?.tile) return null;
    const { tile, columns = 1, rows = 1, real_rows = 2, points = false } = known;
    return { tile, columns, rows, real_rows: points ? 1 : real_rows };
  }

  /** Class names over the columns, when every column is one class. */
  name() {
    const { grid: { columns }, tile: [tw], scale } = this.fakes;
    const labels = columns === this.names.length ? this.names : [];
    this.labels.hidden = labels.length === 0;
    this.labels.style.gridTemplateColumns = `repeat(${columns}, ${tw * scale}px)`;
    this.labels.replaceChildren(...labels.map((label) => el("span", { title: label }, label)));
    put(this.realKey, labels.length ? "Real, same class in each column" : "Real");
    this.reals.image.alt = labels.length ? "Real images, one class per column" : "Real images";
  }

  enlarge(well) {
    const { tile: [tw, th], grid: { columns }, at: [column, row] } = well;
    const label = this.labels.hidden ? "" : `, class ${this.names[column]}`;
    const cut = { image: well.image, x: column * tw, y: row * th, tw, th };
    if (well !== this.fakes) return this.one.show(cut, `Real image${label}`, null);
    const z = this.names.length ? row : row * columns + column; // classes share z along a row
    const time = this.times.get(this.shown);
    const age = time ? `, ${ago(Date.now() / 1000 + (this.skew ?? 0) - time)}` : "";
    const asks = this.points ? null : { step: this.shown, row: z, label: this.labels.hidden ? null : this.header?.labels?.[column] ?? null };
    this.one.show(cut, `Fake, z ${whole(z + 1)}${label}, step ${whole(this.shown)}${age}`, asks);
  }

  update(component) {
    const changed = component.data.run !== this.data.run;
    this.data = component.data;
    if (changed) {
      this.leave();
      Object.assign(this, { shown: null, wanted: null, address: null, steps: [], header: null });
      for (const well of [this.fakes, this.reals]) well.image.removeAttribute("src");
      this.empty.hidden = false;
      this.one.run = this.data.run;
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
