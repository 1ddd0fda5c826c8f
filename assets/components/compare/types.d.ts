// Kinds of values of the Compare page.
import type { Series } from "../shared/series.js";
import type { ChartPanel, Grid, Span } from "../shared/types";
import type { CompareChart } from "./chart.js";
import type { Rows } from "./rows.js";

/** A run as the page names it (pages/ui/compare). */
export interface ComparedRun {
  id: string;
  title: string;
  short: string;
  data: string;
  group?: string;
}

/** What the route `facts` says of a run. */
export interface RunFacts {
  state: string;
  last: number;
  metrics: string[];
  table: Record<string, any>;
  distance: { name: string; [name: string]: any } | null;
  evals: { values: Record<string, number> }[];
  eval_places: Record<string, number[]>;
  floor: number;
  grid: Grid;
  samples: Record<string, number[]>;
}

/** Measurements that compare: the same measure on the same data; `members` by their number. */
export interface Kind {
  name: string;
  title: string;
  term: string;
  note: string;
  data: string;
  members: number[];
  drawn: boolean;
}

/** A run's line on a chart; `low` and `high` of a group's band. */
export interface Line {
  index: number;
  x: number[];
  raw: (number | null)[];
  smooth: (number | null)[];
  low?: (number | null)[];
  high?: (number | null)[];
}

/** What a person chose last. */
export interface Prefs {
  x: string;
  smooth: number;
  log: boolean;
  group: boolean;
  spikes: boolean;
  charts: string[];
  [name: string]: any;
}

/** Colours of runs and of axes, and the font. */
export interface Look {
  runs: string[];
  [name: string]: any;
}

/** What charts, controls and the report ask of the panel (compare.js). */
export interface ComparePanel extends ChartPanel {
  root: HTMLElement;
  data: any;
  prefs: Prefs;
  runs: ComparedRun[];
  facts: RunFacts[];
  series: (Series | null)[];
  charts: CompareChart[];
  rows: Rows;
  range: Span;
  end: number;
  axisName: string;
  halfLife: number;
  cursor: number | null;
  pointer: number | null;
  selection: number[] | null;
  zoomed: Span | null;
  set(name: string, value: unknown): void;
  setCursor(x: number): void;
  zoom(range: number[] | null): void;
  drawMarks(): void;
  wanted(): string[];
  placesOf(places: Record<string, number[]>): number[];
}

/** A setting or a result of every run. */
export interface Axis {
  name: string;
  values: any[];
  result: boolean;
}

export type Tick = [y: number, label: string, kind?: string];

/** An axis in its place. */
export interface PlacedAxis {
  name: string;
  x: number;
  at: (number | null)[];
  ticks: Tick[];
}

/** An element of another document. */
export type Make = (
  tag: string,
  attributes?: Record<string, string>,
  ...children: (Node | string)[]
) => HTMLElement;
