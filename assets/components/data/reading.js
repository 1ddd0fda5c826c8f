// While it is read, and where it cannot be used.
import { button, el, icon, put } from "../shared/base.js";
import { pictureOf, progress } from "./waiting.js";
import { sentences } from "./words.js";
import { t } from "../shared/words.js";
/** @import { Child } from "../shared/types" */
/** @import { Desk, Shown, Waiting } from "./types" */

const MOST = 8; // of the first pictures

/**
 * The first line of the page: the way back, what it is, what may be done.
 * @type {(desk: Desk, title: string, mark: Child, ...actions: Child[]) => HTMLElement}
 */
export function head(desk, title, mark, ...actions) {
  const back = button(
    "",
    () => desk.leave(),
    { class: "btn square", "aria-label": t("All data sets"), title: t("All data sets") },
    icon("back"),
  );
  return el(
    "div",
    { class: "row title" },
    back,
    el("h1", {}, title),
    mark,
    el("span", { class: "right row tight" }, ...actions),
  );
}

/**
 * How long something takes that is told now and again: seconds left, or nothing before it is known.
 * @type {() => (state: { done: number, total: number }, now?: number) => number | null}
 */
export function pace() {
  /** @type {{ done: number, now: number }} */
  let first = null;
  return ({ done, total }, now = performance.now()) => {
    if (!first || done < first.done) first = { done, now };
    const seconds = (now - first.now) / 1000;
    return seconds > 1.5 && done > first.done
      ? ((total - done) * seconds) / (done - first.done)
      : null;
  };
}

/** "Not kept yet", with its clock. */
export const notKept = () => el("span", { class: "state" }, icon("clock"), t("Not kept yet"));

/** @type {(first: Waiting, desk: Desk) => Shown} */
export function reading(first, desk) {
  const words = el("p", { role: "status" });
  const fill = el("b");
  const bar = el(
    "div",
    { class: "meter", role: "progressbar", "aria-label": t("Reading"), "aria-valuemin": 0 },
    fill,
  );
  const pictures = el("div", { class: "firsts" });
  const nodes = [
    head(
      desk,
      first.title,
      notKept(),
      button(t("Cancel"), () => desk.discard(), {}, icon("close")),
    ),
    el(
      "section",
      { class: "panel", "aria-label": t("Reading") },
      el("h2", {}, t("Reading")),
      words,
      bar,
      pictures,
      el(
        "p",
        { class: "cap" },
        t(
          "The first pictures appear at once; the figures follow. Leave the page if you like: reading goes on.",
        ),
      ),
    ),
  ];
  const left = pace();
  return {
    nodes,
    state(now) {
      put(words, progress({ ...now, left: left(now) }));
      bar.setAttribute("aria-valuemax", now.total || 1);
      bar.setAttribute("aria-valuenow", now.done || 0);
      fill.style.width = `${now.total ? (100 * now.done) / now.total : 0}%`;
      const ready = now.firsts ?? [];
      for (const index of ready.slice(pictures.children.length, MOST))
        pictures.append(el("img", { src: pictureOf(desk.id, index, 160), alt: "" }));
    },
  };
}

/**
 * What is wrong, and the way out; nothing of it is kept.
 * @type {(state: any, desk: Desk) => Shown}
 */
export function unusable(state, desk) {
  const [bold, rest] = sentences(
    state.error || t("Reading was stopped. Discard it, or drop it again."),
  );
  const nodes = [
    head(
      desk,
      state.title,
      null,
      state.gone ? null : button(t("Discard"), () => desk.discard(), {}, icon("close")),
    ),
    el(
      "section",
      { class: "panel", "aria-label": t("Cannot be used") },
      el(
        "p",
        { class: "bad" },
        icon("warning"),
        el("span", {}, el("b", {}, bold), " ", el("span", { class: "muted" }, rest)),
      ),
    ),
  ];
  return { nodes };
}
