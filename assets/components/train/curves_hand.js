// Pointer and keys on the charts: hover, click, double click, drag to zoom or move, zoom by keyboard.
import { setCursor } from "../shared/feed.js";
import { before } from "../shared/series.js";

const CLICK = 4; // pixels; more is a drag
const DOUBLE = 280; // ms; a second click within shows everything instead of moving the cursor
const SMALLEST = 3; // pixels of a zoomed part

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export class Hand {
  constructor(panel) {
    this.panel = panel;
    this.drag = null; // {chart, frame, x, y, range, moved}
    this.moved = (event) => this.dragged(event);
    this.released = (event) => this.dropped(event);
    const stage = panel.stage;
    stage.addEventListener("pointerdown", (e) => this.pressed(e));
    stage.addEventListener("pointermove", (e) => this.point(e));
    stage.addEventListener("pointerleave", () => this.point(null));
    stage.addEventListener("keydown", (e) => this.key(e));
    window.addEventListener("pointermove", this.moved);
    window.addEventListener("pointerup", this.released);
    window.addEventListener("pointercancel", this.released);
  }

  /** {chart, frame, x, y}: the chart under the pointer and the place in it; null outside the plots. */
  place(event) {
    const { panel } = this;
    const frame = event.target.closest?.(".frame");
    const chart = panel.visible.find((c) => c.frame === frame);
    if (!chart || !panel.series) return null;
    const corner = frame.getBoundingClientRect();
    const [x, y] = [event.clientX - corner.left, event.clientY - corner.top];
    const { left, right } = chart.box;
    return x < left || x > right ? null : { chart, frame, x, y };
  }

  /** x of a pixel in the units of the axis. */
  value(chart, pixel, range = this.panel.range) {
    const { left, right } = chart.box;
    return range[0] + ((pixel - left) / (right - left)) * (range[1] - range[0]);
  }

  point(event) {
    const place = event && !this.drag?.moved ? this.place(event) : null;
    const value = place ? this.value(place.chart, place.x) : null;
    if (value === this.panel.pointer) return;
    this.panel.pointer = value;
    this.draw();
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.panel.drawPointer());
  }

  // ---- dragging ----

  pressed(event) {
    const place = event.button ? null : this.place(event);
    if (place) this.drag = { ...place, range: [...this.panel.range], moved: false };
  }

  dragged(event) {
    const { drag } = this;
    if (!drag) return;
    const corner = drag.frame.getBoundingClientRect();
    const [x, y] = [event.clientX - corner.left, event.clientY - corner.top];
    drag.moved ||= Math.hypot(x - drag.x, y - drag.y) > CLICK;
    if (!drag.moved) return;
    const moves = (this.panel.prefs.drag === "pan") !== event.shiftKey;
    if (moves) this.slide(x);
    else this.select(x, y);
    this.draw();
  }

  /** The axis follows the hand. */
  slide(x) {
    const { chart, range } = this.drag;
    const by = this.value(chart, this.drag.x, range) - this.value(chart, x, range);
    this.panel.zoom([range[0] + by, range[1] + by]);
  }

  /** Columns when the hand goes sideways, rows of one chart when it goes up or down. */
  select(x, y) {
    const { drag } = this;
    const { left, right, top, bottom } = drag.chart.box;
    const rows = Math.abs(y - drag.y) > Math.abs(x - drag.x);
    const span = (a, b, low, high) => [Math.min(a, b), Math.max(a, b)].map((v) => clamp(v, low, high));
    this.panel.selection = {
      chart: drag.chart,
      x: span(drag.x, x, left, right),
      y: rows ? span(drag.y, y, top, bottom) : null,
    };
  }

  dropped(event) {
    const { drag, panel } = this;
    this.drag = null;
    if (!drag) return;
    const chosen = panel.selection;
    panel.selection = null;
    if (event.type === "pointerup" && !drag.moved) this.clicked(drag);
    else if (event.type === "pointerup" && chosen) this.take(chosen);
    this.draw();
  }

  /** Zoom to what was dragged over. */
  take({ chart, x, y }) {
    const [a, b] = y ?? x;
    if (b - a < SMALLEST) return;
    if (y) {
      chart.userY = [chart.yValue(b), chart.yValue(a)];
      chart.setRange();
    } else this.panel.zoom([this.value(chart, a), this.value(chart, b)]);
  }

  /** One click moves the shared cursor here, two show everything. */
  clicked({ chart, x }) {
    const { panel } = this;
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
      panel.fit();
      return;
    }
    const step = panel.drawn.position.step[before(panel.x(), this.value(chart, x))];
    this.timer = setTimeout(() => {
      this.timer = null;
      setCursor(panel.run, step, false);
    }, DOUBLE);
  }

  // ---- keys ----

  key(event) {
    const { panel } = this;
    if (!panel.series || event.target !== panel.stage) return;
    const [a, b] = panel.range;
    const by = (b - a) * 0.2;
    const moves = { ArrowLeft: [a - by, b - by], ArrowRight: [a + by, b + by], "+": [a + by, b - by], "=": [a + by, b - by], "-": [a - by, b + by] };
    if (event.key === "0") panel.fit();
    else if (event.key in moves) panel.zoom(moves[event.key]);
    else return;
    event.preventDefault();
  }

  dispose() {
    clearTimeout(this.timer);
    window.removeEventListener("pointermove", this.moved);
    window.removeEventListener("pointerup", this.released);
    window.removeEventListener("pointercancel", this.released);
  }
}
