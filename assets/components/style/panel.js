// A part of Style: all parts of the page share one store.
import { el } from "../shared/base.js";
import { Panel as Part } from "../shared/panel.js";
import { storeOf } from "./store.js";
/** @import { Slider } from "./types" */

export { segments } from "../shared/panel.js";

/** @extends {Part<ReturnType<typeof storeOf>>} */
export class Panel extends Part {
  openStore() {
    return storeOf(this.data);
  }
}

/**
 * A slider with its name and value; `moved(value, dragging)`.
 * @type {(label: string, of: { min?: number, max?: number, step?: number, words?: (value: number) => string }, moved: (value: number, dragging: boolean) => void) => Slider}
 */
export function slider(
  label,
  { min = 0, max = 1, step = 0.01, words = (/** @type {number} */ v) => v.toFixed(2) },
  moved,
) {
  const value = el("output", { class: "right" });
  const input = el("input", { type: "range", min, max, step, "aria-label": label });
  /** @type {(dragging: boolean) => void} */
  const tell = (dragging) => {
    value.textContent = words(Number(input.value));
    moved(Number(input.value), dragging);
  };
  input.addEventListener("input", () => tell(true));
  input.addEventListener("change", () => tell(false));
  const node = el(
    "div",
    { class: "slide" },
    el("div", { class: "line" }, el("span", {}, label), value),
    input,
  );
  /** @type {(v: number) => void} */
  const show = (v) => {
    if (Number(input.value) !== v || !value.textContent) {
      input.value = String(v);
      value.textContent = words(v);
    }
  };
  return Object.assign(node, { show, input });
}
