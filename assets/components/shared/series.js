// The numbers behind the curves: growing, smoothing, searching. They come as columns (packed.js).
/** @import { Answer } from "./types" */

/** @type {Record<string, string>} */
export const POSITIONS = {
  step: "step",
  images: "images_seen",
  epoch: "images_seen",
  time: "wall_time",
};

/** Points of a run: positions, and low, high and mean of every metric (equal for single steps). */
export class Series {
  /** @param {string[]} names */
  constructor(names) {
    this.names = names;
    /** @type {Record<string, number[]>} */
    this.position = { step: [], images_seen: [], wall_time: [] };
    /** @type {Record<string, { low: number[], high: number[], mean: number[] }>} */
    this.metric = Object.fromEntries(
      names.map((name) => [
        name,
        /** @type {{ low: number[], high: number[], mean: number[] }} */ ({
          low: [],
          high: [],
          mean: [],
        }),
      ]),
    );
    this.steps = 1; // steps per point of the older part
  }

  get length() {
    return this.position.step.length;
  }

  get lastStep() {
    return this.upTo ?? 0;
  }

  /**
   * Points of /window; they reach to step `stop`.
   * @type {(answer: Answer, names: string[]) => Series}
   */
  static fromWindow({ header, columns }, names) {
    const series = new Series(names.filter((name) => `${name}:mean` in columns));
    if (header.count)
      series.push(columns, (name) =>
        ["min", "max", "mean"].map((stat) => columns[`${name}:${stat}`]),
      );
    series.steps = header.steps_per_point ?? 1;
    series.upTo = header.stop;
    return series;
  }

  /**
   * Rows of /curves after the last step. Returns how many points came.
   * @type {(answer: Answer) => number}
   */
  append({ header, columns }) {
    if (!header.count) return 0;
    this.push(columns, (name) => [columns[name], columns[name], columns[name]]);
    this.upTo = columns.step.at(-1);
    return header.count;
  }

  /** @type {(columns: Record<string, number[]>, stats: (name: string) => number[][]) => void} */
  push(columns, stats) {
    for (const [name, values] of Object.entries(this.position)) values.push(...columns[name]);
    for (const name of this.names) {
      const [low, high, mean] = stats(name);
      this.metric[name].low.push(...low);
      this.metric[name].high.push(...high);
      this.metric[name].mean.push(...mean);
    }
  }

  /** The wall time of the newest step: tells the server which past we know. */
  get mark() {
    return this.position.wall_time.at(-1) ?? -1;
  }

  /**
   * x of every point from index `from` on, in the units of the axis.
   * @type {(mode: string, perEpoch: number, from?: number) => number[]}
   */
  x(mode, perEpoch, from = 0) {
    const values = this.position[POSITIONS[mode]].slice(from);
    return mode === "epoch" ? values.map((v) => v / perEpoch) : values;
  }

  /**
   * x of a step: between two points, linearly; 0 before the first.
   * @type {(step: number, mode: string, perEpoch: number) => number}
   */
  xOfStep(step, mode, perEpoch) {
    const { step: steps } = this.position;
    if (step < steps[0]) return 0;
    const i = Math.min(before(steps, step), Math.max(0, steps.length - 2));
    const [a, b = a] = this.x(mode, perEpoch, i).slice(0, 2);
    const share = (step - steps[i]) / (steps[i + 1] - steps[i] || 1);
    return a + Math.min(1, share) * (b - a);
  }
}

/**
 * Index of the last value that is <= `value` in an ascending array; 0 if none is.
 * @type {(values: ArrayLike<number>, value: number) => number}
 */
export function before(values, value) {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/**
 * Low and high of every point as one zigzag, so that a group's extremes stay visible.
 * @type {(x: number[], of: { low: number[], high: number[] }, from?: number) => number[][]}
 */
export function zigzag(x, { low, high }, from = 0) {
  /** @type {number[][]} */
  const [xs, ys] = [[], []];
  for (let i = from; i < low.length; i++) {
    xs.push(x[i - from]);
    ys.push(gap(low[i]));
    if (high[i] !== low[i] && !Number.isNaN(high[i])) {
      xs.push(x[i - from]);
      ys.push(gap(high[i]));
    }
  }
  return [xs, ys];
}

/** @type {(value: number) => number | null} */
const gap = (value) => (Number.isFinite(value) ? value : null);

/** Exponential mean with a half-life in steps, started without bias; 0 keeps the values. */
export class Smoother {
  /** @param {number} halfLife */
  constructor(halfLife) {
    this.halfLife = halfLife;
    [this.sum, this.weight, this.step] = [0, 0, null];
  }

  /** @type {(steps: number[], values: number[], from?: number) => number[]} */
  run(steps, values, from = 0) {
    const out = [];
    for (let i = from; i < values.length; i++) out.push(this.next(steps[i], values[i]));
    return out;
  }

  /** @type {(step: number, value: number) => number | null} */
  next(step, value) {
    if (!Number.isFinite(value)) return null;
    if (!this.halfLife) return value;
    const keep = this.step === null ? 0 : 0.5 ** (Math.max(1, step - this.step) / this.halfLife);
    this.step = step;
    this.sum = this.sum * keep + value * (1 - keep);
    this.weight = this.weight * keep + (1 - keep);
    return this.sum / this.weight;
  }
}
