// Pointer and keys on the charts: hover, click, double click, drag to zoom or move, zoom by keyboard.
import { onDrag, within } from "../shared/drag.js";
import { setCursor } from "../shared/feed.js";
import { before } from "../shared/series.js";
/** @import { RunChart } from "./curves_chart.js" */
/** @import { Grip, RunPanel } from "./types" */
/** @import { Span } from "../shared/types" */

const CLICK = 4; // pixels; more is a drag
const DOUBLE = 280; // ms; a second click within shows everything instead of moving the cursor
const SMALLEST = 3; // pixels of a zoomed part

/** @type {(value: number, low: number, high: number) => number} */
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export class Hand {
  /** @param {RunPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.dragging = false;
    const stage = panel.stage;
    this.leave = onDrag(stage, {
      slack: CLICK,
      start: (e) => this.pressed(e),
      move: (e, from) => this.dragged(e, from),
      end: (e) => this.dropped(e),
      click: (_, from) => this.clicked(from),
    });
    stage.addEventListener("pointermove", (e) => this.point(e));
    stage.addEventListener("pointerleave", () => this.point(null));
    stage.addEventListener("keydown", (e) => this.key(e));
  }

  /**
   * {chart, frame, x, y}: the chart under the pointer and the place in it; null outside the plots.
   * @type {(event: PointerEvent) => Grip | null}
   */
  place(event) {
    const { panel } = this;
    const frame = /** @type {HTMLElement} */ (
      /** @type {Element} */ (event.target).closest?.(".frame")
    );
    const chart = panel.visible.find((c) => c.frame === frame);
    if (!chart || !panel.series) return null;
    const { x, y } = within(event, frame);
    return chart.within(x) ? { chart, frame, x, y } : null;
  }

  /** @type {(event: PointerEvent | null) => void} */
  point(event) {
    const place = event && !this.dragging ? this.place(event) : null;
    const value = place ? place.chart.xOf(place.x) : null;
    if (value === this.panel.pointer) return;
    this.panel.pointer = value;
    this.draw();
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.panel.drawPointer());
  }

  // ---- dragging ----

  /**
   * Where a drag begins: {chart, frame, x, y, range}; null where there is no chart.
   * @type {(event: PointerEvent) => Grip | null}
   */
  pressed(event) {
    const place = this.place(event);
    return place && { ...place, range: /** @type {Span} */ ([...this.panel.range]) };
  }

  /** @type {(event: PointerEvent, from: Grip) => void} */
  dragged(event, from) {
    const { x, y } = within(event, from.frame);
    this.dragging = true;
    const moves = (this.panel.prefs.drag === "pan") !== event.shiftKey;
    if (moves) this.slide(from, x);
    else this.select(from, x, y);
    this.draw();
  }

  /**
   * The axis follows the hand.
   * @type {(from: Grip, x: number) => void}
   */
  slide(from, x) {
    const { chart, range } = from;
    const by = chart.xOf(from.x, range) - chart.xOf(x, range);
    this.panel.zoom([range[0] + by, range[1] + by]);
  }

  /**
   * Columns when the hand goes sideways, rows of one chart when it goes up or down.
   * @type {(from: Grip, x: number, y: number) => void}
   */
  select(from, x, y) {
    const { left, right, top, bottom } = from.chart.box;
    const rows = Math.abs(y - from.y) > Math.abs(x - from.x);
    /** @type {(a: number, b: number, low: number, high: number) => number[]} */
    const span = (a, b, low, high) =>
      [Math.min(a, b), Math.max(a, b)].map((v) => clamp(v, low, high));
    this.panel.selection = {
      chart: from.chart,
      x: span(from.x, x, left, right),
      y: rows ? span(from.y, y, top, bottom) : null,
    };
  }

  /** @type {(event: PointerEvent) => void} */
  dropped(event) {
    const { panel } = this;
    const chosen = panel.selection;
    panel.selection = null;
    this.dragging = false;
    if (event.type === "pointerup" && chosen) this.take(chosen);
    this.draw();
  }

  /**
   * Zoom to what was dragged over.
   * @type {(chosen: { chart: RunChart, x: number[], y: number[] | null }) => void}
   */
  take({ chart, x, y }) {
    const [a, b] = y ?? x;
    if (b - a < SMALLEST) return;
    if (y) {
      chart.userY = [chart.yOf(b), chart.yOf(a)];
      chart.setRange();
    } else this.panel.zoom([chart.xOf(a), chart.xOf(b)]);
  }

  /**
   * One click moves the shared cursor here, two show everything.
   * @type {(at: Grip) => void}
   */
  clicked({ chart, x }) {
    const { panel } = this;
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
      panel.fit();
      return;
    }
    const step = panel.drawn.position.step[before(panel.x(), chart.xOf(x))];
    this.timer = setTimeout(() => {
      this.timer = null;
      setCursor(panel.run, step, false);
    }, DOUBLE);
  }

  // ---- keys ----

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const { panel } = this;
    if (!panel.series || event.target !== panel.stage) return;
    const [a, b] = panel.range;
    const by = (b - a) * 0.2;
    /** @type {Record<string, number[]>} */
    const moves = {
      ArrowLeft: [a - by, b - by],
      ArrowRight: [a + by, b + by],
      "+": [a + by, b - by],
      "=": [a + by, b - by],
      "-": [a - by, b + by],
    };
    if (event.key === "0") panel.fit();
    else if (event.key in moves) panel.zoom(moves[event.key]);
    else return;
    event.preventDefault();
  }

  dispose() {
    clearTimeout(this.timer);
    this.leave();
  }
}
