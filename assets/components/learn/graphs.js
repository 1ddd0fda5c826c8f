// Two small charts beside the plane: both losses, and what D thinks of real and fake points.
import { decimal, el, lineKey, svg, whole } from "../shared/base.js";
import { term } from "../shared/glossary.js";
import { t } from "../shared/words.js";
/** @import { Lesson } from "./lesson.js" */
/** @import { Line, Row } from "./types" */

const [WIDE, HIGH, LEFT, BOTTOM, RIGHT] = [300, 110, 40, 16, 60];
const LABEL = 12; // height of a label
/** @type {{ title: string, word: string, lines: [name: string, label: string, role: string, dashed: boolean][], low: number, high: number | null }[]} */
const CHARTS = [
  {
    title: t("Loss"),
    word: "loss",
    lines: [
      ["g_loss", "G", "g", true],
      ["d_loss", "D", "d", false],
    ],
    low: 0,
    high: null,
  },
  {
    title: t("D’s score"),
    word: "score",
    lines: [
      ["fake", t("fake"), "fake", true],
      ["real", t("real"), "real", false],
    ],
    low: 0,
    high: 1,
  },
];

export class Graphs {
  /** @param {Lesson} lesson */
  constructor(lesson) {
    this.lesson = lesson;
    this.charts = CHARTS.map((chart) => ({
      ...chart,
      plot: svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "graph", role: "img" }),
    }));
    this.node = el(
      "div",
      { class: "graphs" },
      ...this.charts.map(({ title, word, lines, plot }) =>
        el(
          "figure",
          {},
          el(
            "figcaption",
            { class: "head" },
            el("h3", {}, term(word, title)),
            el(
              "span",
              { class: "right cap keys" },
              ...lines.flatMap(([, name, role, dash]) => [lineKey(role, dash), name]),
            ),
          ),
          plot,
        ),
      ),
    );
    this.stop = lesson.listen(() => this.later());
    this.draw();
  }

  /** Four times a second at most: numbers that change faster cannot be read. */
  later() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.draw();
    }, 250);
  }

  draw() {
    const { history } = this.lesson;
    for (const chart of this.charts) {
      const values = history
        .flatMap((row) => chart.lines.map(([name]) => row[name]))
        .filter(Number.isFinite)
        .sort((a, b) => a - b);
      const high = chart.high ?? Math.max(2, values[Math.floor(0.98 * (values.length - 1))] ?? 2);
      const drawn = chart.lines.map((line) => curve(history, line, chart.low, high));
      apart(drawn.map(([, label]) => label).filter(Boolean));
      chart.plot.replaceChildren(...axes(history, chart.low, high), ...drawn.flat());
      chart.plot.setAttribute(
        "aria-label",
        `${chart.title}: ${chart.lines.map(([name, label]) => `${label} ${plain(this.lesson.last?.[name] ?? NaN)}`).join(", ")}`,
      );
    }
  }

  dispose() {
    clearTimeout(this.timer);
    this.stop();
  }
}

/**
 * A number for people who never saw an exponent: 0.00, 1.38, 109,950.
 * @type {(value: number) => string}
 */
export const plain = (value) =>
  Number.isFinite(value)
    ? Math.abs(value) < 1000
      ? value
          .toFixed(2)
          .replace(/^-(?=.*[1-9])/, "\u2212")
          .replace(/^-/, "")
      : whole(value)
    : decimal(value);

/** @type {(i: number, count: number) => number} */
const x = (i, count) => LEFT + ((WIDE - LEFT - RIGHT) * i) / Math.max(1, count - 1);
/** @type {(value: number, low: number, high: number) => number} */
const y = (value, low, high) =>
  HIGH -
  BOTTOM -
  ((HIGH - BOTTOM - 6) * (Math.min(high, Math.max(low, value)) - low)) / (high - low);

/** @type {(history: Row[], low: number, high: number) => SVGElement[]} */
function axes(history, low, high) {
  const marks = [low, (low + high) / 2, high];
  const steps = history.length
    ? [
        [0, history[0].step],
        [history.length - 1, history.at(-1).step],
      ]
    : [];
  return [
    ...marks.map((value) =>
      svg("line", {
        x1: LEFT,
        x2: WIDE - RIGHT,
        y1: y(value, low, high),
        y2: y(value, low, high),
        class: "rule",
      }),
    ),
    ...marks.map((value) =>
      svg(
        "text",
        { x: LEFT - 5, y: y(value, low, high) + 4, class: "mark end" },
        high > 10 ? whole(value) : value.toFixed(1),
      ),
    ),
    ...steps.map(([i, step]) =>
      svg(
        "text",
        { x: x(i, history.length), y: HIGH - 2, class: `mark ${i ? "end" : ""}` },
        String(step),
      ),
    ),
  ];
}

/** Two labels at one height are moved away from each other. */
function apart(/** @type {Element[]} */ [one, other]) {
  if (!other) return;
  const [a, b] = [one, other].map((node) => Number(node.getAttribute("y"))),
    near = LABEL - Math.abs(a - b);
  if (near <= 0) return;
  const up = a <= b ? one : other,
    down = up === one ? other : one;
  up.setAttribute("y", String(Math.min(a, b) - near / 2));
  down.setAttribute("y", String(Math.max(a, b) + near / 2));
}

/** @type {(history: Row[], line: Line, low: number, high: number) => SVGElement[]} */
function curve(history, [name, label, role, dash], low, high) {
  const points = history
    .map((row, i) => [x(i, history.length), row[name]])
    .filter(([, value]) => Number.isFinite(value));
  if (!points.length) return [];
  const path = points
    .map(([px, value], i) => `${i ? "L" : "M"}${px.toFixed(1)} ${y(value, low, high).toFixed(1)}`)
    .join("");
  const last = points.at(-1)[1],
    line = svg("path", { d: path, class: "curve", style: `stroke:var(--${role})` });
  if (dash) line.setAttribute("stroke-dasharray", "5 3");
  return [
    line,
    svg(
      "text",
      { x: WIDE - RIGHT + 5, y: y(last, low, high) + 4, class: "mark" },
      `${label} ${plain(last)}`,
    ),
  ];
}
