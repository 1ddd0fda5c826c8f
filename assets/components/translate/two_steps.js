// A left, B right of a line: what two checkpoints make of the same input.
import { el, put, whole } from "../shared/base.js";
import { paint } from "../shared/pixels.js";
import { Wipe } from "../shared/wipe.js";
import { sizeOf } from "./pixels.js";
import { t } from "../shared/words.js";
/** @import { Panel } from "./panel.js" */
/** @import { Answer, Shape } from "../shared/types" */

const LARGE = 224; // CSS pixels at most

/**
 * The chosen ones of two steps that are there; where one is not: one of the first, and the newest.
 * @type {(chosen: (number | null)[], steps: number[]) => (number | null)[]}
 */
export function kept(chosen, steps) {
  const usual = [steps[Math.floor(steps.length / 4)], steps.at(-1)];
  return usual.map((step, i) => (steps.includes(chosen[i]) ? chosen[i] : step));
}

export class TwoSteps {
  /**
   * `panel` has the store and the root, where `data-wipes` counts the drawings.
   * @param {Panel} panel
   */
  constructor(panel) {
    this.panel = panel;
    this.picks = ["A", "B"].map((name) =>
      el("select", { "aria-label": t("Step {name}", { name }), onchange: () => this.pull() }),
    );
    this.wipe = new Wipe({
      drawn: () => {
        panel.root.dataset.wipes = String(Number(panel.root.dataset.wipes ?? 0) + 1);
      },
    });
    this.canvases = this.picks.map(() => el("canvas"));
    this.words = el("p", { class: "cap", "aria-live": "polite" });
    this.node = el(
      "div",
      { class: "wipe" },
      this.wipe.node,
      el(
        "div",
        { class: "sides" },
        ...this.picks.map((pick, i) =>
          el("div", { class: "line" }, el("b", {}, "AB"[i]), t("step"), pick),
        ),
        el(
          "p",
          { class: "cap" },
          t("The same input from two checkpoints. Drag the line, or move it with the arrow keys."),
        ),
        this.words,
      ),
    );
    this.forget();
  }

  forget() {
    /** @type {number[]} */
    this.steps = [];
    /** @type {{ input: Uint8Array, shape: Shape, chosen: number[] }} */
    this.asked = null;
  }

  get chosen() {
    return this.picks.map((pick) => (pick.value === "" ? null : Number(pick.value)));
  }

  /**
   * The steps there are now; what was chosen stays.
   * @type {(steps: number[]) => void}
   */
  know(steps) {
    const chosen = kept(this.steps.length ? this.chosen : [null, null], steps);
    this.steps = steps;
    this.picks.forEach((pick, i) => {
      pick.replaceChildren(...steps.map((step) => el("option", { value: step }, whole(step))));
      pick.value = String(chosen[i]);
    });
    if (!this.node.hidden) this.pull();
  }

  pull() {
    const make = () => {
      const { store } = this.panel;
      if (!store.input || !this.steps.length) return null;
      const [h, w] = store.size;
      this.asked = { input: store.input, shape: store.madeShape, chosen: this.chosen };
      const steps = [...new Set(this.chosen)].join(",");
      return {
        route: "timeline",
        params: { towards: store.towards, h, w, steps },
        body: store.input,
      };
    };
    this.panel.store?.asker.ask(
      "wipe",
      6,
      make,
      (answer) => this.came(answer),
      (error) => put(this.words, error.message),
    );
  }

  /** @type {(answer: Answer) => void} */
  came({ header, parts }) {
    if (!this.asked) return;
    const { input, shape, chosen } = this.asked;
    if (input !== this.panel.store.input || chosen.join() !== this.chosen.join()) return;
    const size = sizeOf(shape);
    const missing = chosen.filter((step) => !header.steps.includes(step));
    put(
      this.words,
      missing.length
        ? t("Step {missing} is not there any more.", {
            missing: missing.map(whole).join(t(" and ")),
          })
        : "",
    );
    if (missing.length) return;
    chosen.forEach((step, i) => {
      const at = header.steps.indexOf(step);
      paint(this.canvases[i], parts[0].subarray(at * size, (at + 1) * size), shape);
    });
    this.wipe.fit(Math.min(LARGE, this.panel.root.clientWidth || LARGE), 12);
    this.wipe.show(this.canvases[0], this.canvases[1]);
  }
}
