// Gradient penalties of a discriminator on points, as in gan_core/algorithms/regularizers.py, with the gradients of its weights.
// D is piecewise linear, so the way back through the way back is linear algebra with the same masks.
import { parts } from "./perceptron.js";
/** @import { Perceptron } from "./perceptron.js" */
/** @import { Layer, Passed, Rows, Rule } from "../types" */

/**
 * The gradient of the score at each row [count, inputs], and what led to it layer by layer.
 * @type {(critic: Perceptron, passed: Passed) => { gradient: Rows, steps: Rows[] }}
 */
function inputGradient(critic, { count, masks }) {
  const steps = [];
  let gradient = new Float64Array(count).fill(1);
  for (let l = critic.layers.length - 1; l >= 0; l--) {
    steps[l] = gradient;
    gradient = parts.back(gradient, count, critic.layers[l]);
    if (l > 0) parts.multiply(gradient, masks[l - 1]);
  }
  return { gradient, steps };
}

/**
 * Adds the gradient of a penalty to `into`, from its gradient at the input gradients [count, inputs].
 * @type {(critic: Perceptron, passed: Passed, steps: Rows[], upstream: Rows, into: Rows[]) => void}
 */
function addSecond(critic, { count, masks }, steps, upstream, into) {
  let rows = upstream;
  critic.layers.forEach((layer, l) => {
    parts.addOuter(into[2 * l], rows, steps[l], count, layer);
    if (l === critic.layers.length - 1) return;
    rows = forwards(rows, count, layer);
    parts.multiply(rows, masks[l]);
  });
}

/**
 * rows [count, inputs] times the kernel, without the bias.
 * @type {(rows: Rows, count: number, layer: Layer) => Rows}
 */
function forwards(rows, count, { kernel, inputs, outputs }) {
  const made = new Float64Array(count * outputs);
  for (let r = 0; r < count; r++)
    for (let i = 0; i < inputs; i++) {
      const value = rows[r * inputs + i],
        k = i * outputs;
      for (let j = 0; j < outputs; j++) made[r * outputs + j] += value * kernel[k + j];
    }
  return made;
}

/**
 * Half the mean squared norm: r1 at real rows, r2 at fakes (Mescheder et al., 2018, equations 9 and 10).
 * @type {Rule}
 */
function halfSquared(norm2) {
  return { value: norm2 / 2, slope: 1 };
}

/**
 * (norm - 1)^2 (Gulrajani et al., 2017, equation 3).
 * @type {Rule}
 */
function awayFromOne(norm2) {
  const norm = Math.sqrt(norm2 + 1e-12);
  return { value: (norm - 1) ** 2, slope: (2 * (norm - 1)) / norm };
}

/** @type {(critic: Perceptron, rows: Rows, count: number, rule: Rule, weight: number, into: Rows[]) => number} */
function penalty(critic, rows, count, rule, weight, into) {
  const passed = critic.forward(rows, count),
    { gradient, steps } = inputGradient(critic, passed);
  const width = critic.sizes[0],
    upstream = new Float64Array(gradient.length);
  let total = 0;
  for (let r = 0; r < count; r++) {
    const row = gradient.subarray(r * width, (r + 1) * width);
    const { value, slope } = rule(row.reduce((sum, g) => sum + g * g, 0));
    total += value / count;
    for (let i = 0; i < width; i++) upstream[r * width + i] = (weight * slope * row[i]) / count;
  }
  addSecond(critic, passed, steps, upstream, into);
  return total;
}

/**
 * Names as in the engine; each (critic, real, fake, count, weight, into, shares) -> unweighted value.
 * @type {Record<string, (critic: Perceptron, real: Rows, fake: Rows, count: number, weight: number, into: Rows[], shares: Rows) => number>}
 */
export const PENALTIES = {
  r1: (critic, real, _, count, weight, into) =>
    penalty(critic, real, count, halfSquared, weight, into),
  r2: (critic, _, fake, count, weight, into) =>
    penalty(critic, fake, count, halfSquared, weight, into),
  gradient_penalty(critic, real, fake, count, weight, into, shares) {
    const width = critic.sizes[0],
      between = real.map(
        (x, i) => shares[Math.floor(i / width)] * x + (1 - shares[Math.floor(i / width)]) * fake[i],
      );
    return penalty(critic, between, count, awayFromOne, weight, into);
  },
};
