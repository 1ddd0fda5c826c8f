// What trains on the page: a GAN on points, its real points, its speed; parts are told when something changed.
import { random } from "../shared/random.js";
import { PlaneGAN, DEFAULTS } from "./engine/gan.js";
import { TwoSides } from "./engine/two_sides.js";
import { DISTRIBUTIONS, covered, latent, rows } from "./points.js";
/** @import { Distribution, Drawn, LessonSettings, Metrics, Row, Rows } from "./types" */
/** @import { Point } from "../shared/types" */

export const SHOWN = 240; // points of each kind
const KEPT = 600; // steps of the curves
const BATCH = 128; // points of an update: as many as a browser moves sixty times a second
const HIDDEN = 32;
const FAR = 100,
  FAR_LOSS = 1e5; // fakes and losses beyond which nobody comes back
/** @type {LessonSettings} */
export const START = {
  ...DEFAULTS,
  batch_size: BATCH,
  hidden: HIDDEN,
  g_lr: 5e-3,
  d_lr: 5e-3,
  data: "ring",
  seed: 1,
  sides: null,
};

export class Lesson {
  /** @param {Partial<LessonSettings>} settings? */
  constructor(settings = {}) {
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.restart({ ...START, ...settings });
  }

  /**
   * Networks, points and curves from the beginning, the same for the same seed.
   * @type {(settings?: LessonSettings) => void}
   */
  restart(settings = this.settings) {
    /** @type {LessonSettings} */
    this.settings = { ...settings, ...(settings.sides ? { latent_dim: 2 } : {}) };
    const { seed } = settings;
    this.next = random(seed);
    this.source = settings.data === "own" ? (this.own ?? [[0, 0]]) : DISTRIBUTIONS[settings.data];
    this.gan = new (settings.sides ? TwoSides : PlaneGAN)(this.settings, this.next);
    const fixed = random(seed + 1000);
    this.z = this.inputs(SHOWN, fixed);
    this.real = rows(this.source, SHOWN, fixed);
    /** @type {Row[]} */
    this.history = [];
    this.flown = false;
    this.reach = 0; // the largest mean push so far, which arrows are measured against
    this.last = null;
    this.tell();
  }

  get step() {
    return this.gan.step;
  }
  get fake() {
    return this.gan.g.apply(this.z, SHOWN);
  }

  /**
   * Loss, rates, penalty and so on: from the next step on. What shapes the networks starts anew.
   * @type {(name: string, value: any) => void}
   */
  set(name, value) {
    /** @type {LessonSettings} */
    const next = { ...this.settings, [name]: value };
    if (["latent_dim", "hidden", "seed"].includes(name)) return this.restart(next);
    this.settings = next;
    this.gan.settings = { ...this.gan.settings, [name]: value };
    if (name === "data") this.points();
    return this.tell();
  }

  /** Other real points; the networks go on with what they know. */
  points() {
    this.source =
      this.settings.data === "own" ? (this.own ?? [[0, 0]]) : DISTRIBUTIONS[this.settings.data];
    this.real = rows(this.source, SHOWN, random(this.settings.seed + 1000));
  }

  /**
   * Points that somebody sprayed, [[x, y]].
   * @type {(points: Point[]) => void}
   */
  spray(points) {
    this.own = points;
    this.set("data", "own");
  }

  /**
   * So many points of the data, and no others, are known from now on.
   * @type {(count: number) => void}
   */
  know(count) {
    this.kin = this.source;
    this.spray(
      Array.from(
        { length: count },
        () => /** @type {Point} */ ([...rows(this.source, 1, this.next)]),
      ),
    );
  }

  /** Real points of the same kind that were never learned from; of what the few known ones were drawn from where only those are known. */
  get unseen() {
    const source = this.settings.data === "own" ? (this.kin ?? this.source) : this.source;
    return rows(source, SHOWN, random(this.settings.seed + 2000));
  }

  /**
   * What G starts from: z, or points of the other side where `sides` names them.
   * @type {(count: number, next: () => number) => Rows}
   */
  inputs(count, next) {
    const { sides, latent_dim: size } = this.settings;
    return sides ? rows(DISTRIBUTIONS[sides], count, next) : latent(count, size, next);
  }

  /** @returns {Drawn} */
  draw() {
    const { next, source } = this;
    return {
      real: (n) => rows(source, n, next),
      z: (n) => this.inputs(n, next),
      shares: (n) => Float64Array.from({ length: n }, next),
    };
  }

  /**
   * Whole steps; only "d" or only "g" trains one network.
   * @type {(count?: number, only?: string | null) => void}
   */
  train(count = 1, only = null) {
    const draw = this.draw(),
      n = this.settings.batch_size;
    for (let i = 0; i < count && !this.flown; i++) {
      let found;
      if (only === "d") found = this.gan.updateD(draw.real(n), draw.z(n), n, draw.shares(n));
      else if (only === "g") found = this.gan.updateG(draw.z(n), n, draw.real(n));
      else if (only === "cycle") found = /** @type {TwoSides} */ (this.gan).cycle(draw.z(n), n);
      else found = this.gan.train(draw);
      if (only) this.gan.step++;
      this.note(found);
    }
    this.tell();
  }

  /** @type {(found: Metrics) => void} */
  note(found) {
    /** @type {(scores?: Rows) => number} */
    const mean = (scores) =>
      scores ? this.gan.beliefs(scores).reduce((sum, b) => sum + b, 0) / scores.length : NaN;
    const row = {
      step: this.step,
      g_loss: found.g_loss ?? NaN,
      d_loss: found.d_loss ?? NaN,
      real: mean(found.real_scores),
      fake: mean(found.fake_scores),
      push: found.g_grad_norm ?? NaN,
      cycle: found.cycle ?? NaN,
    };
    this.last = {
      ...this.last,
      ...Object.fromEntries(Object.entries(row).filter(([, v]) => !Number.isNaN(v))),
    };
    this.history.push(row);
    if (this.history.length > KEPT) this.history.shift();
    const numbers = [found.g_loss, found.d_loss].filter((v) => v !== undefined);
    const farthest = (found.fake ?? new Float64Array()).reduce(
      (most, v) => Math.max(most, Math.abs(v)),
      0,
    );
    this.flown =
      numbers.some((v) => !Number.isFinite(v) || Math.abs(v) > FAR_LOSS) || farthest > FAR;
  }

  /** Groups of the real points that fakes reach, of all; null where there are no groups. */
  get groups() {
    const source = /** @type {Distribution} */ (this.source),
      all = source.groups?.length ?? 0; // sprayed points have none
    return all > 1 ? { covered: covered(source, this.fake), all } : null;
  }

  /** @type {(part: () => void) => () => void} */
  listen(part) {
    this.listeners.add(part);
    return () => this.listeners.delete(part);
  }

  tell() {
    for (const part of this.listeners) part();
  }
}
