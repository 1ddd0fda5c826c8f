// The charts of a run on one shared x axis, growing while it trains. Data: series.js; a chart: chart.js.
import { el, mounted, put, rootOf, whole } from "./base.js";
import { Chart } from "./chart.js";
import { Controls, loadPrefs } from "./curves_controls.js";
import { lane } from "./curves_lane.js";
import { table } from "./curves_table.js";
import { cursorOf, get, join, onCursor, runPath, setCursor } from "./feed.js";
import { onCharts } from "./glyphs.js";
import { loadPlotly } from "./plot.js";
import { Series, before, decode } from "./series.js";

const MAX_POINTS = 4000; // drawn per line; beyond, the server summarises anew
const POINTS = 1000; // asked of a summary
const CLICK = 4; // pixels; more is a drag
const NARROW = 430;

class Curves {
  constructor(component) {
    this.root = rootOf(component, "curves");
    this.data = component.data;
    this.run = component.data.run;
    this.prefs = loadPrefs();
    this.reset();
    this.build();
    this.readColors();
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.root);
    this.listen();
    this.join();
    loadPlotly(component.data.plotly).then((Plotly) => { this.Plotly = Plotly; }, () => this.wait("The chart library did not load. Reload the page."));
  }

  reset() {
    Object.assign(this, { series: null, detail: null, zoomed: null, pointer: null, metrics: [], events: [], charts: [], visible: [], perEpoch: 1, waiting: 0 });
  }

  build() {
    this.controls = new Controls(this);
    this.charts_ = el("div", { class: "charts", tabindex: 0, role: "group", "aria-label": "Charts. Arrow keys move, plus and minus zoom, 0 shows everything." });
    this.laneBox = el("div");
    this.tableBox = el("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Values as a table", hidden: "" });
    this.empty = el("div", { class: "waiting" }, el("p", {}, "Curves come with the first steps."));
    this.line = el("p", { class: "note-line" });
    this.root.append(this.controls.head, this.empty, this.charts_, this.tableBox, this.laneBox, this.line, this.controls.pills);
  }

  readColors() {
    const css = getComputedStyle(this.root);
    const of = (name) => css.getPropertyValue(name).trim();
    // Custom properties that hold color-mix() are resolved by giving them to an element.
    const probe = el("i", { hidden: "" });
    this.root.append(probe);
    const resolved = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
    this.colors = Object.fromEntries(["g", "d", "real", "fake", "muted", "grid", "axis"].map((name) => [name, resolved(`--${name}`)]));
    // Plotly reads only plain colours: paint the mixed ones into one.
    for (const name of ["grid", "axis"]) this.colors[name] = plain(this.colors[name]);
    probe.remove();
    this.colors.font = of("--st-font") || "sans-serif";
  }

  join() {
    const leaveFeed = join(this.run, {
      status: (s) => this.status(s),
      events: (events) => { this.events = events; this.drawMarks(); },
      pull: () => this.pull(),
    });
    const leaveCursor = onCursor(this.run, () => this.drawMarks());
    this.leave = () => { leaveFeed(); leaveCursor(); };
  }

  status(s) {
    if (s.epoch > 0) this.perEpoch = s.images_seen / s.epoch;
    this.phase = s.phase;
    if (!this.series) this.wait(s.phase ? `Preparing: ${s.phase}.` : s.state === "queued" ? "Curves come when this run has started." : "Curves come with the first steps.");
  }

  wait(text) { put(this.empty.firstChild, text); }

  // ---- data ----

  async pull() {
    if (!this.Plotly || this.dragging || this.busy) return;
    if (!this.series) return this.load();
    if (this.prefs.hold && this.series) return this.countWaiting();
    const { lastStep, mark } = this.series;
    const query = new URLSearchParams({ since: lastStep, mark, metrics: this.wanted().join(",") });
    const answer = decode(await get(runPath(this.run, `curves?${query}`), { binary: true }));
    if (this.dragging || this.busy || !this.series) return; // ask again when the hand is off the chart
    const { header } = answer;
    if (header.reset || this.isNew(header.metrics) || header.last - lastStep > MAX_POINTS) return this.load();
    await this.append(answer);
  }

  async append(answer) {
    const atEnd = !this.zoomed || this.zoomed[1] >= this.lastX();
    const from = this.drawn.length;
    if (this.detail && atEnd) this.detail.append(answer);
    const added = this.series.append(answer);
    if (!added) return;
    if (this.series.length > MAX_POINTS || this.drawn.length > MAX_POINTS) return this.load();
    for (const chart of this.visible) await (this.drawn.length > from ? chart.extend(from) : chart.draw());
    this.drawLane();
    this.showTable();
    this.report();
  }

  /** Everything anew: the whole run as a summary, and the zoomed part in detail. */
  async load() {
    this.busy = true;
    try {
      const query = new URLSearchParams({ points: POINTS, metrics: this.wanted().join(",") });
      const answer = decode(await get(runPath(this.run, `window?${query}`), { binary: true }));
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

  isNew(metrics) { return metrics.length > 0 && metrics.join() !== this.metrics.join(); }

  /** Metrics of the visible charts: only these are asked for. */
  wanted() { return this.visible.flatMap((chart) => chart.spec.series.map((s) => s.name)).filter((name) => this.metrics.includes(name)); }

  async loadDetail() {
    if (!this.series || this.series.steps <= 1 || !this.zoomed) return;
    const zoomed = this.zoomed;
    const xs = this.series.x(this.prefs.x, this.perEpoch);
    const step = (x) => this.series.position.step[before(xs, x)];
    const start = Math.max(0, step(zoomed[0]) - Math.ceil(4 * this.halfLife) - this.series.steps);
    const stop = step(zoomed[1]) + 2 * this.series.steps;
    const query = new URLSearchParams({ start, stop, points: POINTS, metrics: this.wanted().join(",") });
    const answer = decode(await get(runPath(this.run, `window?${query}`), { binary: true }));
    if (zoomed !== this.zoomed || !answer.header.count) return;
    this.detail = Series.fromWindow(answer, this.wanted());
    await this.redraw();
  }

  async countWaiting() {
    const status = await get(runPath(this.run, "curves?limit=1&since=" + this.series.lastStep), { binary: true });
    this.waiting = Math.max(0, decode(status).header.last - this.series.lastStep);
    this.report();
  }

  get drawn() { return this.detail ?? this.series; }

  get halfLife() { return this.prefs.smooth ? 2 ** (this.prefs.smooth - 1) : 0; }

  // ---- charts ----

  makeCharts() {
    for (const chart of this.charts) chart.dispose();
    this.charts = this.data.charts.map((spec) => expand(spec, this.metrics)).filter((spec) => spec.series.length).map((spec) => new Chart(spec, this));
    this.controls.offer(this.charts);
    this.choose();
  }

  /** Put the chosen charts on the page, in their order. */
  choose() {
    this.visible = this.charts.filter((chart) => this.prefs.charts.includes(chart.spec.id));
    this.charts_.replaceChildren(...this.visible.map((chart) => chart.node));
  }

  async redraw() {
    const ready = Boolean(this.series && this.Plotly);
    this.empty.hidden = ready;
    this.charts_.hidden = this.laneBox.hidden = !ready || this.prefs.table;
    this.measure();
    if (!ready || !this.width) return;
    for (const chart of this.visible) await chart.redraw();
    this.drawLane();
    this.showTable();
    this.report();
    this.root.dataset.points = this.drawn.length;
  }

  /** Forget the y axes and the zoom: everything in view. */
  async fit() {
    this.zoomed = this.detail = null;
    this.fitting = true;
    for (const chart of this.charts) Object.assign(chart, { yRange: null, userY: null });
    await this.redraw();
    this.fitting = false;
  }

  /** Same x range for all; then the same window in finer steps. */
  zoom(range) {
    const [a, b] = [Math.max(0, range[0]), Math.min(this.lastX(), range[1])];
    this.zoomed = b > a ? [a, b] : null;
    this.detail = null;
    clearTimeout(this.zoomTimer);
    this.zoomTimer = setTimeout(() => this.loadDetail().catch(() => {}), 250);
    for (const chart of this.visible) chart.setRange();
    this.drawLane();
    this.report();
  }

  x(from = 0) { return this.drawn.x(this.prefs.x, this.perEpoch, from); }

  xAt(index) {
    const [value] = this.drawn.x(this.prefs.x, this.perEpoch, index);
    return value;
  }

  lastX() { return this.series.x(this.prefs.x, this.perEpoch, this.series.length - 1)[0] ?? 1; }

  get range() { return this.zoomed ?? [Math.min(0, this.lastX()), Math.max(this.lastX(), 1e-6)]; }

  get xFormat() { return this.prefs.x === "epoch" ? ",~g" : ",d"; }

  /** x of a step: between two points, linearly. */
  xOfStep(step) {
    const steps = this.series.position.step;
    const xs = this.series.x(this.prefs.x, this.perEpoch);
    const i = before(steps, step);
    if (i >= steps.length - 1 || step <= steps[i]) return step < steps[0] ? 0 : xs[i];
    return xs[i] + ((step - steps[i]) / (steps[i + 1] - steps[i])) * (xs[i + 1] - xs[i]);
  }

  cursorX() {
    const { step, live } = cursorOf(this.run);
    return live || step === null ? this.lastX() : this.xOfStep(step);
  }

  chartEvents() { return this.events.filter(onCharts).map((event) => ({ event, x: this.xOfStep(event.step) })); }

  /** Index whose values stand in the right margin: under the pointer, else the last one in view. */
  labelIndex() { return before(this.x(), this.pointer ?? this.range[1] * (1 + 1e-9)); }

  // ---- pointer and keys ----

  listen() {
    const box = this.charts_;
    const released = () => setTimeout(() => { this.dragging = false; }, 30);
    this.released = released;
    box.addEventListener("pointerdown", (e) => { if (e.target.closest(".frame")) { this.dragging = true; this.down = [e.clientX, e.clientY]; } }, true);
    window.addEventListener("pointerup", released, true);
    window.addEventListener("pointercancel", released, true);
    box.addEventListener("pointermove", (e) => this.point(e), true);
    box.addEventListener("pointerleave", () => this.point(null));
    box.addEventListener("click", (e) => this.clicked(e), true);
    box.addEventListener("dblclick", () => { clearTimeout(this.clickTimer); this.fit(); });
    box.addEventListener("keydown", (e) => this.key(e));
  }

  valueAt(event) {
    const frame = event.target.closest?.(".frame");
    if (!frame || !this.visible.length) return null;
    const { left, right } = this.visible[0].box;
    const x = event.clientX - frame.getBoundingClientRect().left;
    if (x < left || x > right) return null;
    return this.range[0] + ((x - left) / (right - left)) * (this.range[1] - this.range[0]);
  }

  point(event) {
    const value = event && this.series ? this.valueAt(event) : null;
    if (value === this.pointer) return;
    this.pointer = value;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => { for (const chart of this.visible) chart.draw(); this.report(); });
  }

  clicked(event) {
    const value = this.series ? this.valueAt(event) : null;
    const moved = this.down ? Math.hypot(event.clientX - this.down[0], event.clientY - this.down[1]) : 0;
    if (value === null || moved > CLICK) return;
    clearTimeout(this.clickTimer); // a double click shows everything instead
    const step = this.drawn.position.step[before(this.x(), value)];
    this.clickTimer = setTimeout(() => setCursor(this.run, step, false), 250);
  }

  key(event) {
    if (!this.series || event.target !== this.charts_) return;
    const [a, b] = this.range;
    const by = (b - a) * 0.2;
    const moves = { ArrowLeft: [a - by, b - by], ArrowRight: [a + by, b + by], "+": [a + by, b - by], "=": [a + by, b - by], "-": [a - by, b + by] };
    if (event.key === "0") this.fit();
    else if (event.key in moves) this.zoom(moves[event.key]);
    else return;
    event.preventDefault();
  }

  // ---- the rest of the panel ----

  drawMarks() {
    if (!this.series || !this.Plotly) return;
    for (const chart of this.visible) chart.draw();
    this.drawLane();
  }

  drawLane() {
    if (this.visible.length) this.laneBox.replaceChildren(lane(this, this.visible[0].box));
  }

  showTable() {
    this.tableBox.hidden = !this.prefs.table || !this.series;
    this.charts_.hidden = this.laneBox.hidden = this.prefs.table || !this.series;
    if (this.prefs.table && this.series) this.tableBox.replaceChildren(table(this));
  }

  /** One line under the charts: what is shown, and that it is held. */
  report() {
    const parts = [];
    if (this.pointer !== null) parts.push(`step ${whole(this.drawn.position.step[this.labelIndex()])}`);
    if (this.prefs.hold) parts.push(`held, ${whole(this.waiting)} newer steps wait`);
    if (this.zoomed) parts.push("zoomed; double click shows everything");
    if (this.drawn?.steps > 1) parts.push(`each point covers ${whole(this.drawn.steps)} steps, lowest to highest`);
    put(this.line, parts.join(" · "));
    Object.assign(this.root.dataset, { last: this.series?.lastStep ?? 0, range: this.range.map((v) => Math.round(v)).join(" "), zoomed: Boolean(this.zoomed) });
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
    const before_ = this.width;
    this.measure();
    if (this.width === before_ || !this.series) return;
    clearTimeout(this.resizeTimer);
    this.resizeTimer = setTimeout(() => this.redraw(), 60);
  }

  update(component) {
    this.data = component.data;
    const old = JSON.stringify(this.colors);
    this.readColors();
    if (component.data.run !== this.run) {
      this.leave();
      for (const chart of this.charts) chart.dispose();
      this.run = component.data.run;
      this.reset();
      this.choose();
      this.redraw();
      this.join();
    } else if (old !== JSON.stringify(this.colors)) this.redraw();
  }

  dispose() {
    this.leave();
    this.observer.disconnect();
    window.removeEventListener("pointerup", this.released, true);
    window.removeEventListener("pointercancel", this.released, true);
    for (const chart of this.charts) chart.dispose();
  }
}

/** A chart's lines: those the run has; `prefix` stands for all metrics of that beginning. */
function expand(spec, metrics) {
  const dashes = ["solid", "2px,2px", "9px,3px,2px,3px", "12px,3px"];
  const named = (spec.series ?? []).filter((s) => metrics.includes(s.name));
  const found = spec.prefix ? metrics.filter((m) => m.startsWith(spec.prefix)) : [];
  const more = found.map((name, i) => ({ name, label: name.slice(spec.prefix.length), short: name.slice(spec.prefix.length, spec.prefix.length + 6), role: spec.role, dash: dashes[i % dashes.length] }));
  return { ...spec, series: [...named, ...more] };
}

/** A colour that CSS computed (also color(srgb ...)) as rgb(), which Plotly reads. */
function plain(color) {
  const paint = el("canvas", { width: 1, height: 1 }).getContext("2d");
  paint.fillStyle = color;
  paint.fillRect(0, 0, 1, 1);
  const [r, g, b] = paint.getImageData(0, 0, 1, 1).data;
  return `rgb(${r},${g},${b})`;
}

export default mounted((component) => new Curves(component));
