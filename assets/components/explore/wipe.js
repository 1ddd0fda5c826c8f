// A left, B right of a line: the same z and class from two checkpoints, two weights or two runs.
import { el, put, whole } from "../shared/base.js";
import { call } from "../shared/ask.js";
import { get } from "../shared/fetch.js";
import { paint } from "../shared/pixels.js";
import { Wipe } from "../shared/wipe.js";
import { urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
/** @import { Panel } from "./panel.js" */
/** @import { Facts } from "../shared/types" */

const LARGE = 200; // CSS pixels; little more than the strip it takes the place of

class Side {
  /** @type {Facts} */
  facts = null;
  /** @type {Uint8Array} */
  pixels = null;

  /**
   * @param {WipeTool} wipe
   * @param {string} name
   */
  constructor(wipe, name) {
    this.wipe = wipe;
    this.name = name;
    this.canvas = el("canvas");
    /** @type {(what: string, act: () => unknown) => HTMLSelectElement} */
    const pick = (what, act) => el("select", { "aria-label": `${what} ${name}`, onchange: act });
    this.source = pick(t("Generator"), () => this.moved());
    this.step = pick(t("Step"), () => this.pull());
    this.kind = pick(t("Weights"), () => {
      this.steps();
      this.pull();
    });
    this.kind.replaceChildren(
      el("option", { value: "" }, "EMA"),
      el("option", { value: "1" }, t("Raw")),
    );
    this.node = el("div", { class: "line" }, el("b", {}, name), this.source, this.step, this.kind);
  }

  get store() {
    return this.wipe.panel.store;
  }

  forget() {
    this.facts = null;
    this.pixels = null;
    this.source.replaceChildren();
  }

  /**
   * The generators to choose from; the page's own first.
   * @type {(list: { id: string, title: string }[]) => void}
   */
  sources(list) {
    const { run } = this.store;
    const rows = [{ id: run, title: t("this one") }, ...list.filter((s) => s.id !== run)];
    const chosen = this.source.value || run;
    this.source.replaceChildren(...rows.map((s) => el("option", { value: s.id }, s.title)));
    this.source.value = chosen;
  }

  async moved() {
    try {
      this.facts =
        this.source.value === this.store.run
          ? this.store.facts
          : await call(this.source.value, "facts");
      this.kind.value = "";
      this.steps();
      await this.pull();
    } catch (error) {
      this.wipe.say(`${this.name}: ${error.message}`);
    }
  }

  /** @type {(wanted?: number | null) => void} */
  steps(wanted = null) {
    const facts = this.facts ?? this.store.facts;
    this.kind.hidden = !facts.full.length;
    /** @type {number[]} */
    const steps = this.kind.value ? facts.full : facts.steps;
    const chosen = wanted ?? Number(this.step.value || -1);
    this.step.replaceChildren(...steps.map((s) => el("option", { value: s }, whole(s))));
    this.step.value = String(steps.includes(chosen) ? chosen : (steps.at(-1) ?? ""));
  }

  async pull() {
    const { store } = this;
    const asked = (this.asked = Symbol("newest"));
    try {
      const { header, parts } = await call(
        this.source.value || store.run,
        "images",
        { step: this.step.value, raw: this.kind.value || null },
        store.line(),
      );
      if (asked !== this.asked) return;
      this.pixels = parts[0];
      this.shape = header.parts[0][2].slice(1);
      this.wipe.say("");
    } catch (error) {
      if (asked !== this.asked) return;
      this.pixels = null;
      this.wipe.say(`${this.name}: ${error.message}`);
    }
    this.wipe.draw();
  }
}

export class WipeTool {
  /** @param {Panel} panel */
  constructor(panel) {
    this.panel = panel;
    this.a = new Side(this, "A");
    this.b = new Side(this, "B");
    this.at = el("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      value: 0.5,
      "aria-label": t("Line between A and B"),
    });
    this.wipe = new Wipe({
      slider: this.at,
      drawn: () => {
        panel.root.dataset.wipes = String(Number(panel.root.dataset.wipes ?? 0) + 1);
      },
    });
    this.wipe.fit(LARGE, 8);
    this.words = el("p", { class: "cap", "aria-live": "polite" });
    this.node = el(
      "div",
      { class: "wipe" },
      this.wipe.node,
      el(
        "div",
        { class: "sides" },
        this.a.node,
        this.b.node,
        this.at,
        el(
          "p",
          { class: "cap" },
          t(
            "The same z and class from both: two checkpoints, averaged against raw weights, or two generators with z of one length.",
          ),
        ),
        this.words,
      ),
    );
  }

  async open() {
    const { facts } = this.panel.store;
    if (!this.a.facts) {
      for (const side of [this.a, this.b]) {
        side.facts = facts;
        side.sources([]);
      }
      const { steps } = facts;
      this.a.steps(steps[Math.floor(steps.length / 4)]);
      this.b.steps(steps.at(-1));
    }
    this.refresh();
    try {
      const { sources } = await get(urlOf("api/explore"));
      for (const side of [this.a, this.b]) side.sources(sources);
    } catch {
      this.say(t("The list of generators did not come."));
    }
  }

  forget() {
    for (const side of [this.a, this.b]) side.forget();
  }

  refresh() {
    for (const side of [this.a, this.b]) {
      if (side.source.value === this.panel.store.run) {
        side.facts = this.panel.store.facts;
        side.steps();
      }
      side.pull();
    }
  }

  /** @type {(words: string) => void} */
  say(words) {
    put(this.words, words);
  }

  draw() {
    const [a, b] = [this.a, this.b];
    if (!a.pixels || !b.pixels) return;
    if (a.shape.join() !== b.shape.join()) {
      this.say(
        t("Their images differ in size: {first} and {second}.", {
          first: a.shape.slice(0, 2).join(" x "),
          second: b.shape.slice(0, 2).join(" x "),
        }),
      );
      return;
    }
    for (const side of [a, b]) paint(side.canvas, side.pixels, side.shape);
    this.wipe.show(a.canvas, b.canvas);
  }
}
