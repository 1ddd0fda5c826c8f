// One image of a grid, enlarged: what D says of it, and the way to it in Explore.
import { button, decimal, el, icon, put } from "../shared/base.js";
import { call } from "../shared/ask.js";
import { encode } from "../shared/link.js";
import { queryOf, urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
/** @import { AskedOf, Cut, Place } from "./types" */

const LARGE = 336; // CSS pixels of the enlarged image, at most
const WIDE = 720; // ... and of several beside each other
/** @type {(score: number) => number} */
const sigmoid = (score) => 1 / (1 + Math.exp(-score));

/**
 * The address of one image in Explore: its step, its z and its class.
 * @type {(run: string, of: { step: number, label: number | null }, z: Float32Array) => string}
 */
export function exploreAddress(run, { step, label }, z) {
  const query = queryOf({ run, step, ...(label === null ? {} : { class: label }), z: encode(z) });
  return urlOf(`explore?${query}`);
}

/**
 * One row for the routes of Explore: z, then the class as one-hot (`classes` numbers).
 * @type {(z: Float32Array, classes: number, label: number | null) => Float32Array}
 */
export function rowOf(z, classes, label) {
  const row = new Float32Array(z.length + classes);
  row.set(z);
  if (classes) row[z.length + (label ?? 0)] = 1;
  return row;
}

/**
 * What D says in words: a probability where its scores are log-odds, else the score.
 * @type {(opinion: { score: number, log_odds: boolean, step: number }, shown: number) => string}
 */
export function opinionWords({ score, log_odds: logOdds, step }, shown) {
  const said = logOdds ? t("{sigmoid} real", { sigmoid: decimal(sigmoid(score)) }) : decimal(score);
  return t("D says {said}{step}", {
    said,
    step: step === shown ? "" : t(" (D of step {step})", { step }),
  });
}

export class Enlarged {
  /** @param {string} run */
  constructor(run) {
    this.run = run;
    this.node = el("dialog", { "aria-label": t("One image, enlarged") });
    this.node.addEventListener("click", (event) => {
      if (event.target === this.node) this.node.close();
    });
    this.node.addEventListener("close", () => {
      this.asks = null;
    });
  }

  /**
   * `cut`: {image, x, y, tw, th} in its pixels; `asks`: {step, row, label} of a fake, else null. `place`:
   * {href, label, title} of the page where a held-out image is tried.
   * @type {(cut: Cut, words: string, asks: AskedOf | null, place?: Place | null) => void}
   */
  show(cut, words, asks, place = null) {
    this.asks = asks;
    this.said = el("p", { class: "cap said", role: "status" });
    const { href, label, title } = place ?? {
      label: t("Open in Explore"),
      title: t("Enter: this z and class in Explore"),
    };
    const hasLink = Boolean(asks || place);
    const close = button(
      t("Close"),
      () => this.node.close(),
      hasLink ? {} : { autofocus: "" },
      icon("close"),
    );
    this.link = el("a", { class: "btn primary", href, title, autofocus: "" }, label);
    this.node.replaceChildren(
      this.picture(cut, words),
      el("p", { class: "words" }, words),
      this.said,
      el("div", { class: "acts" }, ...(hasLink ? [this.link] : []), close),
    );
    this.node.showModal();
    if (asks)
      this.look(asks).catch((error) => {
        if (this.asks === asks) put(this.said, error.message);
      });
    else this.said.hidden = true;
  }

  /** @type {(cut: Cut, words: string) => HTMLCanvasElement} */
  picture({ image, x, y, tw, th }, words) {
    const density = window.devicePixelRatio || 1;
    const wide = Math.max(LARGE, Math.min(WIDE, window.innerWidth - 90)); // of images beside each other
    const k = Math.max(1, Math.floor(Math.min(LARGE / th, wide / tw) * density));
    const canvas = el("canvas", {
      width: tw * k,
      height: th * k,
      style: `width:min(${(tw * k) / density}px, 100%)`,
      role: "img",
      "aria-label": words,
    });
    const paint = canvas.getContext("2d");
    paint.imageSmoothingEnabled = false;
    paint.drawImage(image, x, y, tw, th, 0, 0, tw * k, th * k);
    return canvas;
  }

  /**
   * Its z, then the link; then what D says, where the run has kept its D.
   * @type {(asks: AskedOf) => Promise<void>}
   */
  async look(asks) {
    this.link.href = urlOf(`explore?${queryOf({ run: this.run, step: asks.step })}`);
    put(this.said, t("Asking D …"));
    const facts = await call(this.run, "facts");
    const step = [...facts.steps].reverse().find((s) => s <= asks.step) ?? facts.steps[0];
    const [
      {
        parts: [z],
      },
      about,
    ] = await Promise.all([
      call(this.run, "grid_z", { step, row: asks.row }),
      call(this.run, "about", { step }),
    ]);
    if (this.asks !== asks) return;
    this.link.href = exploreAddress(this.run, { ...asks, step }, z);
    this.link.dataset.ready = "true";
    try {
      const { header } = await call(
        this.run,
        "opinion",
        { step },
        rowOf(z, about.num_classes, asks.label),
      );
      if (this.asks === asks) put(this.said, opinionWords(header, asks.step));
    } catch {
      if (this.asks === asks) put(this.said, t("Its D is not stored."));
    }
  }
}
