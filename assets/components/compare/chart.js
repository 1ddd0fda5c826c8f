// One chart of the Compare page: the same curve of all runs, with cursor, pointer and end labels.
import { el, svg } from "../shared/base.js";
import { Chart, lastFinite } from "../shared/chart.js";
import { cutMarks, spanOf, textWidth, valueText, withAir } from "../shared/chart_axis.js";
import { band } from "./groups.js";
import { inkOn, plotDash } from "./look.js";
import { titled } from "../shared/glossary.js";
import { before } from "../shared/series.js";
import { t } from "../shared/words.js";
/** @import { ChartSpec } from "../shared/types" */
/** @import { ComparePanel, Line } from "./types" */

const APART = 15; // pixels between two labels in the right margin
const APARTNESS = 10; // a run whose values span so many times the usual does not rule the axis

export class CompareChart extends Chart {
  /** @type {Line[]} */
  drawn = [];
  sides = { l: 38, r: 68 };
  ownWidth = 0;

  /**
   * `spec`: {id, title, note, positive, range, tall}; `lines()` gives [{index, x, raw, smooth}].
   * @param {ChartSpec} spec
   * @param {ComparePanel} panel
   * @param {() => Line[]} lines
   */
  constructor(spec, panel, lines) {
    super(spec, panel);
    this.lines = lines;
    this.node = el(
      "section",
      { class: spec.tall ? "chart tall" : "chart", "data-chart": spec.id },
      el(
        "div",
        { class: "head" },
        el("h3", {}, titled(spec.title, spec.term)),
        spec.note ? el("span", { class: "cap" }, spec.note) : null,
      ),
      this.frame,
    );
  }

  get width() {
    return this.ownWidth;
  }
  get height() {
    return this.spec.tall ? 300 : 132;
  }
  get margin() {
    return { ...this.sides, t: 6, b: 20 };
  }

  /** Margins at the sides for the longest tick and the longest value. */
  measure() {
    const font = this.panel.colors.font;
    const l = Math.max(
      ...this.yAxis().ticktext.map((text) => textWidth(text, `400 11px ${font}`)),
      0,
    );
    const values = this.drawn
      .map((line) => line.smooth.findLast(Number.isFinite))
      .filter(Number.isFinite);
    const r = Math.max(
      ...values.map((value) => textWidth(valueText(value), `600 12px ${font}`)),
      30,
    );
    this.sides = { l: Math.max(32, Math.ceil(l) + 9), r: Math.ceil(r) + 32 };
  }

  async redraw() {
    if (this.gone) return; // a loop over the charts of before may still come to it
    this.drawn = this.lines();
    this.ownWidth = Math.floor(this.node.clientWidth);
    this.node.dataset.lines = String(this.drawn.length);
    if (!this.width || !this.panel.Plotly) return;
    this.fitY();
    this.measure();
    await this.react(this.traces(), this.layout());
  }

  /** Raw values thin and pale under smoothed ones; also what is exported. */
  traces() {
    const { colors, runs } = this.panel;
    /** @type {(line: Line, y: (number | null)[], width: number, opacity: number) => any} */
    const trace = (line, y, width, opacity) => ({
      type: "scatter",
      mode: this.spec.marks ? "lines+markers" : "lines",
      x: line.x,
      y,
      opacity,
      hoverinfo: "skip",
      connectgaps: true,
      name: `${line.index + 1} ${runs[line.index].id}`,
      marker: { size: 4, color: colors.runs[line.index] },
      line: { color: colors.runs[line.index], width, dash: plotDash(line.index) },
    });
    const raw =
      this.panel.halfLife && !this.spec.marks
        ? this.drawn.filter((line) => !line.low).map((line) => trace(line, line.raw, 1, 0.22))
        : [];
    const bands = this.drawn.map((line) => band(line, colors.runs[line.index])).filter(Boolean);
    return [...bands, ...raw, ...this.drawn.map((line) => trace(line, line.smooth, 2, 1))];
  }

  layout() {
    const x = {
      nticks: this.spec.tall ? 6 : 4,
      tickformat: this.panel.range[1] >= 10000 ? "~s" : ",d",
    };
    return this.layoutOf(x, this.yAxis());
  }

  yAxis() {
    return super.yAxis(this.spec.tall ? 5 : 3);
  }

  fitY() {
    if (this.spec.range) {
      this.yRange = this.spec.range;
      return;
    }
    const [a, b] = this.panel.range;
    const inView = this.drawn.map((line) =>
      line.smooth.filter((_, i) => line.x[i] >= a && line.x[i] <= b),
    );
    const spans = inView
      .map((values) => spanOf([values], this.panel.prefs.spikes || this.spec.marks))
      .filter(Boolean);
    if (!spans.length) return;
    this.lowest = Math.min(...spans.map((span) => span.least));
    const ruling = this.panel.prefs.spikes ? spans : usual(spans);
    const [low, high] = [
      Math.min(...ruling.map((s) => s.low)),
      Math.max(...ruling.map((s) => s.high)),
    ];
    this.yRange = withAir({ low, high }, this.isLog, 0.1);
  }

