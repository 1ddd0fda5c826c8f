// Settings against results: parallel axes; a drag along an axis keeps only the runs inside.
import { button, el, mounted, rootOf } from "../shared/base.js";
import { onDrag, within } from "../shared/drag.js";
import { parallel, placed, widthFor } from "./axes_draw.js";
import { look } from "./look.js";
import { t } from "../shared/words.js";
/** @import { Component } from "../shared/types" */

const NEAR = 24; // pixels from an axis that still mean it
const CLICK = 4; // pixels; more is a drag

class Axes {
  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "axes");
    /** @type {Map<number, number[]>} */
    this.brushes = new Map();
    this.room = el("div", { class: "room" });
    this.all = button(
      t("Show all"),
      () => {
        this.brushes.clear();
        this.draw();
      },
      { hidden: "" },
    );
    this.root.append(
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Settings against result")),
        el("span", { class: "cap" }, t("drag along an axis to keep only the runs inside")),
        el("span", { class: "right" }, this.all),
      ),
      this.room,
    );
    this.observer = new ResizeObserver(() => {
      if (this.room.clientWidth !== this.width) this.draw();
    });
    this.observer.observe(this.room);
    this.hand();
    this.update(component);
  }

  /** @type {(component: Component) => void} */
  update(component) {
    const key = JSON.stringify([component.data, look(this.root)]);
    if (key === this.key) return;
    if (JSON.stringify(component.data) !== JSON.stringify(this.data)) this.brushes.clear();
    /** @type {string} */
    this.key = key;
    this.data = component.data;
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
    this.root.dataset.shown = String(this.room.querySelectorAll("path[opacity='1']").length);
  }

  hand() {
    /** @type {(event: MouseEvent) => { x: number, y: number }} */
    const at = (event) => within(event, this.room.firstElementChild);
    /** @type {(event: PointerEvent) => { index: number, y: number } | null} */
    const start = (event) => {
      const { x, y } = at(event);
      const index = this.places.findIndex((axis) => Math.abs(axis.x - x) < NEAR);
      return index < 0 ? null : { index, y };
    };
    /** @type {(from: { index: number }, range: number[] | null) => void} */
    const brush = ({ index }, range) => {
      if (range) this.brushes.set(index, range);
      else this.brushes.delete(index);
      this.draw();
    };
    onDrag(this.room, {
      start,
      slack: CLICK,
      move: (event, from) =>
        brush(
          from,
          [from.y, at(event).y].sort((a, b) => a - b),
        ),
      click: (_, from) => brush(from, null),
    });
  }

  dispose() {
    this.observer.disconnect();
  }
}

export default mounted((component) => new Axes(component));
