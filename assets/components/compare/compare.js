// Up to eight runs over each other: curves, quality, samples; one cursor. Data: series.js, facts of the server.
import { button, decimal, el, mounted, put, rootOf, whole } from "../shared/base.js";
import { CompareChart } from "./chart.js";
import { controls } from "./controls.js";
import { menu } from "./export.js";
import { groupsOf, merged } from "./groups.js";
import { hand } from "./hand.js";
import { caption, described, kindsOf } from "./kinds.js";
import { AXIS, badge, lineSample, look } from "./look.js";
import { loadPrefs, savePrefs } from "./prefs.js";
import { Rows } from "./rows.js";
import { runPath } from "../shared/feed.js";
import { get } from "../shared/fetch.js";
import { loadPlotly } from "../shared/plot.js";
import { POSITIONS, Series, Smoother, before } from "../shared/series.js";
import { queryOf, urlOf } from "../shared/place.js";
import { t, worded } from "../shared/words.js";
/** @import { ComparePanel, ComparedRun, Kind, Line, RunFacts } from "./types" */
/** @import { Component, Span } from "../shared/types" */

const POINTS = 500; // of each line, whatever the length of the run
const FRESH = 4000; // ms between looks at runs that are training
const FEW = 4; // charts that are shown without asking where there are no more
const LIVE = ["running", "ready", "paused", "queued"];

