// One chart of a run: title, reading aid, legend; smoothed lines that grow, events, last values.
import { decimal, el, lineKey, svg, whole } from "../shared/base.js";
import { Chart, lastFinite } from "../shared/chart.js";
import {
  beyond,
  cutMarks,
  follow,
  spanOf,
  textWidth,
  valueText,
  withAir,
} from "../shared/chart_axis.js";
import { titled } from "../shared/glossary.js";
import { InView } from "../shared/in_view.js";
import { Smoother, zigzag } from "../shared/series.js";
import { heldLine, heldNow } from "./curves_held.js";
import { GAP } from "./curves_ways.js";
import { t } from "../shared/words.js";
/** @import { Beyond, ChartSpec, LineSpec } from "../shared/types" */
/** @import { Measured, RunPanel } from "./types" */

const DASH = "6px,3.5px"; // the generator's side, on smoothed lines only
const APART = 13; // pixels between two labels in the right margin
const BAND = 0.12; // opacity of what was measured, from lowest to highest, under the smoothed line
const THIN = 0.3; // the same where single values can be told apart
const HALO = 5; // pixels of paper under a smoothed line

export class RunChart extends Chart {
  /**
   * `spec` (gan_core/metric_table): {id, title, term, aid, series: [{name, label, short, role, dashed}], guides, range, positive}.
   * @param {ChartSpec} spec
   * @param {RunPanel} panel
   */
  constructor(spec, panel) {
    super(spec, panel);
    this.hidden = new Set(
      panel.prefs.hidden.filter((name) => spec.series.some((s) => s.name === name)),
    );
    this.userY = null; // the person's own zoom of y, kept until reset
    this.legend = el("span", { class: "legend right" }, ...spec.series.map((s) => this.toggle(s)));
    if (spec.held) {
      this.heldKey = el(
        "span",
        { class: "toggle", hidden: "" },
        lineKey("fake", true),
        t("held out"),
      );
      this.legend.append(this.heldKey);
      panel.held.want();
    }
    this.node = el(
      "section",
      { class: "chart", "data-chart": spec.id },
      el("div", { class: "head" }, el("h3", {}, titled(spec.title, spec.term)), this.legend),
      el("p", { class: "cap aid" }, spec.aid),
      this.frame,
    );
    this.count = 0; // points that are drawn
    this.view = new InView(this.node, () => this.back().catch(() => {}));
  }

  /** @type {(series: LineSpec) => HTMLButtonElement} */
  toggle(series) {
    return el(
      "button",
      {
        type: "button",
        class: "toggle",
        "aria-pressed": !this.hidden.has(series.name),
        title: t("Show or hide this line"),
        onclick: (/** @type {{ currentTarget: Element }} */ event) => {
          if (!this.hidden.delete(series.name)) this.hidden.add(series.name);
          event.currentTarget.setAttribute("aria-pressed", String(!this.hidden.has(series.name)));
          this.panel.remember();
          this.panel.redraw();
        },
      },
      lineKey(series.role, series.dashed ?? series.dash),
      series.label,
    );
  }

  get shown() {
    return this.spec.series.filter(
      (s) => this.panel.series.metric[s.name] && !this.hidden.has(s.name),
    );
  }

  /** One of two directions, beside the other. */
  get isHalf() {
    return Boolean(this.spec.beside) && !this.panel.narrow;
  }

  get width() {
    return this.isHalf ? Math.floor((this.panel.width - GAP) / 2) : this.panel.width;
  }

  /**
   * Itself and the other direction, which has the same y axis.
   * @returns {RunChart[]}
   */
  get row() {
    return this.spec.beside
      ? this.panel.visible.filter(
          (/** @type {RunChart} */ chart) => chart.spec.beside === this.spec.beside,
        )
      : [this];
  }

  /**
   * What was measured of held-out images.
   * @returns {Measured | null}
   */
  get held() {
    return this.panel.held.of(this.spec.held);
  }

  get height() {
    return (this.spec.tall ? 150 : 128) + (this.isLast ? 16 : 0);
  }

