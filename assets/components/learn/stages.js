// One round of training in six stages, each with its true numbers: z, G, fake and real, D, D learns, G learns.
import { button, el, icon, lessMotion, put, signed } from "../shared/base.js";
import { term } from "../shared/glossary.js";
import { t } from "../shared/words.js";
import { plain } from "./graphs.js";
/** @import { Rows, Worth } from "./types" */

/**
 * @import { Lesson } from "./lesson.js"
 * @import { Plane } from "./plane.js"
 */

const EACH = 1200; // milliseconds of a stage in slow motion
export const STAGES = [
  { name: "z", word: "z", what: t("random numbers"), side: "g" },
  { name: t("Generator G"), word: "generator", what: t("makes a point of them"), side: "g" },
  { name: t("Fake and real"), word: "fake", what: t("one made, one from the data"), side: "both" },
  {
    name: t("Discriminator D"),
    word: "discriminator",
    what: t("how real is each? 0 to 1"),
    side: "d",
  },
  { name: t("D’s loss, D learns"), word: "loss", what: t("up for real, down for fake"), side: "d" },
  {
    name: t("G’s loss, G learns"),
    word: "gradient",
    what: t("the arrow says where to go"),
    side: "g",
  },
];
const BETWEEN = [
  t("in"),
  t("a fake point"),
  t("both"),
  t("two scores"),
  t("the score of the fake"),
];

export class Stages {
  at = -1;
  timer = 0;
  /** @type {Plane} */
  plane = null;

  /**
   * @param {Lesson} lesson
   * @param {() => number} ringed which fake is ringed
   */
  constructor(lesson, ringed) {
    this.lesson = lesson;
    this.ringed = ringed;
    this.boxes = STAGES.map(({ name, word, what, side }, i) => {
      const value = el("span", { class: "value" });
      const node = el(
        "li",
        { class: `stage ${side}` },
        el("b", { class: "number" }, String(i + 1)),
        el("span", {}, el("b", {}, term(word, name)), el("small", {}, what)),
        value,
      );
      return { node, value };
    });
    const list = this.boxes.flatMap(({ node }, i) =>
      i
        ? [el("li", { class: "between cap", "aria-hidden": "true" }, BETWEEN[i - 1]), node]
        : [node],
    );
    this.back = button(t("Back"), () => this.go(this.at - 1));
    this.forth = button(t("Next"), () => this.go(this.at + 1), {}, icon("newest"));
    this.node = el(
      "section",
      { class: "panel loop", "aria-label": t("The loop") },
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("The loop")),
        el("span", { class: "cap" }, t("one round of training")),
      ),
      el("ol", {}, ...list),
      el("div", { class: "tools" }, this.back, this.forth),
      el(
        "p",
        { class: "cap" },
        t("Warm and dashed is the generator’s side, cool and solid the data’s."),
      ),
    );
    this.sentence = el("p", { class: "sentence", "aria-live": "polite" });
    this.coming = el("p", { class: "cap" });
    this.stop = lesson.listen(() => this.numbers());
    this.numbers();
  }

  get slow() {
    return this.timer !== 0;
  }

  toggle() {
    return this.slow ? this.off() : this.begin();
  }

  begin() {
    this.plane?.pause();
    this.timer = lessMotion() ? -1 : setInterval(() => this.go(this.at + 1), EACH); // by hand, where less motion is asked for
    this.plane?.slow.setAttribute("aria-pressed", "true");
    this.go(0);
  }

  off() {
    clearInterval(this.timer);
    this.timer = 0;
    this.at = -1;
    this.plane?.slow.setAttribute("aria-pressed", "false");
    this.numbers();
  }

  /** To a stage; past the last both networks have learned, and a new round begins. */
  go(/** @type {number} */ stage) {
    if (stage >= STAGES.length) this.lesson.train(1, this.plane?.only);
    this.at = ((stage % STAGES.length) + STAGES.length) % STAGES.length;
    this.numbers();
  }

  /**
   * What the ringed fake and one real point are worth now.
   * @returns {Worth}
   */
  facts() {
    const { lesson } = this,
      i = this.ringed(),
      size = lesson.settings.latent_dim,
      z = lesson.z.subarray(i * size, (i + 1) * size);
    const fake = lesson.gan.g.apply(z, 1),
      real = lesson.real.subarray(2 * i, 2 * i + 2);
    const belief = (/** @type {Rows} */ point) =>
      lesson.gan.beliefs(lesson.gan.d.apply(point, 1))[0];
    return {
      z,
      fake,
      real,
      scores: { fake: belief(fake), real: belief(real) },
      push: lesson.gan.push(fake, 1, real),
      losses: lesson.last ?? {},
    };
  }

  numbers() {
    const f = this.facts(),
      pair = (/** @type {Rows} */ v) => [...v].map((n) => signed(n)).join(", ");
    const values = [
      pair(f.z),
      "",
      `${pair(f.fake)}\n${pair(f.real)}`,
      t("fake {fake}\nreal {real}", { fake: plain(f.scores.fake), real: plain(f.scores.real) }),
      plain(f.losses.d_loss ?? NaN),
      plain(f.losses.g_loss ?? NaN),
    ];
    this.boxes.forEach(({ node, value }, k) => {
      put(value, values[k]);
      node.classList.toggle("now", k === this.at);
      node.setAttribute("aria-current", k === this.at ? "step" : "false");
    });
    put(this.sentence, this.at < 0 ? overview(f) : SENTENCES[this.at](f));
    put(
      this.coming,
      this.at < 0
        ? t("Slow shows one round stage by stage, Next goes by hand.")
        : t("Next: {name}.", { name: STAGES[(this.at + 1) % STAGES.length].name }),
    );
  }

  dispose() {
    clearInterval(this.timer);
    this.stop();
  }
}

