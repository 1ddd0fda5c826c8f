// What a discriminator sees: a small one learns digits for under a minute, then is asked which pixels count, and what it says of shuffled digits.
import { decimal, el, put } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { FAKE, REAL } from "../shared/on_black.js";
import { urlOf } from "../shared/place.js";
import { random } from "../shared/random.js";
import { OTHERS } from "./apart.js";
import { OnServer } from "./on_server.js";
import { t } from "../shared/words.js";
/** @import { Pixels } from "../shared/types" */
/** @import { OnPage, Seen, ServedChapter } from "./types" */

const INK = 64; // a brighter pixel belongs to a stroke
const REACH = 2; // pixels around a stroke that still count as near
const ALIKE = 1.2; // times: what differs by less is alike
const PATCH = 7; // pixels a side that one press shuffles
const SHOWN = 10;

/** @type {ServedChapter} */
export const SEES = {
  ...OTHERS.find(({ id }) => id === "sees"),
  about: t("a real D, asked pixel by pixel"),
  terms: ["discriminator", "saliency"],
  so: t("D looks at 784 pixels and says one number."),
  asks: {
    text: t("Which pixels of a digit will its score hang on most?"),
    options: [
      ["near", t("Those on and beside the strokes.")],
      ["alike", t("All of them alike.")],
      ["far", t("The empty ones far away.")],
    ],
  },
  cost: t("a real run on the server, under a minute on two free cores; it stays under Runs"),
  check: {
    text: t(
      "Now the pixels of each digit are shuffled: the same ones, in other places. D’s score …",
    ),
    options: [
      ["falls", t("falls.")],
      ["same", t("hardly changes.")],
      ["rises", t("rises.")],
    ],
  },
  heal: {
    text: t(
      "Press on a digit to shuffle a patch of it. Can you make D take a real digit for a fake?",
    ),
    goal: t("a real digit below the middle fake"),
  },
  real: t("Explore shows the same under What D thinks, for every image and checkpoint: "),
};

const WORDS = {
  soon: t("Ten real digits are shown here when D has learned."),
  asking: t("D is asked about ten real digits."),
  seen: (/** @type {{ near: number, far: number }} */ { near, far }) =>
    t(
      "A pixel near a stroke moves D’s score {near} times as much as one far away. Nobody told D what a stroke is.",
      { near: decimal(near / far, 1) },
    ),
  checking: t("D looks at the shuffled digits."),
  because: (/** @type {{ fell: number, apart: number }} */ { fell, apart }) =>
    t(
      "It {fell} by {abs} on average; real digits and fakes are {apart} apart. As bright as before, pixel for pixel: D looks at how neighbours go together.",
      {
        fell: fell > 0 ? t("fell") : t("rose"),
        abs: decimal(Math.abs(fell)),
        apart: decimal(apart),
      },
    ),
  reached: (/** @type {number} */ score) =>
    t("Reached: D’s score fell to {score}.", { score: decimal(score) }),
  said: (/** @type {number} */ score, /** @type {number} */ share) =>
    t("D’s score is {score} now: more real than {share} % of fakes.", {
      score: decimal(score),
      share: Math.round(100 * share),
    }),
  key: [t("brighter here looks more real"), t("brighter here looks more fake")],
  empty: t("That patch is empty: press on a stroke."),
  tile: (/** @type {number} */ i) => t("Real digit {i}; press to shuffle a patch", { i: i + 1 }),
};

/**
 * Pixels [h, w] within REACH of a stroke, as booleans.
 * @type {(pixels: Pixels, shape: number[]) => boolean[]}
 */
export function nearStrokes(pixels, [h, w]) {
  const near = new Array(h * w).fill(false);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      if (pixels[y * w + x] <= INK) continue;
      for (let dy = -REACH; dy <= REACH; dy++)
        for (let dx = -REACH; dx <= REACH; dx++) {
          const [v, u] = [y + dy, x + dx];
          if (v >= 0 && v < h && u >= 0 && u < w && Math.abs(dx) + Math.abs(dy) <= REACH)
            near[v * w + u] = true;
        }
    }
  return near;
}

/**
 * Mean size of a saliency near strokes and far from them, over all images: {near, far, value} of the question's answers.
 * @type {(images: { pixels: Pixels, saliency: ArrayLike<number> }[], shape: number[]) => { near: number, far: number, value: string }}
 */
