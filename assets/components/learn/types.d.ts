// Kinds of values of the Learn page and of the networks that train in it.
import type { Point } from "../shared/types";
import type { Lesson } from "./lesson.js";

/** Numbers of rows, one row after the other. */
export type Rows = Float64Array<ArrayBuffer>;

/** A value of a score, and its slope. */
export type Pair = [value: (score: number) => number, slope: (score: number) => number];

/** A loss at the scores: its value, and its gradients at those of real and fake rows. */
export interface Found {
  value: number;
  real: Rows;
  fake: Rows;
}

export type Judged = (real: Rows | null, fake: Rows) => Found;

/** An adversarial loss (engine/losses.js). */
export interface Loss {
  g: Judged;
  d: Judged;
  /** Whether D's scores are logarithms of odds, so that labels can be smoothed. */
  logOdds?: boolean;
  smoothing?: number;
  threshold?: number;
  /** Only differences of scores mean anything. */
  floats?: boolean;
  relativistic?: boolean;
}

/** A layer of a perceptron. */
export interface Layer {
  kernel: Rows;
  bias: Rows;
  inputs: number;
  outputs: number;
}

/** What `forward` leaves for `backward`. */
export interface Passed {
  count: number;
  values: Rows[];
  masks: Rows[];
  output: Rows;
}

/** A penalty by the squared norm of a row's gradient. */
export type Rule = (norm2: number) => { value: number; slope: number };

/** Rows for each update. */
export interface Drawn {
  real(count: number): Rows;
  z(count: number): Rows;
  shares(count: number): Rows;
}

/** What one update measured; which of them depends on who was updated. */
export interface Metrics {
  g_loss?: number;
  d_loss?: number;
  penalty?: number;
  g_grad_norm?: number;
  d_grad_norm?: number;
  real_scores?: Rows;
  fake_scores?: Rows;
  cycle?: number;
  fake?: Rows;
  push?: Rows;
}

/** Settings of the networks, named as the engine's. */
export interface Settings {
  loss: string;
  penalty: string | null;
  penalty_weight: number;
  g_lr: number;
  d_lr: number;
  beta_1: number;
  beta_2: number;
  n_critic: number;
  label_smoothing: number;
  batch_size: number;
  latent_dim: number;
  hidden: number;
}

/** The same with what they learn from. */
export interface LessonSettings extends Settings {
  data: string;
  seed: number;
  /** The distribution that G starts from, in place of z. */
  sides: string | null;
}

/** Where real points come from. */
export interface Distribution {
  title: string;
  groups: Point[];
  spread?: number;
  draw(next: () => number): Point;
}

/** The same, or points that somebody sprayed. */
export type Source = Distribution | Point[];

/** A step of the curves. */
export interface Row {
  step: number;
  [name: string]: number;
}

/** A line of a small chart. */
export type Line = [name: string, label: string, role: string, dashed: boolean];

/** A question with its answers to choose from. */
export interface Asks {
  text: string;
  options: string[][];
}

/** A question on the page. */
export interface Question {
  node: HTMLElement;
  close(): void;
  judge(given: string, truth: string, mine: string, right: string): void;
}

/** A chapter of the plane; `start` are the fakes as they were, `before` what it looked at then. */
export interface Chapter {
  id: string;
  title: string;
  question: string;
  /** What one must know before the first question. */
  so: string;
  /** Whether its questions are about the curves. */
  graphs?: boolean;
  terms: string[];
  asks: Asks;
  /** Of the networks, from the beginning; `few`: real points that are known. */
  settings: Partial<LessonSettings>;
  few?: number;
  steps: number;
  only: string | null;
  before?(lesson: Lesson): any;
  /** What happened: an answer of `asks`, and words. */
  outcome(lesson: Lesson, start: Rows, before: any): { value: string; text: string };
  check: Asks & {
    answer(lesson: Lesson, start: Rows): string;
    because(lesson: Lesson, start: Rows): string;
  };
  /** The way out: `set` does what the text says, `anew` from the beginning. */
  heal: {
    text: string;
    goal: string;
    set?: Record<string, unknown>;
    anew?: boolean;
    done(lesson: Lesson): boolean;
  };
  real: string;
}

/** What a chapter's printed page says. */
export interface Printed {
  title: string;
  question: string;
  so: string;
  asks: Asks;
  check: Asks;
  heal: { text: string; goal: string };
  real: string;
}

/** A chapter whose run is trained on the server. */
export interface ServedChapter extends Printed {
  id: string;
  about: string;
  terms: string[];
  /** What the run costs. */
  cost: string;
}

/** What the page does for it (start its run, or one with a z of so many numbers), where it stands and what comes after it. */
export interface OnPage {
  number: number;
  after: string;
  start(more: number): void;
  leave(): void;
  next(): void;
}

/** What the page says of the run that was started for a chapter. */
export interface Served {
  run?: string;
  problem?: string;
  /** Numbers of z where it is not the chapter's own. */
  more?: number;
}

/** Where a run of the server stands; `held`: the run that is paused and holds the queue. */
export interface Standing {
  state: string;
  step?: number;
  num_steps?: number;
  phase?: string;
  error?: string;
  held?: string;
  queue_position?: number;
}

/** One of ten images of the game. */
export interface Tile {
  row: Float32Array<ArrayBuffer>;
  pixels: Uint8Array<ArrayBuffer>;
  fake: boolean;
  node: HTMLButtonElement;
  word: HTMLElement;
}

/** Right answers of a round; the judge's are null where it has no opinion. */
export interface Round {
  step: number;
  you: number;
  d: number;
  judge: number | null;
  [name: string]: number;
}

/** An image that D was asked about. */
export interface Seen {
  pixels: Uint8Array<ArrayBuffer>;
  /** With the patches that were shuffled, and their corners. */
  now: Uint8Array<ArrayBuffer>;
  taken: string[];
  saliency: Float32Array;
  score: number;
  apart: number;
  canvas: HTMLCanvasElement;
  word: HTMLElement;
  node: HTMLButtonElement;
}

/** What the ringed fake and one real point are worth. */
export interface Worth {
  z: Rows;
  fake: Rows;
  real: Rows;
  scores: { fake: number; real: number };
  push: Rows;
  losses: Record<string, number>;
}

/** What the address of a lesson asks for (teacher.js). */
export interface Asked {
  chapter: string | null;
  name: string;
  locked: Set<string>;
  hidden: Set<string>;
  projector: boolean;
  settings: Partial<LessonSettings>;
  stale?: boolean;
}

/** The form that makes a teacher's link. */
export interface LinkForm {
  node: HTMLElement;
  make(): void;
}
