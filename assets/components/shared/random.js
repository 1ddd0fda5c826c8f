// Seeded random numbers, the same in every browser.

/**
 * () -> number in [0, 1), the same for the same whole `seed` (Marsaglia, 2003, xorshift32).
 * @type {(seed: number) => () => number}
 */
export function random(seed) {
  let state = Math.imul((seed + 1) ^ 0x9e3779b9, 0x85ebca6b) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/**
 * N(0, 1) from a source of numbers in [0, 1) (Box and Muller, 1958).
 * @type {(next: () => number) => number}
 */
export const normal = (next) =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
