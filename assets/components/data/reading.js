// While it is read, and where it cannot be used.
import { button, el, icon, put } from "../shared/base.js";
import { pictureOf, progress } from "./waiting.js";

const MOST = 8; // of the first pictures

export function head(title, mark, ...actions) {
  return el("div", { class: "row title" }, el("h1", {}, title), mark, el("span", { class: "right row tight" }, ...actions));
}

/** "Not kept yet", with its clock. */
export const notKept = () => el("span", { class: "state" }, icon("clock"), "Not kept yet");

export function reading(first, desk) {
  const words = el("p", { role: "status" });
  const fill = el("b");
  const bar = el("div", { class: "meter", role: "progressbar", "aria-label": "Reading", "aria-valuemin": 0 }, fill);
  const pictures = el("div", { class: "firsts" });
  const nodes = [
    head(first.title, notKept(), button("Cancel", () => desk.discard(), {}, icon("close"))),
    el("section", { class: "panel", "aria-label": "Reading" }, el("h2", {}, "Reading"), words, bar, pictures,
      el("p", { class: "cap" }, "The first pictures appear at once; the figures follow. Leave the page if you like: reading goes on.")),
  ];
  return {
    nodes,
    state(now) {
      put(words, progress(now));
      bar.setAttribute("aria-valuemax", now.total || 1);
      bar.setAttribute("aria-valuenow", now.done || 0);
      fill.style.width = `${now.total ? (100 * now.done) / now.total : 0}%`;
      const ready = now.firsts ?? [];
      for (const index of ready.slice(pictures.children.length, MOST)) pictures.append(el("img", { src: pictureOf(desk.id, index, 160), alt: "" }));
    },
  };
}

/** What is wrong, and the way out; nothing of it is kept. */
export function unusable(state, desk) {
  const back = button("Back to the list", () => desk.leave(), { class: "btn middle" }, icon("undo"));
  const [bold, ...rest] = state.error.split(/(?<=\.) /);
  const nodes = [
    head(state.title, null, state.gone ? null : button("Discard", () => desk.discard(), {}, icon("close"))),
    el("section", { class: "panel", "aria-label": "Cannot be used" },
      el("p", { class: "bad" }, icon("warning"), el("span", {}, el("b", {}, bold), " ", el("span", { class: "muted" }, rest.join(" ")))), el("span", {}, back)),
  ];
  return { nodes };
}
