// Views that a person keeps with the run: one press keeps the present one, a list leads back.
import { button, el, put, whole } from "../shared/base.js";
import { decode, encode } from "../shared/link.js";
import { paint } from "../shared/pixels.js";
import { t } from "../shared/words.js";
/** @import { Panel } from "./panel.js" */
/** @import { Favourite } from "./types" */

export class Favourites {
  /** @param {Panel} panel */
  constructor(panel) {
    this.panel = panel;
    this.count = el("span", {}, "0");
    this.list = el("ol", { class: "favourites" });
    const keep = button(t("Keep this view"), () => this.keep(), { class: "btn primary changes" });
    this.menu = el(
      "details",
      { class: "menu", ontoggle: () => this.faces() },
      el(
        "summary",
        { class: "btn", title: t("Favourites, kept with the run") },
        el("span", { class: "hush" }, t("Favourites")),
        el("span", { "aria-hidden": "true" }, "\u2606"),
        this.count,
      ),
      el("div", {}, keep, this.list),
    );
    this.node = this.menu;
  }

  get store() {
    return this.panel.store;
  }

  keep() {
    const { z, weights, mixed, seed, label, psi, shown, raw } = this.store;
    /** @type {Record<string, unknown>} */
    const add = { z: encode(z), seed, label, psi, step: shown, raw: Boolean(raw) };
    if (mixed) add.mix = encode(weights);
    this.store.keep({ what: "favourites", add });
  }

  show() {
    const kept = this.store.notes.favourites;
    put(this.count, String(kept.length));
    /** @type {(view: Favourite) => string | number} */
    const name = (view) => this.store.facts.class_names[view.label] ?? view.label;
    this.list.replaceChildren(
      ...kept.map((view, i) => {
        const canvas = el("canvas", { width: 28, height: 28, "aria-hidden": "true" });
        const words = [
          t("seed {seed}", { seed: view.seed ?? "\u2013" }),
          view.mix ? t("mixed") : this.store.classes ? t("class {name}", { name: name(view) }) : "",
          t("step {step}", { step: whole(view.step ?? 0) }),
        ]
          .filter(Boolean)
          .join(", ");
        const go = button(words, () => this.go(view), {
          class: "btn go",
          "aria-label": t("Go to favourite {i}: {words}", { i: i + 1, words }),
        });
        go.prepend(canvas);
        return el(
          "li",
          {},
          go,
          button("\u00d7", () => this.store.keep({ what: "favourites", remove: i }), {
            class: "btn square changes",
            "aria-label": t("Remove favourite {i}", { i: i + 1 }),
          }),
        );
      }),
    );
    this.panel.root.dataset.favourites = String(kept.length);
    this.faces();
  }

  /** Small images of all, by the generator that is shown now. */
  faces() {
    const { store } = this;
    if (!this.menu.open || !store.ready) return;
    const views = store.notes.favourites.map((view) => ({ view, z: decode(view.z ?? "") }));
    const fits = views.map(({ z }) => z?.length === store.z.length);
    const rows = views
      .filter((_, i) => fits[i])
      .map(({ view, z }) => store.line(z, this.weights(view)));
    if (!rows.length) return;
    store.asker.ask(
      "favourites",
      2,
      () => ({ route: "images", params: { step: store.at }, body: store.body(rows) }),
      ({ parts }) => {
        const size = parts[0].length / rows.length;
        const canvases = [...this.list.querySelectorAll("canvas")].filter((_, i) => fits[i]);
        canvases.forEach((canvas, i) =>
          paint(canvas, parts[0].subarray(i * size, (i + 1) * size), store.shape),
        );
      },
    );
  }

  /** @type {(view: Favourite) => Float32Array} */
  weights(view) {
    const mix = view.mix ? decode(view.mix) : null;
    return mix?.length === this.store.classes ? mix : this.store.oneHot(view.label ?? 0);
  }

  /** @type {(view: Favourite) => void} */
  go(view) {
    const { store } = this;
    const z = decode(view.z ?? "");
    if (z?.length !== store.z.length)
      return store.problem(
        t("This favourite has {z} numbers; the generator takes {z2}.", {
          z: z?.length ?? 0,
          z2: store.z.length,
        }),
      );
    this.menu.open = false;
    store.psi = view.psi ?? 1;
    Object.assign(store, {
      seed: view.seed ?? store.seed,
      base: { seed: view.seed ?? store.seed, z },
    });
    Object.assign(store, {
      label: view.label ?? 0,
      weights: this.weights(view),
      mixed: Boolean(view.mix),
    });
    return store.setZ(z);
  }
}
