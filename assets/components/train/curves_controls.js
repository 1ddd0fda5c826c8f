// The controls of the charts: x axis, smoothing, options, which charts. Kept in this browser.
import { button, el, icon } from "../shared/base.js";
import { rowOf } from "./curves_ways.js";
import { t } from "../shared/words.js";
/** @import { RunChart } from "./curves_chart.js" */
/** @import { Prefs, RunPanel } from "./types" */

const KEY = "ganscope.curves";
const X = [
  ["step", t("Step")],
  ["images", t("Images")],
  ["epoch", t("Epoch")],
  ["time", t("Time")],
];
/** @type {Prefs} */
const DEFAULTS = {
  x: "step",
  smooth: 6,
  log: false,
  spikes: false,
  drag: "zoom",
  hold: false,
  table: false,
  charts: ["loss", "accuracy", "score"],
  chosen: {},
  hidden: [],
};

/**
 * What this person chose last; `hold` and `table` start off every time.
 * @type {() => Prefs}
 */
export function loadPrefs() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const known = Object.entries(stored).filter(
      ([key, value]) => key in DEFAULTS && typeof value === typeof DEFAULTS[key],
    );
    return { ...DEFAULTS, ...Object.fromEntries(known), hold: false, table: false };
  } catch {
    return { ...DEFAULTS };
  }
}

export class Controls {
  /** @param {RunPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.head = el(
      "div",
      { class: "head" },
      el("h2", {}, t("Curves")),
      el("div", { class: "controls" }, this.axis(), this.smoothing(), this.menu()),
    );
    this.pills = el("div", { class: "pills", role: "group", "aria-label": t("Charts shown") });
  }

  get prefs() {
    return this.panel.prefs;
  }

  save() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.prefs));
    } catch {
      /* private windows may refuse; the choice then lasts as long as the page */
    }
  }

  /** @type {(name: string, value: unknown) => void} */
  set(name, value) {
    this.prefs[name] = value;
    this.save();
    this.panel.redraw();
  }

  axis() {
    const buttons = X.filter(
      ([name]) => this.panel.counts || !["images", "epoch"].includes(name),
    ).map(([name, label]) =>
      button(
        label,
        () => {
          this.panel.zoomed = this.panel.detail = null; // the zoom was in other units
          for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.x === name));
          this.set("x", name);
        },
        { "data-x": name, "aria-pressed": this.prefs.x === name },
      ),
    );
    return el(
      "div",
      { class: "group", role: "group", "aria-label": t("Horizontal axis") },
      ...buttons,
    );
  }

  smoothing() {
    const words = () =>
      this.panel.halfLife
        ? t("half-life {halfLife} steps", { halfLife: this.panel.halfLife })
        : t("off");
    const slider = el("input", {
      type: "range",
      min: 0,
      max: 13,
      step: 1,
      value: this.prefs.smooth,
      "aria-label": t("Smoothing"),
    });
    const tell = () => {
      slider.setAttribute("aria-valuetext", words());
      slider.title = words();
      slider.style.setProperty("--v", `${(100 * this.prefs.smooth) / 13}%`);
    };
    slider.addEventListener("input", () => {
      this.prefs.smooth = Number(slider.value);
      tell();
      this.panel.redraw();
    });
    slider.addEventListener("change", () => this.save());
    tell();
    return el("label", { class: "smooth wide" }, t("Smooth"), slider);
  }

  menu() {
    /** @type {(name: string, label: string) => HTMLLabelElement} */
    const check = (name, label) => {
      const box = el("input", { type: "checkbox", onchange: () => this.set(name, box.checked) });
      box.checked = this.prefs[name];
      return el("label", {}, box, label);
    };
    /** @type {(value: string, label: string) => HTMLLabelElement} */
    const drag = (value, label) => {
      const dot = el("input", {
        type: "radio",
        name: "drag",
        onchange: () => this.set("drag", value),
      });
      dot.checked = this.prefs.drag === value;
      return el("label", {}, dot, label);
    };
    const body = el(
      "div",
      { hidden: "" },
      check("log", t("Logarithmic, where values are positive")),
      check("spikes", t("Show every spike: the whole range")),
      check("hold", t("Hold: stop updating")),
      check("table", t("Show as table")),
      el(
        "div",
        { class: "row" },
        t("Dragging"),
        drag("zoom", t("zooms")),
        drag("pan", t("moves")),
        el("span", { class: "cap" }, t("Shift does the other. A double click shows everything.")),
      ),
      el(
        "div",
        { class: "row" },
        button(t("Fit"), () => this.panel.fit(), { title: t("Everything in view") }),
      ),
    );
    const open = el(
      "button",
      {
        type: "button",
        class: "btn square",
        "aria-label": t("Chart options"),
        title: t("Chart options"),
        "aria-expanded": "false",
      },
      icon("sliders"),
    );
    /** @type {(shown: boolean) => void} */
    const show = (shown) => {
      body.hidden = !shown;
      open.setAttribute("aria-expanded", String(shown));
    };
    open.addEventListener("click", () => show(Boolean(body.hidden)));
    const menu = el("div", { class: "menu" }, open, body);
    menu.addEventListener("keydown", (e) => {
      if (e.key === "Escape") {
        show(false);
        open.focus();
      }
    });
    menu.addEventListener("focusout", (e) => {
      if (e.relatedTarget && !menu.contains(/** @type {Node} */ (e.relatedTarget))) show(false);
    });
    return menu;
  }

  /** Ids of the charts or rows that are shown: chosen by the person for this kind of run, else its first ones. */
  /** @returns {string[]} */
  get chosen() {
    const { kind, first } = this.panel.data;
    return kind ? (this.prefs.chosen[kind] ?? first) : this.prefs.charts;
  }

  set chosen(ids) {
    const { kind } = this.panel.data;
    if (kind) this.prefs.chosen = { ...this.prefs.chosen, [kind]: ids };
    else this.prefs.charts = ids;
  }

  /**
   * One pill for each chart, or row of two, that this run has values for.
   * @type {(charts: RunChart[]) => void}
   */
  offer(charts) {
    const rows = [...new Map(charts.map(({ spec }) => [rowOf(spec), spec.pill]))];
    if (!rows.some(([id]) => this.chosen.includes(id)))
      this.chosen = rows.slice(0, 1).map(([id]) => id);
    this.pills.replaceChildren(
      ...rows.map(([id, words]) => {
        const pill = button(
          words,
          () => {
            const on = this.chosen.includes(id);
            if (on && rows.filter(([other]) => this.chosen.includes(other)).length === 1) return; // never a blank panel
            this.chosen = on ? this.chosen.filter((other) => other !== id) : [...this.chosen, id];
            pill.setAttribute("aria-pressed", String(!on));
            this.save();
            this.panel.choose();
            this.panel.load().catch(() => {});
          },
          { "aria-pressed": this.chosen.includes(id), "data-chart": id },
        );
        return pill;
      }),
    );
  }
}
