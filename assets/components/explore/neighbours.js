// The real images nearest to the current one, and whether it is a copy of one of them.
import { el, lineKey, mounted, put, whole } from "../shared/base.js";
import { Panel } from "./panel.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { term } from "../shared/glossary.js";
import { t } from "../shared/words.js";
/** @import { Answer } from "../shared/types" */

const LATER = 1500; // ms until the judge is asked again how far it is

class Neighbours extends Panel {
  build() {
    this.aid = el("span", { class: "cap" });
    this.word = el("b");
    this.rest = el("span", { class: "muted" });
    this.tiles = el("ol", { class: "tiles" });
    this.key = el(
      "p",
      { class: "cap keys" },
      el("span", {}, lineKey("fake", true), t(" this image")),
      el("span", {}, lineKey("real", false), t(" real")),
    );
    this.features = el("ol", { class: "tiles" });
    this.pending = el("p", { class: "cap" });
    this.body = el(
      "div",
      {},
      el("h3", {}, t("By pixels, mean squared error")),
      this.tiles,
      el("h3", {}, t("By features of the "), term("judge", t("judge")), t(", cosine")),
      this.features,
      this.pending,
      this.key,
    );
    this.root.append(
      el("div", { class: "head" }, el("h2", {}, t("Nearest real images")), this.aid),
      el("p", { "aria-live": "polite" }, this.word, " ", this.rest),
      this.body,
    );
    this.wait();
  }

  forget() {
    clearTimeout(this.again);
    this.wait();
  }

  /** @type {(words?: string) => void} */
  wait(words = t("They are looked for as soon as the image is made.")) {
    this.body.hidden = true;
    put(this.word, "");
    put(this.rest, words);
  }
  stop() {
    clearTimeout(this.again);
  }

  settled() {
    const { store } = this;
    clearTimeout(this.again);
    if (!store.facts.data)
      return this.wait(
        store.facts.dataset
          ? t(
              "{dataset} is not on this machine, so nothing is compared. A known set comes with the first training on it.",
              { dataset: store.facts.dataset },
            )
          : t("What this generator learned from is not known, so nothing is compared."),
      );
    if (this.body.hidden) this.wait(t("Looking through the training images."));
    const make = () => ({ route: "neighbours", params: { step: store.at }, body: store.line() });
    return store.asker.ask(
      "neighbours",
      9,
      make,
      (answer) => this.show(answer),
      (error) => this.wait(error.message),
    );
  }

  /** @type {(answer: Answer) => void} */
  show({ header, parts }) {
    const { copy, percentile, distances, labels, dataset, count } = header;
    put(this.aid, t("among {count} of {dataset}", { count: whole(count), dataset }));
    put(this.word, copy ? t("Nearly a copy.") : t("Not a copy."));
    put(
      this.rest,
      copy
        ? t(
            "Its nearest real image is {ratio} times nearer than the next ones; held-out real images hardly ever are.",
            { ratio: (1 / Math.max(header.ratio, 1e-3)).toFixed(0) },
          )
        : t(
            "Its nearest real image is farther away than for {percentile} % of held-out real images.",
            { percentile: Math.round(100 * percentile) },
          ),
    );
    this.fill(this.tiles, parts[0], distances, labels);
    put(this.pending, header.features ?? "");
    this.features.hidden = !header.cosines;
    if (header.cosines) this.fill(this.features, parts[1], header.cosines, header.feature_labels);
    else if (header.features?.includes("so far"))
      this.again = setTimeout(() => this.settled(), LATER);
    this.root.dataset.features = String(Boolean(header.cosines));
    this.body.hidden = false;
    this.root.dataset.copy = copy;
    this.fit();
  }

  /**
   * This image and its nearest, each with its measure.
   * @type {(list: HTMLElement, pixels: Uint8Array, values: number[], labels: number[]) => void}
   */
  fill(list, pixels, values, labels) {
    const { shape, current, facts } = this.store;
    const size = shape.reduce((a, b) => a * b, 1);
    /** @type {(image: Uint8Array, words: string, kind: string, text: string) => HTMLElement} */
    const tile = (image, words, kind, text) => {
      const canvas = el("canvas", { role: "img", "aria-label": words });
      paint(canvas, image, shape);
      return el("li", { class: kind }, canvas, el("span", {}, text));
    };
    /** @type {(k: number) => string} */
    const of = (k) =>
      labels.length
        ? t(" of class {class_names}", { class_names: facts.class_names[labels[k]] ?? labels[k] })
        : "";
    list.replaceChildren(
      tile(current, t("this image"), "this", t("this")),
      ...values.map((v, i) =>
        tile(
          pixels.subarray(i * size, (i + 1) * size),
          t("{v}, real image{of}", { v: v.toFixed(3), of: of(i) }),
          "real",
          v.toFixed(3),
        ),
      ),
    );
  }

  fit() {
    const canvases = [...this.body.querySelectorAll("canvas")];
    if (!canvases.length) return;
    const scale = scaleFor(canvases[0].width, 56, 2);
    for (const canvas of canvases) {
      canvas.style.width = `${canvas.width * scale}px`;
      canvas.style.height = `${canvas.height * scale}px`;
    }
  }
}

export default mounted((component) => new Neighbours(component, "neighbours"));
