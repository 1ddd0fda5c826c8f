// From points to digits: a real run whose z has two numbers, all that its G can make as one map that bends; then a z of more.
import { button, decimal, el, icon, put } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { paint } from "../shared/pixels.js";
import { urlOf } from "../shared/place.js";
import { normal, random } from "../shared/random.js";
import { OTHERS } from "./apart.js";
import { OnServer } from "./on_server.js";
import { hold, isHeld } from "./question.js";
import { t } from "../shared/words.js";
/** @import { Facts } from "../shared/types" */
/** @import { OnPage, ServedChapter } from "./types" */

const [ACROSS, DOWN, REACH] = [20, 14, 2]; // tiles, and how far from 0 in numbers of z
const TILES = ACROSS * DOWN;
const JUDGED = 100; // images that the judge is asked about at once, at most
const SURE = 0.9; // the judge finds a digit where it is as sure as this of a tile
const KINDS = 10;
const WIDER = [4, 8, 16, 64]; // numbers of z that can be tried
const FIRST = 16; // offered first

/** @type {ServedChapter} */
const DIGITS = {
  ...OTHERS.find(({ id }) => id === "digits"),
  about: t("the same two networks, only larger"),
  terms: ["z", "judge"],
  so: t("Again z is two numbers, but now G makes 784 pixels of them instead of a point."),
  asks: {
    text: t("Neighbours on this map have nearly the same z. How alike will their digits be?"),
    options: [
      ["alike", t("Nearly the same picture.")],
      ["apart", t("As different as any two.")],
    ],
  },
  cost: t("a real run on the server, under a minute on two free cores; it stays under Runs"),
  check: {
    text: t(
      "A judge that learned to name real digits looks at every picture of the map. Of how many of the ten digits is it sure at least once?",
    ),
    options: [
      ["few", t("One or two.")],
      ["some", t("Several, but not all.")],
      ["all", t("All ten.")],
    ],
  },
  heal: {
    text: t("Is the map too small for ten digits? Give z more numbers, and train again."),
    goal: t("the judge is sure of all ten digits"),
  },
  real: t("a z has 64 or 100 numbers and fits on no map. Explore walks through it:"),
};

const WORDS = {
  empty: t("Nothing drawn yet"),
  soon: t("The map is drawn here, again and again, while it trains."),
  map: t(
    "All that G can make: the first number of z grows to the right, the second upwards, each from −2 to 2.",
  ),
  drawn: (/** @type {number} */ z) =>
    t(
      "A z of {z} numbers fits on no map: these are 280 of them, drawn at random, and neighbours have nothing in common.",
      { z },
    ),
  label: (/** @type {number} */ newest) =>
    t("{ACROSS} by {DOWN} digits made at step {newest}", { ACROSS, DOWN, newest }),
  seen: (/** @type {{ near: number, far: number }} */ { near, far }) =>
    t(
      "Neighbours differ by {near} grey levels a pixel, tiles far apart by {far}. G is smooth: a small step of z is a small step of the picture, as a point moved a little before.",
      { near: decimal(near, 1), far: decimal(far, 1) },
    ),
  asking: t("The judge looks at all 280."),
  because: (/** @type {number[]} */ found) =>
    t(
      "It is at least 90 % sure of {n} of them: {found}. G can only bend one sheet: between two digits it must draw what is neither, and some digits find no place.",
      { n: found.length, found: found.join(", ") || "–" },
    ),
  all: (/** @type {number[]} */ found) =>
    t("It is at least 90 % sure of all ten: {found}.", { found: found.join(", ") }),
  more: t("Numbers of z"),
  again: t("Train again"),
  reached: (/** @type {number} */ z) =>
    t("Reached: the judge is sure of all ten digits, with a z of {z} numbers.", { z }),
  not: (/** @type {number[]} */ found, /** @type {number} */ z) =>
    t("With a z of {z} numbers it is sure of {n} of 10: {found}. Try more.", {
      z,
      n: found.length,
      found: found.join(", ") || "–",
    }),
};

