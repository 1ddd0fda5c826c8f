// One chart: title, reading aid, legend, a Plotly figure, and our own overlay (cursor, events, last values).
import { decimal, el, lineKey, svg, whole } from "./base.js";
import { beyond, cutMarks, follow, spanOf, spreadOut, textWidth, ticks, valueText, withAir } from "./chart_axis.js";
import { titled } from "./glossary.js";
import { Smoother, zigzag } from "./series.js";

const DASH = "6px,3.5px"; // the generator's side, on smoothed lines only
const APART = 13; // pixels between two labels in the right margin
const BAND = 0.12; // opacity of what was measured, from lowest to highest, under the smoothed line
const THIN = 0.3; // the same where single values can be told apart
const HALO = 5; // pixels of paper under a smoothed line

export class Chart {
  /** `spec` (gan_core/metric_table): {id, title, term, aid, series: [{name, label, short, role, dashed}], guides, range, positive}. */
  constructor(spec, panel) {
    this.spec = spec;
    this.panel = panel;
    this.hidden = new Set(panel.prefs.hidden.filter((name) => spec.series.some((s) => s.name === name)));
    this.yRange = null;
    this.userY = null; // the person's own zoom of y, kept until reset
    this.plot = el("div", { class: "plot" });
    this.overlay = svg("svg", { class: "overlay", "aria-hidden": "true" });
    this.legend = el("span", { class: "legend right" }, ...spec.series.map((s) => this.toggle(s)));
    this.frame = el("div", { class: "frame", role: "img" }, this.plot, this.overlay);
    this.node = el("section", { class: "chart", "data-chart": spec.id },
      el("div", { class: "head" }, el("h3", {}, titled(spec.title, spec.term)), this.legend), el("p", { class: "cap aid" }, spec.aid), this.frame);
  }

  toggle(series) {
    return el("button", {
      type: "button", class: "toggle", "aria-pressed": !this.hidden.has(series.name), title: "Show or hide this line",
      onclick: (event) => {
        if (!this.hidden.delete(series.name)) this.hidden.add(series.name);
        event.currentTarget.setAttribute("aria-pressed", !this.hidden.has(series.name));
        this.panel.remember();
        this.panel.redraw();
      },
    }, lineKey(series.role, series.dashed ?? series.dash), series.label);
  }

  get shown() { return this.spec.series.filter((s) => this.panel.series.metric[s.name] && !this.hidden.has(s.name)); }

  get height() { return (this.spec.tall ? 150 : 128) + (this.isLast ? 16 : 0); }

  /** All charts have the same margins at the sides, as wide as their longest texts. */
  get margin() { return { ...this.panel.sides, t: 6, b: this.isLast ? 20 : 4 }; }

  /** Pixels that its ticks and its labels take. */
  get needed() {
    const font = (weight, size) => `${weight} ${size}px ${this.panel.colors.font}`;
    const l = Math.max(...this.yAxis().ticktext.map((text) => textWidth(text, font(400, 11))), 0);
    const values = this.newest(this.panel.labelIndex()).map(({ series, value }) => textWidth(`${series.short} ${valueText(value)}`, font(600, 12)));
    const notes = this.guidesInView().map((guide) => textWidth(this.noteOf(guide), font(400, 11)));
    return { l: l + 9, r: Math.max(...values, ...notes, 30) + 15 };
  }

  // ---- drawing all of it ----

