// Points in latent space: seeded draws, and paths that stay where z was drawn in training.
/** Marsaglia's xorshift32 behind a mixed seed: numbers in [0, 1), the same for the same seed. */
export function random(seed) {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/** Z numbers of N(0, 1) (Box and Muller, 1958) or of U(-1, 1). */
export function drawn(count, prior, next) {
  if (prior === "uniform") return Float32Array.from({ length: count }, () => 2 * next() - 1);
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

/** Along the great circle between normal draws (White, 2016, https://arxiv.org/abs/1609.04468); straight between uniform ones. */
export function between(a, b, t, prior) {
  if (prior === "uniform") return a.map((v, i) => (1 - t) * v + t * b[i]);
  const norm = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0)) || 1;
  const [na, nb] = [norm(a), norm(b)];
  const cosine = Math.min(1, Math.max(-1, a.reduce((sum, x, i) => sum + x * b[i], 0) / (na * nb)));
  const angle = Math.acos(cosine), sine = Math.sin(angle);
  if (sine < 1e-6) return a.map((v, i) => (1 - t) * v + t * b[i]);
  const [p, q] = [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine], length = (1 - t) * na + t * nb;
  return a.map((v, i) => length * ((p * v) / na + (q * b[i]) / nb));
}
