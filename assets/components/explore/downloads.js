// What the page can be taken away as: pictures, z as JSON or NPZ, films.
import { button, el, icon, put } from "../shared/base.js";
import { callFile } from "../shared/ask.js";
import { encode } from "../shared/link.js";
import { paint } from "../shared/pixels.js";
import { saveFile, savePng, saveText } from "../shared/save.js";
import { t } from "../shared/words.js";
/** @import { Panel } from "./panel.js" */
/** @import { Film, FilmStore } from "./types" */

/** @type {(store: { run: string, shown: number | null, raw: boolean }, rest: string) => string} */
export const fileName = (store, rest) =>
  `${store.run}-${store.shown}${store.raw ? "-raw" : ""}-${rest}`;

/**
 * Buttons that fetch a film; `make()` gives {params, body, name} or null.
 * @type {(store: () => FilmStore, make: () => Film | null, said: (words: string) => void) => HTMLButtonElement[]}
 */
export function filmButtons(store, make, said) {
  /** @type {(format: string, node: HTMLButtonElement) => Promise<void>} */
  const get = async (format, node) => {
    const wanted = make();
    if (!wanted) return;
    node.disabled = true;
    try {
      const params = { step: store().at, raw: store().asker.raw, format, ...wanted.params };
      saveFile(
        await callFile(store().run, "clip", params, wanted.body),
        `${fileName(store(), wanted.name)}.${format}`,
      );
      said("");
    } catch (error) {
      said(error.message);
    }
    node.disabled = false;
  };
  return ["gif", "mp4"].map((format) => {
    const node = button(format.toUpperCase(), () => get(format, node), {
      title: t("Save as {format}", { format: format.toUpperCase() }),
    });
    return node;
  });
}

export class Downloads {
  /** @param {Panel} panel */
  constructor(panel) {
    this.panel = panel;
    /** @type {(label: string, act: () => unknown) => HTMLButtonElement} */
    const item = (label, act) =>
      button(label, () => {
        this.node.open = false;
        act();
      });
    this.ofClasses = item(t("The classes shown, PNG"), () => this.classes());
    this.seven = item("", () => this.grid());
    this.node = el(
      "details",
      { class: "menu" },
      el("summary", { class: "btn" }, icon("download"), t("Download")),
      el(
        "div",
        {},
        item(t("Image, PNG"), () => this.image()),
        this.ofClasses,
        this.seven,
        item(t("z, JSON"), () => this.json()),
        item(t("z and image, NPZ"), () => this.npz()),
      ),
    );
    this.node.addEventListener("toggle", () => this.offer());
  }

  /** What there is of a generator with classes, and of one without. */
  offer() {
    const { classes } = this.store;
    this.ofClasses.hidden = !classes;
    put(this.seven, classes ? t("Seven z in these classes, PNG") : t("Seven z, PNG"));
  }

  get store() {
    return this.panel.store;
  }

  /** @type {(pixels: Uint8Array, columns: number, name: string) => void} */
  picture(pixels, columns, name) {
    const canvas = el("canvas");
    paint(canvas, pixels, this.store.shape, columns);
    savePng(canvas, fileName(this.store, name));
  }

  image() {
    this.picture(this.store.current, 1, `seed${this.store.seed}.png`);
  }
  classes() {
    this.picture(this.store.row, this.store.window.count, "classes.png");
  }

  grid() {
    const { store } = this;
    const labels = store.classes ? store.windowed.map((k) => store.oneHot(k)) : [store.oneHot(0)];
    const all = [store.z, ...store.others.map((o) => o.z)];
    const make = () => ({
      route: "images",
      params: { step: store.at },
      body: store.body(all.flatMap((z) => labels.map((w) => store.line(z, w)))),
    });
    store.asker.ask(
      "grid",
      2,
      make,
      ({ parts }) =>
        this.picture(parts[0], store.classes ? store.window.count : all.length, "grid.png"),
      (e) => store.problem(e.message),
    );
  }

  json() {
    const { run, shown, raw, seed, label, psi, z, weights, classes } = this.store;
    const view = {
      run,
      step: shown,
      raw: Boolean(raw),
      seed,
      truncation: psi,
      z: [...z.map((v) => v * psi)],
      class: classes ? label : null,
      class_weights: [...weights],
      packed: encode(z),
    };
    saveText(JSON.stringify(view, null, 1), fileName(this.store, "z.json"), "application/json");
  }

  async npz() {
    const { store } = this;
    try {
      saveFile(
        await callFile(store.run, "npz", { step: store.at, raw: store.asker.raw }, store.line()),
        fileName(store, "z.npz"),
      );
    } catch (error) {
      store.problem(error.message);
    }
  }
}