/** @type {(f: Worth) => number} */
const far = (f) => Math.hypot(...f.push);
/** @type {(f: Worth) => string} */
const overview = (f) =>
  t("The ringed fake has the score {fake}: {opinion}", {
    fake: plain(f.scores.fake),
    opinion: opinion(f.scores.fake),
  });
/** @type {(score: number) => string} */
const opinion = (score) =>
  score > 0.6
    ? t("D takes it for real.")
    : score < 0.4
      ? t("D sees that it is made.")
      : t("D cannot tell.");

/** @type {Record<number, string>} */
const DRAWN = {
  1: t("One random number is"),
  2: t("Two random numbers are"),
  4: t("Four random numbers are"),
};

/** @type {((f: Worth) => string)[]} */
const SENTENCES = [
  (f) =>
    t("{DRAWN} drawn: {list}. {z} called z.", {
      DRAWN: DRAWN[f.z.length],
      list: [...f.z].map((n) => signed(n)).join(", "),
      z: f.z.length === 1 ? t("It is") : t("Together they are"),
    }),
  () =>
    t(
      "G turns z into a point by its weights. The same z always gives the same point, until G learns.",
    ),
  (f) =>
    t("The fake lies at {list}. Beside it is a point of the data at {list2}.", {
      list: [...f.fake].map((n) => signed(n)).join(", "),
      list2: [...f.real].map((n) => signed(n)).join(", "),
    }),
  (f) =>
    t("D gives the ringed fake {fake} and the real point {real}. {opinion}", {
      fake: plain(f.scores.fake),
      real: plain(f.scores.real),
      opinion: opinion(f.scores.fake),
    }),
  () =>
    t(
      "D compares its scores with the truth: real should be 1, fake should be 0. Its weights move a little that way.",
    ),
  (f) =>
    far(f) < 1e-3
      ? t(
          "G asks D which way is better. D’s surface is flat here: there is almost no answer, and G stands still.",
        )
      : t(
          "G asks D which way is better: the arrow. Its weights move so that this z lands a little further along it.",
        ),
];
