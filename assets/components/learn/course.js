// One chapter beside the plane: predict, watch, check, try. What is right is read off the run that was just trained.
import { button, el, icon } from "../shared/base.js";
import { explain, explained } from "../shared/glossary.js";
import { CHAPTERS, prepared, remember, set } from "./chapters.js";
import { question } from "./question.js";
import { printed } from "./sheet.js";
import { t } from "../shared/words.js";
/** @import { Chapter, LessonSettings } from "./types" */
/** @import { Child } from "../shared/types" */

/**
 * @import { Lesson } from "./lesson.js"
 * @import { Plane } from "./plane.js"
 */

const STAGES = [t("Predict"), t("Watch"), t("Check"), t("Try")];

/**
 * Text with *words* set off by stars as emphasised elements.
 * @type {(text: string) => Child[]}
 */
export const rich = (text) => text.split("*").map((part, i) => (i % 2 ? el("em", {}, part) : part));

export class Course {
  /** @type {Chapter} */
  chapter = null;

  /**
   * @param {Lesson} lesson
   * @param {Plane} plane
   * @param {{ leave(): void, open(id: string): void }} on what the page does with the cards
   */
  constructor(lesson, plane, on) {
    this.lesson = lesson;
    this.plane = plane;
    this.on = on;
    this.node = el("section", { class: "panel course", hidden: true, "aria-label": t("Chapter") });
    this.stop = lesson.listen(() => this.goal());
  }

  /** @type {(id: string, instead?: Partial<LessonSettings>) => void} */
  open(id, instead = {}) {
    this.chapter = CHAPTERS.find((each) => each.id === id);
    const { chapter, lesson, plane } = this,
      number = CHAPTERS.indexOf(chapter) + 1;
    plane.pause();
    this.begun = prepared(lesson, chapter, lesson.settings.seed, instead);
    /** @type {{ prediction?: string, check?: string }} */
    this.answers = {};
    this.healed = false;
    plane.choose(chapter.only);
    plane.gate(t("Answer first, or Skip."));
    plane.hold(true);
    this.title = el("h2", { tabindex: -1 }, `${number}. ${chapter.title}`);
    this.bar = el(
      "ol",
      { class: "steps" },
      ...STAGES.map((name, i) => el("li", {}, `${i + 1} ${name}`)),
    );
    this.body = el("div", { class: "stack" });
    this.live = el("p", { class: "hush", "aria-live": "polite" });
    this.node.replaceChildren(this.head(number), this.bar, this.words(), this.body, this.live);
    this.node.hidden = false;
    this.stage(0);
    this.predict();
    this.title.focus();
  }

  /** @type {(number: number) => HTMLElement} */
  head(number) {
    /** @type {(at: number, label: string, name: string) => HTMLElement | null} */
    const beside = (at, label, name) =>
      CHAPTERS[at]
        ? button(
            label,
            () => this.on.open(CHAPTERS[at].id),
            { title: CHAPTERS[at].title },
            icon(name),
          )
        : null;
    return el(
      "div",
      { class: "head" },
      this.title,
      el(
        "span",
        { class: "right tools" },
        beside(number - 2, t("Before"), "undo"),
        beside(number, t("After"), "newest"),
        button(
          t("Print"),
          () => printed(this.chapter, number),
          { title: t("One page of this chapter to write on") },
          icon("download"),
        ),
        button(t("All chapters"), () => this.leave(), {}, icon("close")),
      ),
    );
  }

  words() {
    /** @type {HTMLElement[]} */
    const terms = this.chapter.terms.map((key) =>
      explain(el("button", { type: "button", class: "term" }, explained(key)[0]), key),
    );
    return el(
      "p",
      { class: "cap" },
      t("Words: "),
      ...terms.flatMap((term, i) => (i ? [" · ", term] : [term])),
    );
  }

  /** @type {(at: number) => void} */
  stage(at) {
    this.at = at;
    [...this.bar.children].forEach((node, i) => {
      node.classList.toggle("on", i <= at);
      node.setAttribute("aria-current", i === at ? "step" : "false");
    });
    this.node.dataset.stage = STAGES[at].toLowerCase();
  }