  /** Everything but the drawing: smoothed values and the range of y. */
  prepare() {
    const { colors } = this.panel;
    this.isLast = this.panel.visible.at(-1) === this;
    this.smoothers = {};
    this.smooth = {}; // name -> smoothed values, for labels and the pointer
    const drawn = this.panel.drawn;
    const x = this.panel.x();
    this.dense = this.isDense;
    const [raw, halo, smooth] = [[], [], []];
    for (const series of this.shown) {
      const values = drawn.metric[series.name];
      this.smoothers[series.name] = new Smoother(this.panel.halfLife);
      this.smooth[series.name] = this.smoothers[series.name].run(drawn.position.step, values.mean);
      const [zx, zy] = zigzag(x, values);
      raw.push(this.trace(zx, zy, { color: colors[series.role], width: 1 }, this.dense ? BAND : THIN));
      const dash = series.dashed ? DASH : series.dash ?? "solid";
      if (this.panel.halfLife) halo.push(this.trace([...x], [...this.smooth[series.name]], { color: colors.bg, width: HALO }, 0.75));
      smooth.push(this.trace([...x], [...this.smooth[series.name]], { color: colors[series.role], width: 2, dash }, 1));
    }
    this.traces = [...raw, ...halo, ...smooth];
    this.fitY();
    this.findCut(0);
  }

  async paint() {
    // Static: Plotly draws, our own hand drags. Its drags end at every update, ours do not notice one.
    this.painting = this.panel.Plotly.react(this.plot, this.traces, this.layout(), { staticPlot: true, responsive: false });
    await this.painting;
    if (!this.gone) this.draw();
  }

  trace(x, y, line, opacity) {
    return { type: "scatter", mode: "lines", x, y, line, opacity, hoverinfo: "skip", connectgaps: false };
  }

