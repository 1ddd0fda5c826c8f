// How typical a z is: the length of a normal vector follows the chi distribution with Z degrees of
// freedom; the squared length of a uniform one is nearly normal (a sum of Z independent squares).
import { t } from "../shared/words.js";
/** @import { Lengths } from "./types" */

/** @type {(x: number) => number} */
function logGamma(x) {
  // Lanczos, g = 7; good to 1e-13
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];
  const u = x + 6.5;
  let sum = c[0];
  for (let i = 1; i < 9; i++) sum += c[i] / (x + i - 1);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(u) - u + Math.log(sum);
}

/**
 * Regularised lower incomplete gamma function P(a, x).
 * @type {(a: number, x: number) => number}
 */
export function gammaP(a, x) {
  if (x <= 0) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; n < 1000 && term > sum * 1e-14; n++) sum += term *= x / (a + n);
    return front * sum;
  }
  let [b, c, d] = [x + 1 - a, 1e300, 1 / (x + 1 - a)];
  let h = d;
  for (let i = 1; i < 1000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return 1 - front * h;
}

/** @type {(x: number) => number} */
const normalCdf = (x) =>
  0.5 * (x < 0 ? 1 - gammaP(0.5, (x * x) / 2) : 1 + gammaP(0.5, (x * x) / 2));

/**
 * {share(r): how many of the prior are shorter, density(r), low, high} of the length of z.
 * @type {(prior: string, size: number) => Lengths}
 */
export function lengths(prior, size) {
  const [middle, width] =
    prior === "uniform"
      ? [Math.sqrt(size / 3), Math.sqrt((4 * size) / 45) / (2 * Math.sqrt(size / 3))]
      : [Math.sqrt(Math.max(size - 0.5, 0.5)), Math.SQRT1_2];
  const ends = { low: Math.max(0, middle - 4 * width), high: middle + 4 * width };
  if (prior === "uniform") {
    const [mean, deviation] = [size / 3, Math.sqrt((4 * size) / 45)];
    /** @type {(r: number) => number} */
    const x = (r) => (r * r - mean) / deviation;
    return {
      ...ends,
      share: (r) => normalCdf(x(r)),
      density: (r) => r * Math.exp(-0.5 * x(r) ** 2),
    };
  }
  const peak = (size - 1) * Math.log(middle) - (middle * middle) / 2;
  return {
    ...ends,
    share: (r) => gammaP(size / 2, (r * r) / 2),
    density: (r) => (r > 0 ? Math.exp((size - 1) * Math.log(r) - (r * r) / 2 - peak) : 0),
  };
}

/**
 * One sentence about a share of the prior.
 * @type {(share: number, prior: string) => string}
 */
export function sentence(share, prior) {
  const name = prior === "uniform" ? "U[\u22121, 1]" : "N(0, I)";
  const percent = Math.round(100 * share);
  if (share < 0.005) return t("Unusual: hardly any z of the prior {name} is shorter.", { name });
  if (share > 0.995) return t("Unusual: hardly any z of the prior {name} is longer.", { name });
  return t("{share}: {percent} % of the prior {name} has a shorter z.", {
    share: share < 0.025 || share > 0.975 ? t("Rare") : t("Typical"),
    percent,
    name,
  });
}