  predict() {
    const { asks } = this.chapter,
      go = button(
        t("Let me see"),
        () => this.watch(),
        { class: "btn primary", disabled: "" },
        icon("play"),
      );
    this.asked = question(asks, "prediction", (value) => {
      this.answers.prediction = value;
      go.removeAttribute("disabled");
    });
    this.body.replaceChildren(
      el("p", { class: "ask" }, el("b", {}, t("Before you press Play: ")), asks.text),
      this.asked.node,
      el(
        "div",
        { class: "tools" },
        go,
        button(t("Skip"), () => this.watch()),
      ),
    );
  }

  watch() {
    const { chapter, lesson, plane } = this;
    this.stage(1);
    this.asked.close();
    const say = el(
      "p",
      { class: "cap" },
      t("{steps} steps are trained now, in this page. Look at the plane.", {
        steps: chapter.steps,
      }),
    );
    this.body.lastChild.replaceWith(say);
    this.live.textContent = say.textContent;
    plane.gate(null);
    plane.until(lesson.step + chapter.steps, () => this.seen(say));
    plane.play.focus();
  }

  /**
   * Prediction and outcome side by side, then a question to the same numbers.
   * @type {(say: HTMLElement) => void}
   */
  seen(say) {
    const { chapter, lesson, begun, answers } = this,
      found = chapter.outcome(lesson, begun.start, begun.before);
    this.stage(2);
    this.asked.judge(answers.prediction, found.value, t("your prediction"), t("what happened"));
    say.textContent = found.text;
    say.className = "told";
    this.right = Number(answers.prediction === found.value);
    this.live.textContent = `${answers.prediction === undefined ? "" : this.right ? t("As you predicted. ") : t("Not as you predicted. ")}${found.text}`;
    this.check();
  }

  check() {
    const { chapter, lesson, begun } = this,
      { check } = chapter;
    const truth = check.answer(lesson, begun.start),
      because = check.because(lesson, begun.start);
    const go = button(
        t("Check my answer"),
        () => done(),
        { class: "btn primary", disabled: "" },
        icon("check"),
      ),
      told = el("p", { class: "told" });
    const asked = question(check, "check", (value) => {
      this.answers.check = value;
      go.removeAttribute("disabled");
    });
    const done = () => {
      asked.close();
      asked.judge(this.answers.check, truth, t("your answer"), t("right"));
      told.textContent = because;
      go.remove();
      this.right += Number(this.answers.check === truth);
      this.live.textContent = `${this.answers.check === truth ? t("Right.") : t("Not right.")} ${because}`;
      remember(window.localStorage, chapter.id, [this.right, 2]);
      this.try();
    };
    this.body.append(
      el("h3", {}, t("Check")),
      el("p", { class: "ask" }, check.text),
      asked.node,
      el("div", { class: "tools" }, go),
      told,
    );
  }

  try() {
    const { heal, real } = this.chapter;
    this.stage(3);
    this.reached = el(
      "p",
      { class: "goal", role: "status" },
      t("Goal: {goal}.", { goal: heal.goal }),
    );
    this.plane.hold(false);
    this.plane.choose(null);
    const sets = heal.set
      ? el(
          "div",
          { class: "tools" },
          button(
            t("Set it so"),
            () => set(this.lesson, heal),
            { title: t("Sets what the sentence above says; Play is yours") },
            icon("sliders"),
          ),
        )
      : "";
    this.body.append(
      el("h3", {}, t("Try")),
      el("p", { class: "ask" }, ...rich(heal.text)),
      sets,
      this.reached,
      el("p", { class: "cap" }, t("In real training: "), ...rich(real)),
    );
    this.reached.scrollIntoView({ block: "nearest" });
  }

  /** Whether the goal is reached by now; looked at a few times a second. */
  goal() {
    if (this.at !== 3 || this.healed || !this.chapter || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = 0;
      if (!this.chapter || this.at !== 3 || !this.chapter.heal.done(this.lesson)) return;
      this.healed = true;
      this.node.dataset.healed = "true";
      this.reached.replaceChildren(
        icon("check"),
        t(" Reached at step {step}: {goal}.", {
          step: this.lesson.step,
          goal: this.chapter.heal.goal,
        }),
      );
    }, 300);
  }

  leave() {
    this.chapter = null;
    if (this.lesson.settings.sides) this.lesson.restart({ ...this.lesson.settings, sides: null });
    this.node.hidden = true;
    delete this.node.dataset.healed;
    this.plane.until(null);
    this.plane.gate(null);
    this.plane.hold(false);
    this.on.leave();
  }

  dispose() {
    clearTimeout(this.timer);
    this.stop();
  }
}