  layout() {
    const { colors, range } = this.panel;
    const axis = { color: colors.muted, gridcolor: colors.grid, linecolor: colors.axis, zeroline: false, tickfont: { size: 11, color: colors.muted } };
    this.node.style.setProperty("--plot-height", `${this.height}px`);
    return {
      width: this.panel.width, height: this.height, margin: this.margin, showlegend: false, hovermode: false, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: colors.font, size: 11, color: colors.muted }, uirevision: this.panel.run,
      xaxis: { ...axis, range: [...range], autorange: false, showline: true, showticklabels: this.isLast, nticks: 6, tickformat: this.panel.xFormat, exponentformat: "none", separatethousands: true, ticksuffix: this.panel.prefs.x === "time" ? " s" : "" },
      yaxis: { ...axis, autorange: false, type: this.isLog ? "log" : "linear", tickmode: "array", ...this.yAxis() },
    };
  }

  get isDense() { return this.panel.drawn.length > this.panel.width / 3; }

  /** Range and ticks of y, as Plotly takes them. */
  yAxis() {
    const range = [...this.shownY()];
    const values = this.isLog ? range.map((v) => 10 ** v) : range;
    return { range, ...ticks(...values, this.isLog, this.spec.tall ? 4 : 3) };
  }

  /** Also where values of many powers of ten would leave a line on the floor. */
  get isLog() { return (this.panel.prefs.log || this.wide) && this.spec.positive && this.lowest > 0; }

  shownY() {
    const range = this.userY ?? this.yRange ?? [0, 1];
    return this.isLog && !this.userY ? range.map((v) => Math.log10(Math.max(v, 1e-9))) : range;
  }

  /** y follows the bulk of the data (chart_axis.js). */
  fitY() {
    if (this.spec.range) {
      this.yRange = this.spec.range;
      return;
    }
    const { drawn, prefs, fitting } = this.panel;
    const span = spanOf(this.shown.flatMap((s) => [drawn.metric[s.name].low, drawn.metric[s.name].high]), prefs.spikes);
    if (!span) return;
    this.lowest = span.least;
    const wasLog = this.isLog;
    this.wide = span.wide;
    const old = fitting || wasLog !== this.isLog ? null : this.yRange;
    this.yRange = follow(old, withAir(span, this.isLog));
  }

  /** Where lines leave the axis, from point `from` on. */
  findCut(from) {
    if (!from || this.cutRange !== String(this.yRange)) [this.cut, from, this.cutRange] = [[], 0, String(this.yRange)];
    const [low, high] = this.userY ?? this.yRange ?? [-Infinity, Infinity];
    for (const series of this.shown) this.cut.push(...beyond(this.panel.drawn, series, this.panel.x(from), low, high, from));
  }

  // ---- adding to it ----

  /** The points from index `from` on are new. */
  async extend(from) {
    const { Plotly, drawn } = this.panel;
    const shown = this.shown;
    if (!shown.length || !this.plot.data) return;
    const x = this.panel.x(from);
    const [xs, ys] = [[], []];
    for (const series of shown) {
      const [zx, zy] = zigzag(x, drawn.metric[series.name], from);
      xs.push(zx);
      ys.push(zy);
    }
    const smooth = shown.map((series) => this.smoothers[series.name].run(drawn.position.step, drawn.metric[series.name].mean, from));
    shown.forEach((series, i) => this.smooth[series.name].push(...smooth[i]));
    for (let layer = xs.length; layer < this.traces.length; layer += shown.length) { // the halo, the lines
      xs.push(...smooth.map(() => [...x]));
      ys.push(...smooth);
    }
    const wasLog = this.isLog;
    this.fitY();
    this.findCut(from);
    if (wasLog !== this.isLog || this.dense !== this.isDense || this.panel.widen(true)) return this.panel.redraw();
    // extendTraces draws once with whatever the layout says: the axes follow without a second pass.
    this.plot.layout.xaxis.range = [...this.panel.range];
    Object.assign(this.plot.layout.yaxis, this.yAxis());
    await Plotly.extendTraces(this.plot, { x: xs, y: ys }, xs.map((_, i) => i));
    this.draw();
  }

  // ---- zooming: the hand decides (curves_hand.js), the chart follows ----

  async setRange() {
    if (!this.plot.data) return;
    const { range, tickvals, ticktext } = this.yAxis();
    this.findCut(0);
    await this.panel.Plotly.relayout(this.plot, { "xaxis.range": [...this.panel.range], "yaxis.range": range, "yaxis.tickvals": tickvals, "yaxis.ticktext": ticktext });
    this.draw();
  }

  // ---- the overlay ----

  /** Pixel of a value on x or y. */
  px(value) {
    const [a, b] = this.panel.range;
    const { l, r } = this.margin;
    return l + ((value - a) / (b - a || 1)) * (this.panel.width - l - r);
  }

  py(value) {
    const [a, b] = this.shownY();
    const { t, b: bottom } = this.margin;
    const v = this.isLog ? Math.log10(Math.max(value, 1e-12)) : value;
    return this.height - bottom - ((v - a) / (b - a || 1)) * (this.height - t - bottom);
  }

  /** Value on y (its logarithm on a log axis) of a pixel. */
  yValue(pixel) {
    const [a, b] = this.shownY();
    const { top, bottom } = this.box;
    return a + ((bottom - pixel) / (bottom - top)) * (b - a);
  }

  get box() {
    const { l, r, t, b } = this.margin;
    return { left: l, right: this.panel.width - r, top: t, bottom: this.height - b };
  }

  draw() {
    if (!this.plot.data) return;
    const { left, right, top, bottom } = this.box;
    const inside = (x) => x >= left - 0.5 && x <= right + 0.5;
    const vertical = (x, kind) => svg("line", { x1: x, x2: x, y1: top, y2: bottom, class: kind });
    const ill = this.panel.illSpans().map(([from, to]) => [Math.max(left, this.px(from)), Math.min(right, to === null ? right : this.px(to))]).filter(([a, b]) => b > a)
      .map(([a, b]) => svg("rect", { x: a, y: top, width: b - a, height: bottom - top, class: "ill" }));
    const marks = this.panel.chartEvents().map((e) => this.px(e.x)).filter(inside).map((x) => vertical(x, "event"));
    const cursor = this.px(this.panel.cursorX());
    const pointer = this.panel.pointer === null ? null : this.px(this.panel.pointer);
    this.overlay.setAttribute("viewBox", `0 0 ${this.panel.width} ${this.height}`);
    this.overlay.replaceChildren(
      ...ill, ...this.guides(), ...marks, ...this.cuts(),
      ...this.selection(),
      ...(inside(cursor) ? [vertical(cursor, "cursor")] : []),
      ...(pointer !== null && inside(pointer) ? [vertical(pointer, "pointer")] : []),
      ...this.values(pointer !== null),
    );
  }

  /** What is being dragged over: columns on all charts, or rows on this one. */
  selection() {
    const chosen = this.panel.selection;
    if (!chosen || (chosen.y && chosen.chart !== this)) return [];
    const { left, right, top, bottom } = this.box;
    const [x1, x2] = chosen.y ? [left, right] : chosen.x;
    const [y1, y2] = chosen.y ?? [top, bottom];
    return [svg("rect", { x: x1, y: y1, width: x2 - x1, height: y2 - y1, class: "selection" })];
  }

  guidesInView() {
    const { top, bottom } = this.box;
    return (this.spec.guides ?? []).map((guide) => ({ ...guide, at: this.py(guide.y) })).filter(({ at }) => at > top + 1 && at < bottom - 1);
  }

  noteOf({ y, short }) { return this.panel.narrow || !short ? decimal(y) : `${decimal(y)} ${short}`; }

  guides() {
    const { left, right } = this.box;
    return this.guidesInView().map(({ at }) => svg("line", { x1: left, x2: right, y1: at, y2: at, class: "guide" }));
  }

  cuts() {
    const points = this.cut.map((point) => ({ ...point, x: this.px(point.place) }));
    return cutMarks(points, this.box, (series) => `var(--${series.role})`);
  }

  /** The newest values up to a point: a step of one network alone leaves those of the other. */
  newest(index) {
    return this.shown.map((series) => {
      const values = this.smooth[series.name] ?? [];
      let i = Math.min(index, values.length - 1);
      while (i > 0 && !Number.isFinite(values[i] ?? NaN)) i--;
      return { series, value: values[i] ?? NaN };
    }).filter((found) => Number.isFinite(found.value));
  }

  /** The newest values, or those under the pointer, in the right margin; there, too, what guides mean. */
  values(pointed) {
    const { right, top, bottom } = this.box;
    const index = this.panel.labelIndex();
    const x = Math.min(right, this.px(this.panel.xAt(index)));
    const found = this.newest(index);
    this.tell(found, pointed);
    const values = found.map((f) => ({ ...f, at: Math.min(bottom, Math.max(top, this.py(f.value))) }));
    const rows = [...values, ...this.guidesInView()].sort((a, b) => a.at - b.at);
    const places = spreadOut(rows.map((row) => row.at), APART, top + 4, bottom);
    return rows.flatMap((row, i) => (row.series ? [
      svg("circle", { cx: x, cy: row.at, r: 3, style: `fill:var(--${row.series.role})`, class: "dot" }),
      svg("text", { x: right + 9, y: places[i] + 4, class: "value" }, `${row.series.short} ${valueText(row.value)}`),
    ] : [svg("text", { x: right + 9, y: places[i] + 4, class: "note" }, this.noteOf(row), svg("title", {}, `${decimal(row.y)}: ${row.text}`))]));
  }

  /** The same in words, for screen readers; only when they look (an image's label is not announced). */
  tell(found, pointed) {
    const step = whole(this.panel.drawn.position.step[this.panel.labelIndex()] ?? 0);
    const list = found.map(({ series, value }) => `${series.label} ${valueText(value)}`).join(", ");
    this.frame.setAttribute("aria-label", `${this.spec.title}, ${pointed ? "at" : "newest"} step ${step}: ${list}`);
  }

  /** Plotly goes on with a drawing after it was purged, and then misses what it needs: after that. */
  dispose() {
    this.gone = true;
    const purge = () => { if (this.plot.data) this.panel.Plotly.purge(this.plot); };
    Promise.resolve(this.painting).then(purge, purge);
  }
}
