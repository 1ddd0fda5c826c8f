// The real images nearest to the current one, and whether it is a copy of one of them.
import { el, lineKey, mounted, put, whole } from "./base.js";
import { Panel } from "./explore_panel.js";
import { paint, scaleFor } from "./explore_pixels.js";

class Neighbours extends Panel {
  build() {
    this.aid = el("span", { class: "cap" });
    this.word = el("b");
    this.rest = el("span", { class: "muted" });
    this.tiles = el("ol", { class: "tiles" });
    this.key = el("p", { class: "cap keys" }, el("span", {}, lineKey("fake", true), " this image"), el("span", {}, lineKey("real", false), " real"));
    this.body = el("div", {}, el("h3", {}, "By pixels, mean squared error"), this.tiles, this.key);
    this.root.append(el("div", { class: "head" }, el("h2", {}, "Nearest real images"), this.aid), el("p", { "aria-live": "polite" }, this.word, " ", this.rest), this.body);
    this.body.hidden = true;
  }

  forget() { this.body.hidden = true; }

  settled() {
    const { store } = this;
    const make = () => ({ route: "neighbours", params: { step: store.at }, body: store.line() });
    store.asker.ask("neighbours", 9, make, (answer) => this.show(answer), (error) => {
      this.body.hidden = true;
      put(this.word, "");
      put(this.rest, error.message);
    });
  }

  show({ header, parts }) {
    const { copy, percentile, distances, labels, dataset, count } = header;
    put(this.aid, `among ${whole(count)} of ${dataset}`);
    put(this.word, copy ? "Nearly a copy." : "Not a copy.");
    put(this.rest, copy
      ? `Its nearest real image is ${(1 / Math.max(header.ratio, 1e-3)).toFixed(0)} times nearer than the next ones; held-out real images hardly ever are.`
      : `Its nearest real image is farther away than for ${Math.round(100 * percentile)} % of held-out real images.`);
    const { shape, current, facts } = this.store;
    const size = shape.reduce((a, b) => a * b, 1);
    const tile = (pixels, words, kind) => {
      const canvas = el("canvas", { role: "img", "aria-label": words });
      paint(canvas, pixels, shape);
      return el("li", { class: kind }, canvas, el("span", {}, kind === "this" ? "this" : words.split(",")[0]));
    };
    const name = (k) => facts.class_names[k] ?? k;
    this.tiles.replaceChildren(tile(current, "this image", "this"), ...distances.map((d, i) =>
      tile(parts[0].subarray(i * size, (i + 1) * size), `${d.toFixed(3)}, real image${labels.length ? ` of class ${name(labels[i])}` : ""}`, "real")));
    this.body.hidden = false;
    this.root.dataset.copy = copy;
    this.fit();
  }

  fit() {
    const canvases = [...this.tiles.querySelectorAll("canvas")];
    if (!canvases.length) return;
    const scale = scaleFor(canvases[0].width, 56, 2);
    for (const canvas of canvases) {
      canvas.style.width = `${canvas.width * scale}px`;
      canvas.style.height = `${canvas.height * scale}px`;
    }
  }
}

export default mounted((component) => new Neighbours(component, "neighbours"));
