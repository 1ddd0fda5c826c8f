// Keep as a run: what was trained on the plane goes on in the app's own engine, under a name.
import { activeIn, button, el, icon, put, whole } from "../shared/base.js";
import { urlOf } from "../shared/place.js";
import { told } from "./kept.js";
import { t } from "../shared/words.js";
/** @import { Lesson } from "./lesson.js" */

const WORDS = {
  open: t("Keep as a run"),
  why: t("The app’s own engine goes on from here, with these weights, points and settings"),
  name: t("Name of the run"),
  suggested: (/** @type {number} */ step) => t("From Learn, step {step}", { step: whole(step) }),
  keep: t("Keep"),
  cancel: t("Cancel"),
  going: t("It is being kept. The engine is loaded the first time, which takes some seconds."),
  sides: t("Two sides and a cycle are of this page only: leave the chapter to keep a plane."),
  flown: t("The numbers flew off: there is nothing to go on from. Restart first."),
  none: t("Nothing has learned yet: Play first."),
  done: (/** @type {number} */ step, /** @type {boolean} */ waits) =>
    t("Kept at step {step}. {waits}", {
      step: whole(step),
      waits: waits
        ? t("Another run is training: this one waits in the queue and goes on by itself.")
        : t("It goes on from there, up to 2,000 steps more."),
    }),
  link: t("See it on Train"),
};
const LONGEST = 80; // characters of a name

export class Keep {
  known = 0; // when what is told of was sent

  /**
   * @param {Lesson} lesson
   * @param {(told: object) => void} send what was trained, with its name, to the server
   */
  constructor(lesson, send) {
    this.lesson = lesson;
    this.send = send;
    this.opens = button(
      WORDS.open,
      () => this.ask(),
      { title: WORDS.why, "aria-expanded": "false" },
      icon("checkpoint"),
    );
    this.input = el("input", { id: "learn-keep-name", maxlength: LONGEST, autocomplete: "off" });
    this.form = el(
      "form",
      {
        class: "tools",
        hidden: true,
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.go();
        },
      },
      el("label", { for: this.input.id, class: "cap" }, WORDS.name),
      this.input,
      el("button", { type: "submit", class: "btn primary" }, icon("check"), WORDS.keep),
      button(WORDS.cancel, () => this.close()),
    );
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.said = el("p", { class: "cap", role: "status" });
    this.link = el("a", { class: "btn", hidden: true }, icon("newest"), WORDS.link);
    this.node = el(
      "div",
      { class: "keep", hidden: true },
      el("div", { class: "tools" }, this.opens, this.link, this.said),
      this.form,
    );
    this.stop = lesson.listen(() => this.look());
    this.look();
  }

  /** Why it cannot be kept as it is; "" where it can. */
  get problem() {
    const { lesson } = this;
    return lesson.settings.sides
      ? WORDS.sides
      : lesson.flown
        ? WORDS.flown
        : lesson.step === 0
          ? WORDS.none
          : "";
  }

  look() {
    const { problem } = this;
    this.opens.disabled = Boolean(problem) || this.waits;
    if (this.opens.title !== (problem || WORDS.why)) this.opens.title = problem || WORDS.why;
    if (problem) this.close();
  }

  ask() {
    this.form.hidden = !this.form.hidden;
    this.opens.setAttribute("aria-expanded", String(!this.form.hidden));
    if (this.form.hidden) return;
    this.input.value = WORDS.suggested(this.lesson.step);
    this.input.select();
    this.input.focus();
  }

  close() {
    if (this.form.hidden) return;
    const inside = this.form.contains(activeIn(this.form));
    this.form.hidden = true;
    this.opens.setAttribute("aria-expanded", "false");
    if (inside) this.opens.focus();
  }

  go() {
    const { gan, settings, source } = this.lesson;
    this.waits = true;
    this.close();
    this.link.hidden = true;
    put(this.said, WORDS.going);
    this.send({ ...told(gan, settings, source), name: this.input.value.trim(), at: Date.now() });
    this.look();
  }

  /** What the server says: {may, run, step, waits, problem, at}. */
  follow({ may = false, run = "", step = 0, waits = false, problem = "", at = 0 } = {}) {
    this.node.hidden = !may;
    if (!at || at === this.known) return;
    this.known = at;
    this.waits = false;
    put(this.said, problem || WORDS.done(step, waits));
    this.link.hidden = !run;
    if (run) this.link.href = urlOf(`train?${new URLSearchParams({ run })}`);
    this.look();
  }

  dispose() {
    this.stop();
  }
}