export function weighed(images, shape) {
  const sums = { near: [0, 0], far: [0, 0] };
  for (const { pixels, saliency } of images)
    nearStrokes(pixels, shape).forEach((near, i) => {
      const side = sums[near ? "near" : "far"];
      side[0] += Math.abs(saliency[i]);
      side[1]++;
    });
  const [near, far] = [sums.near, sums.far].map(([sum, count]) => sum / Math.max(1, count));
  return { near, far, value: near > ALIKE * far ? "near" : far > ALIKE * near ? "far" : "alike" };
}

/**
 * The corner [y, x] of the patch with the most ink, of those that are not `taken` while there are any.
 * @type {(pixels: Pixels, shape: number[], taken?: string[]) => number[]}
 */
export function inkiest(pixels, [h, w], taken = []) {
  let [most, corner] = [0, /** @type {number[]} */ (null)];
  for (let y = 0; y + PATCH <= h; y += PATCH)
    for (let x = 0; x + PATCH <= w; x += PATCH) {
      if (taken.includes(`${[y, x]}`)) continue;
      let ink = 0;
      for (let v = y; v < y + PATCH; v++)
        for (let u = x; u < x + PATCH; u++) ink += pixels[v * w + u];
      if (ink > most) [most, corner] = [ink, [y, x]];
    }
  return corner ?? (taken.length ? inkiest(pixels, [h, w]) : [0, 0]);
}

/**
 * A copy with the pixels of one patch in other places; another `turn` puts them elsewhere.
 * @type {(pixels: Uint8Array<ArrayBuffer>, shape: number[], at: number[], turn?: number) => Uint8Array<ArrayBuffer>}
 */
export function mixed(pixels, [h, w], [y, x], turn = 0) {
  const made = pixels.slice(),
    places = [];
  for (let v = Math.max(0, y); v < Math.min(h, y + PATCH); v++)
    for (let u = Math.max(0, x); u < Math.min(w, x + PATCH); u++) places.push(v * w + u);
  const inside = shuffled(
    Uint8Array.from(places, (i) => pixels[i]),
    7 + turn,
  );
  places.forEach((i, k) => {
    made[i] = inside[k];
  });
  return made;
}

/**
 * The same pixels in other places, the same for every image of a size.
 * @type {(pixels: Uint8Array<ArrayBuffer>, seed?: number) => Uint8Array<ArrayBuffer>}
 */
export function shuffled(pixels, seed = 7) {
  const made = pixels.slice(),
    next = random(seed);
  for (let i = made.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [made[i], made[j]] = [made[j], made[i]];
  }
  return made;
}

/**
 * How far scores fell on average, beside how far real and fake ones are apart.
 * @type {(before: number[], after: number[], apart: number) => { fell: number, apart: number, value: string }}
 */
export function verdict(before, after, apart) {
  const fell = before.reduce((sum, score, i) => sum + score - after[i], 0) / before.length;
  return {
    fell,
    apart,
    value: fell > 0.05 * apart ? "falls" : fell < -0.05 * apart ? "rises" : "same",
  };
}

/** @type {(values: number[]) => number} */
const mean = (values) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

export class Sees extends OnServer {
  /** @type {Seen[]} */
  images = [];

  /** @param {OnPage} on */
  constructor(on) {
    super(SEES, on);
    this.tiles = el(
      "div",
      { class: "tiles", role: "group", "aria-label": t("Ten real digits") },
      el("p", { class: "cap" }, WORDS.soon),
    );
    const key = WORDS.key.map((text, i) =>
      el("span", { class: "legend" }, el("i", { class: i ? "diamond" : "disc" }), text),
    );
    this.key = el("p", { class: "cap legends", hidden: true }, ...key);
    this.shown.append(this.tiles, this.key);
  }

  /**
   * D's answer to an image: {score, apart, beats_fake, saliency}.
   * @type {(pixels: Uint8Array<ArrayBuffer>) => Promise<any>}
   */
  async opinion(pixels) {
    const {
      header,
      parts: [saliency, real, fake],
    } = await get(urlOf(`api/explore/${this.run}/opinion?image=1`), {
      body: new Blob([this.row, pixels]),
      patience: 60000,
    });
    return { ...header, saliency, apart: Math.abs(mean([...real]) - mean([...fake])) };
  }

