// Kinds of values of the Explore page.

/** A generator as its route `about` tells of it. */
export interface About {
  latent_dim: number;
  num_classes: number;
  prior: string;
  image_shape: number[];
  step: number | null;
  epoch: number | null;
  written: number | null;
  raw: boolean;
  [name: string]: any;
}

/** One z of the page: as it is, and `base`, as its seed draws it. */
export interface Latents {
  seed: number;
  z: Float32Array;
  base?: Float32Array;
}

/** A slider's direction through z; `index` of the one number that it is, or null. */
export interface Direction {
  name: string;
  direction: ArrayLike<number>;
  effect: number;
  index: number | null;
  limit: number;
  unit: number;
  rename?: (name: string) => unknown;
  drop?: () => unknown;
}

/** Where the page has been (trail.js). */
export interface Visited {
  seed: number;
  psi: number;
  step: number | null;
  follow: boolean;
  raw: boolean;
  label: number;
  mixed: boolean;
  moved: boolean;
  base: Latents;
  z: Float32Array;
  weights: Float32Array;
  others: Latents[];
}
