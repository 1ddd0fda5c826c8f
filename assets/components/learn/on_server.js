// A chapter whose run is trained on the server: predict, watch, check, try, as beside the plane.
import { activeIn, button, el, icon, put } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { term } from "../shared/glossary.js";
import { urlOf } from "../shared/place.js";
import { Apart } from "./apart.js";
import { remember } from "./chapters.js";
import { into } from "./course.js";
import { hold, isHeld, question, stages, told } from "./question.js";
import { printed } from "./sheet.js";
import { t } from "../shared/words.js";
/** @import { OnPage, Served, ServedChapter, Standing } from "./types" */
/** @import { Child } from "../shared/types" */

const EVERY = 1200; // ms between two looks at the run
const BROKEN = ["failed", "stopped", "interrupted"];
const LINK = t("open this run in Explore");

export class OnServer extends Apart {
  /** @type {Served} */
  known = {}; // what the page says of this chapter's run
  /** @type {string} */
  run = null; // that is looked at
  right = 0; // answers
  /** @type {HTMLButtonElement} */
  waits = null; // the button of Try that asks for another run

  /**
   * @param {ServedChapter} chapter
   * @param {OnPage} on what the page does, and where this chapter stands
   */
  constructor(chapter, { start, leave, next, number, after }) {
    super();
    this.chapter = chapter;
    this.start = start;
    this.onward = button(after, next, { class: "btn primary" }, icon("newest"));
    this.state = el("p", { class: "cap", role: "status" });
    this.go = button(
      t("Train and see"),
      () => this.begin(),
      { class: "btn primary" },
      icon("play"),
    );
    hold(this.go, true);
    this.asked = question(chapter.asks, chapter.id, (value) => {
      this.prediction = value;
      hold(this.go, false);
    });
    this.bar = stages();
    this.shown = el("div", { class: "stack shown" });
    this.body = el("div", { class: "stack body" });
    this.live = el("p", { class: "hush", "aria-live": "polite" });
    const print = button(
      t("Print"),
      () => printed(chapter, number),
      { title: t("One page of this chapter to write on") },
      icon("download"),
    );
    this.frame(
      { title: `${number}. ${chapter.title}`, about: chapter.about, tools: [print], leave },
      this.bar.node,
      el(
        "div",
        { class: "stack lead" },
        el("p", { class: "cap" }, t("Words: "), ...listed(chapter.terms)),
        el("p", { class: "ask" }, `${chapter.so} `, el("b", {}, chapter.asks.text)),
        this.asked.node,
        el("div", { class: "tools" }, this.go, el("span", { class: "cap" }, chapter.cost)),
        this.state,
      ),
      this.shown,
      this.body,
      this.live,
    );
    this.node.classList.add("served");
    this.bar.stage(0, this.node);
  }

  /** Trains, or looks at the run that this session trained for the chapter before. */
  begin() {
    if (isHeld(this.go)) return;
    hold(this.go, true);
    this.asked.close();
    this.bar.stage(1, this.node);
    this.begun = true;
    this.begins();
    if (this.known.run && !this.known.more && !this.broken) this.look();
    else this.start(0);
  }

  /** In words, until the server has said more. */
  begins() {
    put(this.state, t("The run is being started."));
  }

  /** @type {(known?: Served) => void} */
  follow(known = {}) {
    this.known = known;
    if (!this.begun) return;
    if (known.problem) this.stays(known.problem);
    else if (known.run && known.run !== this.run) this.look();
  }

  /**
   * Nothing comes of it now; it can be tried again.
   * @type {(why: string) => void}
   */
  stays(why) {
    put(this.state, why);
    this.broken = true;
    hold(this.waits ?? this.go, false);
  }

  /** @type {() => Promise<void>} */
  async look() {
    clearTimeout(this.timer);
    this.run = this.known.run;
    try {
      const status = await this.standing();
      if (this.gone) return;
      if (!status) return this.stays(t("The run of this chapter was deleted. Train it again."));
      put(this.state, told(status));
      await this.during();
      if (status.state === "finished") return void (await this.over());
      if (BROKEN.includes(status.state)) return this.stays(told(status));
    } catch (error) {
      put(this.state, error.message);
    }
    this.timer = setTimeout(() => this.look(), EVERY);
  }

