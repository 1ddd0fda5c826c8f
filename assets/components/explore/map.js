// A slice through latent space along two directions, as a sheet of images: drag to pan, zoom by buttons,
// by Ctrl and the wheel, or by the wheel alone once the map was clicked. Else the wheel moves the page.
import { button, el, put, signed } from "../shared/base.js";
import { onDrag } from "../shared/drag.js";
import { Well } from "../shared/well.js";
import { t } from "../shared/words.js";
/** @import { Held, ToolPanel } from "./types" */

const ROWS = 12;
const [WIDE, NARROW] = [20, 12]; // columns
const CLICK = 4; // pixels a pointer may move and still click
const SPANS = [0.25, 6]; // sigma from the middle to the side

export class MapTool {
  across = 0;
  down = 1;
  /** @type {number[]} */
  middle = null;
  span = 3;
  columns = WIDE;

  /** @param {ToolPanel} panel */
  constructor(panel) {
    this.panel = panel;
    /** @type {(name: string, which: "across" | "down") => HTMLSelectElement} */
    const pick = (name, which) =>
      el("select", {
        "aria-label": name,
        onchange: (/** @type {{ target: HTMLSelectElement }} */ e) => {
          this[which] = Number(e.target.value);
          this.center();
        },
      });
    this.x = pick(t("Across"), "across");
    this.y = pick(t("Down"), "down");
    this.well = new Well({
      label: t("Map of latent space"),
      name: (c, r) => this.say(c, r),
      go: (c, r) => this.visit(c, r),
      most: 1,
    });
    this.scale = el(
      "p",
      { class: "cap scale" },
      (this.left = el("span")),
      (this.name = el("span")),
      (this.right = el("span")),
    );
    /** @type {(by: number, name: string, text: string, title: string) => HTMLButtonElement} */
    const zoom = (by, name, text, title) =>
      button(text, () => this.zoom(by), { class: "btn square", "aria-label": name, title });
    this.node = el(
      "div",
      { class: "tool map" },
      el(
        "div",
        { class: "line" },
        el("span", { class: "cap" }, t("across")),
        this.x,
        el("span", { class: "cap" }, t("down")),
        this.y,
        el("span", { class: "cap wide" }, t("drag to pan, click to go")),
        el(
          "span",
          { class: "right tools" },
          zoom(1.5, t("Zoom out"), "\u2212", t("Zoom out (\u2212, or Ctrl and the wheel)")),
          zoom(1 / 1.5, t("Zoom in"), "+", t("Zoom in (+, or Ctrl and the wheel)")),
          button(t("Center"), () => this.center()),
        ),
      ),
      this.well.node,
      this.scale,
    );
    onDrag(this.well.node, {
      start: (event) => this.held(event),
      move: (event, from) => this.drag(event, from),
      click: (event) => this.clicked(event),
      slack: CLICK,
    });
    this.well.node.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.well.node.addEventListener("keydown", (event) => this.key(event));
    this.well.click = () => {}; // a click is the end of a drag that went nowhere
  }

  get store() {
    return this.panel.store;
  }
  get axes() {
    return this.store.axes ?? [];
  }

  show() {
    this.choices();
    if (this.middle) this.refresh();
    else this.center();
  }

  choices() {
    for (const [select, chosen] of /** @type {[HTMLSelectElement, number][]} */ ([
      [this.x, this.across],
      [this.y, this.down],
    ])) {
      select.replaceChildren(...this.axes.map((axis, i) => el("option", { value: i }, axis.name)));
      select.value = String(chosen);
    }
  }

  changedAxes() {
    this.choices();
    this.center();
  }

  /** Back to a map with its middle at the prior's, as far as three sigma. */
  center() {
    this.middle = [0, 0];
    this.span = 3;
    this.refresh();
  }

  settled() {
    this.refresh();
  }
  images() {
    this.mark();
  }

  /**
   * Coordinates of a tile along both directions.
   * @type {(column: number, row: number) => number[]}
   */
  place(column, row) {
    const sigma = this.store.sigma;
    const across = this.middle[0] + ((column + 0.5) / this.columns - 0.5) * 2 * this.span;
    const down =
      this.middle[1] + ((row + 0.5) / ROWS - 0.5) * 2 * this.span * (ROWS / this.columns);
    return [across * sigma, down * sigma];
  }

  /** @type {(place: number[]) => Float32Array} */
  z(place) {
    const { store } = this;
    const [a, b] = [this.axes[this.across].direction, this.axes[this.down].direction];
    const [here, there] = [store.along(a), store.along(b)];
    const limit = store.about.prior === "uniform" ? 1 : Infinity;
    return store.z.map((v, i) =>
      Math.min(limit, Math.max(-limit, v + (place[0] - here) * a[i] + (place[1] - there) * b[i])),
    );
  }

