// One generator against one discriminator on points, step for step as the engine trains its toy recipe (alternating updates).
import { sigmoid } from "../../shared/network/activations.js";
import { Adam } from "./adam.js";
import { LOSSES, smoothed } from "./losses.js";
import { PENALTIES } from "./penalties.js";
import { Perceptron } from "./perceptron.js";
/** @import { Drawn, Metrics, Rows, Settings } from "../types" */

export const DEFAULTS = {
  loss: "non_saturating",
  penalty: "r1",
  penalty_weight: 0.1,
  g_lr: 2e-3,
  d_lr: 2e-3,
  beta_1: 0.5,
  beta_2: 0.999,
  n_critic: 1,
  label_smoothing: 0,
  batch_size: 256,
  latent_dim: 2,
  hidden: 64,
};

export class PlaneGAN {
  between = 0; // the raw score between the last real and fake ones

  /**
   * @param {Partial<Settings>} settings of DEFAULTS, those that differ; all but the sizes may change while it trains
   * @param {() => number} next numbers in [0, 1), for the start of the weights
   */
  constructor(settings, next) {
    this.settings = { ...DEFAULTS, ...settings };
    const { latent_dim: z, hidden } = this.settings;
    this.g = new Perceptron([z, hidden, hidden, 2], 0, next);
    this.d = new Perceptron([2, hidden, hidden, 1], 0.2, next);
    this.optimizers = { g: new Adam(this.g.variables), d: new Adam(this.d.variables) };
    this.step = 0;
    this.updates = { g: 0, d: 0 };
  }

  get loss() {
    return LOSSES[this.settings.loss];
  }

  /**
   * What D believes of what got these scores: 0 fake, 0.5 it cannot tell, 1 real.
   * @type {(scores: Rows) => Rows}
   */
  beliefs(scores) {
    return scores.map((score) => sigmoid(score - this.middle));
  }

  /** The score of what D cannot tell: of the loss, or between its last real and fake ones where only differences mean anything. */
  get middle() {
    return this.loss.floats ? this.between : (this.loss.threshold ?? 0);
  }

  /**
   * One update of D on real rows and fakes of z; metrics. `shares` in [0, 1) for the gradient penalty, a number a row.
   * @type {(real: Rows, z: Rows, count: number, shares: Rows) => Metrics}
   */
  updateD(real, z, count, shares) {
    const fake = this.g.apply(z, count),
      gradients = this.d.zeros();
    const seen = { real: this.d.forward(real, count), fake: this.d.forward(fake, count) };
    const found = smoothed(
      this.loss,
      this.loss.d(seen.real.output, seen.fake.output),
      seen.real.output,
      this.settings.label_smoothing,
    );
    this.d.backward(seen.real, found.real, gradients);
    this.d.backward(seen.fake, found.fake, gradients);
    const { penalty, penalty_weight: weight } = this.settings;
    const extra = PENALTIES[penalty]?.(this.d, real, fake, count, weight, gradients, shares) ?? 0;
    this.move("d", gradients);
    this.between = (mean(seen.real.output) + mean(seen.fake.output)) / 2;
    return {
      d_loss: found.value,
      penalty: extra,
      d_grad_norm: norm(gradients),
      real_scores: seen.real.output,
      fake_scores: seen.fake.output,
      fake,
    };
  }

  /**
   * One update of G through D, on fakes of z; a relativistic loss compares them with real rows.
   * @type {(z: Rows, count: number, real: Rows | null) => Metrics}
   */
  updateG(z, count, real) {
    const made = this.g.forward(z, count),
      seen = this.d.forward(made.output, count);
    const others = this.loss.relativistic ? this.d.apply(real, count) : null;
    const found = this.loss.g(others, seen.output),
      gradients = this.g.zeros();
    const push = this.d.backward(seen, found.fake, null);
    this.g.backward(made, push, gradients);
    this.move("g", gradients);
    return { g_loss: found.value, g_grad_norm: norm(gradients), fake: made.output, push };
  }

  /** @type {(name: "g" | "d", gradients: Rows[]) => void} */
  move(name, gradients) {
    const { beta_1: b1, beta_2: b2 } = this.settings;
    this.updates[name]++;
    this.optimizers[name].apply(gradients, this.settings[`${name}_lr`], b1, b2);
  }

  /**
   * D `n_critic` times, then G once.
   * @param {Drawn} draw rows for each update
   */
  train(draw) {
    const { n_critic: critics, batch_size: count } = this.settings;
    /** @type {Metrics} */
    let metrics = {};
    for (let i = 0; i < critics; i++)
      metrics = this.updateD(draw.real(count), draw.z(count), count, draw.shares(count));
    const real = this.loss.relativistic ? draw.real(count) : null;
    metrics = { ...metrics, ...this.updateG(draw.z(count), count, real) };
    this.step++;
    return metrics;
  }

  /**
   * Minus the gradient of G's loss at each point: where D would have them go. [count, 2].
   * @type {(points: Rows, count: number, real: Rows) => Rows}
   */
  push(points, count, real) {
    const seen = this.d.forward(points, count),
      others = this.loss.relativistic ? this.d.apply(real, count) : null;
    return this.d
      .backward(seen, this.loss.g(others, seen.output).fake, null)
      .map((v) => -v * count);
  }
}

/** @type {(scores: Rows) => number} */
const mean = (scores) => scores.reduce((sum, score) => sum + score, 0) / scores.length;

/** @type {(gradients: Rows[]) => number} */
function norm(gradients) {
  return Math.sqrt(gradients.reduce((sum, g) => sum + g.reduce((a, b) => a + b * b, 0), 0));
}