class Compare {
  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "compare");
    this.prefs = loadPrefs(component.data.first);
    this.observer = new ResizeObserver(() => this.resized());
    hand(this);
    this.start(component.data);
    this.observer.observe(this.root);
    loadPlotly(component.data.plotly).then(
      (Plotly) => {
        this.Plotly = Plotly;
        this.redraw();
      },
      () => put(this.empty, t("The chart library did not load. Reload the page.")),
    );
    this.timer = setInterval(() => this.refresh(), FRESH);
  }

  /** @type {(data: any) => void} */
  start(data) {
    this.data = data;
    /** @type {ComparedRun[]} */
    this.runs = data.runs;
    this.colors = look(this.root);
    /** @type {RunFacts[]} */
    this.facts = [];
    /** @type {(Series | null)[]} */
    this.series = [];
    /** @type {Set<number>} */
    this.hidden = new Set();
    /** @type {number} */
    this.cursor = null;
    /** @type {number} */
    this.pointer = null;
    /** @type {number[]} */
    this.selection = null;
    /** @type {Span} */
    this.zoomed = null;
    /** @type {CompareChart[]} */
    this.charts = [];
    /** @type {string} */
    this.shape = ""; // which charts there are
    this.build();
    this.load().catch((error) => put(this.empty, error.message));
  }

  build() {
    this.top = el("div", { class: "top" });
    /** @type {Rows} */
    this.rows = new Rows(this);
    this.empty = el("div", { class: "waiting" }, t("Loading the curves."));
    this.where = el("span", { class: "cap right", "aria-live": "off" });
    this.root.replaceChildren(
      el("div", { class: "bar" }, this.chips()),
      el("div", { class: "bar" }, ...controls(this), this.where, menu(this)),
      this.empty,
      this.top,
      this.rows.node,
    );
    this.rows.node.hidden = true;
  }

  // ---- controls ----

  chips() {
    return el(
      "div",
      { class: "chips", role: "group", "aria-label": t("Runs; press to hide or show") },
      ...this.runs.map((run, i) => {
        const chip = el(
          "button",
          {
            type: "button",
            class: "chip",
            "aria-pressed": true,
            title: t("{id}: show or hide", { id: run.id }),
          },
          badge(i, this.colors.runs[i]),
          lineSample(i, this.colors.runs[i]),
          el("b", {}, run.title),
          el("span", { class: "cap" }, run.short),
        );
        chip.addEventListener("click", () => {
          if (!this.hidden.delete(i)) this.hidden.add(i);
          chip.setAttribute("aria-pressed", String(!this.hidden.has(i)));
          this.redraw();
        });
        return chip;
      }),
    );
  }

  /** @type {(name: string, value: unknown) => void} */
  set(name, value) {
    this.prefs[name] = value;
    savePrefs(this.prefs);
    this.redraw();
  }

  /** @type {(lines: Line[]) => Line[]} */
  grouped(lines) {
    return this.prefs.group ? merged(lines, groupsOf(this.runs)) : lines;
  }

  // ---- data ----

  async load() {
    const { runs } = this;
    const facts = await Promise.all(runs.map((run) => this.ask(run)));
    if (runs !== this.runs) return;
    this.facts = facts;
    this.makeCharts();
    await this.loadCurves();
  }

  /** @type {(run: ComparedRun) => Promise<RunFacts>} */
  ask(run) {
    return get(urlOf(`api/compare/${encodeURIComponent(run.id)}/facts`));
  }

  async loadCurves() {
    const { runs } = this;
    const series = await Promise.all(runs.map((run, i) => this.window(run, i)));
    if (runs !== this.runs) return;
    this.series = series;
    await this.redraw();
  }

  /** @type {(run: ComparedRun, i: number) => Promise<Series | null>} */
  async window(run, i) {
    const names = this.wanted().filter((name) => this.facts[i].metrics.includes(name));
    if (!names.length) return null;
    const range = this.zoomed && this.series[i]?.length ? this.stepsOf(this.series[i]) : {};
    const query = queryOf({ points: POINTS, metrics: names.join(","), ...range });
    const answer = await get(runPath(run.id, `window?${query}`));
    return answer.header.count ? Series.fromWindow(answer, names) : null;
  }

  /**
   * The steps of a run that are in view, and a little more for the smoothing.
   * @type {(series: Series) => { start: number, stop: number }}
   */
  stepsOf(series) {
    const xs = this.xOf(series);
    const [a, b] = this.zoomed.map((x) => before(xs, x));
    const more = Math.ceil(4 * this.halfLife) + series.steps;
    return {
      start: Math.max(0, series.position.step[a] - more),
      stop: series.position.step[b] + 2 * series.steps,
    };
  }

  /** Runs that train are looked at again; the rest stays. */
  async refresh() {
    if (document.hidden || this.busy || this.zoomed || !this.facts.length) return;
    this.busy = true;
    try {
      const { runs } = this;
      const news = await Promise.all(
        runs.map((run, i) => (LIVE.includes(this.facts[i].state) ? this.ask(run) : this.facts[i])),
      );
      if (runs !== this.runs) return;
      const changed = news.map(
        (f, i) =>
          f.last !== this.facts[i].last || f.metrics.length !== this.facts[i].metrics.length,
      );
      if (!changed.some(Boolean)) return;
      this.facts = news;
      this.makeCharts();
      const fresh = await Promise.all(
        runs.map((run, i) => (changed[i] ? this.window(run, i) : this.series[i])),
      );
      if (runs !== this.runs) return;
      this.series = fresh;
      await this.redraw();
    } catch {
      /* the next look may succeed */
    } finally {
      this.busy = false;
    }
  }

  // ---- charts ----

  /** Metrics of the visible charts: only these are asked for. */
  wanted() {
    return this.charts.map((chart) => chart.spec.metric).filter(Boolean);
  }

  makeCharts() {
    const metrics = [...new Set(this.facts.flatMap((f) => f.metrics))];
    const all = kindsOf(this.runs, this.facts);
    const kinds = all.filter((kind) => kind.drawn);
    const shape = [
      ...all.map((kind) => [kind.name, kind.data, ...kind.members].join()),
      ...metrics,
    ].join("\n");
    if (shape === this.shape) return;
    this.shape = shape;
    this.charts.forEach((chart) => chart.dispose());
    const shown = metrics.filter((name) => this.prefs.charts.includes(name));
    const order = shown.length ? shown : metrics.slice(0, metrics.length <= FEW ? FEW : 1);
    const small = order.map(
      (name) =>
        new CompareChart({ id: name, ...this.meant(name) }, this, () =>
          this.grouped(this.curves(name)),
        ),
    );
    const tall = kinds.map(
      (kind, i) =>
        new CompareChart(described(kind, all, i), this.over(kind), () =>
          this.grouped(this.measured(kind)),
        ),
    );
    this.charts = [...tall, ...small];
    this.top.classList.toggle("single", !tall.length);
    const quality = tall.length
      ? [
          el(
            "section",
            { class: "panel talls" },
            ...tall.map((chart) => chart.node),
            el("p", { class: "cap" }, caption(all)),
          ),
        ]
      : [];
    this.top.replaceChildren(
      el("h2", { class: "hush" }, t("Curves")),
      ...quality,
      el(
        "section",
        { class: "panel small" },
        ...small.map((chart) => chart.node),
        this.pills(metrics, order),
      ),
    );
  }

  /**
   * What the table of metrics (gan_core/metric_table) says of one; every run knows its own.
   * @type {(name: string) => any}
   */
  meant(name) {
    return worded(this.facts.find((f) => name in f.table).table[name]);
  }

  /**
   * This panel as a chart of one kind sees it: its horizontal lines are those of its own runs.
   * @type {(kind: Kind) => ComparePanel}
   */
  over(kind) {
    return Object.create(this, { guides: { value: () => this.guides(kind) } });
  }

  /** @type {(metrics: string[], order: string[]) => HTMLElement} */
  pills(metrics, order) {
    return el(
      "div",
      { class: "pills", role: "group", "aria-label": t("Charts shown") },
      ...metrics.map((name) =>
        button(
          this.meant(name).title,
          () => {
            const on = order.includes(name);
            if (on && order.length === 1) return; // never a blank panel
            this.set("charts", on ? order.filter((other) => other !== name) : [...order, name]);
            this.shape = "";
            /** @type {HTMLElement} */ (
              document.querySelector('[class*="st-key-compare_of_"]')
            )?.style.setProperty("min-height", "0"); // the place of four charts
            this.makeCharts();
            this.loadCurves().catch((error) => put(this.where, error.message));
          },
          { "aria-pressed": order.includes(name) },
        ),
      ),
    );
  }

  /** @type {(series: Series) => number[]} */
  xOf(series) {
    return series.position[POSITIONS[this.prefs.x]];
  }

  /** @type {(places: Record<string, number[]>) => number[]} */
  placesOf(places) {
    return places[POSITIONS[this.prefs.x]];
  }

  /**
   * The lines of one metric: {index, x, raw, smooth}.
   * @type {(name: string) => Line[]}
   */
  curves(name) {
    return this.series.flatMap((series, index) => {
      const values = series?.metric[name];
      if (!values || this.hidden.has(index)) return [];
      const raw = values.mean.map((v) => (Number.isFinite(v) ? v : null));
      return [
        {
          index,
          x: this.xOf(series),
          raw,
          smooth: new Smoother(this.halfLife).run(series.position.step, values.mean),
        },
      ];
    });
  }

  /** @type {(kind: Kind) => Line[]} */
  measured({ name, members }) {
    return members.flatMap((index) => {
      const facts = this.facts[index];
      if (this.hidden.has(index)) return [];
      const values = facts.evals.map((e) => e.values[name] ?? null);
      return values.some(Number.isFinite)
        ? [{ index, x: this.placesOf(facts.eval_places), raw: values, smooth: values }]
        : [];
    });
  }

  /**
   * Horizontal lines on the Fréchet chart: the chosen quality, and real images against real ones.
   * @type {(kind: Kind) => { y: number, text: string, kind: string }[]}
   */
  guides({ members }) {
    const floors = members.map((i) => this.facts[i].floor).filter((v) => v > 0);
    const target =
      this.data.target > 0
        ? [
            {
              y: this.data.target,
              text: t("target, {target}", { target: decimal(this.data.target, 1) }),
              kind: "target",
            },
          ]
        : [];
    return [
      ...target,
      ...(floors.length
        ? [
            {
              y: Math.max(...floors),
              text: t("real against real, {value}", { value: decimal(Math.max(...floors), 1) }),
              kind: "floor",
            },
          ]
        : []),
    ];
  }

  get halfLife() {
    return this.prefs.smooth ? 2 ** (this.prefs.smooth - 1) : 0;
  }
  get end() {
    const lines = this.series.filter((s) => s?.length).map((s) => this.xOf(s).at(-1));
    const facts = this.facts.flatMap((f) => [
      this.prefs.x === "step" ? f.last : 0,
      ...this.placesOf(f.samples).slice(-1),
      ...this.placesOf(f.eval_places).slice(-1),
    ]);
    return Math.max(1e-6, ...lines, ...facts);
  }
  get range() {
    return this.zoomed ?? [0, this.end];
  }
  get axisName() {
    return AXIS[this.prefs.x];
  }

  async redraw() {
    const ready = Boolean(this.Plotly && this.facts.length);
    const any = ready && this.facts.some((f) => f.last > 0 || f.samples.step.length);
    this.empty.hidden = any;
    if (ready && !any) put(this.empty, t("None of these runs has taken a step yet."));
    this.top.hidden = !any;
    if (!any) return;
    this.width = this.root.clientWidth;
    for (const chart of this.charts) await chart.redraw();
    this.rows.draw();
    this.tell();
    this.root.dataset.lines = String(this.series.filter(Boolean).length);
  }

  drawMarks() {
    this.charts.forEach((chart) => chart.draw());
    this.tell();
  }

  /** @type {(x: number) => void} */
  setCursor(x) {
    this.cursor = x;
    this.drawMarks();
    this.rows.draw();
  }

  tell() {
    const x = this.pointer ?? this.cursor;
    const words =
      x === null
        ? ""
        : t("{pointer} at {x} {axis}", {
            pointer: this.pointer === null ? t("cursor") : t("pointer"),
            x: whole(x),
            axis: AXIS[this.prefs.x],
          });
    put(
      this.where,
      [words, this.zoomed ? t("zoomed; double click shows everything") : ""]
        .filter(Boolean)
        .join(" · "),
    );
    Object.assign(this.root.dataset, {
      cursor: this.cursor === null ? "" : Math.round(this.cursor),
      zoomed: Boolean(this.zoomed),
      x: this.prefs.x,
    });
  }

  /** @type {(range: Span | null) => void} */
  zoom(range) {
    this.zoomed = range;
    this.redraw();
    this.loadCurves().catch((error) => put(this.where, error.message));
  }

  resized() {
    if (this.root.clientWidth === this.width || !this.facts?.length) return;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.redraw(), 60);
  }

  /** @type {(component: Component) => void} */
  update(component) {
    const before = JSON.stringify([this.runs, this.colors]);
    this.data = component.data; // tables and target may be new
    if (before === JSON.stringify([component.data.runs, look(this.root)])) return this.drawMarks();
    this.leave();
    this.start(component.data);
  }

  leave() {
    this.rows.pause();
    for (const chart of this.charts) chart.dispose();
  }

  dispose() {
    this.leave();
    clearInterval(this.timer);
    this.observer.disconnect();
  }
}

export default mounted((component) => new Compare(component));
