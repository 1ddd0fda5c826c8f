// How good it is: the truth and the error where somebody knows it, and what D says, patch by patch.
import { el, mounted, put } from "../shared/base.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { Panel } from "./panel.js";
import { errorMap, opinionMap } from "./pixels.js";
import { t, tn } from "../shared/words.js";
/** @import { Answer, Failure } from "../shared/types" */

const [SMALL, WIDE] = [112, 196]; // CSS pixels of the pictures

/** @type {(kind: string, words: string) => HTMLElement} */
const swatch = (kind, words) =>
  el("span", { class: "cap" }, el("i", { class: `swatch ${kind}` }), words);

class Good extends Panel {
  build() {
    /** @type {(label: string) => HTMLCanvasElement} */
    const picture = (label) =>
      el("canvas", { role: "img", "aria-label": label, width: 1, height: 1 });
    this.truth = picture(t("The truth"));
    this.error = picture(t("The error"));
    this.patches = picture(t("What D says, patch by patch"));
    this.l1 = el("span", { class: "big" });
    this.mean = el("span", { class: "big" });
    this.rank = el("p", { class: "cap" });
    this.edits = el("p", { class: "cap" });
    this.words = el("p", { class: "cap" });
    this.why = el("p", { class: "cap" });
    this.about = el("p", { class: "cap" });
    this.known = el(
      "div",
      { class: "pair" },
      el("div", { class: "well" }, this.truth),
      el("div", { class: "well" }, this.error),
      el(
        "div",
        { class: "said-of" },
        el("span", {}, this.l1, el("span", { class: "cap" }, " L1")),
        this.rank,
        this.edits,
        swatch("fake", t("too bright")),
        swatch("", t("missing")),
      ),
    );
    this.judged = el(
      "div",
      { class: "pair" },
      el("div", { class: "well" }, this.patches),
      el(
        "div",
        { class: "said-of" },
        el("span", {}, this.mean, (this.unit = el("span", { class: "cap" }))),
        this.words,
        swatch("", t("looks real")),
        swatch("fake", t("looks fake")),
      ),
    );
    this.root.append(
      el("div", { class: "head" }, el("h2", {}, t("How good"))),
      el("h3", {}, t("Truth and error")),
      this.why,
      this.known,
      el("h3", {}, t("What D thinks, patch by patch")),
      this.about,
      this.judged,
    );
    this.judged.hidden = this.known.hidden = true;
  }

  forget() {
    this.judged.hidden = this.known.hidden = true;
    for (const words of [this.why, this.about]) put(words, "");
  }

  output() {
    const { store } = this;
    const { known } = store;
    this.known.hidden = !known;
    put(
      this.why,
      known
        ? store.facts.kind === "pairs"
          ? t("The truth is known, because the input is a held-out picture.")
          : t("The truth is known only because the app made this set.")
        : store.origin && store.facts.kind === "sides"
          ? t("Two sides have no pairs: nobody knows what should have come out.")
          : t("Nobody knows what should have come out of this input."),
    );
    if (!known) return;
    paint(this.truth, store.truth, store.outShape);
    paint(this.error, errorMap(store.output, store.truth, store.outShape[2]), [...store.size, 3]);
    put(this.l1, store.l1.toFixed(3));
    this.ranks();
    put(
      this.edits,
      store.edits
        ? tn("You have changed {n} pixel since.", "You have changed {n} pixels since.", store.edits)
        : "",
    );
    this.root.dataset.l1 = String(store.l1);
    this.fit();
  }

  ranks() {
    const better = this.store.betterThan;
    put(
      this.rank,
      better === null
        ? ""
        : t("Better than {better} % of the held-out pictures.", {
            better: (100 * better).toFixed(0),
          }),
    );
  }

  settled() {
    const { store } = this;
    const make = () => {
      if (!store.output || !store.input) return null; // its turn is after the output's
      const both = new Uint8Array(store.input.length + store.output.length);
      both.set(store.input);
      both.set(store.output, store.input.length);
      const [h, w] = store.size;
      return {
        route: "patches",
        params: { towards: store.towards, step: store.shown, h, w },
        body: both,
      };
    };
    if (this.judged.hidden) put(this.about, t("D is being asked."));
    store.asker.ask(
      "patches",
      5,
      make,
      (answer) => this.judge(answer),
      (error) => this.silent(error),
    );
  }

  /** @type {(answer: Answer) => void} */
  judge({ header, parts }) {
    const { store } = this;
    if (!store.output) return; // another direction by now
    const [h, w] = header.parts[0][2];
    const [height, width] = store.size;
    paint(
      this.patches,
      opinionMap(parts[0], [h, w], width, height, store.output, store.outShape[2]),
      [height, width, 3],
    );
    let [sum, least, at] = [0, Infinity, 0];
    parts[0].forEach((/** @type {number} */ v, /** @type {number} */ i) => {
      sum += v;
      if (v < least) [least, at] = [v, i];
    });
    put(this.mean, (sum / parts[0].length).toFixed(2));
    put(this.unit, header.probability ? t(" mean D") : t(" mean score, 1 is real"));
    const [row, column] = [Math.floor(at / w) / h, (at % w) / w];
    const place = `${[t("top"), t("middle"), t("bottom")][Math.min(2, Math.floor(3 * row))]} ${[t("left"), t("centre"), t("right")][Math.min(2, Math.floor(3 * column))]}`;
    put(this.words, t("Weakest patch {least}, {place}.", { least: least.toFixed(2), place }));
    put(
      this.about,
      store.facts.kind === "pairs"
        ? t(
            "D sees input and output together and judges {n} patches, each with its surroundings.",
            { n: h * w },
          )
        : t("D judges {n} patches, each with its surroundings.", { n: h * w }),
    );
    this.judged.hidden = false;
    this.root.dataset.patches = parts[0].length;
    this.fit();
  }

  /** @type {(error: Failure) => void} */
  silent(error) {
    this.judged.hidden = true;
    put(this.about, error.message);
  }

  fit() {
    if (!this.store?.size) return;
    const [h, w] = this.store.size;
    const room = this.root.clientWidth || 400;
    /** @type {(canvas: HTMLCanvasElement, most: number) => void} */
    const size = (canvas, most) => {
      const scale = scaleFor(Math.max(h, w), Math.min(most, room / 2), 8);
      [canvas.style.width, canvas.style.height] = [w, h].map((n) => `${n * scale}px`);
    };
    size(this.truth, SMALL);
    size(this.error, SMALL);
    size(this.patches, WIDE);
  }
}

export default mounted((component) => new Good(component, "good"));
