// The charts of a run on one shared x axis, growing while it trains. Data: series.js; a chart: curves_chart.js.
import { el, mounted, put, rootOf, whole } from "../shared/base.js";
import { RunChart } from "./curves_chart.js";
import { Controls, loadPrefs } from "./curves_controls.js";
import { Hand } from "./curves_hand.js";
import { lane } from "./curves_lane.js";
import { chartsOf, colorsOf } from "./curves_look.js";
import { Story, firstLine } from "./curves_story.js";
import { HeldOut } from "./curves_held.js";
import { table } from "./curves_table.js";
import { rowOf, sections } from "./curves_ways.js";
import { CurveData } from "./curves_data.js";
import { cursorOf, join, onCursor } from "../shared/feed.js";
import { illSpans, onCharts } from "../shared/glyphs.js";
import { Pace } from "../shared/pace.js";
import { loadPlotly } from "../shared/plot.js";
import { before } from "../shared/series.js";
import { t, worded } from "../shared/words.js";
/** @import { Component, RunEvent, Span, Status } from "../shared/types" */

const NARROW = 430;
const PACE = { share: 0.05, least: 800, most: 3000 }; // of new points: drawing them takes a twentieth of the time

class Curves extends CurveData {
  /** @param {Component} component */
  constructor(component) {
    super();
    this.root = rootOf(component, "curves");
    this.data = worded(component.data);
    this.run = component.data.run;
    this.prefs = loadPrefs();
    this.pace = new Pace(PACE);
    if (!this.counts && ["images", "epoch"].includes(this.prefs.x)) this.prefs.x = "step";
    this.reset();
    this.build();
    this.colors = colorsOf(this.root);
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.root);
    this.hand = new Hand(this);
    this.held = new HeldOut(this.run, () => this.drawn && this.redraw());
    this.join();
    loadPlotly(component.data.plotly).then(
      (Plotly) => {
        this.Plotly = Plotly;
      },
      () => {
        this.wait(t("The chart library did not load. Reload the page."));
        this.broken = true;
      },
    );
  }

  reset() {
    this.series = null;
    this.detail = null;
    this.zoomed = null;
    this.pointer = null;
    this.metrics = [];
    /** @type {RunEvent[]} */
    this.events = [];
    /** @type {RunChart[]} */
    this.charts = [];
    this.visible = [];
    this.perEpoch = 1;
    this.waiting = 0;
    this.selection = null;
    /** @type {{ l: number, r: number }} */
    this.sides = { l: 36, r: 76 };
  }

  build() {
    this.controls = new Controls(this);
    this.stage = el("div", {
      class: "charts",
      tabindex: 0,
      role: "group",
      "aria-label": t("Charts. Arrow keys move, plus and minus zoom, 0 shows everything."),
    });
    this.laneBox = el("div");
    this.tableBox = el("div", {
      class: "table",
      tabindex: 0,
      role: "region",
      "aria-label": t("Values as a table"),
      hidden: "",
    });
    this.story = new Story();
    this.empty = el(
      "div",
      { class: "waiting" },
      el("p", { role: "status" }, t("Loading the charts.")),
      this.story.node,
    );
    this.story.node.hidden = this.stage.hidden = this.laneBox.hidden = true;
    this.line = el("p", { class: "note-line" });
    this.root.append(
      this.controls.head,
      this.empty,
      this.stage,
      this.tableBox,
      this.laneBox,
      this.line,
      this.controls.pills,
    );
  }

  join() {
    const leaveFeed = join(this.run, {
      status: (s) => this.status(s),
      events: (events) => {
        this.events = events;
        this.drawMarks();
      },
      ask: () => this.ask(),
      take: (answer) => this.take(answer),
      pull: (s) => this.pull(s),
    });
    const leaveCursor = onCursor(this.run, () => this.drawMarks());
    this.leave = () => {
      leaveFeed();
      leaveCursor();
    };
  }

  /** @type {(s: Status) => void} */
  status(s) {
    if (s.epoch > 0) this.perEpoch = s.images_seen / s.epoch;
    this.last = s;
    this.held.follow(s);
    if (this.series) this.report();
    this.story.node.hidden =
      !this.counts || !(s.state === "ready" || s.state === "running") || s.step > 200;
    this.story.tell(s, this.data.batch, this.data.kind);
    const when = s.state === "queued" ? t("when this run has started") : t("with the first steps");
    if (this.series || this.broken) return;
    this.wait(
      s.phase
        ? t("Preparing: {phase}.", { phase: s.phase })
        : s.step > 0
          ? t("Loading the charts.")
          : t("Curves come {when}.", { when }),
    );
  }

  /** @type {(text: string) => void} */
  wait(text) {
    put(this.empty.firstChild, text);
  }

  /** Whether images and epochs are counted: not of one picture that is trained itself. */
  get counts() {
    return this.data.seen !== false;
  }

  /** In steps. The curves of one picture are short and without noise: a sixteenth serves there. */
  get halfLife() {
    return this.prefs.smooth ? Math.floor(2 ** (this.prefs.smooth - (this.counts ? 1 : 5))) : 0;
  }

  // ---- charts ----

  makeCharts() {
    for (const chart of this.charts) chart.dispose();
    this.charts = chartsOf(this.data.charts, this.data.other, this.metrics).map(
      (spec) => new RunChart(spec, this),
    );
    this.controls.offer(this.charts);
    this.choose();
  }

  /** Put the chosen charts on the page, in their order. */
  choose() {
    const { chosen } = this.controls;
    this.visible = this.charts.filter((chart) => chosen.includes(rowOf(chart.spec)));
    this.stage.replaceChildren(...sections(this.visible, this.data.ends));
  }

  async redraw() {
    const ready = Boolean(this.series && this.Plotly);
    this.empty.hidden = ready;
    this.stage.hidden = this.laneBox.hidden = !ready || this.prefs.table;
    this.measure();
    if (!ready || !this.width) return;
    for (const chart of this.visible) chart.prepare();
    this.widen(false);
    for (const chart of this.visible) await chart.paint();
    this.drawLane();
    this.showTable();
    this.report();
    this.root.dataset.points = String(this.drawn.length);
  }

  /**
   * Margins at the sides for the longest texts of all charts, in steps of 8 pixels; whether they grew.
   * @type {(growing: boolean) => boolean}
   */
  widen(growing) {
    const needed = this.visible.filter((chart) => chart.smooth).map((chart) => chart.needed);
    /** @type {(side: "l" | "r") => number} */
    const at = (side) => 8 * Math.ceil(Math.max(...needed.map((n) => n[side]), 0) / 8);
    const [l, r] = [Math.max(32, at("l")), Math.min(at("r"), this.width / 2)];
    const old = this.sides;
    this.sides = growing ? { l: Math.max(l, old.l), r: Math.max(r, old.r) } : { l, r };
    return this.sides.l > old.l || this.sides.r > old.r;
  }

  /** Forget the y axes and the zoom: everything in view. */
  async fit() {
    this.zoomed = this.detail = null;
    this.fitting = true;
    for (const chart of this.charts) Object.assign(chart, { yRange: null, userY: null });
    await this.redraw();
    this.fitting = false;
  }

  /**
   * Same x range for all; then the same window in finer steps.
   * @type {(range: number[]) => void}
   */
  zoom([a, b]) {
    const last = this.lastX();
    const span = Math.min(b - a, last);
    const start = Math.min(Math.max(0, a), last - span);
    this.zoomed = span < last ? /** @type {Span} */ ([start, start + span]) : null;
    clearTimeout(this.zoomTimer);
    this.zoomTimer = setTimeout(() => this.loadDetail().catch(() => {}), 250);
    for (const chart of this.visible) chart.setRange();
    this.drawLane();
    this.report();
  }

  /** @type {(from?: number) => number[]} */
  x(from = 0) {
    return this.drawn.x(this.prefs.x, this.perEpoch, from);
  }

  /** @type {(index: number) => number} */
  xAt(index) {
    const [value] = this.drawn.x(this.prefs.x, this.perEpoch, index);
    return value;
  }

  lastX() {
    return this.series.x(this.prefs.x, this.perEpoch, this.series.length - 1)[0] ?? 1;
  }

  get range() {
    return this.zoomed ?? [Math.min(0, this.lastX()), Math.max(this.lastX(), 1e-6)];
  }

  get xFormat() {
    return this.prefs.x === "epoch" ? ",~g" : ",d";
  }

  /** @type {(step: number) => number} */
  xOfStep(step) {
    return this.series.xOfStep(step, this.prefs.x, this.perEpoch);
  }

  cursorX() {
    const { step, live } = cursorOf(this.run);
    return live || step === null ? this.lastX() : this.xOfStep(step);
  }

  chartEvents() {
    return this.events.filter(onCharts).map((event) => ({ event, x: this.xOfStep(event.step) }));
  }

  /** Where the doctor's alarms were, on the x axis. */
  illSpans() {
    return illSpans(this.events).map((span) =>
      span.map((step) => (step === null ? null : this.xOfStep(step))),
    );
  }

  /** Index whose values stand in the right margin: under the pointer, else the last one in view. */
  labelIndex() {
    return before(this.x(), this.pointer ?? this.range[1] * (1 + 1e-9));
  }

  drawPointer() {
    if (!this.series || !this.Plotly) return;
    for (const chart of this.visible) chart.draw();
    this.report();
  }

  drawMarks() {
    if (!this.series || !this.Plotly) return;
    for (const chart of this.visible) chart.draw();
    this.drawLane();
  }

  drawLane() {
    const wide = this.visible.find((chart) => !chart.isHalf) ?? this.visible[0];
    if (wide) this.laneBox.replaceChildren(lane(this, wide.box));
  }

  showTable() {
    this.tableBox.hidden = !this.prefs.table || !this.series;
    this.stage.hidden = this.laneBox.hidden = this.prefs.table || !this.series;
    if (this.prefs.table && this.series) this.tableBox.replaceChildren(table(this));
  }

  /** One line under the charts: what is shown, and that it is held. */
  report() {
    const parts = [];
    if (this.pointer !== null)
      parts.push(t("step {step}", { step: whole(this.drawn.position.step[this.labelIndex()]) }));
    if (this.prefs.hold)
      parts.push(t("held, {waiting} newer steps wait", { waiting: whole(this.waiting) }));
    if (this.zoomed) parts.push(t("zoomed; double click shows everything"));
    if (this.drawn?.steps > 1)
      parts.push(
        t("each point covers {steps} steps, lowest to highest", { steps: whole(this.drawn.steps) }),
      );
    put(this.line, parts.join(" · ") || (this.counts ? firstLine(this.last, this.data.batch) : ""));
    Object.assign(this.root.dataset, {
      last: this.series?.lastStep ?? 0,
      range: this.range.map((v) => Math.round(v)).join(" "),
      zoomed: Boolean(this.zoomed),
    });
  }

  remember() {
    this.prefs.hidden = this.charts.flatMap((chart) => [...chart.hidden]);
    this.controls.save();
  }

  measure() {
    this.width = Math.floor(this.root.clientWidth);
    this.narrow = this.width < NARROW;
  }

  resized() {
    if (Math.floor(this.root.clientWidth) === this.width || !this.series) return;
    clearTimeout(this.resizeTimer);
    this.resizeTimer = setTimeout(() => this.redraw(), 60);
  }

  /** @type {(component: Component) => void} */
  update(component) {
    this.data = worded(component.data);
    const old = JSON.stringify(this.colors);
    this.colors = colorsOf(this.root);
    if (component.data.run !== this.run) {
      this.leave();
      for (const chart of this.charts) chart.dispose();
      this.run = component.data.run;
      this.held = new HeldOut(this.run, () => this.drawn && this.redraw());
      this.reset();
      this.choose();
      this.redraw();
      this.join();
    } else if (old !== JSON.stringify(this.colors)) this.redraw();
  }

  dispose() {
    this.leave();
    this.observer.disconnect();
    this.hand.dispose();
    for (const chart of this.charts) chart.dispose();
  }
}

export default mounted((component) => new Curves(component));
