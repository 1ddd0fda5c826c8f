// The chapters as cards below the plane, with what this browser has done; and one for a class.
import { button, el, icon } from "../shared/base.js";
import { CHAPTERS, kept } from "./chapters.js";
import { t } from "../shared/words.js";
/** @import { Chapter } from "./types" */

export class Cards {
  /**
   * @param {(id: string) => void} open
   * @param {HTMLElement[]} more cards that are no chapters of the plane
   */
  constructor(open, more) {
    this.count = el("span", { class: "cap" });
    this.places = new Map(
      CHAPTERS.map((chapter, i) => [chapter.id, this.card(chapter, i + 1, open)]),
    );
    this.node = el(
      "section",
      { class: "chapters", "aria-label": t("Chapters") },
      el("div", { class: "head" }, el("h2", {}, t("Chapters")), this.count),
      el("div", { class: "cards" }, ...[...this.places.values()].map(({ node }) => node), ...more),
    );
    this.show(null);
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
            ? t(" done, {right} of {all} right", { right: known[0], all: known[1] })
            : t(" 3 min, trains about {seconds} s", { seconds }),
      );
    }
    this.count.textContent = t(
      "each: predict, watch, check, try. {n} of {size} done, kept in this browser",
      { n: Object.keys(done).filter((id) => this.places.has(id)).length, size: this.places.size },
    );
  }
}

/**
 * A card of what does not happen on the plane.
 * @type {(id: string, title: string, text: string, time: string, open: () => void) => HTMLButtonElement}
 */
export const otherCard = (id, title, text, time, open) =>
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
