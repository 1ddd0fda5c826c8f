// Kinds of values of the Data page.
import type { Component } from "../shared/types";

/** What a check-up found (gan_core/web/checkup_wire.py); what else it has is told there. */
export interface CheckUp {
  kind: string;
  form: string;
  /** What its items are: "files", "pictures" or "rows". */
  unit: string;
  seconds: number;
  bytes: number;
  num_of: number;
  num_files: number;
  num_usable: number;
  num_skipped: number;
  num_colour: number;
  num_transparent: number;
  own_held_out: number;
  problem: string;
  notes: string[];
  classes: { name: string; count: number; examples: number[] }[];
  sides: { name: string; count: number }[];
  sizes: any;
  copies: { groups: number; extra: number; examples: { index: number; name: string }[][] };
  skipped: Skipped[];
  passed_over: { count: number; examples: [name: string, why: string][] };
  unmatched: { count: number; examples: string[] };
  suggested: any;
  previews: number[];
}

/** What cannot be used for one reason, some of which may be kept `anyway`. */
export interface Skipped {
  reason: string;
  words: string;
  count: number;
  anyway: boolean;
  examples: { index: number; name: string; text: string }[];
}

/** What waits to be kept. */
export interface Waiting {
  id: string;
  title: string;
  phase: string;
  done: number;
  total: number;
  stamp?: string;
  since?: number;
  files?: number;
  error?: string;
  firsts?: number[];
  [name: string]: any;
}

/** What the page of something that waits offers to its parts (desk.js). */
export interface Desk {
  id: string;
  component: Component;
  gone?: boolean;
  take(state: any): void;
  tell(what: string, body?: object): Promise<any>;
  keep(plan: object, train: boolean): Promise<any>;
  discard(): unknown;
  leave(): void;
}

/** A part of that page. */
export interface Shown {
  nodes: HTMLElement[];
  state?(state: any): void;
  told?(data: any): void;
  stop?(): void;
}

/** What a card of a set can do. */
export interface Acts {
  open(name: string): void;
  fetch(name: string): void;
  stop(name: string): void;
}

/** A file where it was dropped, and under the name that it is sent by. */
export interface Placed {
  path: string;
  file: File;
}
export interface Named {
  name: string;
  file: File;
}

/** A question about a file that does not explain itself. */
export interface AskedFor {
  name: string;
  text: string;
  choices: string[];
  why: string;
  likely: string;
  answer?: string;
}

/** Which pictures show what answers make of a file. */
export interface Proof {
  kind: string;
  groups: { name: string; indices: number[] }[];
}

/** A canvas and the images [N, H, W, C] that stand on it. */
export interface Painted {
  canvas: HTMLCanvasElement;
  parts: any[];
  shapes: number[][];
}

/** Pixels and their shape [H, W, C]. */
export type Squared = [pixels: Uint8Array, shape: number[]];

/** A picture that becomes square: as it is, then each way. */
export interface Item {
  index: number;
  name: string;
  error?: string;
}
export interface Cell {
  item: Item;
  pictures?: Squared[];
}

/** What the page run tells of a set: how its pictures will be. */
export interface Expected {
  kind: string;
  /** Names of the classes or sides that are shown. */
  groups: string[];
  num_groups: number;
  /** (H, W, C) of an image; of pairs and sides two. */
  shapes: number[][];
}

/** An answer about a set. */
export interface Portrayed {
  header: any;
  parts: any[];
}
