// Activations as Keras defines them, number by number.
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** @type {(x: number) => number} */
export const sigmoid = (x) => 1 / (1 + Math.exp(-x));
/** @type {(x: number) => number} */
const selu = (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x));
/** @type {(x: number) => number} */
export const softplus = (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);

/**
 * The error function to 1.2e-7 (Numerical Recipes, 3rd edition, equation 6.2.6).
 * @type {(x: number) => number}
 */
export function erf(x) {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const powers = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ];
  const sum = powers.reduceRight((total, factor) => total * t + factor, 0);
  const tail = t * Math.exp(-x * x + sum);
  return x >= 0 ? 1 - tail : tail - 1;
}

/** @type {Record<string, ((x: number) => number) | null>} */
export const ACTIVATIONS = {
  linear: null,
  // biome-ignore lint/complexity/useMathMinMax: a comparison, in the innermost loop
  relu: (x) => (x > 0 ? x : 0),
  relu6: (x) => Math.max(0, Math.min(x, 6)),
  tanh: Math.tanh,
  sigmoid,
  leaky_relu: (x) => (x > 0 ? x : 0.2 * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu,
  silu: (x) => x * sigmoid(x),
  swish: (x) => x * sigmoid(x),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
};

/**
 * Changes the numbers in place; "linear" leaves them.
 * @type {(data: Float32Array, name: string | null | undefined) => Float32Array}
 */
export function activate(data, name) {
  const change = ACTIVATIONS[name ?? "linear"];
  if (change === undefined) throw new Error(`No such activation: ${name}.`);
  if (change) for (let i = 0; i < data.length; i++) data[i] = change(data[i]);
  return data;
}
