// The chapters as cards below the plane, with what this browser has done; and one for a class.
import { button, el, icon } from "../shared/base.js";
import { ORDER, OTHERS } from "./apart.js";
import { CHAPTERS, kept } from "./chapters.js";
import { t } from "../shared/words.js";
/** @import { Chapter } from "./types" */

const GAME = "beat"; // is never done
const DONE = ORDER.filter(({ id }) => id !== GAME);

export class Cards {
  /**
   * @param {(id: string) => void} open
   * @param {HTMLElement} last the card that is no chapter
   */
  constructor(open, last) {
    this.open = open;
    this.more = OTHERS.map(({ id, title, question, time }, i) =>
      otherCard(id, `${CHAPTERS.length + 1 + i}. ${title}`, question, time, () => open(id)),
    );
    this.count = el("span", { class: "cap" });
    this.places = new Map(
      CHAPTERS.map((chapter, i) => [chapter.id, this.card(chapter, i + 1, open)]),
    );
    this.node = el(
      "section",
      { class: "chapters", "aria-label": t("Chapters") },
      el("div", { class: "head" }, el("h2", {}, t("Chapters")), this.count),
      el(
        "div",
        { class: "cards" },
        ...[...this.places.values()].map(({ node }) => node),
        ...this.more,
        last,
      ),
    );
    this.begin = el("span", { class: "tools begin" });
    this.show(null);
  }

  /**
   * All chapters, from the one that was just left.
   * @type {(id: string) => void}
   */
  focus(id) {
    /** @type {HTMLElement} */ (this.node.querySelector(`[data-chapter="${id}"]`))?.focus();
  }

  /**
   * One press to the first chapter that is not done, for who does not know where to begin; nothing where all are.
   * @type {(at: number, count: number) => void}
   */
  invite(at, count) {
    const chapter = DONE[at],
      words = { n: at + 1, title: chapter?.title };
    this.begin.hidden = !chapter;
    if (chapter)
      this.begin.replaceChildren(
        button(
          count ? t("Go on: {n}. {title}", words) : t("Begin here: {n}. {title}", words),
          () => this.open(chapter.id),
          { class: "btn primary" },
          icon("newest"),
        ),
        el("span", { class: "cap" }, count ? "" : t("three minutes; nothing to know before")),
      );
  }

  /** @type {(chapter: Chapter, number: number, open: (id: string) => void) => { node: HTMLElement, state: HTMLElement, seconds: number }} */
  card({ id, title, question, steps }, number, open) {
    const state = el("span", { class: "cap" }),
      node = el(
        "button",
        { type: "button", class: "card", "data-chapter": id, onclick: () => open(id) },
        el("b", {}, `${number}. ${title}`),
        el("span", {}, question),
        state,
      );
    return { node, state, seconds: Math.ceil(steps / 60) };
  }

  /**
   * Marks the chapter that is open and those that are done.
   * @type {(current: string | null) => void}
   */
  show(current) {
    const done = kept(window.localStorage);
    for (const [id, { node, state, seconds }] of this.places) {
      const here = id === current,
        known = done[id];
      node.setAttribute("aria-current", String(here));
      state.replaceChildren(
        icon(here ? "play" : known ? "check" : "clock"),
        here
          ? t(" you are here")
          : known
            ? ended(known)
            : t(" 3 min, trains about {seconds} s", { seconds }),
      );
    }
    for (const { dataset, lastElementChild } of this.more)
      if (done[dataset.chapter])
        lastElementChild.replaceChildren(icon("check"), ended(done[dataset.chapter]));
    this.invite(
      current === null ? DONE.findIndex(({ id }) => !done[id]) : -1,
      Object.keys(done).length,
    );
    this.count.textContent = t(
      "each: predict, watch, check, try. {n} of {size} done, kept in this browser",
      { n: DONE.filter(({ id }) => done[id]).length, size: DONE.length },
    );
  }
}

/** @type {(known: number[]) => string} */
const ended = ([right, all]) => t(" done, {right} of {all} right", { right, all });

/**
 * A card of what does not happen on the plane.
 * @type {(id: string, title: string, text: string, time: string, open: () => void) => HTMLButtonElement}
 */
const otherCard = (id, title, text, time, open) =>
  el(
    "button",
    { type: "button", class: "card", "data-chapter": id, onclick: open },
    el("b", {}, title),
    el("span", {}, text),
    el("span", { class: "cap" }, icon("clock"), ` ${time}`),
  );

/**
 * The card that makes a teacher's link.
 * @type {(toggle: (event: MouseEvent) => void) => HTMLDivElement}
 */
export const classCard = (toggle) =>
  el(
    "div",
    { class: "card still" },
    el("b", {}, t("For a class")),
    el(
      "span",
      {},
      t(
        "A link that opens one chapter with the settings you choose and the controls you lock. No accounts; answers stay in the browser.",
      ),
    ),
    button(
      t("Make a teacher link"),
      toggle,
      { "aria-expanded": "false", class: "btn" },
      icon("link"),
    ),
  );