  /** All charts have the same margins at the sides, as wide as their longest texts. */
  get margin() {
    return { ...this.panel.sides, t: 6, b: this.isLast ? 20 : 4 };
  }

  /** Pixels that its ticks and its labels take. */
  get needed() {
    /** @type {(weight: number, size: number) => string} */
    const font = (weight, size) => `${weight} ${size}px ${this.panel.colors.font}`;
    const l = Math.max(...this.yAxis().ticktext.map((text) => textWidth(text, font(400, 11))), 0);
    const index = this.panel.labelIndex();
    const told = [
      ...this.newest(index),
      ...heldNow(this, this.panel.drawn.position.step[index] ?? 0),
    ];
    const values = told.map(({ series, value }) =>
      textWidth(`${series.short} ${valueText(value)}`, font(600, 12)),
    );
    const notes = this.guidesInView().map((guide) => textWidth(this.noteOf(guide), font(400, 11)));
    return { l: l + 9, r: Math.max(...values, ...notes, 30) + 15 };
  }

  // ---- drawing all of it ----

  /** Everything but the drawing: smoothed values and the range of y. */
  prepare() {
    const { colors } = this.panel;
    this.isLast = this.row.includes(this.panel.visible.at(-1));
    if (this.heldKey) this.heldKey.hidden = !this.held;
    /** @type {Record<string, Smoother>} */
    this.smoothers = {};
    /** @type {Record<string, number[]>} */
    this.smooth = {}; // name -> smoothed values, for labels and the pointer
    const drawn = this.panel.drawn;
    const x = this.panel.x();
    this.dense = this.isDense;
    /** @type {object[][]} */
    const [raw, halo, smooth] = [[], [], []];
    for (const series of this.shown) {
      const values = drawn.metric[series.name];
      this.smoothers[series.name] = new Smoother(this.panel.halfLife);
      this.smooth[series.name] = this.smoothers[series.name].run(drawn.position.step, values.mean);
      const [zx, zy] = zigzag(x, values);
      raw.push(
        this.trace(zx, zy, { color: colors[series.role], width: 1 }, this.dense ? BAND : THIN),
      );
      const dash = series.dashed ? DASH : (series.dash ?? "solid");
      if (this.panel.halfLife)
        halo.push(
          this.trace(
            [...x],
            [...this.smooth[series.name]],
            { color: colors.bg, width: HALO },
            0.75,
          ),
        );
      smooth.push(
        this.trace(
          [...x],
          [...this.smooth[series.name]],
          { color: colors[series.role], width: 2, dash },
          1,
        ),
      );
    }
    this.traces = [...raw, ...halo, ...smooth];
    this.count = drawn.length;
    this.fitY();
    this.findCut(0);
  }

  /** Draw it, if it is in view or was never drawn; else once it comes there. */
  async paint() {
    this.stale = this.isDrawn && !this.view.is;
    if (!this.stale) await this.react(this.traces, this.layout());
  }

  /** Into view: what has changed meanwhile is drawn. */
  async back() {
    if (this.gone || !this.panel.drawn) return;
    if (this.stale) await this.paint();
    await this.extend();
  }

  /** @type {(x: number[], y: number[], line: object, opacity: number) => object} */
  trace(x, y, line, opacity) {
    return {
      type: "scatter",
      mode: "lines",
      x,
      y,
      line,
      opacity,
      hoverinfo: "skip",
      connectgaps: false,
    };
  }

  layout() {
    this.frame.style.setProperty("--plot-height", `${this.height}px`);
    const x = {
      showticklabels: this.isLast,
      nticks: 6,
      tickformat: this.panel.xFormat,
      exponentformat: "none",
      separatethousands: true,
    };
    return { ...this.layoutOf(x, this.yAxis()), uirevision: this.panel.run };
  }

  get isDense() {
    return this.panel.drawn.length > this.panel.width / 3;
  }

  yAxis() {
    return super.yAxis(this.spec.tall ? 4 : 3);
  }

  /** The person's own zoom is in the units of the axis already. */
  shownY() {
    return this.userY ? [...this.userY] : super.shownY();
  }

