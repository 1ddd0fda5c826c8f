// A chapter that is not on the plane: a panel of its own, over everything else until it is left.
import { button, el, icon } from "../shared/base.js";
import { CHAPTERS } from "./chapters.js";
import { t } from "../shared/words.js";
/** @import { Child } from "../shared/types" */

export const OTHERS = [
  {
    id: "digits",
    title: t("From points to digits"),
    question: t("A z of two numbers: all that G can make on one map."),
    time: t("4 min, trains under a minute"),
  },
  {
    id: "sees",
    title: t("What a discriminator sees"),
    question: t("Which pixels does its score hang on?"),
    time: t("4 min, trains under a minute"),
  },
  {
    id: "beat",
    title: t("Beat the discriminator"),
    question: t("You, D and the judge look for the fakes. Who is best?"),
    time: t("a game, 2 min"),
  },
];

/** All chapters, in the order in which they are told: {id, title, question}. */
export const ORDER = [...CHAPTERS, ...OTHERS];

/** @type {(id: string) => number} */
export const numberOf = (id) => ORDER.findIndex((each) => each.id === id) + 1;

/**
 * "Go on: 10. What a discriminator sees", of the one after a chapter; all chapters after the last.
 * @type {(id: string) => string}
 */
export function onwards(id) {
  const n = numberOf(id) + 1,
    next = ORDER[n - 1];
  return next ? t("Go on: {n}. {title}", { n, title: next.title }) : t("All chapters");
}

export class Apart {
  /**
   * The panel, hidden; `about` in small beside the title, `tools` before the way back, `leave()` is that way.
   * @type {(of: { title: string, about: string, tools?: Child[], label?: string, leave: () => void }, ...parts: Child[]) => void}
   */
  frame({ title, about, tools = [], label = title, leave }, ...parts) {
    this.title = el("h2", { tabindex: -1 }, title);
    const back = button(t("All chapters"), () => this.close(leave), {}, icon("close"));
    const head = el(
      "div",
      { class: "head" },
      this.title,
      el("span", { class: "cap" }, about),
      el("span", { class: "right tools" }, ...tools, back),
    );
    this.node = el(
      "section",
      { class: "panel beat", hidden: true, "aria-label": label },
      head,
      ...parts,
    );
  }

  open() {
    this.node.hidden = false;
    this.title.focus({ preventScroll: true });
    this.node.scrollIntoView({ block: "nearest" });
  }

  /** @type {(leave: () => void) => void} */
  close(leave) {
    this.node.hidden = true;
    leave();
  }
}
