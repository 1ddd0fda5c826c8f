// One set: what is in it, how it looks on average, and what has been made of it.
import { button, el, icon, lineKey, mounted, put, rootOf } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { segments } from "../shared/panel.js";
import { bars } from "./bars.js";
import { countOf, likely } from "./likely.js";
import { means } from "./means.js";
import { paintPoints, paintRows } from "./pictures.js";
import { arranged } from "./words.js";
import { queryOf, urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
/** @import { Answer, Child, Component, Params, Segments } from "../shared/types" */
/** @import { Painted, Portrayed } from "./types" */

const ROWS = 4; // of images, at most, where there are no classes
const VIEWS = [
  ["class", t("By class")],
  ["all", t("All")],
  ["held_out", t("Held out")],
];
const PLAIN = [
  ["class", t("To learn from")],
  ["held_out", t("Held out")],
]; // where there are no classes to stand beside each other
/** @type {Record<string, string>} */
const NAMES = { a: "A", b: "B" };

class One {
  view = "class";
  turn = 0;

  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "one");
    this.root.classList.add("dp");
    this.component = component;
    this.build();
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
    this.expect();
    this.load();
  }

  get data() {
    return this.component.data;
  }

  build() {
    this.views = this.viewsOf(VIEWS);
    this.others = button(
      t("Others"),
      () => {
        this.turn += 1;
        this.samples();
      },
      { title: t("Draw other images") },
      icon("dice"),
    );
    this.aid = el("span", { class: "cap" });
    this.rows = el("div", {
      class: "scroll",
      tabindex: 0,
      role: "group",
      "aria-label": t("Samples"),
    });
    this.problem = el("p", { class: "said", role: "alert" });
    this.means = el("div", { class: "means" });
    this.bars = el("div");
    this.runs = el("div");
    this.fits = el("dl", { class: "kv" });
    this.facts = el("dl", { class: "kv" });
    /** @type {(title: string, cap: string, name: string, ...parts: HTMLElement[]) => HTMLElement} */
    const panel = (title, cap, name, ...parts) =>
      el(
        "section",
        { class: `panel ${name}`, "aria-label": title },
        el(
          "div",
          { class: "head" },
          el("h2", {}, title),
          cap ? el("span", { class: "cap" }, cap) : null,
        ),
        ...parts,
      );
    this.undo = el("div", { class: "undo", role: "status", hidden: "" });
    this.samplesPanel = el(
      "section",
      { class: "panel samples", "aria-label": t("Samples") },
      el(
        "div",
        { class: "row" },
        el("h2", {}, t("Samples")),
        this.aid,
        el("span", { class: "right row tight" }, this.views, this.others),
      ),
      this.problem,
      this.rows,
      this.undo,
    );
    this.meanPanel = panel(
      t("Mean image"),
      t("bright where most images are bright"),
      "mean",
      this.means,
    );
    this.valuesPanel = panel(
      t("Pixel values"),
      t("0 black to 255 white, share of pixels, log"),
      "values",
      this.bars,
    );
    this.root.append(
      el(
        "div",
        { class: "two" },
        el(
          "div",
          { class: "stack" },
          this.samplesPanel,
          el(
            "div",
            { class: "halves" },
            panel(t("Trained on it"), "", "runs", this.runs),
            panel(t("What fits it"), t("on this machine"), "fits", this.fits),
          ),
        ),
        el(
          "div",
          { class: "stack" },
          this.meanPanel,
          this.valuesPanel,
          panel(t("Facts"), "", "facts", this.facts),
        ),
      ),
    );
    this.told();
  }

  /** @type {(views: string[][]) => Segments} */
  viewsOf(views) {
    return segments(t("Which images"), views, (view) => {
      this.view = view;
      this.samples();
    });
  }

  /** What the page run has told. */
  told() {
    /** @type {{ facts: string[][], fits: [name: string, value: string, off: boolean][], runs: { id: string, words: string, action: string }[], here: boolean }} */
    const { facts, fits, runs, here } = this.data;
    this.facts.replaceChildren(
      ...facts.flatMap(([name, value]) => [
        el("dt", {}, name),
        el("dd", { class: name === "Sum" ? "mono" : "" }, value),
      ]),
    );
    this.fits.replaceChildren(
      ...fits.flatMap(([name, value, off]) => [
        el("dt", {}, name),
        el("dd", { class: off ? "muted" : "" }, value),
      ]),
    );
    this.runs.replaceChildren(
      runs.length
        ? el("ul", { class: "exl" }, ...runs.map((run) => this.run(run)))
        : el("p", { class: "cap" }, t("No run yet.")),
    );
    for (const part of [this.samplesPanel, this.meanPanel, this.valuesPanel]) part.hidden = !here;
  }

  /** @type {(run: { id: string, words: string, action: string }) => HTMLElement} */
  run({ id, words, action }) {
    const link = el(
      "a",
      {
        href: `train?${new URLSearchParams({ run: id })}`,
        onclick: (/** @type {MouseEvent} */ event) => this.go(event, "train", id),
      },
      id.split("-")[0],
    );
    return el(
      "li",
      {},
      el("span", {}, link, ` ${words}`),
      button(action, (event) => this.go(event, "try", id)),
    );
  }

  /** @type {(event: MouseEvent, where: string, id: string) => void} */
  go(event, where, id) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.component.setTriggerValue("run", [where, id]);
  }

  /** @type {(component: Component) => void} */
  update(component) {
    const before = [this.data.name, this.data.version].join();
    this.component = component;
    this.told();
    if ([this.data.name, this.data.version].join() === before) return;
    this.view = "class";
    this.turn = 0;
    this.expect();
    this.load();
  }

  dispose() {
    this.gone = true;
    this.observer.disconnect();
  }

  /** @type {(route: string, params: Params) => Promise<Answer>} */
  ask(route, params) {
    return get(
      urlOf(`api/data/sets/${encodeURIComponent(this.data.name)}/${route}?${queryOf(params)}`),
      { patience: 60000 },
    );
  }

  /** By what the page run has told, all pictures get their places: nothing moves when they come. */
  expect() {
    if (!this.data.here) return;
    const { looks, samples } = likely(this.data, countOf(this.data));
    this.root.classList.add("coming");
    this.looked(looks);
    this.views.press(this.view);
    this.sampled(samples);
  }

  async load() {
    if (!this.data.here) return;
    try {
      const looks = await this.ask("looks", {});
      if (this.gone) return;
      this.looked(looks);
      await this.samples();
    } catch (error) {
      this.failed(error.message);
    }
    this.root.classList.remove("coming");
  }

  /** @type {(looks: Portrayed) => void} */
  looked({ header, parts }) {
    this.looks = header;
    /** @type {Float32Array[]} */
    this.meanParts = parts;
    const views = this.viewsOf(
      header.groups.length > 1 && this.data.kind !== "sides" ? VIEWS : PLAIN,
    );
    this.views.replaceWith(views);
    this.views = views;
    this.undo.hidden =
      !this.data.editable || header.groups.length < 2 || this.data.kind === "sides";
    this.drawMeans();
    this.drawBars();
  }

  /** @type {(samples: Portrayed) => void} */
  sampled({ header, parts }) {
    this.shown = header;
    this.parts = parts;
    this.drawRows();
  }

  /** Says why; no place is kept any more for what does not come. */
  failed(/** @type {string} */ words) {
    put(this.problem, words);
    if (this.root.classList.contains("coming"))
      for (const place of [this.rows, this.means, this.bars]) place.replaceChildren();
  }

  async samples() {
    this.views.press(this.view);
    const split = this.view === "held_out" ? "held_out" : "train";
    try {
      const samples = await this.ask("samples", {
        split,
        turn: this.turn,
        count: countOf(this.data),
      });
      if (this.gone) return;
      put(this.problem, "");
      this.sampled(samples);
    } catch (error) {
      this.failed(error.message);
    }
  }

  // ---- drawing ----

  get pairs() {
    return this.data.kind === "pairs" ? 2 : 1;
  }

  /** Rows of a table, one a group; of all together one well. */
  drawRows() {
    /** @type {{ groups: { name: string, train: number, held_out: number }[] }} */
    const { groups } = this.looks;
    /** @type {number[][]} */
    const shapes = this.shown.parts.map(
      (/** @type {[string, string, number[]]} */ [, , shape]) => shape,
    );
    /** @type {(i: number) => { parts: any[], shapes: number[][] }} */
    const group = (i) => ({
      parts: this.parts.slice(i * this.pairs, (i + 1) * this.pairs),
      shapes: shapes.slice(i * this.pairs, (i + 1) * this.pairs),
    });
    const single = groups.length === 1;
    const alone = this.view === "all" && !single;
    /** @type {Painted[]} */
    this.canvases = groups.map((_, i) => ({
      canvas: el("canvas", {
        role: "img",
        "aria-label": groups[i].name
          ? t("Images of {name}", { name: this.nameOf(groups[i]) })
          : t("Images"),
      }),
      ...group(i),
    }));
    put(this.aid, arranged(this.data.kind, this.looks, single));
    const split = this.view === "held_out" ? "held_out" : "train";
    const rows = groups.map((each, i) =>
      el(
        "tr",
        {},
        single ? null : el("td", { class: "name" }, this.nameField(each)),
        single || alone ? null : el("td", { class: "num" }, each[split].toLocaleString("en-US")),
        el("td", { class: "pictures" }, this.canvases[i].canvas),
      ),
    );
    const head = el(
      "tr",
      {},
      el("th", {}, this.data.kind === "sides" ? t("Side") : t("Class")),
      el("th", { class: "num" }, t("Images")),
      el("th", {}, lineKey("real"), t("some of them")),
    );
    this.rows.replaceChildren(
      alone || single
        ? el("div", { class: "stack tight" }, ...this.canvases.map(({ canvas }) => canvas))
        : el("table", { class: "cr" }, el("thead", {}, head), el("tbody", {}, ...rows)),
    );
    this.fit();
  }

  /**
   * A class's name; of one's own sets it is a field, and Enter keeps it.
   * @type {(group: { name: string }) => Child}
   */
  nameField(group) {
    if (!this.data.editable || this.data.kind === "sides") return this.nameOf(group);
    const field = el("input", {
      type: "text",
      class: "inline",
      value: group.name,
      maxlength: 64,
      "aria-label": t("Name of the class {name}", { name: group.name }),
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") field.blur();
      if (event.key === "Escape") field.value = group.name;
    });
    field.addEventListener("change", () => this.rename(group.name, field.value.trim(), field));
    return field;
  }

  /** @type {(old: string, name: string, field?: HTMLInputElement | null) => Promise<void>} */
  async rename(old, name, field = null) {
    if (!name || name === old) {
      if (field) field.value = old;
      return;
    }
    try {
      await get(urlOf(`api/data/sets/${encodeURIComponent(this.data.name)}/classes`), {
        body: JSON.stringify({ old, new: name }),
        type: "application/json",
      });
      put(this.problem, "");
      this.undo.replaceChildren(
        icon("check"),
        el(
          "span",
          {},
          t(
            "\u201c{name}\u201d was \u201c{old}\u201d. Runs that use it keep their own copy of the names.",
            { name, old },
          ),
        ),
        button(t("Undo"), () => this.rename(name, old), {}, icon("undo")),
      );
      await this.load();
    } catch (error) {
      if (field) field.value = old;
      put(this.problem, error.message);
    }
  }

  /** @type {(group: { name: string }) => string} */
  nameOf({ name }) {
    return this.data.kind === "sides" ? `${NAMES[name] ?? name}` : name;
  }

  drawMeans() {
    const shapes = this.looks.parts.map(
      (/** @type {[string, string, number[]]} */ [, , shape]) => shape,
    );
    this.meanPanel.hidden = !shapes.length || this.data.kind === "points";
    const names = this.looks.groups.map((/** @type {{ name: string }} */ group) =>
      this.nameOf(group),
    );
    this.means.replaceChildren(...means(this.meanParts, shapes, names, this.data.kind));
  }

  drawBars() {
    this.valuesPanel.hidden = !this.looks.bins.length;
    this.bars.replaceChildren(bars(this.looks.bins));
  }

  fit() {
    if (!this.canvases) return;
    const own = this.rows.clientWidth;
    const width =
      this.canvases.length === 1 || this.view === "all" ? own : own - (own < 500 ? 150 : 200);
    const rows = this.canvases.length === 1 ? ROWS : 1;
    for (const each of this.canvases)
      if (this.data.kind === "points") paintPoints(each, width);
      else paintRows(each, width, rows);
  }
}

export default mounted((component) => new One(component));
