// The same z in every class, other z below it, and real images: a column is a class.
import { button, el, lineKey, mounted, put, whole } from "../shared/base.js";
import { call } from "../shared/ask.js";
import { Panel } from "./panel.js";
import { Well } from "../shared/well.js";
import { t } from "../shared/words.js";

const COLUMNS = 10; // without classes
const MOST = 20; // classes side by side; more are paged
const SMALL = 40; // CSS pixels a column has at least, where its image has as many

class Matrix extends Panel {
  build() {
    this.title = el("h2", {}, t("Every class, seven z"));
    this.aid = el("span", { class: "cap" });
    this.labels = el("div", { class: "labels", "aria-hidden": "true" });
    this.first = new Well({
      label: t("This z in every class"),
      name: (c) => this.naming(c),
      go: (c) => this.store.setLabel(this.label(c)),
    });
    this.rest = new Well({
      label: t("Six other z in every class"),
      name: (c, r) => this.say(c, r),
      go: (c, r) => this.take(c, r),
    });
    this.reals = new Well({
      label: t("Real images"),
      name: (c) => (this.store.classes ? this.naming(c) : String(c + 1)),
      go: () => this.real(),
    });
    this.otherTitle = el("p", { class: "cap under" }, t("six other z"));
    this.key = el(
      "p",
      { class: "cap under" },
      lineKey("real", false),
      " ",
      (this.what = el("span")),
    );
    this.firstBar = el("div", { class: "bar fake" }, this.first.node);
    this.realBar = el("div", { class: "bar real" }, this.reals.node);
    this.sheet = el(
      "div",
      { class: "sheet" },
      this.labels,
      this.firstBar,
      this.otherTitle,
      el("div", { class: "bar fake" }, this.rest.node),
      this.key,
      this.realBar,
    );
    /** @type {(by: number, name: string, text: string) => HTMLButtonElement} */
    const turn = (by, name, text) =>
      button(text, () => this.turn(by), { class: "btn square", "aria-label": name, title: name });
    this.place = el("span", { class: "cap" });
    this.pager = el(
      "span",
      { class: "right tools" },
      turn(-1, t("Previous classes"), "\u2039"),
      this.place,
      turn(1, t("Next classes"), "\u203a"),
    );
    this.root.append(el("div", { class: "head" }, this.title, this.aid, this.pager), this.sheet);
    /** @type {string[]} */
    this.names = [];
    this.draws = 0;
  }

  forget() {
    this.asked = null;
    /** @type {Uint8Array} */
    this.realPixels = null;
  }

  about() {
    const { classes, facts } = this.store;
    this.names = facts.class_names.slice(0, classes);
    this.rest.label = classes ? t("Six other z in every class") : t("Other z");
    this.rest.node.setAttribute("aria-label", this.rest.label);
    put(
      this.aid,
      classes
        ? this.columns() < classes
          ? t("First row: this z. Click a cell to go there.")
          : t("First row: this z. A column is a class. Click a cell to go there.")
        : t("Click an image to go there."),
    );
    this.firstBar.hidden = this.otherTitle.hidden = this.labels.hidden = !classes;
    put(
      this.what,
      classes
        ? t("Real images of the same classes. Click for others.")
        : t("Real images. Click for others."),
    );
    this.store.setWindow(this.columns());
    this.name();
    if (this.asked !== this.store.run) this.real();
  }

  /** How many images fit side by side. */
  columns() {
    const width = Math.max(0, this.root.clientWidth - 11);
    const fit = Math.max(4, Math.floor(width / Math.min(SMALL, this.store.shape[1])));
    return Math.min(fit, this.store.classes ? Math.min(MOST, this.store.classes) : COLUMNS);
  }

  /**
   * The class of a column.
   * @type {(column: number) => number}
   */
  label(column) {
    return this.store.window.from + column;
  }
  /** @type {(column: number) => string} */
  naming(column) {
    return t("class {names}", { names: this.names[this.label(column)] ?? this.label(column) });
  }

  name() {
    const {
      classes,
      window: { from, count },
    } = this.store;
    put(
      this.title,
      !classes
        ? t("Other z")
        : count < classes
          ? t("{count} of {classes} classes, seven z", { count, classes: whole(classes) })
          : t("Every class, seven z"),
    );
    this.pager.hidden = count >= classes;
    const ends = [from, from + count - 1].map((k) => this.names[k] ?? String(k));
    put(
      this.place,
      ends.every((name) => name.length <= 8)
        ? ends.join(" to ")
        : t("number {from} to {from2}", { from: from + 1, from2: from + count }),
    );
    this.labels.replaceChildren(
      ...this.store.windowed.map((k) =>
        el("span", { title: this.names[k] }, this.names[k] ?? String(k)),
      ),
    );
    this.reality();
  }

