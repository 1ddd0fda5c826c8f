// A game: which of ten digits were made? Score boards of the player, of D and of the judge, kept in this browser.
import { activeIn, button, decimal, el, icon, put, svg, whole } from "../shared/base.js";
import { term } from "../shared/glossary.js";
import { get } from "../shared/fetch.js";
import { paint } from "../shared/pixels.js";
import { urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
import { Apart } from "./apart.js";
import { hold, isHeld } from "./question.js";
/** @import { Answer } from "../shared/types" */
/** @import { Round, Tile } from "./types" */

const BUNDLED = [
  ["bundled-digits", t("Digits")],
  ["bundled-fashion", t("Clothes")],
];
const KEPT = "ganscope-beat";
const MOST = 2 ** 31 - 1;
const ROUNDS = 8; // through the checkpoints of a run
const [LEAST, LISTED] = [3, 8]; // checkpoints that make rounds; runs that are offered
const FIRST = 60000; // ms that the first answer may take: the server may load its engine for it
const UNSURE = 0.25; // the judge calls made what it is less sure of than of so many real images
const PLAYERS = [
  ["you", t("you")],
  ["d", "D"],
  ["judge", t("judge")],
];
const [WIDE, HIGH, SIDE, LOW] = [420, 130, 34, 18];

const WORDS = {
  title: t("Beat the discriminator"),
  about: t("you against D and the judge, two minutes"),
  sets: t("Images"),
  lead: t(
    "Some of these ten were made by a generator, the others are real. Tick those that were made.",
  ),
  judge: (/** @type {boolean} */ known) => [
    t("D has trained against this very generator. The "),
    term("judge"),
    known
      ? t(" only learned to name classes: it calls made what it is not sure of.")
      : t(" has no opinion here: it needs labels."),
  ],
  done: t("Done"),
  next: t("Next round"),
  again: t("From the first checkpoint"),
  wait: t("Ten images are being drawn."),
  looks: t("D and the judge look at them."),
  tile: (/** @type {number} */ i) => t("Image {i}, ticked as made", { i: i + 1 }),
  made: t("made"),
  real: t("real"),
  right: t("right: "),
  wrong: t("wrong: "),
  round: (/** @type {number} */ k, /** @type {number} */ step, /** @type {number} */ rounds) =>
    t("Round {k} of {rounds}: fakes and D of step {step}.", {
      k: k + 1,
      rounds,
      step: whole(step),
    }),
  over: t("That was the last checkpoint."),
  result: (
    /** @type {{ you: number, d: number, judge: number | null }} */ { you, d, judge },
    /** @type {number} */ of,
  ) =>
    t("You: {you} of {of}. D: {d} of {of}.{judge} {verdict}", {
      you,
      of,
      d,
      judge: judge === null ? "" : t(" Judge: {judge} of {of}.", { judge, of }),
      verdict:
        you > Math.max(d, judge ?? 0)
          ? t("You are best.")
          : you < d
            ? t("D was better.")
            : t("A draw at the top."),
    }),
  board: (/** @type {[name: string, share: number][]} */ scores, /** @type {number} */ of) =>
    t("In this browser so far, of {of} images: {scores}. 0.5 is guessing.", {
      of,
      scores: scores.map(([name, share]) => `${name} ${decimal(share)}`).join(", "),
    }),
  none: t("0.5 is guessing."),
  chart: t("Right answers by the step of the checkpoint"),
};

/**
 * What D calls an image: real where it beats more fakes than real images beat it; both shares, 0 to 1.
 * @type {(opinion: { beats_real: number, beats_fake: number }) => boolean}
 */
export const callsReal = ({ beats_real: real, beats_fake: fake }) => fake > 1 - real;

/**
 * How many of the answers are right; both arrays of booleans, "this one was made".
 * @type {(answers: boolean[], truth: boolean[]) => number}
 */
export const rightOf = (answers, truth) => answers.filter((each, i) => each === truth[i]).length;

/**
 * Scores so far {you, d, judge, of, ...}, with one round more; of what somebody else wrote only numbers count.
 * @type {(kept: any, round: Record<string, number>) => Record<string, number>}
 */
export function added(kept, round) {
  /** @type {(name: string) => number} */
  const known = (name) => (Number.isInteger(kept?.[name]) && kept[name] >= 0 ? kept[name] : 0);
  return Object.fromEntries(
    Object.entries(round).map(([name, value]) => [name, known(name) + value]),
  );
}

/**
 * ROUNDS steps spread over those of all checkpoints, the first and the last among them; fewer where there are fewer.
 * @type {(steps: number[], count?: number) => number[]}
 */
export function spread(steps, count = ROUNDS) {
  const chosen =
    steps.length <= count
      ? steps
      : Array.from(
          { length: count },
          (_, i) => steps[Math.round((i * (steps.length - 1)) / (count - 1))],
        );
  return [...new Set(chosen)];
}

function read() {
  try {
    return JSON.parse(window.localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

export class Beat extends Apart {
  source = BUNDLED[0][0];
  /** @type {number[]} */
  steps = []; // of a run, a round each
  at = 0;
  /** @type {Round[]} */
  curve = [];
  judged = true;

  /** @param {() => void} leave */
  constructor(leave) {
    super();
    this.sets = el(
      "select",
      { "aria-label": WORDS.sets, onchange: () => this.choose() },
      ...BUNDLED.map(([value, text]) => el("option", { value }, text)),
    );
    this.tiles = el("div", { class: "tiles", role: "group", "aria-label": t("Ten images") });
    this.done = button(
      WORDS.done,
      () => isHeld(this.done) || this.judge(),
      { class: "btn primary" },
      icon("check"),
    );
    this.next = button(WORDS.next, () => isHeld(this.next) || this.another(), {}, icon("newest"));
    this.round_ = el("p", { class: "cap" });
    this.who = el("p", { class: "cap" });
    this.said = el("p", { class: "told", "aria-live": "polite" });
    this.board = el("p", { class: "cap" });
    this.plot = el("figure", { hidden: true });
    this.frame(
      { title: WORDS.title, about: WORDS.about, tools: [this.sets], label: t("Game"), leave },
      el("p", { class: "ask" }, WORDS.lead),
      this.who,
      this.round_,
      this.tiles,
      el("div", { class: "tools" }, this.done, this.next),
      this.said,
      this.plot,
      this.board,
    );
  }

  open() {
    super.open();
    this.score();
    this.offer();
    return this.choose();
  }

  /** @type {(leave: () => void) => void} */
  close(leave) {
    this.turn = null;
    super.close(leave);
  }

  /** Runs of one's own whose checkpoints make rounds are offered beside what comes with the app. */
  async offer() {
    if (this.offered) return;
    this.offered = true;
    try {
      const { sources } = await get(urlOf("api/explore")),
        runs = /** @type {{ id: string, title: string }[]} */ (sources)
          .filter(({ id }) => /^\d{5}-/.test(id))
          .slice(0, LISTED);
      for (const { id, title } of runs) {
        const facts = await get(urlOf(`api/explore/${id}/facts`)).catch(
          () => /** @type {any} */ (null),
        );
        if (
          facts?.data &&
          facts.critic &&
          facts.full.length >= LEAST &&
          facts.image_shape?.length !== 1
        )
          this.sets.append(el("option", { value: id, "data-steps": facts.full.join() }, title));
      }
    } catch {
      this.offered = false; // the bundled ones are there
    }
  }

  choose() {
    const { value, dataset } = this.sets.selectedOptions[0];
    this.source = value;
    this.steps = dataset.steps ? spread(dataset.steps.split(",").map(Number)) : [];
    this.at = 0;
    this.curve = [];
    this.plot.hidden = true;
    return this.deal();
  }

  /** In the address of each question: the step of this round, where a run has rounds. */
  get where() {
    return this.steps.length ? `step=${this.steps[this.at]}` : "";
  }

  /** The keyboard goes on at the first of the new images. */
  async another() {
    await this.deal();
    if (activeIn(this.next) === this.next) this.round?.[0].node.focus({ preventScroll: true });
  }

  /** Ten images: of each class a real or a made one, as a coin falls. */
  async deal() {
    const turn = (this.turn = {}),
      path = urlOf(`api/explore/${this.source}/`),
      seeds = Array.from({ length: 10 }, () => Math.floor(Math.random() * MOST));
    if (this.node.dataset.told && this.steps.length) this.at = (this.at + 1) % this.steps.length;
    if (this.at === 0) this.curve = [];
    delete this.node.dataset.told;
    hold(this.done, true);
    hold(this.next, true);
    put(this.said, WORDS.wait);
    put(
      this.round_,
      this.steps.length ? WORDS.round(this.at, this.steps[this.at], this.steps.length) : "",
    );
    try {
      const about = await get(`${path}about?${this.where}`, { patience: FIRST }),
        [drawn, reals] = await Promise.all([
          get(`${path}z?seeds=${seeds}&${this.where}`, { patience: FIRST }),
          get(`${path}reals?seed=${seeds[0]}`, { patience: FIRST }),
        ]);
      const rows = bodies(drawn.parts[0], about),
        made = await get(`${path}images?${this.where}`, {
          body: new Float32Array(rows.flatMap((row) => [...row])).buffer,
        });
      if (this.turn === turn) this.show(rows, reals, made);
    } catch (error) {
      if (this.turn === turn) put(this.said, error.message);
    }
    hold(this.next, false);
    put(
      this.next.lastChild,
      this.steps.length && this.at === this.steps.length - 1 ? WORDS.again : WORDS.next,
    );
  }

  /** @type {(rows: Float32Array<ArrayBuffer>[], reals: Answer, made: Answer) => void} */
  show(rows, reals, made) {
    this.shape = made.header.parts[0][2].slice(1);
    const size = this.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    /** @type {Tile[]} */
    this.round = rows.map((row, i) => {
      const fake = Math.random() < 0.5,
        pixels = (fake ? made : reals).parts[0].slice(i * size, (i + 1) * size),
        canvas = el("canvas", { "aria-hidden": "true" });
      const word = el("span", { class: "cap" }),
        node = el(
          "button",
          { type: "button", class: "tile", "aria-pressed": "false", onclick: () => tick(node) },
          canvas,
          el("span", { class: "hush" }, WORDS.tile(i)),
          word,
        );
      paint(canvas, pixels, this.shape);
      return { row, pixels, fake, node, word };
    });
    this.tiles.replaceChildren(...this.round.map(({ node }) => node));
    this.who.replaceChildren(...WORDS.judge(this.judged));
    put(this.said, "");
    hold(this.done, false);
  }

  /** D and the judge see the same ten; then all is told. */
  async judge() {
    const { round, turn } = this,
      answers = round.map(({ node }) => node.getAttribute("aria-pressed") === "true"),
      truth = round.map(({ fake }) => fake),
      path = urlOf(`api/explore/${this.source}/`);
    hold(this.done, true);
    put(this.said, WORDS.looks);
    try {
      const opinions = [],
        unsure = await this.unsure(path, round);
      for (const { row, pixels } of round)
        opinions.push(
          (
            await get(`${path}opinion?image=1&${this.where}`, {
              body: new Blob([row, pixels]),
              patience: 30000,
            })
          ).header,
        );
      if (this.turn === turn)
        this.tell(
          { you: answers, d: opinions.map((each) => !callsReal(each)), judge: unsure },
          truth,
        );
    } catch (error) {
      if (this.turn === turn) {
        put(this.said, error.message);
        hold(this.done, false);
      }
    }
  }

  /**
   * What the judge calls made; null where there is none for these data.
   * @type {(path: string, round: Tile[]) => Promise<boolean[] | null>}
   */
  async unsure(path, round) {
    const { beats_real: shares } = await get(`${path}judged`, {
      body: new Blob(round.map(({ pixels }) => pixels)),
      patience: 30000,
    }).catch((error) => {
      if (error.status === 404 || error.status === 400) return {};
      throw error;
    });
    this.judged = Boolean(shares);
    return shares ? shares.map((/** @type {number} */ share) => share < UNSURE) : null;
  }

  /** @type {(answers: Record<string, boolean[] | null>, truth: boolean[]) => void} */
  tell(answers, truth) {
    const found = /** @type {{ you: number, d: number, judge: number | null }} */ (
        Object.fromEntries(
          PLAYERS.map(([key]) => [key, answers[key] && rightOf(answers[key], truth)]),
        )
      ),
      of = truth.length;
    this.round.forEach(({ node, word }, i) => {
      node.disabled = true;
      node.classList.toggle("made", truth[i]);
      const marks = PLAYERS.filter(([key]) => answers[key]).flatMap(([key, name]) => [
        ...mark(answers[key][i] === truth[i]),
        `${name} `,
      ]);
      word.replaceChildren(truth[i] ? WORDS.made : WORDS.real, el("br"), ...marks);
    });
    put(
      this.said,
      `${WORDS.result(found, of)}${this.steps.length && this.at === this.steps.length - 1 ? ` ${WORDS.over}` : ""}`,
    );
    this.who.replaceChildren(...WORDS.judge(this.judged));
    this.node.dataset.told = "true";
    const judged = found.judge === null ? {} : { judge: found.judge, judged: of };
    try {
      window.localStorage.setItem(
        KEPT,
        JSON.stringify({
          ...added(read(), { you: 0, d: 0, of: 0, judge: 0, judged: 0 }),
          ...added(read(), { you: found.you, d: found.d, of, ...judged }),
        }),
      );
    } catch {
      /* full, or forbidden: the board then stays empty */
    }
    this.score();
    if (this.steps.length) this.draw({ step: this.steps[this.at], ...found });
    this.next.focus();
  }

  /**
   * The curve of all three over the rounds of a run.
   * @type {(point: Round) => void}
   */
  draw(point) {
    this.curve.push(point);
    const x = (/** @type {number} */ i) =>
        SIDE + ((WIDE - SIDE - 60) * i) / Math.max(1, this.steps.length - 1),
      y = (/** @type {number} */ right) => HIGH - LOW - ((HIGH - LOW - 8) * right) / 10;
    /** @type {(left: number, top: number, text: string, end?: boolean) => SVGTextElement} */
    const label = (left, top, text, end = false) => {
      const node = svg("text", { x: left, y: top, class: `mark ${end ? "end" : ""}` });
      node.textContent = text;
      return node;
    };
    const rules = [0, 5, 10].flatMap((right) => [
      svg("line", { x1: SIDE, x2: WIDE - 60, y1: y(right), y2: y(right), class: "rule" }),
      label(SIDE - 6, y(right) + 4, String(right), true),
    ]);
    const players = PLAYERS.filter(([key]) => Number.isFinite(this.curve.at(-1)[key])),
      heights = beneath(players.map(([key]) => y(this.curve.at(-1)[key])));
    const lines = players.flatMap(([key, name], k) => {
      const line = svg("path", {
          d: this.curve.map((each, i) => `${i ? "L" : "M"}${x(i)} ${y(each[key])}`).join(""),
          class: `curve ${key}`,
        }),
        end = this.curve.length - 1;
      return [
        line,
        svg("circle", { cx: x(end), cy: y(this.curve[end][key]), r: 3, class: `dot ${key}` }),
        label(x(end) + 7, heights[k] + 4, name),
      ];
    });
    const steps = this.curve.map((each, i) => label(x(i), HIGH - 3, whole(each.step), i > 0));
    const plot = svg(
      "svg",
      {
        viewBox: `0 0 ${WIDE} ${HIGH}`,
        class: "graph rounds",
        role: "img",
        "aria-label": `${WORDS.chart}: ${this.curve.map((each) => t("step {step}: you {you}, D {d}{judge}", { step: each.step, you: each.you, d: each.d, judge: each.judge === null ? "" : t(", judge {judge}", { judge: each.judge }) })).join("; ")}`,
      },
      ...rules,
      ...lines,
      ...steps,
    );
    this.plot.hidden = false;
    this.plot.replaceChildren(el("figcaption", {}, el("h3", {}, WORDS.chart)), plot);
  }

  score() {
    const { you, d, of, judge, judged } = added(read(), {
        you: 0,
        d: 0,
        of: 0,
        judge: 0,
        judged: 0,
      }),
      scores = /** @type {[name: string, share: number][]} */ ([
        [t("you"), you / of],
        ["D", d / of],
        ...(judged ? [[t("judge"), judge / judged]] : []),
      ]);
    put(this.board, of ? WORDS.board(scores, of) : WORDS.none);
  }
}

/**
 * Heights of labels, moved down where they would stand on each other.
 * @type {(heights: number[], least?: number) => number[]}
 */
export function beneath(heights, least = 13) {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]),
    moved = [...heights];
  order.slice(1).forEach((at, k) => {
    moved[at] = Math.max(moved[at], moved[order[k]] + least);
  });
  return moved;
}

/**
 * Right or wrong as an icon, and as a word for who does not see it.
 * @type {(right: boolean) => Element[]}
 */
const mark = (right) => [
  icon(right ? "check" : "close"),
  el("span", { class: "hush" }, right ? WORDS.right : WORDS.wrong),
];

/** @type {(node: HTMLElement) => void} */
function tick(node) {
  node.setAttribute("aria-pressed", String(node.getAttribute("aria-pressed") !== "true"));
}

/**
 * Rows [z, class weights], the i-th of class i.
 * @type {(z: Float32Array, about: { latent_dim: number, num_classes: number }) => Float32Array<ArrayBuffer>[]}
 */
function bodies(z, { latent_dim: size, num_classes: classes }) {
  return Array.from({ length: z.length / size }, (_, i) =>
    Float32Array.from([
      ...z.subarray(i * size, (i + 1) * size),
      ...Array.from({ length: classes }, (_, k) => Number(k === i % classes)),
    ]),
  );
}
