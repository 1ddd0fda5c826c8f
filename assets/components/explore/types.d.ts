// Kinds of values of the Explore page.
import type { Params, ViewedStore } from "../shared/types";
import type { Panel } from "./panel.js";

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
  direction: Float32Array;
  effect: number;
  index: number | null;
  limit: number;
  unit: number;
  rename?: (name: string) => unknown;
  drop?: () => unknown;
}

/** The same, as it was found: the rest is what sliders of length 3 sigma have. */
export type Found = Pick<Direction, "name" | "direction" | "effect" | "rename" | "drop">;

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

/** The panel of the tools, one of which is shown. */
export type ToolPanel = Panel & { tool: string };

/** Where the map was held, and how many sigmas a CSS pixel is. */
export interface Held {
  x: number;
  y: number;
  middle: number[];
  sigmas: number;
}

/** A view that is kept with the run; `z` and `mix` as text (link.js). */
export interface Favourite {
  z?: string;
  mix?: string;
  seed?: number;
  label?: number;
  psi?: number;
  step?: number;
}

/** A film that can be fetched. */
export interface Film {
  params: Params;
  body: Float32Array;
  name: string;
}

/** Whose films they are. */
export interface FilmStore {
  run: string;
  shown: number | null;
  at: number | null;
  raw: boolean;
  asker: { raw: number | null };
}

/** Of the length of z: how many of the prior are shorter, and how often it occurs. */
export interface Lengths {
  low: number;
  high: number;
  share(length: number): number;
  density(length: number): number;
}

/** A place of A, B or C in a sum of averages. */
export interface Slot {
  name: string;
  sign: number;
  kept: { z: Float32Array; pixels: Uint8Array }[];
}

/** Whose views a trail keeps. */
export interface Trailed extends ViewedStore {
  ready: boolean;
  base: Latents;
  others: Latents[];
  tell(what: string, ...values: any[]): void;
  show(view: Visited): void;
  reopen(view: object): unknown;
}
