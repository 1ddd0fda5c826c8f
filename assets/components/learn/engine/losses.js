// Adversarial losses as in gan_core/algorithms/losses.py: values and gradients at the scores.
// Each is {g, d}: (real, fake scores, count) -> {value, real: gradient, fake: gradient}; means over the batch.
// `threshold` is the score of what D cannot tell, 0 where it is not named; `floats`: only differences of scores mean anything.
import { sigmoid, softplus } from "../../shared/network/activations.js";
/** @import { Found, Judged, Loss, Pair, Rows } from "../types" */

/**
 * The mean of `value(score)`, and its gradient at each score; scaled.
 * @type {(scores: Rows, value: (score: number) => number, slope: (score: number) => number, scale?: number) => { value: number, gradient: Rows }}
 */
function mean(scores, value, slope, scale = 1) {
  let total = 0;
  const n = scores.length,
    gradient = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    total += value(scores[i]);
    gradient[i] = (scale * slope(scores[i])) / n;
  }
  return { value: (scale * total) / n, gradient };
}

/** @type {(scores: ArrayLike<number>) => Rows} */
const none = (scores) => new Float64Array(scores.length);

/** @type {(value: (score: number) => number, slope: (score: number) => number, scale?: number) => Judged} */
const onFakes = (value, slope, scale) => (real, fake) => {
  const found = mean(fake, value, slope, scale);
  return { value: found.value, real: none(real ?? []), fake: found.gradient };
};

/** @type {(real: Pair, fake: Pair, scale?: number) => Judged} */
const onBoth =
  ([rv, rs], [fv, fs], scale) =>
  (real, fake) => {
    const a = mean(real, rv, rs, scale),
      b = mean(fake, fv, fs, scale);
    return { value: a.value + b.value, real: a.gradient, fake: b.gradient };
  };

/**
 * Of the differences real - fake, pair by pair.
 * @type {(sign: number) => Judged}
 */
const onPairs = (sign) => (real, fake) => {
  const found = mean(
    real.map((r, i) => sign * (r - fake[i])),
    softplus,
    sigmoid,
  );
  return {
    value: found.value,
    real: found.gradient.map((g) => sign * g),
    fake: found.gradient.map((g) => -sign * g),
  };
};

/** @type {Pair} */
const fooled = [(x) => softplus(-x), (x) => -sigmoid(-x)];
/** @type {Pair} */
const caught = [softplus, sigmoid];
const nonSaturatingG = onFakes(...fooled);
const wassersteinG = onFakes(
  (x) => -x,
  () => -1,
);

/** @type {Record<string, Loss>} */
export const LOSSES = {
  non_saturating: { g: nonSaturatingG, d: onBoth(fooled, caught, 1), logOdds: true, smoothing: 1 },
  cross_entropy: {
    g: nonSaturatingG,
    d: onBoth(fooled, caught, 0.5),
    logOdds: true,
    smoothing: 0.5,
  },
  least_squares: {
    g: onFakes(
      (x) => (x - 1) ** 2,
      (x) => 2 * (x - 1),
      0.5,
    ),
    d: onBoth([(x) => (x - 1) ** 2, (x) => 2 * (x - 1)], [(x) => x * x, (x) => 2 * x], 0.5),
    threshold: 0.5,
  },
  wasserstein: {
    g: wassersteinG,
    d: onBoth([(x) => -x, () => -1], [(x) => x, () => 1], 1),
    floats: true,
  },
  hinge: {
    g: wassersteinG,
    d: onBoth(
      [(x) => Math.max(1 - x, 0), (x) => (x < 1 ? -1 : 0)],
      [(x) => Math.max(1 + x, 0), (x) => (x > -1 ? 1 : 0)],
      1,
    ),
  },
  relativistic: { g: onPairs(1), d: onPairs(-1), relativistic: true, floats: true },
};

/**
 * Adds what label smoothing adds to D's loss: s times the mean real score, scaled.
 * @type {(loss: Loss, found: Found, real: Rows, share: number) => Found}
 */
export function smoothed(loss, found, real, share) {
  if (!loss.logOdds || !share) return found;
  const weight = loss.smoothing * share;
  found.value += (weight * real.reduce((a, b) => a + b, 0)) / real.length;
  for (let i = 0; i < real.length; i++) found.real[i] += weight / real.length;
  return found;
}