  /** @type {(by: number) => void} */
  turn(by) {
    const { from, count } = this.store.window;
    const last = this.store.classes - count;
    const next = from + by * count; // past an end: first the end itself, then round
    this.moved(next > last ? (from < last ? last : 0) : next < 0 ? (from > 0 ? 0 : last) : next);
  }

  /**
   * Other classes are shown: their row, their other z, their real images.
   * @type {(from: number) => void}
   */
  moved(from) {
    if (!this.store.setWindow(this.store.window.count, from)) return;
    this.name();
    this.store.change();
  }

  async real() {
    this.asked = this.store.run;
    this.realBar.hidden = this.key.hidden = !this.store.facts.data; // the data set is not on this machine
    if (!this.store.facts.data) return;
    try {
      const { parts } = await call(this.store.run, "reals", { seed: this.draws++ }); // one of each class, in their order
      this.realPixels = parts[0];
      this.realBar.hidden = this.key.hidden = false;
      this.reality();
      this.fit();
    } catch {
      this.realBar.hidden = this.key.hidden = true;
    }
  }

  /** Each real image under its own class. */
  reality() {
    const { classes, shape, windowed } = this.store;
    if (!this.realPixels || this.asked !== this.store.run) return;
    const size = shape.reduce((a, b) => a * b, 1);
    if (!classes)
      return this.reals.show(
        this.realPixels,
        shape,
        Math.min(this.columns(), this.realPixels.length / size),
      );
    const shown = new Uint8Array(size * windowed.length);
    windowed.forEach((k, column) => {
      shown.set(this.realPixels.subarray(k * size, (k + 1) * size), column * size);
    });
    return this.reals.show(shown, shape, windowed.length);
  }

  /** @type {(column: number, row: number) => string} */
  say(column, row) {
    return this.store.classes
      ? t("{naming}, z {row} of 7", { naming: this.naming(column), row: row + 2 })
      : `z ${row * this.columns() + column + 1}`;
  }

  images() {
    const {
      classes,
      row,
      rowFrom,
      shape,
      label,
      mixed,
      window: { from, count },
    } = this.store;
    if (!classes) return;
    if (this.seen !== label && !this.store.inWindow(label)) return this.follow(label);
    /** @type {number} */
    this.seen = label;
    if (rowFrom === from && row.length === count * shape.reduce((a, b) => a * b, 1))
      this.first.show(row, shape, count);
    this.first.choose(mixed || !this.store.inWindow(label) ? null : [label - from, 0]);
    this.root.dataset.step = this.store.shown;
    this.root.dataset.from = String(from);
    return null;
  }

  /**
   * Another class was chosen elsewhere: its page.
   * @type {(label: number) => void}
   */
  follow(label) {
    this.seen = label;
    const { count } = this.store.window;
    this.moved(Math.floor(label / count) * count);
  }

  settled() {
    this.refresh();
  }
  other() {
    this.refresh();
  }

  refresh() {
    const { store } = this;
    const make = () => {
      const labels = store.classes ? store.windowed.map((k) => store.oneHot(k)) : [store.oneHot(0)];
      this.asking = store.window;
      const rows = store.others.flatMap((o) => labels.map((weights) => store.line(o.z, weights)));
      return { route: "images", params: { step: store.at }, body: store.body(rows) };
    };
    store.asker.ask("matrix", 4, make, ({ parts }) => {
      if (store.classes && this.asking !== store.window) return;
      this.rest.show(parts[0], store.shape, store.classes ? store.window.count : this.columns());
      this.fit();
    });
  }

  /** @type {(column: number, row: number) => void} */
  take(column, row) {
    const { store } = this;
    if (!store.classes) return store.swap(row * this.columns() + column);
    const label = this.label(column);
    Object.assign(store, { label, weights: store.oneHot(label), mixed: false });
    store.swap(row);
  }

  fit() {
    const width = this.root.clientWidth - 11;
    if (width <= 0) return;
    const { store } = this;
    if (
      store.ready &&
      store.classes &&
      this.columns() !== store.window.count &&
      store.setWindow(this.columns())
    ) {
      this.name();
      store.change();
    }
    for (const well of [this.first, this.rest, this.reals]) well.fit(width);
    const scale = this.first.scale * this.first.tile[0];
    this.labels.style.gridTemplateColumns = `repeat(${store.window.count || 1}, ${scale}px)`;
  }
}

export default mounted((component) => new Matrix(component, "matrix"));