  /**
   * x of a pixel; null beside the plot.
   * @type {(pixel: number) => number | null}
   */
  xAt(pixel) {
    return this.within(pixel, 2) ? this.xOf(pixel) : null;
  }

  /**
   * The same, of the nearest pixel in the plot.
   * @type {(pixel: number) => number}
   */
  clamped(pixel) {
    const { left, right } = this.box;
    return this.xOf(Math.min(right, Math.max(left, pixel)));
  }

  draw() {
    if (!this.isDrawn) return;
    const { top, bottom } = this.box;
    const { pointer, cursor, selection } = this.panel;
    const chosen = selection
      ? this.area(
          selection.map((/** @type {number} */ x) => this.px(x)),
          [top, bottom],
          "selection",
        )
      : [];
    this.lay(
      ...chosen,
      ...this.guides(),
      ...this.upright(cursor, "cursor"),
      ...this.upright(pointer, "pointer"),
      ...this.cuts(),
      ...this.labels(),
    );
  }

  /** Arrows where a run leaves the axis. */
  cuts() {
    if (!this.yRange) return []; // nothing in view has a value
    const [low, high] = this.yRange;
    const points = this.drawn.flatMap((line) =>
      line.smooth.flatMap((value, i) =>
        Number.isFinite(value) && (value > high || value < low)
          ? [{ x: this.px(line.x[i]), up: value > high, value, step: line.x[i], series: line }]
          : [],
      ),
    );
    return cutMarks(points, this.box, (line) => this.panel.colors.runs[line.index], 60);
  }

  /** The chosen quality and what real images reach, where they are in view. */
  guides() {
    if (!this.spec.guides) return [];
    const { left, top, bottom } = this.box;
    return /** @type {{ y: number, text: string, kind: string }[]} */ (this.panel.guides())
      .map((g) => ({ ...g, at: this.py(g.y) }))
      .filter((g) => g.at > top && g.at <= bottom)
      .flatMap((g) => [
        this.level(g.at, `guide ${g.kind}`),
        svg(
          "text",
          { x: left + 4, y: g.at > top + 14 ? g.at - 4 : g.at + 13, class: "guide" },
          g.text,
        ),
      ]);
  }

  /** Number and value of every run: where its line ends, or under the pointer. */
  labels() {
    const { right } = this.box;
    const at = this.panel.pointer ?? this.panel.range[1];
    const found = this.drawn
      .map((line) => {
        if (!line.x.length || line.x[0] > at) return null;
        const i = lastFinite(line.smooth, before(line.x, at * (1 + 1e-9)));
        return i < 0 ? null : { index: line.index, value: line.smooth[i], x: line.x[i] };
      })
      .filter(Boolean);
    this.tell(found);
    return this.spread(
      found.map((f) => ({ ...f, at: this.pyInside(f.value) })),
      APART,
    ).flatMap(({ index, value, x, at: y, place }) => {
      const color = this.panel.colors.runs[index];
      return [
        svg("circle", { cx: Math.min(right, this.px(x)), cy: y, r: 3, fill: color, class: "dot" }),
        svg("rect", { x: right + 8, y: place - 7, width: 14, height: 14, rx: 2, fill: color }),
        svg(
          "text",
          { x: right + 15, y: place + 4, class: "number", fill: inkOn(color) },
          String(index + 1),
        ),
        svg("text", { x: right + 26, y: place + 4, class: "value" }, valueText(value)),
      ];
    });
  }

  /** @type {(found: { index: number, value: number }[]) => void} */
  tell(found) {
    const list = found
      .map(({ index, value }) =>
        t("run {index} {value}", { index: index + 1, value: valueText(value) }),
      )
      .join(", ");
    this.say(`: ${list || t("no values")}`);
  }
}

/**
 * Without runs that span far more than the others: one that diverged must not flatten them.
 * @type {<S extends { low: number, high: number }>(spans: S[]) => S[]}
 */
function usual(spans) {
  const sizes = spans
    .map(({ low, high }) => Math.max(Math.abs(low), Math.abs(high), high - low))
    .sort((a, b) => a - b);
  const middle = sizes[(sizes.length - 1) >> 1];
  const found = spans.filter(
    ({ low, high }) => Math.max(Math.abs(low), Math.abs(high), high - low) <= APARTNESS * middle,
  );
  return found.length ? found : spans;
}
