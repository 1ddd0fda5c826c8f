// Measures of held-out images beside a training, and of the input as it is: drawn with the training's own.
import { svg } from "../shared/base.js";
import { runPath } from "../shared/feed.js";
import { get } from "../shared/fetch.js";
import { t } from "../shared/words.js";
/** @import { RunChart } from "./curves_chart.js" */
/** @import { LineSpec, Status } from "../shared/types" */
/** @import { Measured } from "./types" */

const EVERY = 4000; // ms between looks, while it trains

export class HeldOut {
  /** @type {Record<string, Measured>} */
  known = {};
  wanted = false;
  busy = false;
  asked = -Infinity;
  at = ""; // step and state of the last answer
  /** @type {Status} */
  last = null;

  /**
   * `tell()` is called when there is more to draw.
   * @param {string} run
   * @param {() => void} tell
   */
  constructor(run, tell) {
    this.run = run;
    this.tell = tell;
  }

  /** A chart shows them: ask at once, a run that ended is seldom looked at again. */
  want() {
    this.wanted = true;
    if (this.last) this.follow(this.last);
  }

  /**
   * Ask again where the run has gone on or ended, or where there was no answer.
   * @type {(status: Status) => void}
   */
  follow(status) {
    this.last = status;
    const now = performance.now();
    const at = `${status.step} ${status.state}`;
    if (!this.wanted || this.busy || at === this.at || now - this.asked < EVERY) return;
    this.asked = now;
    this.busy = true;
    get(runPath(this.run, "held_out"), { busy: 0 })
      .then(
        (found) => {
          this.at = at;
          this.take(found);
        },
        () => {},
      )
      .finally(() => (this.busy = false));
  }

  /** @type {(found: { measures: Record<string, Measured> }) => void} */
  take({ measures }) {
    const grew = JSON.stringify(measures) !== JSON.stringify(this.known);
    this.known = measures;
    if (grew) this.tell();
  }

  /**
   * {steps, values, input} of a measure, or null.
   * @type {(name: string) => Measured | null}
   */
  of(name) {
    const found = name ? this.known[name] : null;
    return found?.steps.length ? found : null;
  }
}

/**
 * The measures of held-out images, a line of their own.
 * @type {(chart: RunChart) => SVGElement[]}
 */
export function heldLine(chart) {
  if (!chart.held) return [];
  const { left, right } = chart.box;
  const { steps, values } = chart.held;
  const places = steps
    .map((step, i) => [chart.px(chart.panel.xOfStep(step)), values[i]])
    .filter(([x, v]) => v !== null && x >= left - 0.5 && x <= right + 0.5);
  const points = places.map(([x, v]) => `${x.toFixed(1)},${chart.pyInside(v).toFixed(1)}`);
  return [
    svg("polyline", { points: points.join(" "), class: "held" }),
    ...(places.length === 1
      ? [
          svg("circle", {
            cx: places[0][0],
            cy: chart.pyInside(places[0][1]),
            r: 3,
            class: "held-dot",
          }),
        ]
      : []),
  ];
}

/**
 * The newest of them up to a step, as a row of the right margin.
 * @type {(chart: RunChart, step: number) => { series: LineSpec, value: number, at: number }[]}
 */
export function heldNow(chart, step) {
  if (!chart.held) return [];
  const { steps, values } = chart.held;
  const i = steps.findLastIndex((s, k) => s <= step && values[k] !== null);
  return i < 0
    ? []
    : [
        {
          series: { name: "held_out", short: t("held out"), label: t("held out"), role: "fake" },
          value: values[i],
          at: chart.pyInside(values[i]),
        },
      ];
}
