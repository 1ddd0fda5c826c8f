// What all charts have: a frame with a Plotly figure and our own overlay, pixels of values and values
// of pixels, the axes, marks through the plot and labels beside it. Which lines there are, their range
// and their labels is the matter of who extends it (train/curves_chart.js, compare/chart.js).
import { el, svg } from "./base.js";
import { spreadOut, ticks, wholeTicks } from "./chart_axis.js";
/** @import { ChartPanel, ChartSpec, Span } from "./types" */

const FONT = 11; // pixels of ticks
const LEAST = 1e-12; // what is drawn of 0 and less on a logarithmic axis
const STATIC = { staticPlot: true, responsive: false }; // Plotly draws, our own hand drags: its drags end at every update

export class Chart {
  /** @type {Span} */
  yRange = null;
  /** @type {number} */
  lowest = null; // of all values
  wide = false; // whether they span many powers of ten

  /**
   * `spec`: {id, title, positive, range, tall}. `panel`: {Plotly, colors, range of x, width, prefs: {log, x}}.
   * Who extends it has `height`, `margin` and draw(), and sets `yRange` and `lowest`.
   * @param {ChartSpec} spec
   * @param {ChartPanel} panel
   */
  constructor(spec, panel) {
    this.spec = spec;
    this.panel = panel;
    this.plot = /** @type {HTMLDivElement & { data?: object[], layout?: any }} */ (
      el("div", { class: "plot" })
    );
    this.overlay = svg("svg", { class: "overlay", "aria-hidden": "true" });
    this.frame = el("div", { class: "frame", role: "img" }, this.plot, this.overlay);
  }

  get width() {
    return this.panel.width;
  }
  get height() {
    return 0;
  }
  get margin() {
    return { l: 0, r: 0, t: 0, b: 0 };
  }

  /** What lies over the traces. */
  draw() {}

  /** Whether there is something to draw on. */
  get isDrawn() {
    return Boolean(this.plot.data);
  }

  /** Pixels of the plot in its frame. */
  get box() {
    const { l, r, t, b } = this.margin;
    return { left: l, right: this.width - r, top: t, bottom: this.height - b };
  }

  // ---- the axes ----

  /** Also where values of many powers of ten would leave a line on the floor. */
  get isLog() {
    return Boolean((this.panel.prefs.log || this.wide) && this.spec.positive && this.lowest > 0);
  }

  /** The range of y as Plotly takes it: of logarithms on a logarithmic axis. */
  shownY() {
    const range = this.yRange ?? [0, 1];
    return this.isLog ? range.map((v) => Math.log10(Math.max(v, 1e-9))) : [...range];
  }

  /**
   * Span and ticks of y, as Plotly takes them; about so many ticks.
   * @type {(count?: number) => { range: number[], tickvals: number[], ticktext: string[] }}
   */
  yAxis(count) {
    const range = this.shownY();
    const [low, high] = this.isLog ? range.map((v) => 10 ** v) : range;
    return { range, ...ticks(low, high, this.isLog, count) };
  }

  /** Span and ticks of x, as Plotly takes them: steps, images and seconds are whole. */
  xAxis() {
    const { range, prefs } = this.panel;
    return { range: [...range], ...(prefs.x === "epoch" ? {} : wholeTicks(range)) };
  }

