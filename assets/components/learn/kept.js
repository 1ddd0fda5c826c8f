// What goes to the server when a plane is kept as a run: settings, counters, points, weights and optimisers (gan_core/training/plane.py).
import { random } from "../shared/random.js";
import { rows } from "./points.js";
/** @import { Adam } from "./engine/adam.js" */
/** @import { Perceptron } from "./engine/perceptron.js" */
/** @import { PlaneGAN } from "./engine/gan.js" */
/** @import { LessonSettings, Rows, Source } from "./types" */

export const POINTS = 5120; // that the run will know, four fifths of them to learn from
const SENT = [
  "loss",
  "penalty",
  "penalty_weight",
  "g_lr",
  "d_lr",
  "beta_1",
  "n_critic",
  "latent_dim",
  "hidden",
  "batch_size",
  "seed",
  "data",
];
const PIECE = 8192; // bytes that become text at a time

/**
 * Numbers as float32 in base64.
 * @type {(numbers: ArrayLike<number>) => string}
 */
export function packed(numbers) {
  const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += PIECE)
    text += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  return btoa(text);
}

/** @type {(arrays: Rows[]) => string} */
const all = (arrays) => packed(arrays.flatMap((array) => [...array]));
/** @type {(of: Perceptron, optimizer: Adam) => Record<string, string>} */
const network = ({ variables }, { first, second, powers }) => ({
  weights: all(variables),
  first: all(first),
  second: all(second),
  powers: packed(powers),
});

/**
 * All that the engine needs to go on with a GAN on points.
 * @type {(gan: PlaneGAN, settings: LessonSettings, source: Source) => object}
 */
export function told(gan, settings, source) {
  return {
    settings: Object.fromEntries(
      SENT.map((name) => [name, settings[/** @type {keyof LessonSettings} */ (name)]]),
    ),
    step: gan.step,
    updates: { ...gan.updates },
    points: packed(rows(source, POINTS, random(settings.seed + 3000))),
    g: network(gan.g, gan.optimizers.g),
    d: network(gan.d, gan.optimizers.d),
  };
}
