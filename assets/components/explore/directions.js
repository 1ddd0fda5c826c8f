// The directions that change the image most: SeFa in closed form, or the Jacobian at this very z.
import { button, el, mounted, put } from "../shared/base.js";
import { segments } from "./panel.js";
import { decode, encode } from "../shared/link.js";
import { explain, term } from "../shared/glossary.js";
import { Strips } from "./strips.js";
import { t } from "../shared/words.js";
/** @import { Direction, Found } from "./types" */

const SHOWN = 16; // saved ones at once
/** @type {Record<string, string>} */
const NOTES = {
  sefa: t(
    "Read off the first layer, in closed form. Every strip shows where the slider leads from here.",
  ),
  sefa_of_class: t(
    "Read off the first layer for this class, in closed form. Every strip shows where the slider leads from here.",
  ),
  local: t("What changes this very image most, from its Jacobian. Computed at the z of this seed."),
  saved: t(
    "Directions that were named; they stay with the run and apply to any of its checkpoints.",
  ),
};

/**
 * Where directions of this kind come from, of a generator with so many classes.
 * @type {(kind: string, classes: number) => string}
 */
export const noteOf = (kind, classes) => NOTES[kind === "sefa" && classes ? "sefa_of_class" : kind];

class Directions extends Strips {
  count = 5;
  most = 2;
  digits = 1;
  channel = "directions-strips";
  rank = 5;

  header() {
    this.kind = "sefa";
    this.kinds = segments(
      t("Kind of directions"),
      [
        ["sefa", "SeFa"],
        ["local", t("Local")],
        ["saved", t("Saved")],
      ],
      (kind) => this.choose(kind),
    );
    this.kinds.press("sefa");
    for (const node of this.kinds.children)
      if (node.dataset.value !== "saved") explain(node, node.dataset.value);
    const reset = button(t("Reset"), () => this.store.reset(), {
      title: t("Back to the z of this seed"),
    });
    this.aid = el(
      "span",
      { class: "cap" },
      t("strongest first, \u22123 "),
      term("sigma", "\u03c3"),
      t(" to +3 \u03c3"),
    );
    return el(
      "div",
      { class: "head" },
      el("h2", {}, term("direction", t("Directions"))),
      this.aid,
      el("span", { class: "right tools" }, this.kinds, reset),
    );
  }

  footer() {
    this.note = el("p", { class: "cap" });
    return [this.note];
  }

  /** @type {(kind: string) => void} */
  choose(kind) {
    this.kind = kind;
    this.kinds.press(kind);
    this.settled();
  }

  /** New directions only where they have a reason to differ; sliders in use stay where they are. */
  settled() {
    const { run, at, label, mixed, seed, weights, raw } = this.store;
    const key = [run, at, raw, this.kind, mixed ? weights.join() : label, seed].join(" ");
    put(this.note, noteOf(this.kind, this.store.classes));
    if (key === this.key) return this.refresh();
    this.key = key;
    const kind = this.kind;
    if (kind === "saved") return this.showSaved(key);
    const make = () =>
      key === this.key
        ? { route: "directions", params: { step: this.store.at, kind }, body: this.store.line() }
        : null;
    /** @type {(error: Error) => void} */
    const failed = (error) => {
      this.key = null;
      this.list = [];
      this.items([]);
      put(this.note, error.message);
    };
    return this.store.asker.ask("directions", 3, make, ({ parts }) => this.arrived(parts), failed);
  }

  notes() {
    this.root.dataset.saved = String(this.store.notes.directions.length);
    if (this.kind !== "saved") return;
    this.key = null;
    this.settled();
  }

  /**
   * Those whose z has the right length, with their effect here.
   * @type {(key: string) => void}
   */
  showSaved(key) {
    const { store } = this;
    const found = store.notes.directions
      .map((/** @type {any} */ d, /** @type {number} */ place) => ({
        ...d,
        place,
        direction: decode(d.z ?? ""),
      }))
      .filter((d) => d.direction?.length === store.z.length)
      .slice(0, SHOWN);
    if (!found.length) {
      this.items([]);
      return put(this.note, t("None yet. Press name beside a direction to keep it with the run."));
    }
    const none = new Float32Array(store.classes);
    /** @type {(of: { direction: Float32Array }) => Float32Array} */
    const row = (d) => {
      const out = new Float32Array(d.direction.length + store.classes);
      out.set(d.direction);
      out.set(none, d.direction.length);
      return out;
    };
    const make = () =>
      key === this.key
        ? {
            route: "strengths",
            params: { step: store.at },
            body: store.body([store.line(), ...found.map(row)]),
          }
        : null;
    return store.asker.ask(
      "directions",
      3,
      make,
      ({ parts }) =>
        this.take(
          found.map((d, i) => ({
            name: d.name,
            direction: d.direction,
            effect: parts[0][i],
            rename: (name) => store.keep({ what: "directions", rename: [d.place, name] }),
            drop: () => store.keep({ what: "directions", remove: d.place }),
          })),
        ),
      () => {
        this.key = null;
      },
    );
  }

  /** @type {(parts: Float32Array[]) => void} */
  arrived([flat, effects]) {
    const size = this.store.z.length;
    const { store, kind } = this;
    this.take(
      [...effects].map((effect, i) => {
        const direction = flat.slice(i * size, (i + 1) * size);
        /** @type {(name: string) => object} */
        const add = (name) => ({
          name,
          z: encode(direction),
          kind,
          label: store.label,
          step: store.shown,
        });
        return {
          name: t("Direction {i}", { i: i + 1 }),
          direction,
          effect,
          rename: (name) => store.keep({ what: "directions", add: add(name) }),
        };
      }),
    );
  }

  /** @type {(found: Found[]) => void} */
  take(found) {
    const { sigma } = this.store;
    const list = found.map(
      (item) => /** @type {Direction} */ ({ index: null, limit: 3 * sigma, unit: sigma, ...item }),
    );
    this.items(list);
    if (list.length < 2) return; // a map needs two
    this.store.axes = list;
    this.store.tell("axes");
  }
}

export default mounted((component) => new Directions(component, "directions"));