  /** y follows the bulk of the data (chart_axis.js). */
  fitY() {
    if (this.spec.range) {
      this.yRange = this.spec.range;
      return;
    }
    const { drawn, prefs, fitting } = this.panel;
    const lines = this.row.flatMap((chart) =>
      chart.shown.flatMap((s) => [drawn.metric[s.name].low, drawn.metric[s.name].high]),
    );
    const { values = [], input } = this.held ?? {};
    const span = spanOf(
      [
        ...lines,
        ...(values.length ? [values.filter((v) => v !== null)] : []),
        ...(input ? [[input]] : []),
      ],
      prefs.spikes,
    );
    if (!span) return;
    this.lowest = span.least;
    const wasLog = this.isLog;
    this.wide = span.wide;
    const old = fitting || wasLog !== this.isLog ? null : this.yRange;
    this.yRange = follow(old, withAir(span, this.isLog));
  }

  /**
   * Where lines leave the axis, from point `from` on.
   * @type {(from: number) => void}
   */
  findCut(from) {
    if (!from || this.cutRange !== String(this.yRange)) {
      this.cut = /** @type {Beyond[]} */ ([]);
      from = 0;
      this.cutRange = String(this.yRange);
    }
    const [low, high] = this.userY ?? this.yRange ?? [-Infinity, Infinity];
    for (const series of this.shown)
      this.cut.push(...beyond(this.panel.drawn, series, this.panel.x(from), low, high, from));
  }

  // ---- adding to it ----

  /** Add what is new since it was drawn last, if it is in view; else once it comes there. */
  async extend() {
    const { Plotly, drawn } = this.panel;
    const shown = this.shown;
    const from = this.count;
    if (!this.view.is || !shown.length || !this.isDrawn || from >= drawn.length) return;
    this.count = drawn.length;
    const x = this.panel.x(from);
    /** @type {number[][][]} */
    const [xs, ys] = [[], []];
    for (const series of shown) {
      const [zx, zy] = zigzag(x, drawn.metric[series.name], from);
      xs.push(zx);
      ys.push(zy);
    }
    const smooth = shown.map((series) =>
      this.smoothers[series.name].run(drawn.position.step, drawn.metric[series.name].mean, from),
    );
    shown.forEach((series, i) => this.smooth[series.name].push(...smooth[i]));
    for (let layer = xs.length; layer < this.traces.length; layer += shown.length) {
      // the halo, the lines
      xs.push(...smooth.map(() => [...x]));
      ys.push(...smooth);
    }
    const wasLog = this.isLog;
    this.fitY();
    this.findCut(from);
    if (wasLog !== this.isLog || this.dense !== this.isDense || this.panel.widen(true))
      return this.panel.redraw();
    // extendTraces draws once with whatever the layout says: the axes follow without a second pass.
    Object.assign(this.plot.layout.xaxis, this.xAxis());
    Object.assign(this.plot.layout.yaxis, this.yAxis());
    this.drawing = Plotly.extendTraces(
      this.plot,
      { x: xs, y: ys },
      xs.map((_, i) => i),
    );
    await this.drawing;
    this.draw();
  }

  dispose() {
    this.view.dispose();
    super.dispose();
  }

  // ---- zooming: the hand decides (curves_hand.js), the chart follows ----

  async setRange() {
    if (!this.isDrawn) return;
    const { range, tickvals, ticktext } = this.yAxis();
    this.findCut(0);
    const x = Object.fromEntries(
      Object.entries(this.xAxis()).map(([name, value]) => [`xaxis.${name}`, value]),
    );
    await this.panel.Plotly.relayout(this.plot, {
      ...x,
      "yaxis.range": range,
      "yaxis.tickvals": tickvals,
      "yaxis.ticktext": ticktext,
    });
    this.draw();
  }

  // ---- the overlay ----

  draw() {
    if (!this.isDrawn) return;
    const { panel } = this;
    this.lay(
      ...this.ill(),
      ...this.guides(),
      ...panel
        .chartEvents()
        .flatMap((/** @type {{ x: number }} */ event) => this.upright(event.x, "event")),
      ...this.cuts(),
      ...heldLine(this),
      ...this.selection(),
      ...this.upright(panel.cursorX(), "cursor"),
      ...this.upright(panel.pointer, "pointer"),
      ...this.values(),
    );
  }

