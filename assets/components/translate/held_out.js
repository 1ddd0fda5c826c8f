// Held-out pictures with what becomes of them, the worst first; a click takes one as the input.
import { el, mounted, put } from "../shared/base.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { Panel, segments } from "./panel.js";
import { sizeOf } from "./pixels.js";
import { t } from "../shared/words.js";
/** @import { Answer, Shape } from "../shared/types" */

const ORDERS = [
  ["worst", t("Worst")],
  ["best", t("Best")],
  ["random", t("Random")],
];
const COUNT = 9;
const SMALL = 60; // CSS pixels of a picture, about

class HeldOut extends Panel {
  build() {
    this.order = "worst";
    this.aid = el("span", { class: "cap" });
    this.orders = segments(t("Order"), ORDERS, (order) => this.sort(order));
    this.rows = el("ol", { class: "rows" });
    this.under = el("p", { class: "cap" });
    this.root.append(
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Held-out pictures")),
        this.aid,
        el("span", { class: "right" }, this.orders),
      ),
      this.rows,
      this.under,
    );
    this.orders.press(this.order);
  }

  forget() {
    this.rows.replaceChildren();
    put(this.under, "");
    /** @type {string} */
    this.key = ""; // what was asked for last
  }

  /** @type {(order: string) => void} */
  sort(order) {
    this.order = order;
    this.orders.press(order);
    this.seed = Math.floor(Math.random() * 1e6);
    this.key = "";
    this.settled();
  }

  settled() {
    const { store } = this;
    /** @type {string} */
    const key = [store.towards, store.at, this.order].join();
    if (!store.ready || key === this.key) return;
    if (!store.facts.data)
      return put(
        this.under,
        t("The data are not on this machine, so nothing is compared: {dataset}.", {
          dataset: store.facts.dataset,
        }),
      );
    this.key = key;
    const make = () => ({
      route: "ranked",
      params: {
        towards: store.towards,
        step: store.at,
        order: this.order,
        count: COUNT,
        seed: this.seed ?? 0,
      },
    });
    return store.asker.ask(
      "ranked",
      8,
      make,
      (answer) => this.show(answer),
      (error) => {
        put(this.under, error.message);
        this.key = "";
      },
    );
  }

  /** @type {(answer: Answer) => void} */
  show({ header, parts }) {
    const { store } = this;
    if (header.towards !== store.towards) return; // another direction by now
    if (header.truth) store.rank({ step: header.step, towards: header.towards, l1: header.all });
    const [inputs, made, truths] = parts;
    const [inShape, outShape] = [header.parts[0][2].slice(1), header.parts[1][2].slice(1)];
    /** @type {(pixels: Uint8Array, shape: Shape, i: number) => Uint8Array} */
    const cut = (pixels, shape, i) => pixels.subarray(i * sizeOf(shape), (i + 1) * sizeOf(shape));
    put(
      this.aid,
      { worst: t("worst first"), best: t("best first"), random: t("by chance") }[this.order],
    );
    const words = header.truth
      ? [t("input"), t("output"), store.facts.kind === "pairs" ? t("target") : t("truth")]
      : [t("input"), t("output")];
    this.rows.replaceChildren(
      ...header.indices.map((/** @type {number} */ index, /** @type {number} */ i) => {
        const tiles = [
          this.tile(cut(inputs, inShape, i), inShape, "real"),
          this.tile(cut(made, outShape, i), outShape, "fake"),
        ];
        if (truths) tiles.push(this.tile(cut(truths, outShape, i), outShape, "real"));
        const name = `${header.names[i] ? `${header.names[i]}, ` : ""}L1 ${header.l1[i].toFixed(3)}`;
        return el(
          "li",
          {},
          el(
            "button",
            {
              type: "button",
              class: "row",
              "aria-label": t("Take held-out picture {index} as the input: {name}", {
                index: index + 1,
                name,
              }),
              onclick: () => store.take(index),
            },
            el(
              "span",
              { class: "tiles3" },
              ...tiles.map((tile, k) =>
                el("span", { class: "one" }, el("span", { class: "cap" }, words[k]), tile),
              ),
            ),
            el("span", { class: "cap" }, header.l1[i].toFixed(3)),
          ),
        );
      }),
    );
    put(
      this.under,
      header.truth
        ? t("L1 below each. A click takes its input to the left.")
        : t(
            "How much was changed (L1) below each; two sides have no truth. A click takes its input to the left.",
          ),
    );
    this.root.dataset.rows = header.indices.length;
  }

  /** @type {(pixels: Uint8Array, shape: Shape, kind: string) => HTMLElement} */
  tile(pixels, shape, kind) {
    const canvas = el("canvas");
    paint(canvas, pixels, shape);
    const scale = scaleFor(Math.max(shape[0], shape[1]), SMALL, 2);
    [canvas.style.width, canvas.style.height] = [shape[1], shape[0]].map((n) => `${n * scale}px`);
    return el("span", { class: `framed ${kind}` }, canvas);
  }
}

export default mounted((component) => new HeldOut(component, "held_out"));
