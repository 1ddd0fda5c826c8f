// The current image, large, and what it is made of: class, seed, truncation, the length of z.
import { activeIn, button, buttonsIn, el, icon, mounted, put, svg, whole } from "../shared/base.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { lengths, sentence } from "./prior.js";
import { explain, explained, term } from "../shared/glossary.js";
import { Panel } from "./panel.js";
import { Numbers } from "./numbers.js";
import { randomSeed } from "./store.js";
import { t } from "../shared/words.js";
/** @import { Attributes } from "../shared/types" */

const LARGE = 336; // CSS pixels at most
const [WIDE, TALL] = [334, 54];
const MANY = 24; // classes that are shown at once; more scroll, and can be searched

class ImageView extends Panel {
  build() {
    this.info = el("span", { class: "cap" });
    this.canvas = el("canvas", { width: 28, height: 28, role: "img", "aria-label": t("Image") });
    this.radio = el("div", { class: "radio", role: "radiogroup", "aria-label": t("Class") });
    this.search = el("input", {
      type: "text",
      class: "search",
      "aria-label": t("Find a class"),
      placeholder: t("Find a class"),
      oninput: () => this.filter(),
    });
    this.seed = el("input", {
      type: "text",
      inputmode: "numeric",
      "aria-label": t("Seed"),
      title: explained("seed")[1],
      maxlength: 10,
      onchange: () => this.typed(),
    });
    const fresh = button(
      t("New z"),
      () => this.store.setSeed(randomSeed()),
      { class: "btn primary" },
      icon("dice"),
    );
    this.back = button(
      "",
      () => this.store.trail.undo(),
      { class: "btn square", "aria-label": t("Undo"), title: t("The view before (Ctrl+Z)") },
      icon("undo"),
    );
    this.forth = button(
      "",
      () => this.store.trail.redo(),
      { class: "btn square", "aria-label": t("Redo"), title: t("The view after (Ctrl+Shift+Z)") },
      icon("redo"),
    );
    const reset = button(t("Reset"), () => this.reset(), {
      title: t("Back to the z of this seed; unlocks all"),
    });
    this.psi = el("input", {
      type: "range",
      min: 0,
      max: 1.5,
      step: 0.01,
      "aria-label": t("Truncation"),
    });
    this.psi.addEventListener("input", () => this.store.setPsi(Number(this.psi.value), true));
    this.psi.addEventListener("change", () => this.store.setPsi(Number(this.psi.value)));
    this.amount = el("span", { class: "num" });
    this.numbers = new Numbers(this);
    this.plot = svg("svg", {
      viewBox: `0 0 ${WIDE} ${TALL}`,
      role: "img",
      "aria-label": t("How long this z is"),
    });
    this.verdict = el("p", { class: "cap" });
    this.prior = term("prior", t("prior"));
    this.root.append(
      el("div", { class: "head" }, el("h2", {}, t("Image")), this.info),
      el("div", { class: "well big" }, this.canvas),
      this.search,
      this.radio,
      el("div", { class: "line" }, explain(fresh, "z"), this.seed, reset, this.back, this.forth),
      el("div", { class: "line" }, term("truncation"), this.psi, this.amount),
      this.plot,
      this.verdict,
      this.numbers.node,
    );
  }

  facts() {
    if (this.store.ready) return;
    const [h, w] = this.store.facts.image_shape;
    if (h && w) [this.canvas.width, this.canvas.height] = [w, h];
    this.fit();
  }

  about() {
    const { about, facts, classes } = this.store;
    this.lengths = lengths(about.prior, about.latent_dim);
    /** @type {string[]} */
    const names = facts.class_names.slice(0, classes);
    if (this.radio.dataset.names === names.join()) return;
    this.radio.dataset.names = names.join();
    this.radio.hidden = !classes;
    const long = names.some((name) => name.length > 2);
    this.radio.classList.toggle("long", long || names.length > 12);
    this.radio.classList.toggle("many", names.length > MANY);
    this.search.hidden = names.length <= MANY;
    this.search.value = "";
    this.search.placeholder = t("Find one of {names} classes", { names: whole(names.length) });
    this.radio.replaceChildren(
      ...names.map((name, k) =>
        el(
          "button",
          {
            type: "button",
            role: "radio",
            title: name,
            onclick: () => this.store.setLabel(k),
            onkeydown: (/** @type {KeyboardEvent} */ e) => this.arrow(e, k),
          },
          name,
        ),
      ),
    );
    /** @type {number} */
    this.pressed = null;
    this.press();
  }

  /** Only the classes whose name has what was typed. */
  filter() {
    const wanted = this.search.value.trim().toLowerCase();
    for (const node of buttonsIn(this.radio))
      node.hidden = !node.textContent.toLowerCase().includes(wanted);
  }

  trail() {
    this.back.disabled = !this.store.trail.canUndo;
    this.forth.disabled = !this.store.trail.canRedo;
  }

  /** @type {(event: KeyboardEvent, k: number) => void} */
  arrow(event, k) {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    let next = k;
    do next = (next + by + this.store.classes) % this.store.classes;
    while (buttonsIn(this.radio)[next].hidden);
    this.store.setLabel(next);
    this.press();
    buttonsIn(this.radio)[next].focus();
  }

