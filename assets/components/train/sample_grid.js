// The grid of fakes from fixed z and real images of the same classes, pixel for pixel.
import { el, lineKey, put, whole } from "../shared/base.js";
import { picturePath } from "../shared/feed.js";
import { Well } from "../shared/well.js";
import { samples, Samples } from "./samples.js";
import { t } from "../shared/words.js";
/** @import { Point } from "../shared/types" */

const FEW = 7; // columns: fewer classes do not grow to fill the width

/** A well with one grid that comes as a file; it has its place before the file is there. */
class GridWell extends Well {
  /**
   * @param {string} label
   * @param {string} role
   * @param {(well: GridWell) => void} enlarge
   */
  constructor(label, role, enlarge) {
    super({
      label,
      most: Infinity,
      picture: el("img", { alt: "", draggable: "false" }),
      go: () => enlarge(this),
    });
    this.bar = el("div", { class: `bar ${role}` }, this.node);
  }

  get image() {
    return this.canvas;
  }

  /** Whether the file that is there has another size than the one that was laid out. */
  get isOther() {
    return (
      !this.filled ||
      this.image.naturalWidth !== this.size[0] ||
      this.image.naturalHeight !== this.size[1]
    );
  }

  /**
   * `plan`: {tile: [H, W], columns, rows} of the grid as it will be; the file, once there, knows better.
   * @type {(plan: { tile: number[], columns: number, rows: number } | null, width: number) => void}
   */
  take(plan, width) {
    const { naturalWidth: w, naturalHeight: h } = this.image;
    /** @type {Point} */
    const tile = plan ? [plan.tile[1], plan.tile[0]] : null;
    if (w) this.lay([w, h], tile && w % tile[0] === 0 && h % tile[1] === 0 ? tile : [w, h], true);
    else if (tile) this.lay([plan.columns * tile[0], plan.rows * tile[1]], tile);
    if (w || tile) this.fit(width);
  }
}

class Grid extends Samples {
  build() {
    this.labels = el("div", { class: "labels", "aria-hidden": "true" });
    this.fakes = new GridWell(t("Fakes"), "fake", (well) => this.enlarge(well));
    this.reals = new GridWell(t("Real images"), "real", (well) => this.enlarge(well));
    this.fakes.node.append(this.empty);
    this.realKey = el("span", {});
    this.keys = el(
      "div",
      { class: "keys" },
      el("span", {}, lineKey("fake", true), t(" Fake")),
      el("span", { class: "right" }, lineKey("real", false), " ", this.realKey),
    );
    this.sheet = el(
      "div",
      { class: "sheet" },
      this.labels,
      this.fakes.bar,
      this.keys,
      this.reals.bar,
    );
    this.root.append(this.head, this.sheet, this.one.node);
    for (const well of [this.fakes, this.reals])
      well.image.addEventListener("load", () => {
        if (well.isOther) this.fit();
      });
    this.reals.image.addEventListener("error", () => (this.reals.bar.hidden = true));
  }

  /** Columns of one class, beside each other. */
  get each() {
    return this.known?.each ?? 1;
  }

  get classed() {
    return this.each > 1
      ? t("{each} columns per class", { each: this.each })
      : t("one class per column");
  }

  get points() {
    return this.header?.points ?? false;
  }

  /** @type {(written: number | null) => void} */
  knowReals(written) {
    if (this.askedReals === this.data.run) return;
    this.askedReals = this.data.run;
    this.reals.image.src = picturePath(this.data.run, "reals.png", written);
  }

  /** @type {(picture: HTMLImageElement, address: string) => void} */
  paint(_, address) {
    this.fakes.image.src = address;
  }

  clear() {
    this.askedReals = null;
    for (const well of [this.fakes, this.reals]) well.image.removeAttribute("src");
  }

  caption() {
    if (this.shown === null) return;
    const { columns, rows } = this.fakes.grid;
    const count = this.names.length
      ? t("{rows} z in every class", { rows: rows * this.each })
      : `${columns * rows} z`;
    this.tell(this.points ? "z" : count);
    this.fakes.image.alt = [
      t("{n} fakes", { n: columns * rows }),
      ...(this.names.length ? [this.classed] : []),
      t("step {step}", { step: whole(this.shown) }),
    ].join(", ");
  }

  fit() {
    const width = (this.root.clientWidth - 11) * Math.min(1, (this.names.length || FEW) / FEW); // beside the role bar
    if (width <= 0) return;
    const plan = this.plan();
    const pair = Boolean(this.known?.points) && plan.tile[1] * 2 + 30 <= width; // two squares have room beside each other
    this.sheet.classList.toggle("pair", pair);
    if (pair) return this.fitPair(plan, Math.floor((width - 22) / 2));
    this.fakes.take(plan, width);
    this.reals.take(plan && { ...plan, rows: plan.real_rows }, width);
    this.sheet.style.width = `${(this.fakes.image.clientWidth || width) + 11}px`;
    this.name();
    this.caption();
  }

  /** @type {(plan: { tile: number[], columns: number, rows: number }, width: number) => void} */
  fitPair(plan, width) {
    for (const well of [this.fakes, this.reals]) well.take(plan, width);
    this.sheet.style.width = "max-content";
    this.name();
    this.caption();
  }

  /** How the grids are cut: {tile: [H, W], columns, rows, real_rows}; null while nobody knows. */
  plan() {
    if (!this.known?.tile) return null;
    const { tile, columns = 1, rows = 1, real_rows = 2, points = false } = this.known;
    return { tile, columns, rows, real_rows: points ? 1 : real_rows };
  }

  /** Class names over the columns, when every column is one class. */
  name() {
    const {
      grid: { columns },
      tile: [tw],
      scale,
    } = this.fakes;
    const labels = columns === this.names.length ? this.names : [];
    this.labels.hidden = labels.length === 0;
    const { each } = this;
    this.labels.style.gridTemplateColumns = `repeat(${columns / each}, ${tw * scale * each}px)`;
    this.labels.replaceChildren(
      ...labels
        .filter((_, i) => i % each === 0)
        .map((label) => el("span", { title: label }, label)),
    );
    put(this.realKey, labels.length ? t("Real, same class in each column") : t("Real"));
    this.reals.image.alt = labels.length
      ? t("Real images, {classed}", { classed: this.classed })
      : t("Real images");
  }

  /** @type {(well: GridWell) => void} */
  enlarge(well) {
    const {
      tile: [tw, th],
      grid: { columns },
      at: [column, row],
    } = well;
    const label = this.labels.hidden ? "" : t(", class {names}", { names: this.names[column] });
    const cut = { image: well.image, x: column * tw, y: row * th, tw, th };
    if (well !== this.fakes) return this.one.show(cut, t("Real image{label}", { label }), null);
    const z = this.names.length ? row * this.each + (column % this.each) : row * columns + column; // classes share z along a row
    const asks = this.points
      ? null
      : {
          step: this.shown,
          row: z,
          label: this.labels.hidden ? null : (this.header?.labels?.[column] ?? null),
        };
    this.one.show(
      cut,
      t("Fake, z {z}{label}, step {shown}{age}", {
        z: whole(z + 1),
        label,
        shown: whole(this.shown),
        age: this.age,
      }),
      asks,
    );
  }
}

export default samples(Grid);
