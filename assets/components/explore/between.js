// Walking between z: a path through kept z that stays inside the prior, or straight for comparison.
import { button, el, icon, lessMotion, put } from "../shared/base.js";
import { filmButtons } from "./downloads.js";
import { segments } from "./panel.js";
import { paint } from "../shared/pixels.js";
import { Well } from "../shared/well.js";
import { t } from "../shared/words.js";
/** @import { ToolPanel } from "./types" */

const COUNT = 10; // images of a path
const MOST = 6; // kept z
const FRAME = 90; // ms

export class BetweenTool {
  /** @type {{ z: Float32Array, weights: Float32Array, pixels: Uint8Array }[]} */
  kept = [];
  straight = 0;
  loop = 0;
  /** @type {Float32Array} */
  rows = null;

  /** @param {ToolPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.stops = el("ol", { class: "tiles stops" });
    this.kinds = segments(
      t("Path"),
      [
        [0, t("Inside the prior")],
        [1, t("Straight")],
      ],
      (v) => {
        this.straight = v;
        this.kinds.press(v);
        this.refresh();
      },
    );
    this.kinds.press(0);
    this.closed = button(
      t("Loop"),
      () => {
        this.loop = 1 - this.loop;
        this.closed.setAttribute("aria-pressed", String(this.loop === 1));
        this.refresh();
      },
      { "aria-pressed": "false" },
    );
    this.player = button(t("Play"), () => this.toggle(), { disabled: "" }, icon("play"));
    this.well = new Well({
      label: t("Images along the path"),
      name: (c) => t("image {c}", { c: c + 1 }),
      go: (c) => this.visit(c),
    });
    this.aid = el("p", { class: "cap" });
    const film = () =>
      this.kept.length < 2
        ? null
        : {
            params: {
              straight: this.straight,
              loop: this.loop,
              count: 24 * (this.kept.length - 1 + this.loop),
              rate: 24,
            },
            body: this.store.body(this.kept.map((k) => this.store.line(k.z, k.weights))),
            name: "path",
          };
    this.films = filmButtons(
      () => this.store,
      film,
      (words) => (words ? put(this.aid, words) : this.explain()),
    );
    this.node = el(
      "div",
      { class: "tool between" },
      el(
        "div",
        { class: "line" },
        button(t("Keep this z"), () => this.keep()),
        button(t("Keep a new one"), () => this.another()),
        button(t("Clear"), () => this.clear()),
      ),
      this.stops,
      el("div", { class: "line" }, this.kinds, this.closed, this.player, ...this.films),
      this.well.node,
      this.aid,
    );
    this.explain();
  }

  get store() {
    return this.panel.store;
  }

  show() {
    this.refresh();
  }
  settled() {
    this.refresh();
  }

  explain() {
    const need = 2 - this.kept.length;
    for (const node of [this.player, ...(this.films ?? [])]) node.disabled = need > 0;
    put(
      this.aid,
      need > 0
        ? need === 2
          ? this.store?.classes
            ? t("Keep two z to walk between them. Classes are blended too.")
            : t("Keep two z to walk between them.")
          : this.store?.classes
            ? t("Keep one more z to walk between both. Classes are blended too.")
            : t("Keep one more z to walk between both.")
        : this.straight
          ? t("Straight line: in the middle z is shorter than any the generator was trained on.")
          : t("Every z on this path is typical of the prior. Click an image to go there."),
    );
  }

  /** @type {(z?: Float32Array, pixels?: Uint8Array) => void} */
  keep(z = this.store.z.slice(), pixels = this.store.current) {
    if (this.kept.length === MOST) this.kept.shift();
    this.kept.push({ z, weights: this.store.weights.slice(), pixels: pixels.slice() });
    this.draw();
    this.refresh();
  }

  async another() {
    const { store } = this;
    try {
      const [z] = await store.draw([Math.floor(Math.random() * 100000)]);
      const make = () => ({ route: "images", params: { step: store.at }, body: store.line(z) });
      store.asker.ask("kept", 1, make, ({ parts }) => this.keep(z, parts[0]));
    } catch (error) {
      put(this.aid, error.message);
    }
  }

  clear() {
    this.stop();
    this.kept = [];
    this.rows = null;
    this.well.node.hidden = true;
    this.draw();
  }

  draw() {
    this.stops.replaceChildren(
      ...this.kept.map((k, i) => {
        const canvas = el("canvas", { role: "img", "aria-label": t("kept z {i}", { i: i + 1 }) });
        paint(canvas, k.pixels, this.store.shape);
        canvas.style.width = `${2 * canvas.width}px`;
        return el("li", {}, canvas, el("span", {}, String(i + 1)));
      }),
    );
    this.explain();
  }

  refresh() {
    this.explain();
    this.well.node.hidden = this.kept.length < 2;
    if (this.kept.length < 2 || this.panel.tool !== "between") return;
    const { store } = this;
    const make = () => {
      if (this.kept.length < 2) return null;
      const params = { step: store.at, count: COUNT, straight: this.straight, loop: this.loop };
      return {
        route: "path",
        params,
        body: store.body(this.kept.map((k) => store.line(k.z, k.weights))),
      };
    };
    store.asker.ask(
      "path",
      3,
      make,
      ({ parts }) => {
        this.rows = parts[0];
        this.pixels = parts[1];
        this.well.show(this.pixels, store.shape, COUNT);
        this.fit(this.width);
        this.panel.root.dataset.path = String(Number(this.panel.root.dataset.path ?? 0) + 1);
      },
      (error) => put(this.aid, error.message),
    );
  }

  /** @type {(index: number) => void} */
  visit(index) {
    if (!this.rows) return;
    const size = this.rows.length / COUNT;
    const row = this.rows.subarray(index * size, (index + 1) * size);
    this.store.goTo(row.slice(0, this.store.z.length), row.slice(this.store.z.length));
  }

  toggle() {
    if (this.timer) return this.stop();
    if (!this.rows) return null;
    if (lessMotion()) return this.well.choose([((this.well.selected?.[0] ?? -1) + 1) % COUNT, 0]); // one image a press
    let at = 0;
    this.timer = setInterval(() => {
      const turn = this.loop ? COUNT : 2 * COUNT - 2; // there and back
      const step = at++ % turn;
      this.well.choose([step < COUNT ? step : turn - step, 0]);
    }, FRAME);
    this.player.replaceChildren(icon("pause"), t("Pause"));
    return null;
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.player.replaceChildren(icon("play"), t("Play"));
    this.well.choose(null);
  }

  /** @type {(width: number) => void} */
  fit(width) {
    this.width = width;
    this.well.fit(width);
  }
}