  /**
   * Where the run stands; null where it is gone.
   * @type {() => Promise<Standing | null>}
   */
  async standing() {
    try {
      return await get(urlOf(`api/runs/${this.run}/status`));
    } catch (error) {
      if (error.status === 404) return null;
      throw error;
    }
  }

  /** What is shown while it trains. */
  async during() {}

  /** The run has ended: what happened, and then `check`. */
  async over() {}

  /**
   * The prediction beside what happened.
   * @type {(truth: string, text: string) => void}
   */
  happened(truth, text) {
    this.asked.judge(this.prediction, truth, t("your prediction"), t("what happened"));
    this.right = Number(this.prediction === truth);
    this.body.append(el("p", { class: "told" }, text));
    this.live.textContent = `${this.right ? t("As you predicted. ") : t("Not as you predicted. ")}${text}`;
    this.node.dataset.seen = truth;
  }

  /**
   * The question to the same numbers; `answer()` asks them, and says what is right and why.
   * @type {(answer: () => Promise<{ value: string, text: string }>) => void}
   */
  check(answer) {
    const { check, id } = this.chapter,
      told = el("p", { class: "told" });
    this.bar.stage(2, this.node);
    const go = button(t("Check my answer"), () => done(), { class: "btn primary" }, icon("check"));
    hold(go, true);
    /** @type {string} */
    let given = null;
    const asked = question(check, `${id}-check`, (value) => {
      given = value;
      hold(go, false);
    });
    const done = async () => {
      if (isHeld(go)) return;
      hold(go, true);
      asked.close();
      try {
        const { value, text } = await answer();
        asked.judge(given, value, t("your answer"), t("right"));
        told.textContent = text;
        this.live.textContent = `${given === value ? t("Right.") : t("Not right.")} ${text}`;
        this.node.dataset.answer = value;
        remember(window.localStorage, id, [this.right + Number(given === value), 2]);
        this.try(go);
      } catch (error) {
        put(this.state, error.message);
        hold(go, false);
      }
    };
    const tools = el("div", { class: "tools" }, go);
    this.body.append(
      el("h3", {}, t("Check")),
      el("p", { class: "ask" }, check.text),
      asked.node,
      tools,
      told,
    );
    if (!this.node.hidden) into(tools, this.asked.node);
  }

  /**
   * What can be tried; the keyboard goes on at `first`, where it was at the button that has done its work.
   * @type {(done: HTMLElement, first?: HTMLElement, ...parts: Child[]) => void}
   */
  tries(done, first, ...parts) {
    const { heal, real } = this.chapter,
      here = activeIn(done) === done;
    this.bar.stage(3, this.node);
    this.goal = el("p", { class: "goal", role: "status" }, t("Goal: {goal}.", { goal: heal.goal }));
    this.way = el("div", { class: "tools" });
    this.link = el("a", {}, LINK);
    this.leads();
    this.body.append(
      el("h3", {}, t("Try")),
      el("p", { class: "ask" }, heal.text),
      ...parts,
      this.goal,
      el("p", { class: "cap" }, t("In real training: "), real, " ", this.link, "."),
      this.way,
    );
    done.remove();
    this.way.scrollIntoView({ block: "nearest" });
    if (here) first.focus({ preventScroll: true });
  }

  /** The way to Explore, of the run that was looked at last. */
  leads() {
    this.link.href = urlOf(`explore?${new URLSearchParams({ run: this.run })}`);
  }

  /**
   * The goal is reached: in words, and the way on.
   * @type {(text: string) => void}
   */
  reached(text) {
    this.goal.replaceChildren(icon("check"), ` ${text}`);
    this.node.dataset.healed = "true";
    if (this.onward.isConnected) return;
    this.way.append(this.onward);
    this.onward.scrollIntoView({ block: "nearest" });
  }

  /**
   * What can be tried, where the keyboard was at the button that has done its work.
   * @type {(done: HTMLElement) => void}
   */
  try(done) {
    this.tries(done);
  }

  dispose() {
    this.gone = true;
    clearTimeout(this.timer);
  }
}

/**
 * Words that explain themselves.
 * @type {(keys: string[]) => Child[]}
 */
const listed = (keys) => keys.flatMap((key, i) => (i ? [" · ", term(key)] : [term(key)]));