  async over() {
    const path = urlOf(`api/explore/${this.run}/`),
      about = await get(`${path}about`),
      reals = await get(`${path}reals?seed=1`);
    put(this.state, WORDS.asking);
    this.shape = reals.header.parts[0][2].slice(1);
    this.row = new Float32Array(about.latent_dim + about.num_classes);
    const size = this.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    this.tiles.replaceChildren();
    for (let i = 0; i < SHOWN && !this.gone; i++)
      await this.ask(i, reals.parts[0].slice(i * size, (i + 1) * size));
    put(this.state, "");
    const found = weighed(this.images, this.shape);
    this.key.hidden = false;
    this.happened(found.value, WORDS.seen(found));
    this.check(() => this.shuffle());
  }

  /** @type {(i: number, pixels: Uint8Array<ArrayBuffer>) => Promise<void>} */
  async ask(i, pixels) {
    const canvas = el("canvas", { "aria-hidden": "true" }),
      word = el("span", { class: "cap" });
    const node = el(
      "button",
      {
        type: "button",
        class: "tile",
        disabled: "",
        onclick: (/** @type {MouseEvent} */ event) => this.mix(i, event),
      },
      canvas,
      el("span", { class: "hush" }, WORDS.tile(i)),
      word,
    );
    this.tiles.append(node);
    const said = await this.opinion(pixels);
    this.images[i] = {
      pixels,
      now: pixels,
      taken: [],
      saliency: said.saliency,
      score: said.score,
      apart: said.apart,
      canvas,
      word,
      node,
    };
    this.paint(i, said);
  }

  /** @type {(i: number, said: { saliency: Float32Array, score: number }) => void} */
  paint(i, { saliency, score }) {
    const { now, canvas, word } = this.images[i],
      [h, w] = this.shape,
      most =
        [...saliency].map(Math.abs).sort((a, b) => a - b)[
          Math.floor(0.99 * (saliency.length - 1))
        ] || 1;
    const picture = new ImageData(w, h);
    for (let k = 0; k < h * w; k++) {
      const share = Math.min(1, Math.abs(saliency[k]) / most),
        colour = saliency[k] > 0 ? REAL : FAKE;
      for (let c = 0; c < 3; c++)
        picture.data[4 * k + c] = (1 - share) * 0.6 * now[k] + share * colour[c];
      picture.data[4 * k + 3] = 255;
    }
    Object.assign(canvas, { width: w, height: h }).getContext("2d").putImageData(picture, 0, 0);
    put(word, decimal(score));
  }

  /** What D says of the same digits, shuffled. */
  async shuffle() {
    put(this.state, WORDS.checking);
    const after = [];
    for (const { pixels } of this.images) after.push((await this.opinion(shuffled(pixels))).score);
    const before = this.images.map(({ score }) => score),
      found = verdict(before, after, this.images[0].apart);
    put(this.state, "");
    return { value: found.value, text: WORDS.because(found) };
  }

  /** @type {(done: HTMLElement) => void} */
  try(done) {
    this.images.forEach(({ node }) => {
      node.disabled = false;
    });
    this.tries(done, this.images[0].node);
  }

  /**
   * Shuffles the patch under the pointer; from the keyboard the most inked one that is left.
   * @type {(i: number, event: MouseEvent) => Promise<void>}
   */
  async mix(i, event) {
    const image = this.images[i],
      [h, w] = this.shape,
      box = image.canvas.getBoundingClientRect();
    const at = event.detail
      ? [
          ((event.clientY - box.top) / box.height) * h,
          ((event.clientX - box.left) / box.width) * w,
        ].map((v) => Math.round(v - PATCH / 2))
      : inkiest(image.now, this.shape, image.taken);
    const made = mixed(image.now, this.shape, at, image.taken.length);
    if (made.every((v, k) => v === image.now[k])) return put(this.goal, WORDS.empty);
    image.now = made;
    image.taken.push(`${at}`);
    try {
      const said = await this.opinion(made);
      this.paint(i, said);
      if (said.beats_fake < 0.5) this.reached(WORDS.reached(said.score));
      else if (!this.node.dataset.healed) put(this.goal, WORDS.said(said.score, said.beats_fake));
    } catch (error) {
      put(this.goal, error.message);
    }
  }
}
