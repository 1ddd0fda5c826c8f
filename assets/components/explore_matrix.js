// The same z in every class, other z below it, and real images: a column is a class.
import { el, lineKey, mounted, put } from "./base.js";
import { call } from "./explore_ask.js";
import { Panel } from "./explore_panel.js";
import { Well } from "./explore_pixels.js";

const COLUMNS = 10; // without classes

class Matrix extends Panel {
  build() {
    this.title = el("h2", {}, "Every class, seven z");
    this.aid = el("span", { class: "cap" });
    this.labels = el("div", { class: "labels", "aria-hidden": "true" });
    this.first = new Well({ label: "This z in every class", name: (c) => `class ${this.names[c] ?? c}`, go: (c) => this.store.setLabel(c) });
    this.rest = new Well({ label: "Six other z in every class", name: (c, r) => this.say(c, r), go: (c, r) => this.take(c, r) });
    this.reals = new Well({ label: "Real images", name: (c) => `class ${this.names[c] ?? c}`, go: () => this.real() });
    this.other = el("p", { class: "cap under" }, "six other z");
    this.key = el("p", { class: "cap under" }, lineKey("real", false), " ", (this.what = el("span")));
    this.firstBar = el("div", { class: "bar fake" }, this.first.node);
    this.realBar = el("div", { class: "bar real" }, this.reals.node);
    this.sheet = el("div", { class: "sheet" }, this.labels, this.firstBar, this.other,
      el("div", { class: "bar fake" }, this.rest.node), this.key, this.realBar);
    this.root.append(el("div", { class: "head" }, this.title, this.aid), this.sheet);
    this.names = [];
    this.draws = 0;
  }

  forget() { this.asked = null; }

  about() {
    const { classes, facts } = this.store;
    this.names = facts.class_names.slice(0, classes);
    put(this.title, classes ? "Every class, seven z" : "Other z");
    put(this.aid, classes ? "First row: this z. A column is a class. Click a cell to go there." : "Click an image to go there.");
    this.firstBar.hidden = this.other.hidden = this.labels.hidden = !classes;
    put(this.what, classes ? "Real images of the same classes. Click for others." : "Real images. Click for others.");
    this.name();
    if (this.asked !== this.store.run) this.real();
  }

  name() {
    this.labels.replaceChildren(...this.names.map((name) => el("span", { title: name }, name)));
  }

  async real() {
    this.asked = this.store.run;
    try {
      const { parts } = await call(this.store.run, "reals", { seed: this.draws++ });
      const columns = this.store.classes || COLUMNS;
      this.reals.show(parts[0], this.store.shape, columns);
      this.realBar.hidden = this.key.hidden = false;
      this.fit();
    } catch {
      this.realBar.hidden = this.key.hidden = true; // the data set is not on this machine
    }
  }

  say(column, row) {
    return this.store.classes ? `class ${this.names[column]}, z ${row + 2} of 7` : `z ${row * COLUMNS + column + 1}`;
  }

  images() {
    const { classes, row, shape, label, mixed } = this.store;
    if (!classes) return;
    this.first.show(row, shape, classes);
    this.first.choose(mixed ? null : [label, 0]);
    this.root.dataset.step = this.store.shown;
  }

  settled() { this.refresh(); }
  other() { this.refresh(); }

  refresh() {
    const { store } = this;
    const make = () => {
      const labels = Array.from({ length: store.classes || 1 }, (_, k) => store.oneHot(k));
      const rows = store.others.flatMap((o) => labels.map((weights) => store.line(o.z, weights)));
      return { route: "images", params: { step: store.at }, body: store.body(rows) };
    };
    store.asker.ask("matrix", 4, make, ({ parts }) => {
      this.rest.show(parts[0], store.shape, store.classes || COLUMNS);
      this.fit();
    });
  }

  take(column, row) {
    const { store } = this;
    if (!store.classes) return store.swap(row * COLUMNS + column);
    Object.assign(store, { label: column, weights: store.oneHot(column), mixed: false });
    store.swap(row);
  }

  fit() {
    const width = this.root.clientWidth - 11;
    if (width <= 0) return;
    for (const well of [this.first, this.rest, this.reals]) well.fit(width);
    const scale = this.rest.scale * this.rest.tile[0];
    this.labels.style.gridTemplateColumns = `repeat(${this.names.length || 1}, ${scale}px)`;
  }
}

export default mounted((component) => new Matrix(component, "matrix"));