  press() {
    const { label, mixed } = this.store;
    buttonsIn(this.radio).forEach((b, k) => {
      b.setAttribute("aria-checked", String(k === label && !mixed));
      b.tabIndex = k === label ? 0 : -1;
    });
    if (this.pressed === label) return;
    this.pressed = label;
    const [box, chosen] = [this.radio, buttonsIn(this.radio)[label]];
    if (!chosen || box.scrollHeight <= box.clientHeight) return;
    const top = chosen.offsetTop; // in the box
    box.scrollTop = Math.max(
      top + chosen.offsetHeight - box.clientHeight,
      Math.min(top, box.scrollTop),
    );
  }

  typed() {
    const seed = /^\d{1,10}$/.test(this.seed.value.trim()) ? Number(this.seed.value) : NaN;
    const good = seed >= 0 && seed < 2 ** 31;
    this.seed.setAttribute("aria-invalid", String(!good));
    if (good) this.store.setSeed(seed);
    else
      this.say(
        t("A seed is a whole number from 0 to 2,147,483,647. Received: {value}.", {
          value: this.seed.value.slice(0, 20),
        }),
      );
  }

  reset() {
    for (const i of [...this.store.locks]) this.store.lock(i, false);
    this.store.setPsi(1);
    this.store.reset();
  }

  images() {
    const { store } = this;
    paint(this.canvas, store.current, store.shape);
    this.fit();
    this.press();
    const names = store.facts.class_names;
    const what = store.mixed
      ? t("mixed classes")
      : store.classes
        ? t("class {names}", { names: names[store.label] ?? store.label })
        : "";
    put(
      this.info,
      [t("seed {seed}{moved}", { seed: store.seed, moved: store.moved ? t(", moved") : "" }), what]
        .filter(Boolean)
        .join(" \u00b7 "),
    );
    this.canvas.setAttribute(
      "aria-label",
      t("Generated image, {textContent}, step {shown}", {
        textContent: this.info.textContent,
        shown: store.shown,
      }),
    );
    if (this.shadow() !== this.seed) this.seed.value = String(store.seed);
    this.psi.value = String(store.psi);
    put(this.amount, store.psi.toFixed(2));
    this.gauge();
    this.root.dataset.frames = String(Number(this.root.dataset.frames ?? 0) + 1);
    this.root.dataset.step = store.shown;
  }

  shadow() {
    return activeIn(this.root);
  }

  gauge() {
    const { z, psi, about } = this.store;
    const norm = Math.sqrt(z.reduce((sum, v) => sum + v * v, 0)) * psi;
    const low = Math.min(this.lengths.low, norm * 0.95),
      high = Math.max(this.lengths.high, norm * 1.05);
    /** @type {(r: number) => number} */
    const x = (r) => ((r - low) / (high - low)) * WIDE;
    const most = Math.max(...range(low, high).map(this.lengths.density));
    /** @type {(r: number) => number} */
    const y = (r) => 36 - (30 * this.lengths.density(r)) / most;
    /** @type {(to: number) => string} */
    const line = (to) =>
      range(low, to)
        .map((r, i) => `${i ? "L" : "M"}${x(r).toFixed(1)},${y(r).toFixed(1)}`)
        .join("");
    /** @type {(at: number, words: string, extra?: Attributes) => SVGTextElement} */
    const text = (at, words, extra = {}) => {
      const node = svg("text", { x: at, y: 50, "text-anchor": "middle", ...extra });
      node.textContent = words;
      return node;
    };
    const right = x(norm) < 70;
    this.plot.replaceChildren(
      svg("path", { d: `${line(norm)}L${x(norm)},36L0,36Z`, class: "under" }),
      svg("path", { d: line(high), class: "bell" }),
      svg("line", { x1: 0, x2: WIDE, y1: 36, y2: 36, class: "axis" }),
      svg("line", { x1: x(norm), x2: x(norm), y1: 2, y2: 36, class: "here" }),
      ...ticks(low, high).map((r) => text(Math.min(WIDE - 6, Math.max(6, x(r))), String(r))),
      text(x(norm) + (right ? 6 : -6), `\u2016z\u2016 ${norm.toFixed(2)}`, {
        y: 12,
        "text-anchor": right ? "start" : "end",
        class: "value",
      }),
    );
    const words = sentence(this.lengths.share(norm), about.prior);
    this.say(words);
    this.plot.setAttribute(
      "aria-label",
      t("Length of z {norm}. {words}", { norm: norm.toFixed(2), words }),
    );
  }

  /**
   * A sentence in which the word prior explains itself.
   * @type {(words: string) => void}
   */
  say(words) {
    if (this.verdict.textContent === words) return;
    const [before, ...after] = words.split("prior");
    this.verdict.replaceChildren(
      before,
      ...(after.length ? [this.prior, after.join("prior")] : []),
    );
  }

  fit() {
    const width = Math.min(LARGE, this.root.clientWidth);
    if (width <= 0) return;
    const scale = scaleFor(
      Math.max(this.canvas.width, this.canvas.height),
      width,
      12 * Math.max(1, 28 / this.canvas.width),
    );
    this.canvas.style.width = `${this.canvas.width * scale}px`;
    this.canvas.style.height = `${this.canvas.height * scale}px`;
  }
}

/** @type {(low: number, high: number) => number[]} */
const range = (low, high) => Array.from({ length: 101 }, (_, i) => low + ((high - low) * i) / 100);

/** @type {(low: number, high: number) => number[]} */
function ticks(low, high) {
  const rough = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((v) => v >= rough);
  const found = [];
  for (let v = Math.ceil(low / step) * step; v <= high; v += step)
    found.push(Number(v.toPrecision(6)));
  return found;
}

export default mounted((component) => new ImageView(component, "image"));
