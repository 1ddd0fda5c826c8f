// Samples of every run in rows through time: one column is one place on the axis, one cursor for all.
import { button, decimal, el, icon, put, whole } from "../shared/base.js";
import { groupsOf, wordsOf } from "../shared/pair_layout.js";
import { badge } from "./look.js";
import { queryOf, urlOf } from "../shared/place.js";
import { boxOf, classesOf, countOf, placeOf, tileOf } from "./tiles.js";
import { t } from "../shared/words.js";
/** @import { ComparePanel, ComparedRun, RunFacts } from "./types" */

const COLUMNS = 14;
const BEAT = 450; // ms of Play

export class Rows {
  /** @param {ComparePanel} panel */
  constructor(panel) {
    this.panel = panel;
    /** @type {number} */
    this.column = null; // class shown; null: not chosen yet
    this.row = 0; // which fixed z
    this.classes = el("div", { class: "group", role: "group", "aria-label": t("Class") });
    this.play = button(
      t("Play"),
      () => this.toggle(),
      { title: t("Through training") },
      icon("play"),
    );
    this.next = button(
      t("Next z"),
      () => {
        this.row += 1;
        this.draw();
      },
      { title: t("Another of the fixed z") },
    );
    this.body = el("div", { class: "strips" });
    this.scale = el("div", {
      class: "tiles",
      tabindex: 0,
      role: "slider",
      "aria-label": t("Place on the axis"),
      "aria-valuemin": 0,
    });
    this.foot = el("div", { class: "strip foot" }, el("span"), this.scale, el("span"));
    this.unit = el("span", { class: "cap" });
    this.node = el(
      "section",
      { class: "panel rows" },
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Samples through training")),
        this.unit,
        el(
          "div",
          { class: "controls" },
          el("span", { class: "cap" }, t("class")),
          this.classes,
          this.next,
          this.play,
        ),
      ),
      this.body,
    );
    this.scale.addEventListener("keydown", (event) => this.key(event));
  }

  /** Places of the columns, dense early, in units of the axis. */
  places() {
    const end = this.panel.end;
    return Array.from({ length: COLUMNS }, (_, i) => end * (i / (COLUMNS - 1)) ** 1.7);
  }

  /**
   * Index into a run's samples for each column; null where it has none that late.
   * @type {(xs: number[], places: number[]) => (number | null)[]}
   */
  picks(xs, places) {
    const end = this.panel.end;
    return places.map((place) => {
      if (!xs.length || place > xs.at(-1) + end * 0.02) return null;
      return xs.reduce(
        (best, x, i) => (Math.abs(x - place) < Math.abs(xs[best] - place) ? i : best),
        0,
      );
    });
  }

  draw() {
    const { panel } = this;
    const shown = this.withSamples();
    this.node.hidden = !shown.length;
    if (!shown.length) return;
    this.held = shown.every((r) => r.facts.grid.parts); // all translate: rows are held-out images
    this.offer(shown);
    const rows = Math.min(...shown.map((r) => countOf(r.facts.grid, this.held)));
    this.row %= rows;
    const places = this.places();
    this.at = this.columnOf(places);
    const only = rows === 1 && !this.held; // one tile: there is no other z
    this.next.hidden = only;
    const what = only
      ? t("the picture as it was")
      : this.held
        ? t("held-out image {row} of {rows}: the same where the data are the same", {
            row: this.row + 1,
            rows,
          })
        : t("z {row} of {rows}: the same z where seed and latent_dim are the same", {
            row: this.row + 1,
            rows,
          });
    put(
      this.unit,
      `${{ step: t("steps"), images: t("images seen"), time: t("seconds of training") }[panel.prefs.x]}, ${what}`,
    );
    /** @type {(place: number) => string} */
    const label = (place) => (place >= 10000 ? `${whole(place / 1000)} k` : whole(place));
    const { body, foot, scale } = this;
    for (const strip of body.querySelectorAll(".strip[data-run]")) strip.remove();
    if (!foot.parentNode) body.append(foot); // it stays: it may have the focus
    const wide = placeOf(shown.map((r) => r.facts.grid.tile)); // labels stand below their tiles
    foot.before(...shown.map((r) => this.strip(r, places, wide)));
    scale.replaceChildren(
      ...places.map((p, i) =>
        el("span", { class: i === this.at ? "on" : "", style: `width: ${wide}px` }, label(p)),
      ),
    );
    scale.setAttribute("aria-valuemax", String(COLUMNS - 1));
    scale.setAttribute("aria-valuenow", String(this.at));
    scale.setAttribute("aria-valuetext", `${label(places[this.at])} ${panel.prefs.x}`);
    body.dataset.column = String(this.at);
  }

  /** @type {(places: number[]) => number} */
  columnOf(places) {
    const { cursor } = this.panel;
    if (cursor === null) return places.length - 1;
    return places.reduce(
      (best, p, i) => (Math.abs(p - cursor) < Math.abs(places[best] - cursor) ? i : best),
      0,
    );
  }

  /**
   * Where the strip of a run comes from: {picks, steps, address}.
   * @type {(of: { run: ComparedRun, facts: RunFacts }, places: number[]) => { picks: (number | null)[], steps: number[], address: string }}
   */
  source({ run, facts }, places) {
    const picks = this.picks(this.panel.placesOf(facts.samples), places);
    const steps = [...new Set(picks.filter((i) => i !== null).map((i) => facts.samples.step[i]))];
    const { column, row } = tileOf(facts.grid, this.column ?? 0, this.row, this.held);
    const written = steps
      .map((step) => facts.samples.written[facts.samples.step.indexOf(step)])
      .join(",");
    const query = queryOf({ steps: steps.join(","), column, row, written });
    return {
      picks,
      steps,
      address: urlOf(`api/compare/${encodeURIComponent(run.id)}/strip.png?${query}`),
    };
  }

  /** The strips as shown now, for the report. */
  addresses() {
    if (this.node.hidden) return [];
    return this.withSamples()
      .map((r) => ({ index: r.index, ...this.source(r, this.places()) }))
      .filter((r) => r.steps.length);
  }

  withSamples() {
    return this.panel.runs
      .map((run, index) => ({ run, index, facts: this.panel.facts[index] }))
      .filter((r) => r.facts?.grid && r.facts.samples.step.length);
  }

  /** @type {(of: { run: ComparedRun, index: number, facts: RunFacts }, places: number[], wide: number) => HTMLElement} */
  strip({ run, index, facts }, places, wide) {
    const { picks, steps, address } = this.source({ run, facts }, places);
    const last = whole(facts.samples.step.at(-1)); // the run may have gone on since
    const { width, height, margin } = boxOf(facts.grid.tile, wide);
    /** @type {(pick: number | null, i: number) => HTMLButtonElement} */
    const cell = (pick, i) => {
      const attributes = {
        type: "button",
        tabindex: -1,
        class: `tile${i === this.at ? " on" : ""}${pick === null ? " none" : ""}`,
        onclick: () => this.panel.setCursor(places[i]),
      };
      const node = el("button", attributes);
      Object.assign(node.style, { width: `${width}px`, height: `${height}px`, margin });
      if (pick === null) {
        node.setAttribute(
          "aria-label",
          t("run {index}: last sample at step {step}", { index: index + 1, step: last }),
        );
        return node;
      }
      const step = facts.samples.step[pick];
      node.setAttribute(
        "aria-label",
        t("run {index} at step {step}", { index: index + 1, step: whole(step) }),
      );
      node.title = t("step {step}", { step: whole(step) });
      Object.assign(node.style, {
        backgroundImage: `url("${address}")`,
        backgroundSize: `${width * steps.length}px ${height}px`,
        backgroundPosition: `${-width * steps.indexOf(step)}px 0`,
      });
      return node;
    };
    const here = picks[this.at];
    const name = el(
      "div",
      { class: "name" },
      badge(index, this.panel.colors.runs[index]),
      el("span", {}, el("b", {}, run.title), el("span", { class: "cap" }, run.short)),
    );
    const values = el(
      "div",
      { class: "at" },
      ...(here === null
        ? [el("span", { class: "cap" }, t("last sample at step {step}", { step: last }))]
        : this.values(facts, places[this.at], facts.samples.step[here])),
    );
    return el(
      "div",
      { class: "strip", "data-run": run.id },
      name,
      el("div", { class: "tiles" }, ...picks.map(cell)),
      values,
    );
  }

  /**
   * What was measured at the cursor, or the step that is shown.
   * @type {(facts: RunFacts, place: number, step: number) => HTMLElement[]}
   */
  values(facts, place, step) {
    const name = facts.distance?.name;
    const xs = this.panel.placesOf(facts.eval_places);
    const known = facts.evals
      .map((e, i) => ({ x: xs[i], value: e.values[name] }))
      .filter((e) => e.x <= place * 1.0001 && Number.isFinite(e.value));
    const words = el("span", { class: "cap" }, t("step {step}", { step: whole(step) }));
    return known.length
      ? [
          el(
            "span",
            {},
            el("b", {}, decimal(known.at(-1).value, 1)),
            el("span", { class: "cap" }, t(" Fréchet")),
          ),
          words,
        ]
      : [words];
  }

  /**
   * One button a class, where the grids have classes; of translators one a column.
   * @type {(shown: { facts: RunFacts }[]) => void}
   */
  offer(shown) {
    const { grid } = shown[0].facts;
    /** @type {string[]} */
    const names = this.held
      ? groupsOf(grid)
          .filter((g) => !g.block)
          .flatMap((g) => wordsOf(g, grid.ends).words.slice(0, g.parts.length))
      : classesOf(grid);
    const has = names.length > 1;
    this.classes.hidden = /** @type {HTMLElement} */ (this.classes.previousElementSibling).hidden =
      !has;
    put(this.classes.previousSibling, this.held ? t("column") : t("class"));
    put(this.next.lastChild, this.held ? t("Next image") : t("Next z"));
    this.next.title = this.held ? t("Another of the held-out images") : t("Another of the fixed z");
    if (!has || this.classes.dataset.names === names.join("\n")) return;
    this.classes.dataset.names = names.join("\n");
    this.column = this.held
      ? grid.parts.findIndex((part) => part.made)
      : Math.min(this.column ?? 3, names.length - 1);
    /** @type {HTMLButtonElement[]} */
    const buttons = names.map((name, i) =>
      button(
        name.slice(0, 12),
        () => {
          this.column = i;
          buttons.forEach((b, k) => b.setAttribute("aria-pressed", String(k === i)));
          this.draw();
        },
        { "aria-pressed": i === this.column },
      ),
    );
    this.classes.replaceChildren(...buttons);
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const places = this.places();
    const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: places.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    this.panel.setCursor(places[Math.min(places.length - 1, Math.max(0, to))]);
  }

  toggle() {
    if (this.timer) return this.pause();
    let at = this.at >= COLUMNS - 1 ? -1 : this.at;
    const step = () => {
      at += 1;
      this.panel.setCursor(this.places()[at]);
      if (at >= COLUMNS - 1) this.pause();
    };
    this.timer = setInterval(step, BEAT);
    this.play.replaceChildren(icon("pause"), t("Pause"));
    return step();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.replaceChildren(icon("play"), t("Play"));
  }
}
