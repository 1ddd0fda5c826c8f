// Pointer and keys on the charts: hover, click, the drag guard, zoom by keyboard.
import { setCursor } from "./feed.js";
import { before } from "./series.js";

const CLICK = 4; // pixels; more is a drag
const DOUBLE = 250; // ms; a second click within shows everything instead of moving the cursor

export class Hand {
  constructor(panel) {
    this.panel = panel;
    this.dragging = false; // an update during a drag would cancel Plotly's zoom
    const stage = panel.stage;
    this.released = () => setTimeout(() => { this.dragging = false; }, 30); // after Plotly's own
    stage.addEventListener("pointerdown", (e) => this.pressed(e), true);
    window.addEventListener("pointerup", this.released, true);
    window.addEventListener("pointercancel", this.released, true);
    stage.addEventListener("pointermove", (e) => this.point(e), true);
    stage.addEventListener("pointerleave", () => this.point(null));
    stage.addEventListener("click", (e) => this.clicked(e), true);
    stage.addEventListener("dblclick", () => this.doubled());
    stage.addEventListener("keydown", (e) => this.key(e));
  }

  pressed(event) {
    if (!event.target.closest(".frame")) return;
    this.dragging = true;
    this.down = [event.clientX, event.clientY];
  }

  /** x under the pointer in the units of the axis, or null outside the plots. */
  valueAt(event) {
    const { panel } = this;
    const frame = event.target.closest?.(".frame");
    if (!frame || !panel.visible.length || !panel.series) return null;
    const { left, right } = panel.visible[0].box;
    const x = event.clientX - frame.getBoundingClientRect().left;
    if (x < left || x > right) return null;
    return panel.range[0] + ((x - left) / (right - left)) * (panel.range[1] - panel.range[0]);
  }

  point(event) {
    const { panel } = this;
    const value = event ? this.valueAt(event) : null;
    if (value === panel.pointer) return;
    panel.pointer = value;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => panel.drawPointer());
  }

  clicked(event) {
    const value = this.valueAt(event);
    const moved = this.down ? Math.hypot(event.clientX - this.down[0], event.clientY - this.down[1]) : 0;
    if (value === null || moved > CLICK) return;
    clearTimeout(this.timer);
    const { panel } = this;
    const step = panel.drawn.position.step[before(panel.x(), value)];
    this.timer = setTimeout(() => setCursor(panel.run, step, false), DOUBLE);
  }

  doubled() {
    clearTimeout(this.timer);
    if (this.panel.series) this.panel.fit();
  }

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
    window.removeEventListener("pointerup", this.released, true);
    window.removeEventListener("pointercancel", this.released, true);
  }
}
