// Two sides and a way between them, there and back: the GAN makes points of side b out of those of side a,
// a second network leads back, and the cycle asks that a point comes home (Zhu et al., 2017, equation 2).
import { Adam } from "./adam.js";
import { PlaneGAN } from "./gan.js";
import { Perceptron } from "./perceptron.js";
/** @import { Drawn, Metrics, Rows, Settings } from "../types" */

export class TwoSides extends PlaneGAN {
  /**
   * @param {Partial<Settings>} settings
   * @param {() => number} next
   */
  constructor(settings, next) {
    super({ ...settings, latent_dim: 2 }, next);
    const { hidden } = this.settings;
    this.back = new Perceptron([2, hidden, hidden, 2], 0, next);
    this.ways = { there: new Adam(this.g.variables), back: new Adam(this.back.variables) };
  }

  /**
   * Mean absolute difference of points [count, 2] and where the two ways bring them.
   * @type {(points: Rows, count: number) => number}
   */
  away(points, count) {
    const home = this.back.apply(this.g.apply(points, count), count);
    return home.reduce((sum, v, i) => sum + Math.abs(v - points[i]), 0) / home.length;
  }

  /**
   * One update of both ways by the cycle alone.
   * @type {(points: Rows, count: number) => Metrics}
   */
  cycle(points, count) {
    const there = this.g.forward(points, count),
      home = this.back.forward(there.output, count),
      gradients = { there: this.g.zeros(), back: this.back.zeros() };
    const upstream = home.output.map((v, i) => Math.sign(v - points[i]) / home.output.length);
    this.g.backward(there, this.back.backward(home, upstream, gradients.back), gradients.there);
    const { g_lr: rate, beta_1: b1, beta_2: b2 } = this.settings;
    for (const [way, optimizer] of Object.entries(this.ways))
      optimizer.apply(gradients[/** @type {"there" | "back"} */ (way)], rate, b1, b2);
    return {
      cycle:
        home.output.reduce((sum, v, i) => sum + Math.abs(v - points[i]), 0) / home.output.length,
      fake: there.output,
    };
  }

  /**
   * The GAN's step, then the cycle's.
   * @type {(draw: Drawn) => Metrics}
   */
  train(draw) {
    const { batch_size: count } = this.settings;
    return { ...super.train(draw), cycle: this.cycle(draw.z(count), count).cycle };
  }
}
