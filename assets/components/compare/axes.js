// Settings against results: parallel axes; a drag along an axis keeps only the runs inside.
import { button, el, mounted, rootOf } from "../shared/base.js";
import { parallel, placed, widthFor } from "./axes_draw.js";
import { look } from "./look.js";

const NEAR = 24; // pixels from an axis that still mean it

class Axes {
  constructor(component) {
    this.root = rootOf(component, "axes");
    this.brushes = new Map();
    this.room = el("div", { class: "room" });
    this.all = button("Show all", () => { this.brushes.clear(); this.draw(); }, { hidden: "" });
    this.root.append(el("div", { class: "head" }, el("h2", {}, "Settings against result"), el("span", { class: "cap" }, "drag along an axis to keep only the runs inside"), el("span", { class: "right" }, this.all)), this.room);
    this.observer = new ResizeObserver(() => { if (this.room.clientWidth !== this.width) this.draw(); });
    this.observer.observe(this.room);
    this.hand();
    this.update(component);
  }

  update(component) {
    const key = JSON.stringify([component.data, look(this.root)]);
    if (key === this.key) return;
    if (JSON.stringify(component.data) !== JSON.stringify(this.data)) this.brushes.clear();
    [this.key, this.data] = [key, component.data];
    this.draw();
  }

  draw() {
    if (!this.data) return;
    this.width = this.room.clientWidth;
    if (!this.width) return;
    const { axes, runs } = this.data;
    const wide = widthFor(axes, this.width);
    this.places = placed(axes, wide);
    this.room.replaceChildren(parallel(axes, runs, look(this.root), wide, this.brushes));
    this.all.hidden = !this.brushes.size;
    this.root.dataset.shown = this.room.querySelectorAll("path[opacity='1']").length;
  }

  hand() {
    let from = null;
    const at = (event) => {
      const box = this.room.firstChild.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    this.room.addEventListener("pointerdown", (event) => {
      const [x, y] = at(event);
      const index = this.places.findIndex((axis) => Math.abs(axis.x - x) < NEAR);
      if (index < 0) return;
      from = { index, y };
      this.room.setPointerCapture(event.pointerId);
    });
    this.room.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [, y] = at(event);
      if (Math.abs(y - from.y) < 4) this.brushes.delete(from.index);
      else this.brushes.set(from.index, [Math.min(y, from.y), Math.max(y, from.y)]);
      this.draw();
    });
    this.room.addEventListener("pointerup", (event) => {
      if (from && Math.abs(at(event)[1] - from.y) < 4) { this.brushes.delete(from.index); this.draw(); }
      from = null;
    });
  }

  dispose() { this.observer.disconnect(); }
}

export default mounted((component) => new Axes(component));