  /** @type {(rank?: number) => void} */
  refresh(rank = 5.5) {
    if (!this.middle || this.axes.length < 2 || this.panel.tool !== "map") return;
    if (this.across === this.down) {
      put(this.name, t("choose two different directions"));
      return;
    }
    const make = () => {
      if (this.panel.tool !== "map") return null;
      this.asked = [...this.middle, this.span, this.columns].join();
      const rows = Array.from({ length: ROWS * this.columns }, (_, i) =>
        this.store.line(this.z(this.place(i % this.columns, Math.floor(i / this.columns)))),
      );
      return { route: "images", params: { step: this.store.at }, body: this.store.body(rows) };
    };
    this.store.asker.ask("map", rank, make, ({ parts }) => {
      const late = this.asked !== [...this.middle, this.span, this.columns].join();
      if (late && parts[0].length !== ROWS * this.columns * this.size()) return this.refresh(rank); // the width changed
      this.well.show(parts[0], this.store.shape, this.columns);
      this.panel.root.dataset.maps = String(Number(this.panel.root.dataset.maps ?? 0) + 1);
      this.mark();
      return late ? this.refresh(rank) : null;
    });
  }

  size() {
    return this.store.shape.reduce((a, b) => a * b, 1);
  }

  mark() {
    if (!this.middle || this.axes.length < 2 || !this.well.filled) return;
    const sigma = this.store.sigma;
    const at = [this.across, this.down].map(
      (i) => this.store.along(this.axes[i].direction) / sigma,
    );
    const column = Math.floor(((at[0] - this.middle[0]) / (2 * this.span) + 0.5) * this.columns);
    const row = Math.floor(
      ((at[1] - this.middle[1]) / ((2 * this.span * ROWS) / this.columns) + 0.5) * ROWS,
    );
    const inside = column >= 0 && column < this.columns && row >= 0 && row < ROWS;
    this.well.choose(inside ? [column, row] : null);
    put(this.left, `${signed(this.middle[0] - this.span, 1)} \u03c3`);
    put(this.right, `${signed(this.middle[0] + this.span, 1)} \u03c3`);
    put(this.name, this.axes[this.across].name);
    this.scale.style.width = `${this.well.canvas.width * this.well.scale}px`;
  }

  /** @type {(column: number, row: number) => string} */
  say(column, row) {
    const [a, b] = this.place(column, row).map((v) => signed(v / this.store.sigma, 1));
    return `${this.axes[this.across]?.name} ${a}, ${this.axes[this.down]?.name} ${b}`;
  }

  /** @type {(column: number, row: number) => void} */
  visit(column, row) {
    if (this.axes.length > 1) this.store.setZ(this.z(this.place(column, row)));
  }

  /**
   * Where the map was held, and how many sigmas a CSS pixel is.
   * @type {(event: PointerEvent) => Held | null}
   */
  held(event) {
    const sigmas = (2 * this.span) / (this.well.canvas.width * this.well.scale);
    return this.middle && { x: event.clientX, y: event.clientY, middle: this.middle, sigmas };
  }

  /** @type {(event: PointerEvent, from: Held) => void} */
  drag(event, { x, y, middle, sigmas }) {
    this.middle = [
      middle[0] - (event.clientX - x) * sigmas,
      middle[1] - (event.clientY - y) * sigmas,
    ];
    this.refresh(1);
  }

  /** @type {(event: PointerEvent) => void} */
  clicked(event) {
    this.well.at = this.well.under(event);
    this.visit(...this.well.at);
  }

  /**
   * The wheel is the map's while the map has the focus; a page that scrolls past it goes on.
   * @type {(event: WheelEvent) => void}
   */
  wheel(event) {
    const mine = event.ctrlKey || event.metaKey || this.well.node.matches(":focus");
    if (!mine) return;
    event.preventDefault();
    this.zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2);
  }

  /** @type {(by: number) => void} */
  zoom(by) {
    this.span = Math.min(SPANS[1], Math.max(SPANS[0], this.span * by));
    this.refresh(1);
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    if (event.key === "Escape") this.well.node.blur();
    const by = { "+": 1 / 1.2, "=": 1 / 1.2, "-": 1.2 }[event.key];
    const pan =
      event.shiftKey &&
      { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (by) this.zoom(by);
    if (!pan) return;
    this.middle = this.middle.map((v, i) => v + (pan[i] * this.span) / 4);
    this.refresh(1);
  }

  /** @type {(width: number) => void} */
  fit(width) {
    if (!this.store?.about) return;
    const tile = this.store.shape[1];
    const columns =
      width >= WIDE * tile ? WIDE : Math.max(4, Math.min(NARROW, Math.floor(width / tile)));
    this.well.fit(width);
    if (columns === this.columns) return;
    this.columns = columns;
    this.refresh();
  }
}
