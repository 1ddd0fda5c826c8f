// Inputs that are kept with the run: one press keeps the present one, a small picture brings it back.
import { button, el, icon, whole } from "../shared/base.js";
import { paint } from "../shared/pixels.js";
import { toText } from "./pixels.js";
import { t } from "../shared/words.js";
/** @import { Panel } from "./panel.js" */
/** @import { KeptInput, Way } from "./types" */

export class Kept {
  /** @param {Panel} panel */
  constructor(panel) {
    this.panel = panel;
    this.button = button(
      t("Keep"),
      () => this.keep(),
      { class: "btn changes", title: t("Keep this input, its step and direction with the run") },
      icon("star"),
    );
    this.list = el("ol", { class: "kept", "aria-label": t("Kept inputs") });
  }

  get store() {
    return this.panel.store;
  }

  /** A held-out picture is its number; what a hand made goes as it is. */
  keep() {
    const { store } = this;
    if (!store.input) return;
    /** @type {Record<string, unknown>} */
    const add = { towards: store.towards, step: store.shown };
    if (store.origin) add.held = store.index;
    if (store.edits || !store.origin) {
      const [h, w] = store.size;
      Object.assign(add, { pixels: toText(store.input, Infinity), h, w });
    }
    store.keep({ add });
  }

  facts() {
    this.button.hidden = this.list.hidden = this.store.facts.what !== "run";
  }

  show() {
    const { inputs } = this.store.notes;
    this.list.replaceChildren(
      ...inputs.map((item, i) => {
        const way = this.store.facts.ways.find(
          (/** @type {Way} */ w) => w.towards === item.towards,
        );
        const words = t("{held}, step {step}{way}", {
          held:
            item.held === null
              ? t("drawing")
              : t("held-out {held}{png}", {
                  held: whole(item.held + 1),
                  png: item.png ? t(", changed") : "",
                }),
          step: whole(item.step ?? 0),
          way: way ? `, ${way.from} → ${way.to}` : "",
        });
        const go = button(
          "",
          () => this.go(item),
          {
            class: "go",
            title: words,
            "aria-label": t("Take kept input {i}: {words}", { i: i + 1, words }),
          },
          this.face(item),
        );
        return el(
          "li",
          {},
          go,
          button("×", () => this.store.keep({ remove: i }), {
            class: "btn square changes",
            "aria-label": t("Remove kept input {i}", { i: i + 1 }),
          }),
        );
      }),
    );
    this.panel.root.dataset.kept = String(inputs.length);
  }

  /** @type {(item: KeptInput) => HTMLElement} */
  face(item) {
    if (item.png) return el("img", { src: dataUrl(item.png), alt: "" });
    const canvas = el("canvas", { width: 28, height: 28, "aria-hidden": "true" });
    this.store.ask("held_out", { towards: item.towards, index: item.held }).then(
      ({ header, parts }) => paint(canvas, parts[0], header.parts[0][2]),
      () => {},
    ); // the data are not here
    return canvas;
  }

  /** @type {(item: KeptInput) => void} */
  go(item) {
    this.store
      .show({ ...item, png: item.png ? standard(item.png) : null })
      .catch(() => this.store.problem(t("This input cannot be read."), { stays: true }));
  }
}

/**
 * URL-safe base64 as base64.
 * @type {(text: string) => string}
 */
const standard = (text) => text.replace(/-/g, "+").replace(/_/g, "/");
/** @type {(text: string) => string} */
const dataUrl = (text) => `data:image/png;base64,${standard(text)}`;
