// Two tools on what z and class are made of: blends of classes, and A - B + C on averages of z.
import { button, el, put } from "../shared/base.js";
import { paint } from "../shared/pixels.js";
import { Strip } from "../shared/strip.js";
import { t } from "../shared/words.js";
/** @import { Slot, ToolPanel } from "./types" */

export class MixTool {
  /** @param {ToolPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.parts = [0, 1];
    /** @type {(i: number) => HTMLSelectElement} */
    const pick = (i) =>
      el("select", {
        "aria-label": t("Class {value}", { value: "AB"[i] }),
        onchange: (/** @type {{ target: HTMLSelectElement }} */ e) => {
          this.parts[i] = Number(e.target.value);
          this.refresh();
        },
      });
    this.a = pick(0);
    this.b = pick(1);
    this.strip = new Strip({
      name: "Blend",
      count: 9,
      most: 2,
      limit: 1,
      low: 0,
      high: 1,
      value: () => this.share(),
      move: (v, dragging) => this.store.setWeights(this.weights(v), dragging),
    });
    this.aid = el(
      "p",
      { class: "cap" },
      t(
        "The generator gets a blend of both class rows; it never saw one in training, so the middle shows how it bridges them.",
      ),
    );
    this.body = el(
      "div",
      { class: "tool" },
      el(
        "div",
        { class: "line" },
        el("span", { class: "cap" }, t("from")),
        this.a,
        el("span", { class: "cap" }, t("to")),
        this.b,
        button(t("Back to one class"), () => this.store.setLabel(this.parts[0])),
      ),
      this.strip.node,
      this.aid,
    );
    this.none = el(
      "p",
      { class: "cap" },
      t("This generator takes no class, so there is nothing to mix."),
    );
    this.node = el("div", { class: "tool mix" }, this.body, this.none);
  }

  get store() {
    return this.panel.store;
  }

  share() {
    const [a, b] = this.parts.map((k) => this.store.weights[k] ?? 0);
    return a + b > 0 ? b / (a + b) : 0;
  }

  /** @type {(share: number) => Float32Array} */
  weights(share) {
    const row = new Float32Array(this.store.classes);
    row[this.parts[0]] += 1 - share;
    row[this.parts[1]] += share;
    return row;
  }

  show() {
    const { classes, facts } = this.store;
    this.body.hidden = !classes;
    this.none.hidden = classes > 0;
    if (!classes) return;
    if (!this.store.mixed) this.parts = [this.store.label, (this.store.label + 1) % classes];
    for (const [i, select] of [this.a, this.b].entries()) {
      select.replaceChildren(
        ...facts.class_names.map((/** @type {string} */ name, /** @type {number} */ k) =>
          el("option", { value: k }, name),
        ),
      );
      select.value = String(this.parts[i]);
    }
    this.images();
    this.refresh();
  }

  settled() {
    this.refresh();
  }

  images() {
    if (this.store.current && this.store.classes)
      this.strip.here(this.store.current, this.store.shape, { effect: this.share() });
  }

  refresh() {
    const { store } = this;
    if (!store.classes || this.panel.tool !== "mix") return;
    const make = () => ({
      route: "images",
      params: { step: store.at },
      body: store.body(this.strip.values().map((v) => store.line(store.z, this.weights(v)))),
    });
    store.asker.ask("mix", 3, make, ({ parts }) => {
      this.strip.show(parts[0], store.shape);
      this.fit(this.width);
    });
  }

  /** @type {(width: number) => void} */
  fit(width) {
    this.width = width;
    this.strip.fit(width);
  }
}

/** @type {[name: string, sign: number][]} */
const SLOTS = [
  ["A", 1],
  ["\u2212 B", -1],
  ["+ C", 1],
];
const ENOUGH = 3; // z per slot; single ones carry too much chance

export class SumTool {
  /** @param {ToolPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.slots = SLOTS.map(([name, sign]) => /** @type {Slot} */ ({ name, sign, kept: [] }));
    this.sheet = el("div", { class: "slots" });
    this.result = el("canvas", {
      width: 28,
      height: 28,
      role: "img",
      "aria-label": t("A minus B plus C"),
    });
    this.aid = el("p", { class: "cap" });
    this.go = button(t("Go there"), () => this.visit(), { class: "btn primary" });
    this.outcome = el("div", { class: "line" }, el("div", { class: "well" }, this.result), this.go);
    this.node = el("div", { class: "tool sum" }, this.sheet, this.outcome, this.aid);
    this.draw();
  }

  get store() {
    return this.panel.store;
  }
  show() {
    this.draw();
    this.refresh();
  }
  settled() {
    this.refresh();
  }

  draw() {
    this.sheet.replaceChildren(
      ...this.slots.map((slot) =>
        el(
          "div",
          { class: "slot" },
          el(
            "div",
            { class: "line" },
            el("b", {}, slot.name),
            el("span", { class: "cap" }, `${slot.kept.length} z`),
            button(t("Add this z"), () => this.add(slot)),
            button(t("Clear"), () => {
              slot.kept = [];
              this.draw();
              this.refresh();
            }),
          ),
          el(
            "ol",
            { class: "tiles" },
            ...slot.kept.map(({ pixels }, i) => {
              const canvas = el("canvas", {
                role: "img",
                "aria-label": `${slot.name}, z ${i + 1}`,
              });
              paint(canvas, pixels, this.store.shape);
              return el("li", {}, canvas);
            }),
          ),
        ),
      ),
    );
    const few = this.slots.filter((slot) => slot.kept.length < ENOUGH).map((slot) => slot.name);
    const empty = this.slots.some((slot) => !slot.kept.length);
    this.outcome.hidden = empty;
    put(
      this.aid,
      empty
        ? t(
            "Find z that show something (slanted), add them to A; z without it to B; others without it to C. A \u2212 B + C should put it on C.",
          )
        : few.length
          ? t("Averages of at least {ENOUGH} z are steadier; few in {few}.", {
              ENOUGH,
              few: few.join(", "),
            })
          : t("Averages of z, brought to the usual length."),
    );
  }

  /** @type {(slot: Slot) => void} */
  add(slot) {
    slot.kept.push({ z: this.store.z.slice(), pixels: this.store.current.slice() });
    this.draw();
    this.refresh();
  }

  refresh() {
    if (this.slots.some((slot) => !slot.kept.length) || this.panel.tool !== "sum") return;
    const { store } = this;
    /** @type {(slot: Slot) => Float32Array} */
    const mean = ({ kept }) =>
      kept[0].z.map((_, i) => kept.reduce((sum, k) => sum + k.z[i], 0) / kept.length);
    const make = () => ({
      route: "combine",
      params: { step: store.at, signs: this.slots.map((slot) => slot.sign).join(",") },
      body: store.body(this.slots.map((slot) => store.line(mean(slot)))),
    });
    store.asker.ask(
      "sum",
      3,
      make,
      ({ parts }) => {
        this.row = parts[0];
        paint(this.result, parts[1], store.shape);
        this.result.style.width = `${4 * this.result.width}px`;
      },
      (error) => put(this.aid, error.message),
    );
  }

  visit() {
    if (this.row)
      this.store.goTo(this.row.slice(0, this.store.z.length), this.row.slice(this.store.z.length));
  }

  fit() {}
}
