// One chapter beside the plane: predict, watch, check, try. What is right is read off the run that was just trained.
import { button, el, icon, put, whole } from "../shared/base.js";
import { explain, explained } from "../shared/glossary.js";
import { ORDER, numberOf, onwards } from "./apart.js";
import { CHAPTERS, prepared, remember, set } from "./chapters.js";
import { question, stages } from "./question.js";
import { printed } from "./sheet.js";
import { t } from "../shared/words.js";
/** @import { Chapter, LessonSettings } from "./types" */
/** @import { Child } from "../shared/types" */

/**
 * @import { Lesson } from "./lesson.js"
 * @import { Plane } from "./plane.js"
 */

const HEADER = 70; // pixels at the top of the window that the app's header covers

/**
 * Text with *words* set off by stars as emphasised elements.
 * @type {(text: string) => Child[]}
 */
export const rich = (text) => text.split("*").map((part, i) => (i % 2 ? el("em", {}, part) : part));

/**
 * Brings `last` into the window where it is not, but never `first`, which is above it, out of it.
 * @type {(last: Element, first: Element) => void}
 */
export function into(last, first) {
  last.scrollIntoView({ block: "nearest" });
  if (first.getBoundingClientRect().top < HEADER) first.scrollIntoView();
}

export class Course {
  /** @type {Chapter} */
  chapter = null;

  /**
   * @param {Lesson} lesson
   * @param {Plane} plane
   * @param {{ leave(id: string): void, open(id: string): void }} on what the page does with the cards
   * @param {HTMLElement} graphs the curves, for chapters that speak of them
   */
  constructor(lesson, plane, on, graphs) {
    this.lesson = lesson;
    this.plane = plane;
    this.on = on;
    this.graphs = graphs;
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
    this.bar = stages();
    this.body = el("div", { class: "stack" });
    this.live = el("p", { class: "hush", "aria-live": "polite" });
    this.node.replaceChildren(this.head(number), this.bar.node, this.words(), this.body, this.live);
    this.node.hidden = false;
    this.stage(0);
    this.predict();
    this.title.focus();
  }

  /** @type {(number: number) => HTMLElement} */
  head(number) {
    /** @type {(at: number, name: string) => HTMLElement | null} */
    const beside = (at, name) =>
      ORDER[at]
        ? button(
            t("Chapter {n}", { n: at + 1 }),
            () => this.on.open(ORDER[at].id),
            { title: ORDER[at].title },
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
        beside(number - 2, "back"),
        beside(number, "newest"),
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
    this.bar.stage(at, this.node);
  }

  predict() {
    const { asks, so } = this.chapter,
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
      el("p", { class: "so" }, ...rich(so)),
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
      t("{steps} steps are trained now, in this page. Watch the plane.", { steps: chapter.steps }),
    );
    this.body.lastChild.replaceWith(...(chapter.graphs ? [this.graphs] : []), say);
    this.live.textContent = say.textContent;
    plane.gate(null);
    plane.until(lesson.step + chapter.steps, () => this.seen(say));
    plane.show();
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
    const tools = el("div", { class: "tools" }, go);
    this.body.append(
      el("h3", {}, t("Check")),
      el("p", { class: "ask" }, check.text),
      asked.node,
      tools,
      told,
    );
    into(tools, this.asked.node);
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
    this.next = el("div", { class: "tools" });
    this.body.append(
      el("h3", {}, t("Try")),
      el("p", { class: "ask" }, ...rich(heal.text)),
      heal.set ? this.sets(heal) : "",
      this.reached,
      el("p", { class: "cap" }, t("In real training: "), ...rich(real)),
      this.next,
    );
    into(this.next, this.body.lastElementChild);
    /** @type {HTMLElement} */ (this.body.querySelector("[data-sets]") ?? this.plane.play).focus({
      preventScroll: true,
    });
  }

  /**
   * Does what the sentence says, and then says that only Play is missing.
   * @type {(heal: Chapter["heal"]) => HTMLElement}
   */
  sets(heal) {
    const done = el("span", { class: "cap", role: "status" }),
      node = button(
        t("Set it so"),
        () => {
          set(this.lesson, heal);
          put(done, t("Set, as Settings show. Now press Play."));
          this.plane.play.focus({ preventScroll: true });
        },
        { title: t("Sets what the sentence above says; Play is yours"), "data-sets": "" },
        icon("sliders"),
      );
    return el("div", { class: "tools" }, node, done);
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
          step: whole(this.lesson.step),
          goal: this.chapter.heal.goal,
        }),
      );
      this.ended();
    }, 300);
  }

  /** The way on: the next chapter, or all of them after the last. */
  ended() {
    const next = ORDER[numberOf(this.chapter.id)];
    const way = button(
      onwards(this.chapter.id),
      () => (next ? this.on.open(next.id) : this.leave()),
      { class: "btn primary" },
      icon("newest"),
    );
    this.next.replaceChildren(way);
    into(way, this.reached);
  }

  leave() {
    const { id } = this.chapter;
    this.chapter = null;
    if (this.lesson.settings.sides) this.lesson.restart({ ...this.lesson.settings, sides: null });
    this.node.hidden = true;
    delete this.node.dataset.healed;
    this.plane.until(null);
    this.plane.gate(null);
    this.plane.hold(false);
    this.on.leave(id);
  }

  dispose() {
    clearTimeout(this.timer);
    this.stop();
  }
}
