// What the charts of a run draw: the whole run as a summary, the zoomed part in finer steps, and new
// rows as they come. Of one who has prefs, visible charts, redraw(), report() and the like (curves.js).
import { runPath } from "../shared/feed.js";
import { get, rest } from "../shared/fetch.js";
import { Series, before } from "../shared/series.js";
/**
 * @import { Pace } from "../shared/pace.js"
 * @import { RunChart } from "./curves_chart.js"
 */
import { queryOf } from "../shared/place.js";
/** @import { Answer, Span, Status } from "../shared/types" */
/** @import { Prefs } from "./types" */

const MAX_POINTS = 2000; // drawn per line; beyond, the server summarises anew
const POINTS = 1000; // asked of a summary

export class CurveData {
  /** @type {any} */
  Plotly = null; // once it was read
  run = "";
  /** @type {Prefs} */
  prefs = null;
  /** @type {Pace} */
  pace = null;
  /** @type {Series} */
  series = null; // the whole run
  /** @type {Series} */
  detail = null; // its zoomed part
  /** @type {Series} */
  asked = null;
  /** @type {Span} */
  zoomed = null;
  /** @type {string[]} */
  metrics = [];
  /** @type {RunChart[]} */
  visible = [];
  perEpoch = 1;
  waiting = 0;
  busy = false;
  adding = false;

  /** What is drawn: the zoomed part where there is one. */
  get drawn() {
    return this.detail ?? this.series;
  }

  /** Of smoothing, in steps. */
  get halfLife() {
    return 0;
  }

  /** x of the newest point. */
  lastX() {
    return 0;
  }
  async redraw() {}
  makeCharts() {}
  drawLane() {}
  showTable() {}
  report() {}

  /** What to ask for at the next poll: the rows since the last one; nothing before it may be drawn, or while pull() is to be called. */
  ask() {
    if (!this.Plotly || this.busy || !this.series || this.prefs.hold || !this.pace.isDue)
      return null;
    const { lastStep, mark } = (this.asked = this.series);
    return queryOf({ since: lastStep, mark, metrics: this.wanted().join(",") });
  }

  /** @type {(answer: Answer) => Promise<void>} */
  async take(answer) {
    if (this.busy || this.adding || this.series !== this.asked) return; // then it is asked again
    const { header } = answer;
    const isFar = header.last - this.series.lastStep > MAX_POINTS;
    if (header.reset || this.isNew(header.metrics) || isFar) return this.load();
    this.adding = true; // two answers at once would draw the same rows twice, one over the other
    try {
      await this.pace.time(() => this.append(answer));
    } finally {
      this.adding = false;
    }
  }

  /** @type {(status: Status) => Promise<void>} */
  async pull(status) {
    if (!this.Plotly || this.busy) return;
    if (!this.series) return this.load();
    if (this.prefs.hold) this.countWaiting(status);
  }

  /** @type {(answer: Answer) => Promise<void>} */
  async append(answer) {
    const atEnd = !this.zoomed || this.zoomed[1] >= this.lastX();
    const from = this.drawn.length;
    if (this.detail && atEnd) this.detail.append(answer);
    const added = this.series.append(answer);
    if (!added) return;
    if (this.series.length > MAX_POINTS || this.drawn.length > MAX_POINTS) return this.load();
    for (const chart of this.visible) {
      await (this.drawn.length > from ? chart.extend() : chart.draw());
      await rest(0); // a task a chart, so that a hand is answered in between
    }
    this.drawLane();
    this.showTable();
    this.report();
  }

  /**
   * Everything anew: the whole run as a summary, and the zoomed part in detail.
   * @type {() => Promise<void>}
   */
  async load() {
    this.busy = true;
    try {
      const answer = await this.window({});
      const isNew = this.isNew(answer.header.metrics);
      this.metrics = answer.header.metrics;
      if (isNew) this.makeCharts();
      this.series = answer.header.count ? Series.fromWindow(answer, this.wanted()) : null;
      this.detail = null;
      if (isNew && this.series) return await this.load(); // now with the metrics of the visible charts
      await this.redraw();
    } finally {
      this.busy = false;
    }
    if (this.zoomed) await this.loadDetail();
  }

  /** @type {(range: object) => Promise<Answer>} */
  async window(range) {
    const query = queryOf({ ...range, points: POINTS, metrics: this.wanted().join(",") });
    return get(runPath(this.run, `window?${query}`));
  }

  /** @type {(metrics: string[]) => boolean} */
  isNew(metrics) {
    return metrics.length > 0 && metrics.join() !== this.metrics.join();
  }

  /** Metrics of the visible charts: only these are asked for. */
  wanted() {
    return this.visible
      .flatMap((chart) => chart.spec.series.map((s) => s.name))
      .filter((name) => this.metrics.includes(name));
  }

  async loadDetail() {
    const { zoomed, detail } = this;
    if (!this.series || this.series.steps <= 1 || !zoomed) {
      this.detail = null;
      return detail && this.redraw();
    }
    const xs = this.series.x(this.prefs.x, this.perEpoch);
    /** @type {(x: number) => number} */
    const step = (x) => this.series.position.step[before(xs, x)];
    const start = Math.max(0, step(zoomed[0]) - Math.ceil(4 * this.halfLife) - this.series.steps);
    const stop = step(zoomed[1]) + 2 * this.series.steps;
    const answer = await this.window({ start, stop });
    if (zoomed !== this.zoomed || !answer.header.count) return;
    this.detail = Series.fromWindow(answer, this.wanted());
    await this.redraw();
  }

  /**
   * Held: only count what waits.
   * @type {(status: Status) => void}
   */
  countWaiting(status) {
    this.waiting = Math.max(0, status.step - this.series.lastStep);
    this.report();
  }
}
