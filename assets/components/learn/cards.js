// The chapters as cards below the plane, with what this browser has done; and one for a class.
import { button, el, icon } from "../shared/base.js";
import { CHAPTERS, kept } from "./chapters.js";

export class Cards {
  /** @param more cards that are no chapters of the plane: [node] */
  constructor(open, more) {
    this.count = el("span", { class: "cap" });
    this.places = new Map(CHAPTERS.map((chapter, i) => [chapter.id, this.card(chapter, i + 1, open)]));
    this.node = el("section", { class: "chapters", "aria-label": "Chapters" }, el("div", { class: "head" }, el("h2", {}, "Chapters"), this.count), el("div", { class: "cards" }, ...[...this.places.values()].map(({ node }) => node), ...more));
    this.show(null);
  }

  card({ id, title, question, steps }, number, open) {
    const state = el("span", { class: "cap" }), node = el("button", { type: "button", class: "card", "data-chapter": id, onclick: () => open(id) }, el("b", {}, `${number}. ${title}`), el("span", {}, question), state);
    return { node, state, seconds: Math.ceil(steps / 60) };
  }

  /** Marks the chapter that is open and those that are done. */
  show(current) {
    const done = kept(window.localStorage);
    for (const [id, { node, state, seconds }] of this.places) {
      const here = id === current, known = done[id];
      node.setAttribute("aria-current", String(here));
      state.replaceChildren(icon(here ? "play" : known ? "check" : "clock"), here ? " you are here" : known ? ` done, ${known[0]} of ${known[1]} right` : ` 3 min, trains about ${seconds} s`);
    }
    this.count.textContent = `each: predict, watch, check, try. ${Object.keys(done).filter((id) => this.places.has(id)).length} of ${this.places.size} done, kept in this browser`;
  }
}

/** A card of what does not happen on the plane. */
export const otherCard = (id, title, text, time, open) => el("button", { type: "button", class: "card", "data-chapter": id, onclick: open }, el("b", {}, title), el("span", {}, text), el("span", { class: "cap" }, icon("clock"), ` ${time}`));

/** The card that makes a teacher's link. */
export const classCard = (toggle) => el("div", { class: "card still" }, el("b", {}, "For a class"), el("span", {}, "A link that opens one chapter with the settings you choose and the controls you lock. No accounts; answers stay in the browser."), button("Make a teacher link", toggle, { "aria-expanded": "false", class: "btn" }, icon("link")));
