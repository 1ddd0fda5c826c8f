// A run that trains the picture itself: what judges the style, where it starts, weights; then it is watched on Train.
import { button, el, mounted, put, setting } from "../shared/base.js";
import { Panel, segments } from "./panel.js";
import { t } from "../shared/words.js";
/** @import { Component } from "../shared/types" */

const STARTS = [
  ["content", t("Content")],
  ["instant", t("Instant result")],
  ["noise", t("Noise")],
];
const FIELDS = [
  ["num_steps", t("Steps")],
  ["content_weight", t("Content weight")],
  ["style_weight", t("Style weight")],
  ["tv_weight", t("Smoothness")],
];

class Optimise extends Panel {
  /**
   * @param {Component} component
   * @param {string} name
   */
  constructor(component, name) {
    super(component, name);
    this.send = component.setTriggerValue;
  }

  /** @type {(component: Component) => void} */
  update(component) {
    this.send = component.setTriggerValue;
    super.update(component);
    this.engineIs(this.engine);
    this.starter.disabled = this.fetcher.disabled = false;
    put(this.starter, t("Start"));
    put(this.fetcher, this.fetchWords);
  }

  get engines() {
    return this.data.engines ?? {};
  }

  build() {
    this.start = "content";
    const names = Object.entries(this.engines);
    this.choices = segments(
      t("What judges the style"),
      names.map(([id, { title }]) => [id, title]),
      (id) => this.engineIs(id),
    );
    this.about = el("p", { class: "cap" });
    this.fetchWords = t("Download VGG19 (80 MB)");
    this.fetcher = button(this.fetchWords, () => this.download(), { class: "btn changes" });
    this.missing = el(
      "div",
      { class: "missing" },
      (this.way = el("p", { class: "cap" })),
      this.fetcher,
    );
    this.starts = segments(t("Start from"), STARTS, (id) => {
      this.start = id;
      this.starts.press(id);
    });
    this.sizes = segments(
      t("Size, longer side"),
      [256, 384, 512].map((n) => [n, String(n)]),
      (n) => {
        this.size = n;
        this.sizes.press(n);
      },
    );
    this.inputs = new Map(
      FIELDS.map(([name]) => [name, el("input", { type: "number", step: "any", min: 0, name })]),
    );
    this.starter = button(t("Start"), () => this.go(), { class: "btn primary wide changes" });
    this.mixed = el("p", { class: "cap" });
    this.root.append(
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Optimise")),
        el("span", { class: "cap" }, t("a run like any other")),
      ),
      el("h3", {}, t("What judges the style")),
      this.choices,
      this.about,
      this.missing,
      el("hr"),
      el("h3", {}, t("Where style is compared")),
      (this.styleLayers = el("div", {
        class: "layers",
        role: "group",
        "aria-label": t("Where style is compared"),
      })),
      el("h3", {}, t("Where content is compared")),
      (this.contentLayers = el("div", {
        class: "layers",
        role: "group",
        "aria-label": t("Where content is compared"),
      })),
      (this.layersAid = el("p", { class: "cap" })),
      el("hr"),
      el("h3", {}, t("Start from")),
      this.starts,
      el("h3", {}, t("Size, longer side")),
      this.sizes,
      el("hr"),
      el(
        "div",
        { class: "fields" },
        ...FIELDS.map(([name, label]) =>
          el("label", {}, el("span", { class: "cap" }, label), this.inputs.get(name)),
        ),
      ),
      this.starter,
      this.mixed,
      el(
        "p",
        { class: "cap" },
        t(
          "It opens on Train: the picture as it changes, its curves, its weights to turn while it runs, the way back, branches and a film.",
        ),
      ),
    );
    this.starts.press("content");
    this.engineIs(names[0]?.[0]);
  }

  /**
   * Another judge, with the settings that it does well with.
   * @type {(id: string) => void}
   */
  engineIs(id) {
    const engine = this.engines[id];
    if (!engine) return;
    const same = this.engine === id;
    this.engine = id;
    this.choices.press(id);
    put(this.about, engine.about);
    this.missing.hidden = engine.here;
    this.fetcher.hidden = this.data.coming ?? false;
    put(this.way, engine.missing ?? "");
    this.starter.disabled = !engine.here;
    if (same) return;
    this.size = Math.min(512, engine.defaults.picture_size);
    this.sizes.press(this.size);
    this.layers = Object.fromEntries(
      Object.entries(engine.layers).map(([what, { chosen }]) => [what, new Set(chosen)]),
    );
    this.showLayers();
    for (const [name] of FIELDS) this.inputs.get(name).value = setting(engine.defaults[name]);
  }

  /** A button for each word; one stays pressed. */
  showLayers() {
    const { layers } = this.engines[this.engine];
    /** @type {(what: string, node: HTMLElement) => void} */
    const row = (what, node) =>
      node.replaceChildren(
        ...(layers[what]
          ? this.data.words.map((/** @type {string} */ word) =>
              button(word, () => this.layer(what, word), {
                class: "btn",
                "aria-pressed": this.layers[what].has(word),
              }),
            )
          : [
              el(
                "p",
                { class: "cap" },
                t("The edges of brightness: by patches there are no layers to choose from."),
              ),
            ]),
      );
    row("style", this.styleLayers);
    row("content", this.contentLayers);
    put(
      this.layersAid,
      layers.content
        ? t("Early layers see dots and strokes, late ones whole motifs.")
        : t(
            "Patches of the picture, of its half, its quarter and so on; what is too small for a picture is left out.",
          ),
    );
  }

  /** @type {(what: string, word: string) => void} */
  layer(what, word) {
    const chosen = this.layers[what];
    if (!chosen.delete(word)) chosen.add(word);
    if (!chosen.size) chosen.add(word);
    this.showLayers();
    const place = what === "style" ? this.styleLayers : this.contentLayers;
    /** @type {HTMLElement} */ (
      place.querySelector(`[aria-pressed]:nth-child(${this.data.words.indexOf(word) + 1})`)
    )?.focus();
  }

  /** The settings that the pressed words mean. */
  layerSettings() {
    const { layers } = this.engines[this.engine];
    return Object.fromEntries(
      Object.entries(layers).map(([what, { setting: name, names }]) => [
        name,
        names
          .filter((/** @type {string} */ _, /** @type {number} */ i) =>
            this.layers[what].has(this.data.words[i]),
          )
          .join(),
      ]),
    );
  }

  facts() {
    const { store } = this;
    this.root.hidden = store.mode !== "optimise";
    put(
      this.mixed,
      store.mixed.size
        ? t("One style is optimised at a time: {nameOf}.", { nameOf: store.nameOf(store.style) })
        : "",
    );
  }

  go() {
    const settings = Object.fromEntries(
      FIELDS.map(([name]) => [name, Number(this.inputs.get(name).value)]),
    );
    this.starter.disabled = true;
    put(this.starter, t("Starting…"));
    const { content, style } = this.store;
    this.send("start", {
      recipe: this.engine,
      content,
      style,
      settings: {
        ...settings,
        ...this.layerSettings(),
        start_from: this.start,
        picture_size: this.size,
      },
    });
  }

  download() {
    this.fetcher.disabled = true;
    put(this.fetcher, t("Downloading…"));
    this.send("download", true);
  }
}

export default mounted((component) => new Optimise(component, "optimise"));
