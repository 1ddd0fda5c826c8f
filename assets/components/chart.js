// One chart: title, reading aid, legend, a Plotly figure, and our own overlay (cursor, events, last values).
import { decimal, el, lineKey, put, svg, whole } from "./base.js";
import { titled } from "./glossary.js";
import { Smoother, extent, zigzag } from "./series.js";

const DASH = "6px,3.5px"; // the generator's side, on smoothed lines only
const LEFT = 36;
const APART = 13; // pixels between two labels in the right margin

export class Chart {
  /** `spec`: {id, title, aid, series: [{name, label, short, role, dashed}], guides, range, positive}. */
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
      el("div", { class: "head" }, el("h3", {}, titled(spec.title)), this.legend), el("p", { class: "cap aid" }, spec.aid), this.frame);
  }

  toggle(series) {
    return el("button", {
      type: "button", class: "toggle", "aria-pressed": !this.hidden.has(series.name), title: "Show or hide this line",
      onclick: (event) => {
        if (!this.hidden.delete(series.name)) this.hidden.add(series.name);
        event.currentTarget.setAttribute("aria-pressed", !this.hidden.has(series.name));
        this.panel.remember();
        this.redraw();
      },
    }, lineKey(series.role, series.dashed ?? series.dash), series.label);
  }

  get shown() { return this.spec.series.filter((s) => this.panel.series.metric[s.name] && !this.hidden.has(s.name)); }

  get height() { return (this.spec.tall ? 150 : 128) + (this.isLast ? 16 : 0); }

  /** Margins are fixed, so the overlay knows where the axes are. */
  get margin() { return { l: LEFT, r: this.panel.narrow ? 68 : 76, t: 6, b: this.isLast ? 20 : 4 }; }

  // ---- drawing all of it ----

  async redraw() {
    const { Plotly, colors } = this.panel;
    this.isLast = this.panel.visible.at(-1) === this;
    this.smoothers = {};
    this.smooth = {}; // name -> smoothed values, for labels and the pointer
    const drawn = this.panel.drawn;
    const x = this.panel.x();
    const raw = [];
    const smooth = [];
    for (const series of this.shown) {
      const values = drawn.metric[series.name];
      this.smoothers[series.name] = new Smoother(this.panel.halfLife);
      this.smooth[series.name] = this.smoothers[series.name].run(drawn.position.step, values.mean);
      const [zx, zy] = zigzag(x, values);
      raw.push(this.trace(zx, zy, { color: colors[series.role], width: 1 }, 0.26));
      const dash = series.dashed ? DASH : series.dash ?? "solid";
      smooth.push(this.trace([...x], [...this.smooth[series.name]], { color: colors[series.role], width: 2, dash }, 1));
    }
    this.fitY();
    // Static: Plotly draws, our own hand drags. Its drags end at every update, ours do not notice one.
    await Plotly.react(this.plot, [...raw, ...smooth], this.layout(), { staticPlot: true, responsive: false });
    this.draw();
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
      yaxis: { ...axis, range: [...this.shownY()], autorange: false, type: this.isLog ? "log" : "linear", nticks: 5, exponentformat: "power" },
    };
  }

  get isLog() { return this.panel.prefs.log && this.spec.positive && this.lowest > 0; }

  shownY() {
    const range = this.userY ?? this.yRange ?? [0, 1];
    return this.isLog && !this.userY ? range.map((v) => Math.log10(Math.max(v, 1e-9))) : range;
  }

  /** y grows with the data and never shrinks by itself; returns whether it changed. */
  fitY() {
    if (this.spec.range) {
      this.yRange = this.spec.range;
      return false;
    }
    const { drawn, prefs } = this.panel;
    const raw = this.shown.flatMap((s) => [drawn.metric[s.name].low, drawn.metric[s.name].high]);
    const found = extent(raw, prefs.clip);
    if (!found) return false;
    this.lowest = found[0];
    return this.growTo(found);
  }

  growTo([low, high]) {
    const log = this.isLog;
    const pad = log ? 0 : Math.max((high - low) * 0.12, Math.abs(high) * 0.01, 1e-6);
    const wanted = log ? [low / 1.3, high * 1.3] : [low >= 0 && low < pad * 2 ? 0 : low - pad, high + pad];
    const old = this.yRange;
    if (old && wanted[0] >= old[0] - 1e-12 && wanted[1] <= old[1] + 1e-12) return false;
    // A little room beyond, so that the axis does not move at every update.
    const grow = (wanted[1] - wanted[0]) * 0.08;
    this.yRange = old && !this.panel.fitting
      ? [wanted[0] < old[0] ? (wanted[0] === 0 ? 0 : wanted[0] - grow) : old[0], wanted[1] > old[1] ? wanted[1] + grow : old[1]]
      : wanted;
    if (log && this.yRange[0] <= 0) this.yRange[0] = wanted[0];
    return true;
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
    for (const series of shown) {
      const added = this.smoothers[series.name].run(drawn.position.step, drawn.metric[series.name].mean, from);
      this.smooth[series.name].push(...added);
      xs.push([...x]);
      ys.push(added);
    }
    this.growWith(ys);
    // extendTraces draws once with whatever the layout says: the axes follow without a second pass.
    this.plot.layout.xaxis.range = [...this.panel.range];
    this.plot.layout.yaxis.range = [...this.shownY()];
    await Plotly.extendTraces(this.plot, { x: xs, y: ys }, xs.map((_, i) => i));
    this.draw();
  }

  growWith(ys) {
    if (this.spec.range || this.panel.prefs.clip) return;
    const found = extent(ys, false);
    if (!found) return;
    this.lowest = Math.min(this.lowest ?? Infinity, found[0]);
    this.growTo(found);
  }

  // ---- zooming: the hand decides (curves_hand.js), the chart follows ----

  async setRange() {
    if (!this.plot.data) return;
    await this.panel.Plotly.relayout(this.plot, { "xaxis.range": [...this.panel.range], "yaxis.range": [...this.shownY()] });
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
      ...ill, ...this.guides(), ...marks,
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

  guides() {
    const { left, right, top, bottom } = this.box;
    return (this.spec.guides ?? []).flatMap(({ y, text }) => {
      const at = this.py(y);
      if (!(at > top + 1 && at < bottom - 1)) return [];
      const words = this.panel.narrow ? decimal(y) : `${decimal(y)}, ${text}`;
      const below = at < top + 16;
      return [
        svg("line", { x1: left, x2: right, y1: at, y2: at, class: "guide" }),
        svg("text", { x: right - 8, y: below ? at + 12 : at - 4, class: "note" }, words),
      ];
    });
  }

  /** The newest values, or those under the pointer, in the right margin. */
  values(pointed) {
    const { right, top, bottom } = this.box;
    const index = this.panel.labelIndex();
    const x = Math.min(right, this.px(this.panel.xAt(index)));
    const found = this.shown.map((series) => ({ series, value: this.smooth[series.name]?.[index] ?? NaN })).filter((f) => Number.isFinite(f.value));
    this.tell(found, pointed);
    const rows = found.map((f) => ({ ...f, at: Math.min(bottom, Math.max(top, this.py(f.value))) })).sort((a, b) => a.at - b.at);
    const spread = rows.map((row) => row.at);
    for (let i = 1; i < spread.length; i++) spread[i] = Math.max(spread[i], spread[i - 1] + APART);
    for (let i = spread.length - 1; i >= 0; i--) spread[i] = Math.min(spread[i], bottom - (spread.length - 1 - i) * APART);
    return rows.flatMap(({ series, value, at }, i) => [
      svg("circle", { cx: x, cy: at, r: 3, style: `fill:var(--${series.role})`, class: "dot" }),
      svg("text", { x: right + 9, y: spread[i] + 4, class: "value" }, `${series.short} ${decimal(value)}`),
    ]);
  }

  /** The same in words, for screen readers; only when they look (an image's label is not announced). */
  tell(found, pointed) {
    const step = whole(this.panel.drawn.position.step[this.panel.labelIndex()] ?? 0);
    const list = found.map(({ series, value }) => `${series.label} ${decimal(value)}`).join(", ");
    this.frame.setAttribute("aria-label", `${this.spec.title}, ${pointed ? "at" : "newest"} step ${step}: ${list}`);
  }

  dispose() {
    if (this.plot.data) this.panel.Plotly.purge(this.plot);
  }
}
