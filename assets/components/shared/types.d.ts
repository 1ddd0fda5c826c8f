// Kinds of values that several files of the components share. Types alone: no browser reads this file.
import type { Asker } from "./ask.js";

/** What Streamlit hands to a component; `data` is what its page sent (pages/ui). */
export interface Component<D = any> {
  data: D;
  parentElement: HTMLElement;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

/** What a component gives back to `mounted`. */
export interface View {
  update(component: Component): void;
  dispose(): void;
}

export type Child = Node | string | null;
/** Of an element; a function where a name begins with `on`. */
export type Attributes = Record<string, any>;

/** Height, width and channels of an image. */
export type Shape = number[];
/** Bytes of images, 0 to 255. */
export type Pixels = Uint8Array | Uint8ClampedArray;
export type Numbers = number[] | Float32Array | Float64Array | Pixels;
/** Red, green, blue; or one grey. */
export type Colour = number[];
export type Point = [x: number, y: number];
/** From, to. */
export type Span = [low: number, high: number];

/** A binary answer, read (packed.js): header and arrays are whatever its route says. */
export interface Answer<H = any> {
  header: H;
  parts: any[];
  columns?: Record<string, any>;
}

/** What one request may say of itself (fetch.js). */
export interface Options {
  body?: BodyInit | null;
  type?: string;
  patience?: number;
  busy?: number;
  outdated?: () => boolean;
}

/** What went wrong with a request. */
export interface Failure extends Error {
  status?: number;
  late?: boolean;
  outdated?: boolean;
}

/** A question to a route of a page: what is asked of the server, or drawn here. */
export interface Question {
  route: string;
  params: Params;
  body?: any;
}

/** Of an address; what is null or undefined is left out. */
export type Params = Record<string, unknown>;

/** The shared cursor: which step a page looks at; `live`: the newest. */
export interface Cursor {
  run: string;
  step: number | null;
  live: boolean;
}

/** The state of a run (gan_core/web/status.py): every field of a snapshot, and what follows. */
export interface Status {
  state: string;
  step: number;
  event_bytes: number;
  sample_step: number | null;
  now: number;
  signature: string;
  [name: string]: any;
}

/** A line of events.jsonl (docs/run_folder.md); what else it has depends on its kind. */
export interface RunEvent {
  kind: string;
  step?: number;
  time?: number;
  who?: string;
  changes?: Record<string, [old: any, now: any]>;
  [name: string]: any;
}

/** Who listens to a run (feed.js). */
export interface Listener {
  status?(status: Status): void;
  events?(events: RunEvent[]): void;
  samples?(steps: number[], times: number[], grid: Grid | null, reals: number | null): void;
  contact?(seconds: number, error?: Failure): void;
  pull?(status: Status): Promise<void>;
  ask?(): URLSearchParams | null;
  take?(answer: Answer): Promise<void>;
  [name: string]: any;
}

/** How a picture of many samples is cut (grid.json, docs/run_folder.md). */
export interface Grid {
  rows: number;
  columns: number;
  tile: number[];
  names?: string[]; // class of each column
  each?: number; // columns of one class
  kind?: string;
  parts?: Part[];
  repeat?: number;
  held_out?: number;
  [name: string]: any;
}

/** A column of a grid of translations. */
export interface Part {
  word: string;
  made?: boolean;
  towards?: string;
}

/** Columns of a grid that belong together (pair_layout.js). */
export interface Group {
  parts: Part[];
  block: number;
  from: number;
  towards: string;
  changed: boolean;
}

/** A line of a chart (gan_core/metric_table/chart.py). */
export interface LineSpec {
  name: string;
  label: string;
  short?: string;
  role?: string;
  dashed?: boolean;
  [name: string]: any;
}

/** A chart of a run. */
export interface ChartSpec {
  id: string;
  title: string;
  term?: string;
  note?: string;
  aid?: string;
  series?: LineSpec[];
  guides?: any;
  range?: Span | null;
  positive?: boolean;
  tall?: boolean;
  held?: boolean;
  [name: string]: any;
}

/** What a chart asks of the panel that it stands in. */
export interface ChartPanel {
  Plotly: any;
  colors: any;
  range: Span;
  width: number;
  prefs: { log: boolean; x: string; hidden?: string[]; [name: string]: any };
  [name: string]: any;
}

/** A place in pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The element of a group of buttons of which one is pressed. */
export type Segments = HTMLSpanElement & {
  children: HTMLCollectionOf<HTMLButtonElement>;
  lastChild: HTMLButtonElement;
  press(value: unknown): void;
};

/** An element with its explanation (glossary.js). */
export type Explained<E> = E & { explanation: { show(): void; hide(): void } };

export interface StripOptions {
  name: string;
  /** Images. */
  count: number;
  /** Device pixels a pixel of the image, at most. */
  most: number;
  limit: number;
  low?: number;
  high?: number;
  /** What shown values are divided by. */
  unit?: number;
  digits?: number;
  value(): number;
  move(value: number, dragging: boolean): void;
  lock?: ((on: boolean) => void) | null;
  rename?: (name: string) => void;
  drop?: () => void;
}

export interface WellOptions {
  label: string;
  name?: (column: number, row: number) => string;
  go?: (column: number, row: number) => unknown;
  most?: number;
  picture?: any;
}

/** What can be drawn on a canvas and has a size. */
export type Picture = HTMLCanvasElement | HTMLImageElement | ImageBitmap;

/** Requests that wait for each other (ask.js). */
export interface Lane {
  waiting: Map<
    string,
    {
      rank: number;
      make(): Question | null;
      done(answer: any): unknown;
      failed?(error: Failure): unknown;
    }
  >;
  busy: boolean;
}

/** What happens while something is dragged (drag.js). */
export interface Dragging<F = any> {
  start?(event: PointerEvent): F | boolean | null;
  move(event: PointerEvent, from: F): unknown;
  end?(event: PointerEvent, from: F): unknown;
  click?(event: PointerEvent, from: F): unknown;
  slack?: number;
}

/** A point of a series outside of the axis (chart_axis.js). */
export interface Beyond {
  place: number;
  up: boolean;
  value: number;
  step: number;
  series: LineSpec;
}

export interface DrawOptions {
  label: string;
  paper?: string;
  changed?: () => void;
  drawing?: () => void;
  picked?: (colour: string) => void;
  crisp?: boolean;
}

/** What an address asks for on Explore (link.js). */
export interface ExploreView {
  step?: number | null;
  seed?: number | null;
  label?: number | null;
  psi?: number | null;
  raw?: boolean;
  z?: Float32Array | null;
  badZ?: boolean;
  mix?: Float32Array | null;
}

/** What of a store stands in an address. */
export interface ViewedStore {
  run: string;
  follow: boolean;
  step: number | null;
  seed: number;
  classes: number;
  label: number;
  psi: number;
  moved: boolean;
  z: Float32Array;
  raw: boolean;
  mixed: boolean;
  weights: Float32Array;
}

/** How groups of columns stand in a panel (pair_layout.js). */
export interface Arranged {
  shown: Group[];
  across: number;
  scale: number;
  gap: number;
  rows: number;
}

/** What a pressed button says, and where focus goes (pressed.js). */
export type Said = [words: string, places: string[]];

/** Where a tour stops (tour_stops.js). */
export interface Stop {
  at: string[];
  title: string;
  text: string;
  words?: string[];
}

/** What a network is given for one image. */
export type Given = Record<string, { shape: number[]; data: Float32Array }>;

/** What a page is told of a run or network whose steps it shows (routes `facts`); more of it depends on the page. */
export interface Facts {
  steps: number[];
  training: boolean;
  [name: string]: any;
}

/** What a strip through time needs of a store (following.js). */
export interface StripStore {
  steps: number[];
  newest: number | null;
  at: number | null;
  asker: Asker;
  join(listener: any): () => void;
  setStep(step: number, more?: { playing?: boolean }): void;
  setFollow(follow: boolean): void;
}

declare global {
  interface Window {
    /** Plotly.js, which brings no types along. */
    Plotly: any;
    ganscopeCommands?: boolean;
    ganscopeLinks?: { leaving(): boolean };
  }
}