  /**
   * A layout of Plotly; `x` and `y` are what is special about the axes.
   * @type {(x?: object, y?: object) => any}
   */
  layoutOf(x, y) {
    const { colors, prefs } = this.panel;
    const axis = {
      color: colors.muted,
      gridcolor: colors.grid,
      linecolor: colors.axis,
      zeroline: false,
      autorange: false,
      tickfont: { size: FONT, color: colors.muted },
    };
    return {
      width: this.width,
      height: this.height,
      margin: this.margin,
      showlegend: false,
      hovermode: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: colors.font, size: FONT, color: colors.muted },
      xaxis: {
        ...axis,
        ...this.xAxis(),
        showline: true,
        ticksuffix: prefs.x === "time" ? " s" : "",
        ...x,
      },
      yaxis: { ...axis, type: this.isLog ? "log" : "linear", tickmode: "array", ...y },
    };
  }

  /**
   * Draw the traces, then what lies over them.
   * @type {(traces: object[], layout: object) => Promise<void>}
   */
  async react(traces, layout) {
    if (this.gone) return; // a loop over the charts of before may still come to it
    this.drawing = this.panel.Plotly.react(this.plot, traces, layout, STATIC);
    await this.drawing;
    if (!this.gone) this.draw();
  }

  // ---- pixels and values ----

  /**
   * Pixel of a value on x.
   * @type {(value: number) => number}
   */
  px(value) {
    const [a, b] = this.panel.range;
    const { left, right } = this.box;
    return left + ((value - a) / (b - a || 1)) * (right - left);
  }

  /**
   * Pixel of a value on y.
   * @type {(value: number) => number}
   */
  py(value) {
    const [a, b] = this.shownY();
    const { top, bottom } = this.box;
    const v = this.isLog ? Math.log10(Math.max(value, LEAST)) : value;
    return bottom - ((v - a) / (b - a || 1)) * (bottom - top);
  }

  /**
   * The same, of the nearest place in the plot.
   * @type {(value: number) => number}
   */
  pyInside(value) {
    const { top, bottom } = this.box;
    return Math.min(bottom, Math.max(top, this.py(value)));
  }

  /**
   * Value on x of a pixel.
   * @type {(pixel: number, range?: Span) => number}
   */
  xOf(pixel, [a, b] = this.panel.range) {
    const { left, right } = this.box;
    return a + ((pixel - left) / (right - left)) * (b - a);
  }

  /**
   * Value on y (its logarithm on a logarithmic axis) of a pixel.
   * @type {(pixel: number) => number}
   */
  yOf(pixel) {
    const [a, b] = this.shownY();
    const { top, bottom } = this.box;
    return a + ((bottom - pixel) / (bottom - top)) * (b - a);
  }

  /**
   * Whether a pixel on x is in the plot, or at most `slack` pixels beside it.
   * @type {(pixel: number, slack?: number) => boolean}
   */
  within(pixel, slack = 0) {
    const { left, right } = this.box;
    return pixel >= left - slack && pixel <= right + slack;
  }

  // ---- the overlay ----

  /**
   * Lay these shapes over the plot.
   * @type {(...shapes: Node[]) => void}
   */
  lay(...shapes) {
    this.overlay.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.overlay.replaceChildren(...shapes);
  }

  /**
   * A line through the plot at a value of x; none where it is out of view, or null.
   * @type {(value: number | null, kind: string) => SVGLineElement[]}
   */
  upright(value, kind) {
    const x = value === null ? NaN : this.px(value);
    const { top, bottom } = this.box;
    return this.within(x, 0.5)
      ? [svg("line", { x1: x, x2: x, y1: top, y2: bottom, class: kind })]
      : [];
  }

  /**
   * A line across the plot at a pixel of y.
   * @type {(y: number, kind: string) => SVGLineElement}
   */
  level(y, kind) {
    const { left, right } = this.box;
    return svg("line", { x1: left, x2: right, y1: y, y2: y, class: kind });
  }

  /**
   * A part of the plot in pixels, cut where it ends; none where nothing is left of it.
   * @type {(x: Span, y: Span, kind: string) => SVGRectElement[]}
   */
  area([x1, x2], [y1, y2], kind) {
    const { left, right, top, bottom } = this.box;
    const [a, b] = [Math.max(left, x1), Math.min(right, x2)];
    const [c, d] = [Math.max(top, y1), Math.min(bottom, y2)];
    return b > a && d > c
      ? [svg("rect", { x: a, y: c, width: b - a, height: d - c, class: kind })]
      : [];
  }

  /**
   * Rows {at, ...} from top to bottom, each with the `place` of its label: no two within `apart` pixels.
   * @type {<R extends { at: number }>(rows: R[], apart: number, top?: number) => (R & { place: number })[]}
   */
  spread(rows, apart, top = this.box.top) {
    const sorted = [...rows].sort((a, b) => a.at - b.at);
    const places = spreadOut(
      sorted.map((row) => row.at),
      apart,
      top,
      this.box.bottom,
    );
    return sorted.map((row, i) => ({ ...row, place: places[i] }));
  }

  /**
   * What the chart shows, in words for screen readers; only when they look (an image's label is not announced).
   * @type {(words: string) => void}
   */
  say(words) {
    this.frame.setAttribute("aria-label", `${this.spec.title}${words}`);
  }

  /** Plotly goes on with a drawing after it was purged, and then misses what it needs: after that. */
  dispose() {
    this.gone = true;
    const purge = () => {
      if (this.isDrawn) this.panel.Plotly.purge(this.plot);
    };
    Promise.resolve(this.drawing).then(purge, purge);
  }
}

/**
 * The last index up to `from` that has a number; -1 where none has.
 * @type {(values: ArrayLike<number>, from?: number) => number}
 */
export function lastFinite(values, from = values.length - 1) {
  for (let i = Math.min(from, values.length - 1); i >= 0; i--)
    if (Number.isFinite(values[i])) return i;
  return -1;
}