  /** Stretches under an alarm of the doctor; the last may go on. */
  ill() {
    const { right, top, bottom } = this.box;
    return this.panel
      .illSpans()
      .flatMap((/** @type {[number, number | null]} */ [from, to]) =>
        this.area([this.px(from), to === null ? right : this.px(to)], [top, bottom], "ill"),
      );
  }

  /** What is being dragged over: columns on all charts, or rows on this one. */
  selection() {
    const chosen = this.panel.selection;
    if (!chosen || (chosen.y && chosen.chart !== this)) return [];
    const { left, right, top, bottom } = this.box;
    const x =
      chosen.chart.width === this.width
        ? chosen.x
        : chosen.x.map((/** @type {number} */ pixel) => this.px(chosen.chart.xOf(pixel)));
    return this.area(chosen.y ? [left, right] : x, chosen.y ?? [top, bottom], "selection");
  }

  guidesInView() {
    const { top, bottom } = this.box;
    const input = this.held?.input;
    const own = input ? [{ y: input, text: t("the input as it is"), short: t("input") }] : [];
    return [...(this.spec.guides ?? []), ...own]
      .map((guide) => ({ ...guide, at: this.py(guide.y) }))
      .filter(({ at }) => at > top + 1 && at < bottom - 1);
  }

  /** @type {(guide: { y: number, short?: string }) => string} */
  noteOf({ y, short }) {
    return this.panel.narrow || this.isHalf || !short ? decimal(y) : `${decimal(y)} ${short}`;
  }

  guides() {
    return this.guidesInView().map(({ at }) => this.level(at, "guide"));
  }

  cuts() {
    const points = this.cut.map((point) => ({ ...point, x: this.px(point.place) }));
    return cutMarks(points, this.box, (series) => `var(--${series.role})`);
  }

  /**
   * The newest values up to a point: a step of one network alone leaves those of the other.
   * @type {(index: number) => { series: LineSpec, value: number }[]}
   */
  newest(index) {
    return this.shown
      .map((series) => {
        const values = this.smooth[series.name] ?? [];
        return { series, value: values[lastFinite(values, index)] };
      })
      .filter((found) => Number.isFinite(found.value));
  }

  /** The newest values, or those under the pointer, in the right margin; there, too, what guides mean. */
  values() {
    const { right, top } = this.box;
    const index = this.panel.labelIndex();
    const x = Math.min(right, this.px(this.panel.xAt(index)));
    const found = this.newest(index);
    this.tell(found);
    const held = heldNow(this, this.panel.drawn.position.step[index] ?? 0);
    const values = [...found.map((f) => ({ ...f, at: this.pyInside(f.value) })), ...held];
    return this.spread([...values, ...this.guidesInView()], APART, top + 4).flatMap((row) =>
      row.series
        ? [
            svg("circle", {
              cx: x,
              cy: row.at,
              r: 3,
              style: `fill:var(--${row.series.role})`,
              class: "dot",
            }),
            svg(
              "text",
              { x: right + 9, y: row.place + 4, class: "value" },
              `${row.series.short} ${valueText(row.value)}`,
            ),
          ]
        : [
            svg(
              "text",
              { x: right + 9, y: row.place + 4, class: "note" },
              this.noteOf(row),
              svg("title", {}, `${decimal(row.y)}: ${row.text}`),
            ),
          ],
    );
  }

  /** @type {(found: { series: LineSpec, value: number }[]) => void} */
  tell(found) {
    const step = whole(this.panel.drawn.position.step[this.panel.labelIndex()] ?? 0);
    const list = found.map(({ series, value }) => `${series.label} ${valueText(value)}`).join(", ");
    this.say(
      t(", {pointer} step {step}: {list}", {
        pointer: this.panel.pointer === null ? t("newest") : t("at"),
        step,
        list,
      }),
    );
  }
}
