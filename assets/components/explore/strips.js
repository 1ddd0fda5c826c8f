// Eight strip sliders along directions of the latent space; what directions, a subclass says.
import { el } from "../shared/base.js";
import { Panel } from "./panel.js";
import { Strip } from "../shared/strip.js";
/** @import { Direction } from "./types" */

export class Strips extends Panel {
  count = 0; // images of a strip
  most = 1; // device pixels a pixel, at most
  digits = 2;
  channel = "";
  rank = 0;

  build() {
    /** @type {Strip[]} */
    this.strips = [];
    this.sheet = el("div", { class: "strips" });
    this.root.append(this.header(), this.sheet, ...this.footer());
  }

  /** @returns {HTMLElement} */
  header() {
    return null;
  }

  /** @returns {HTMLElement[]} */
  footer() {
    return [];
  }

  forget() {
    /** @type {Strip[]} */
    this.strips = [];
    this.sheet.replaceChildren();
    this.key = null;
  }

  /**
   * Draw anew: items are {name, direction, limit, unit, effect, index or null}.
   * @type {(list: Direction[]) => void}
   */
  items(list) {
    this.list = list;
    this.strips = list.map(
      (item) =>
        new Strip({
          name: item.name,
          count: this.count,
          most: this.most,
          limit: item.limit,
          unit: item.unit,
          digits: this.digits,
          value: () => this.store.along(item.direction),
          move: (value, dragging) => this.store.moveTo(item.direction, value, { dragging }),
          lock: item.index === null ? null : (on) => this.store.lock(item.index, on),
          ...(this.data.viewer ? {} : { rename: item.rename, drop: item.drop }),
        }),
    );
    this.sheet.replaceChildren(...this.strips.map((s) => s.node));
    this.images();
    this.refresh();
  }

  images() {
    const { current, shape, locks } = this.store;
    if (!current) return;
    const most = Math.max(...(this.list ?? []).map((i) => i.effect), 1e-9);
    this.strips.forEach((strip, i) => {
      const { index, effect } = this.list[i];
      strip.here(current, shape, {
        locked: index !== null && locks.has(index),
        effect: effect / most,
      });
    });
    this.root.dataset.step = this.store.shown;
  }

  locked() {
    this.images();
  }

  /** Fill the tracks: all strips in one request. */
  refresh() {
    const { store, strips, list } = this;
    if (!strips.length) return;
    const make = () => {
      if (strips !== this.strips) return null;
      const rows = strips.flatMap((strip, i) => {
        const here = store.along(list[i].direction);
        return strip
          .values()
          .map((v) =>
            store.line(store.z.map((z, k) => this.inside(z + (v - here) * list[i].direction[k]))),
          );
      });
      return { route: "images", params: { step: store.at }, body: store.body(rows) };
    };
    store.asker.ask(this.channel, this.rank, make, ({ parts }) => {
      if (strips !== this.strips) return;
      const size = parts[0].length / strips.length;
      strips.forEach((strip, i) =>
        strip.show(parts[0].subarray(i * size, (i + 1) * size), store.shape),
      );
      this.root.dataset.filled = String(Number(this.root.dataset.filled ?? 0) + 1);
      this.fit();
    });
  }

  /** @type {(v: number) => number} */
  inside(v) {
    return this.store.about.prior === "uniform" ? Math.min(1, Math.max(-1, v)) : v;
  }

  fit() {
    const width = this.root.clientWidth;
    if (width <= 0 || !this.strips.length || !this.store.about) return;
    const tile = this.store.shape[1];
    const two = width >= 2 * tile * this.count * this.most + 10;
    this.sheet.classList.toggle("two", two);
    const each = two ? (width - 10) / 2 : width;
    for (const strip of this.strips) strip.fit(each);
  }
}
