// Points in latent space: draws, blends of classes, and paths that stay where z was drawn in training.
import { normal } from "../components/shared/random.js";

/**
 * Z numbers of N(0, 1) or of U(-1, 1).
 * @type {(count: number, prior: string, next: () => number) => Float32Array}
 */
export const drawn = (count, prior, next) =>
  Float32Array.from({ length: count }, () => (prior === "uniform" ? 2 * next() - 1 : normal(next)));

/**
 * Shares of sum 1 in the proportions of `amounts`, as blends on Explore have it; where all are 0 they stay 0.
 * @type {(amounts: Float32Array) => Float32Array}
 */
export function blended(amounts) {
  const sum = amounts.reduce((a, b) => a + b, 0) || 1;
  return amounts.map((amount) => amount / sum);
}

/**
 * Along the great circle between normal draws (White, 2016, https://arxiv.org/abs/1609.04468); straight between uniform ones.
 * @type {(a: Float32Array, b: Float32Array, t: number, prior: string) => Float32Array}
 */
export function between(a, b, t, prior) {
  if (prior === "uniform") return a.map((v, i) => (1 - t) * v + t * b[i]);
  /** @type {(v: Float32Array) => number} */
  const norm = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0)) || 1;
  const [na, nb] = [norm(a), norm(b)];
  const cosine = Math.min(1, Math.max(-1, a.reduce((sum, x, i) => sum + x * b[i], 0) / (na * nb)));
  const angle = Math.acos(cosine),
    sine = Math.sin(angle);
  if (sine < 1e-6) return a.map((v, i) => (1 - t) * v + t * b[i]);
  const [p, q] = [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine],
    length = (1 - t) * na + t * nb;
  return a.map((v, i) => length * ((p * v) / na + (q * b[i]) / nb));
}
