// Kinds of values of the Train page.
import type { Series } from "../shared/series.js";
import type { ChartPanel, RunEvent, Span } from "../shared/types";
import type { RunChart } from "./curves_chart.js";

/** How a person wants the charts, kept in the browser (curves_controls.js). */
export interface Prefs {
  x: string;
  log: boolean;
  smooth: number;
  table: boolean;
  hold: boolean;
  hidden: string[];
  [name: string]: any;
}

/** What charts, hand, lane and table ask of the panel that they stand in (curves.js). */
export interface RunPanel extends ChartPanel {
  run: string;
  prefs: Prefs;
  /** The whole run, and what is drawn of it. */
  series: Series;
  drawn: Series;
  visible: RunChart[];
  events: RunEvent[];
  halfLife: number;
  narrow: boolean;
  /** x under the pointer. */
  pointer: number | null;
  stage: HTMLElement;
  x(from?: number): number[];
  xOfStep(step: number): number;
  wanted(): string[];
}

/** Where a chart is held: the place in its frame, and the range of x then. */
export interface Grip {
  chart: RunChart;
  frame: HTMLElement;
  x: number;
  y: number;
  range?: Span;
}

/** A measure of held-out images, and of the input as it is. */
export interface Measured {
  steps: number[];
  values: (number | null)[];
  input?: number;
}

/** One image of a grid, in pixels of its picture. */
export interface Cut {
  image: CanvasImageSource;
  x: number;
  y: number;
  tw: number;
  th: number;
}

/** A fake that Explore can make: the row of its z, and its class. */
export interface AskedOf {
  step: number;
  row: number;
  label: number | null;
}

/** Where an image is tried. */
export interface Place {
  href?: string;
  label: string;
  title: string;
}

/** A card to choose (pages/ui/shared/cards.py). */
export interface Option {
  name: string;
  title: string;
  tag: string;
  summary: string;
  warning: string;
  foot: string;
  /** Why it cannot be chosen. */
  misfit: string;
  /** Why it does not go with what else is chosen. */
  other: string;
  image: string;
}

/** A group of cards. */
export interface Cards {
  root: HTMLElement;
  options: Option[];
  value: string;
  send(name: string, value: unknown): void;
}
