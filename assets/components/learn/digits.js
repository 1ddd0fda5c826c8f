// From points to digits: a real run whose z has two numbers, and all that its G can make as one map that bends.
import { button, decimal, el, icon, put } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { paint } from "../shared/pixels.js";
import { urlOf } from "../shared/place.js";
import { Apart } from "./apart.js";
import { remember } from "./chapters.js";
import { told } from "./question.js";
import { t } from "../shared/words.js";
/** @import { Facts } from "../shared/types" */

const [ACROSS, DOWN, REACH] = [20, 14, 2]; // tiles, and how far from 0 in numbers of z
const EVERY = 1200; // ms between two questions
const ASK = t("Neighbours on this map have nearly the same z. How alike will their digits be?");
const OPTIONS = [
  ["alike", t("Nearly the same picture.")],
  ["apart", t("As different as any two.")],
];

/** z of each tile, row by row: the first number grows to the right, the second upwards. */
export function places() {
  /** @type {(i: number, count: number) => number} */
  const at = (i, count) => REACH * ((2 * i) / (count - 1) - 1);
  return Float32Array.from(
    Array.from({ length: ACROSS * DOWN }, (_, i) => [
      at(i % ACROSS, ACROSS),
      -at(Math.floor(i / ACROSS), DOWN),
    ]).flat(),
  );
}

/**
 * Mean difference of tiles beside each other, as a share of that of tiles far apart.
 * @type {(pixels: Uint8Array, size: number) => { near: number, far: number, share: number }}
 */
export function likeness(pixels, size) {
  /** @type {(i: number, j: number) => number} */
  const apart = (i, j) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += Math.abs(pixels[i * size + k] - pixels[j * size + k]);
    return sum;
  };
  let [near, far, count] = [0, 0, 0];
  for (let i = 0; i + 1 < ACROSS * DOWN; i++) {
    if (i % ACROSS === ACROSS - 1) continue;
    near += apart(i, i + 1);
    far += apart(i, (i + 7 * ACROSS + 10) % (ACROSS * DOWN));
    count++;
  }
  return { near: near / count / size, far: far / count / size, share: far ? near / far : 1 };
}

export class Digits extends Apart {
  /** @type {string} */
  run = null;

  /**
   * @param {() => void} start starts the run on the server
   * @param {() => void} leave
   */
  constructor(start, leave) {
    super();
    this.start = start;
    this.map = el("canvas", { class: "digits", role: "img", "aria-label": t("Nothing drawn yet") });
    this.state = el("p", { class: "cap", role: "status" });
    this.said = el("p", { class: "told", "aria-live": "polite" });
    this.on = el("p", { class: "cap" });
    this.go = button(
      t("Train and see"),
      () => this.begin(),
      { class: "btn primary", disabled: "" },
      icon("play"),
    );
    this.rows = OPTIONS.map(([value, label]) => {
      const word = el("span", { class: "verdict" }),
        input = el("input", {
          type: "radio",
          name: "learn-digits",
          value,
          onchange: () => {
            this.answer = value;
            this.go.disabled = false;
          },
        });
      return {
        value,
        word,
        input,
        node: el("label", { class: "option" }, input, el("span", {}, label), word),
      };
    });
    this.frame(
      { title: t("From points to digits"), about: t("the same two networks, only larger"), leave },
      el(
        "p",
        { class: "ask" },
        t("Again z is two numbers, but now G makes 784 pixels of them instead of a point. "),
        el("b", {}, ASK),
      ),
      el(
        "div",
        { class: "options", role: "radiogroup", "aria-label": ASK },
        ...this.rows.map(({ node }) => node),
      ),
      el(
        "div",
        { class: "tools" },
        this.go,
        el(
          "span",
          { class: "cap" },
          t("a real run on the server, under a minute on two free cores; it stays under Runs"),
        ),
      ),
      this.state,
      el("div", { class: "well" }, this.map),
      el(
        "p",
        { class: "cap" },
        t(
          "All that G can make: the first number of z grows to the right, the second upwards, each from −2 to 2.",
        ),
      ),
      this.said,
      this.on,
    );
  }

  begin() {
    this.rows.forEach(({ input }) => {
      input.disabled = true;
    });
    this.go.disabled = true;
    put(this.state, t("The run is being started."));
    this.start();
  }

  /**
   * Follows a run that was started from here.
   * @type {(run?: string, problem?: string) => void}
   */
  follow(run, problem) {
    if (problem) {
      put(this.state, problem);
      this.go.disabled = false;
    }
    if (!run || run === this.run) return;
    this.run = run;
    this.drawn = null;
    this.look();
  }

  async look() {
    if (this.gone) return;
    const path = urlOf(`api/explore/${this.run}/`);
    try {
      const facts = await get(`${path}facts`),
        status = await get(urlOf(`api/runs/${this.run}/status`));
      put(this.state, told(status));
      if (facts.newest !== null && facts.newest !== this.drawn) await this.draw(path, facts);
      if (["finished", "failed", "stopped"].includes(status.state)) return this.end();
    } catch (error) {
      put(this.state, error.message);
    }
    this.timer = setTimeout(() => this.look(), EVERY);
    return undefined;
  }

  /** @type {(path: string, facts: Facts) => Promise<void>} */
  async draw(path, facts) {
    const {
        parts: [pixels],
      } = await get(`${path}images?step=${facts.newest}`, { body: places().buffer }),
      [h, w, c] = facts.image_shape;
    paint(this.map, pixels, [h, w, c], ACROSS);
    this.map.setAttribute(
      "aria-label",
      t("{ACROSS} by {DOWN} digits made at step {newest}", { ACROSS, DOWN, newest: facts.newest }),
    );
    this.drawn = facts.newest;
    this.map.dataset.step = String(facts.newest);
    this.found = likeness(pixels, h * w * c);
    this.node.dataset.maps = String(Number(this.node.dataset.maps ?? 0) + 1);
  }

  /** The answer, from the pixels of the last map. */
  end() {
    if (!this.found) return;
    const { near, far, share } = this.found,
      truth = share < 0.5 ? "alike" : "apart";
    for (const { value, word, node } of this.rows) {
      node.classList.toggle("true", value === truth);
      word.replaceChildren(
        ...(value === this.answer
          ? [el("span", {}, icon(value === truth ? "check" : "close"), t(" your prediction"))]
          : []),
        ...(value === truth ? [el("span", {}, icon("check"), t(" what happened"))] : []),
      );
    }
    this.said.textContent = t(
      "Neighbours differ by {near} grey levels a pixel, tiles far apart by {far}. G is smooth: a small step of z is a small step of the picture, as a point moved a little before.",
      { near: decimal(near, 1), far: decimal(far, 1) },
    );
    const link = el(
      "a",
      { href: urlOf(`explore?${new URLSearchParams({ run: this.run })}`) },
      t("open this run in Explore"),
    );
    this.on.replaceChildren(
      t("In real training: "),
      t("a z of 64 or 100 numbers fits on no map. Explore walks through it: "),
      link,
      ".",
    );
    remember(window.localStorage, "digits", [Number(this.answer === truth), 1]);
  }

  dispose() {
    this.gone = true;
    clearTimeout(this.timer);
  }
}