/** z of each tile, row by row: the first number grows to the right, the second upwards. */
export function places() {
  /** @type {(i: number, count: number) => number} */
  const at = (i, count) => REACH * ((2 * i) / (count - 1) - 1);
  return Float32Array.from(
    Array.from({ length: TILES }, (_, i) => [
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
  for (let i = 0; i + 1 < TILES; i++) {
    if (i % ACROSS === ACROSS - 1) continue;
    near += apart(i, i + 1);
    far += apart(i, (i + 7 * ACROSS + 10) % TILES);
    count++;
  }
  return { near: near / count / size, far: far / count / size, share: far ? near / far : 1 };
}

/**
 * z of so many numbers for every tile, drawn as in training: float32 [280, size].
 * @type {(size: number) => Float32Array<ArrayBuffer>}
 */
export function drawnZ(size) {
  const next = random(1);
  return Float32Array.from({ length: TILES * size }, () => normal(next));
}

/**
 * The digits that the judge is sure of at least once, in order.
 * @type {(classes: number[], sure: number[]) => number[]}
 */
export function found(classes, sure) {
  const kinds = new Set(classes.filter((_, i) => sure[i] >= SURE));
  return [...kinds].sort((a, b) => a - b);
}

/**
 * The answer to the check: of how many digits.
 * @type {(count: number) => string}
 */
export const howMany = (count) => (count >= KINDS ? "all" : count > 2 ? "some" : "few");

export class Digits extends OnServer {
  size = 2; // numbers of z
  /** @type {number} */
  drawn = null; // step of the map

  /** @param {OnPage} on */
  constructor(on) {
    super(DIGITS, on);
    this.map = el("canvas", { class: "digits", role: "img", "aria-label": WORDS.empty });
    this.what = el("p", { class: "cap" }, WORDS.map);
    this.shown.append(
      el("div", { class: "well" }, this.map, el("p", { class: "cap" }, WORDS.soon)),
      this.what,
    );
  }

  get path() {
    return urlOf(`api/explore/${this.run}/`);
  }

  async during() {
    const facts = /** @type {Facts} */ (await get(`${this.path}facts`));
    if (facts.newest === null || facts.newest === this.drawn) return;
    const body = (this.size === 2 ? places() : drawnZ(this.size)).buffer,
      {
        parts: [pixels],
      } = await get(`${this.path}images?step=${facts.newest}`, { body }),
      [h, w, c] = facts.image_shape;
    paint(this.map, pixels, [h, w, c], ACROSS);
    put(this.what, this.size === 2 ? WORDS.map : WORDS.drawn(this.size));
    this.map.setAttribute("aria-label", WORDS.label(facts.newest));
    this.drawn = facts.newest;
    this.map.dataset.step = String(facts.newest);
    this.pixels = /** @type {Uint8Array<ArrayBuffer>} */ (pixels);
    this.each = h * w * c;
    this.node.dataset.maps = String(Number(this.node.dataset.maps ?? 0) + 1);
  }

  async over() {
    if (this.size > 2) return this.tried();
    const like = likeness(this.pixels, this.each);
    this.happened(like.share < 0.5 ? "alike" : "apart", WORDS.seen(like));
    this.check(async () => {
      const kinds = await this.judged();
      return {
        value: howMany(kinds.length),
        text: kinds.length < KINDS ? WORDS.because(kinds) : WORDS.all(kinds),
      };
    });
  }

  /** The digits of the map that the judge is sure of. */
  async judged() {
    put(this.state, WORDS.asking);
    /** @type {{ classes: number[], sure: number[] }} */
    const all = { classes: [], sure: [] };
    for (let i = 0; i < TILES; i += JUDGED) {
      const body = this.pixels.slice(i * this.each, (i + JUDGED) * this.each),
        said = await get(`${this.path}judged`, { body, patience: 60000 });
      all.classes.push(...said.classes);
      all.sure.push(...said.sure);
    }
    put(this.state, "");
    return found(all.classes, all.sure);
  }

  /** @type {(done: HTMLElement) => void} */
  try(done) {
    this.sizes = el(
      "select",
      { id: "learn-digits-z" },
      ...WIDER.map((n) => el("option", { value: n, selected: n === FIRST && "" }, String(n))),
    );
    this.waits = button(WORDS.again, () => this.again(), { class: "btn primary" }, icon("play"));
    hold(this.waits, false);
    const tools = el(
      "div",
      { class: "tools" },
      el("label", { for: this.sizes.id }, WORDS.more),
      this.sizes,
      this.waits,
      el("span", { class: "cap" }, DIGITS.cost),
    );
    this.tries(done, this.sizes, tools, this.state); // said where the button is
  }

  /** Another run, with a z of as many numbers as are chosen. */
  again() {
    if (isHeld(this.waits)) return;
    hold(this.waits, true);
    this.size = Number(this.sizes.value);
    this.drawn = null;
    this.begins();
    this.start(this.size);
  }

  async tried() {
    const kinds = await this.judged(),
      size = this.size;
    hold(this.waits, false);
    this.leads();
    if (kinds.length >= KINDS) this.reached(WORDS.reached(size));
    else put(this.goal, WORDS.not(kinds, size));
    this.node.dataset.found = String(kinds.length);
  }
}
