// A word's explanation beside the word: by pointer, by keyboard or by touch.
import { el } from "./base.js";
import list from "./terms.js";
import { t } from "./words.js";
/** @import { Explained } from "./types" */

/** @type {Record<string, string[]>} */
const terms = list;
const LATER = 350; // ms under the pointer

/**
 * [name, sentence] of a word; throws where there is none, so that a wrong key is seen at once.
 * @type {(key: string) => string[]}
 */
export function explained(key) {
  if (!(key in terms)) throw new Error(`There is no word \`${key}\` in terms.js.`);
  return terms[key].map((text) => t(text));
}

/**
 * Give an element of any kind its explanation, shown on focus and after a moment under the pointer.
 * @type {<E extends HTMLElement>(node: E, key: string) => Explained<E>}
 */
export function explain(node, key) {
  const [name, sentence] = explained(key);
  const tip = el(
    "span",
    { class: "tip", "aria-hidden": "true", popover: "manual" },
    el("b", {}, name),
    " ",
    sentence,
  );
  /** @type {ReturnType<typeof setTimeout>} */
  let timer = null;
  const show = () => {
    if (!node.isConnected) return;
    if (!tip.isConnected) (node.closest(".gs") ?? node.parentElement).append(tip);
    tip.showPopover?.();
    place(tip, node);
  };
  const hide = () => {
    clearTimeout(timer);
    if (tip.isConnected) {
      tip.hidePopover?.();
      tip.remove();
    }
  };
  /** @type {(ms: number) => void} */
  const soon = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(show, ms);
  };
  node.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "touch") soon(LATER);
  });
  node.addEventListener("pointerleave", (event) => {
    if (event.relatedTarget !== tip) hide();
  });
  tip.addEventListener("pointerleave", hide);
  node.addEventListener("focus", () => {
    if (node.matches(":focus-visible")) show();
  });
  node.addEventListener("blur", hide);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && tip.isConnected) {
      event.stopPropagation();
      hide();
    }
  });
  node.setAttribute("aria-description", sentence);
  return Object.assign(node, { explanation: { show, hide } });
}

/**
 * A word that explains itself: dotted, and a press shows what it means.
 * @type {(key: string, label?: string | null) => HTMLButtonElement}
 */
export function term(key, label = null) {
  const node = explain(
    el("button", { type: "button", class: "term" }, label ?? explained(key)[0]),
    key,
  );
  node.addEventListener("click", (event) => {
    event.preventDefault();
    node.explanation.show();
  });
  return node;
}

/**
 * A title that explains itself where it has a word of terms.js; else the plain text.
 * @type {(text: string, key: string) => HTMLButtonElement | string}
 */
export const titled = (text, key) => (key in terms ? term(key, text) : text);

/**
 * Below the word where there is room, else above; always inside the window.
 * @type {(tip: HTMLElement, node: Element) => void}
 */
function place(tip, node) {
  const [word, box] = [node.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(word.left, window.innerWidth - box.width - 8);
  const below = word.bottom + box.height + 12 < window.innerHeight;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${below ? word.bottom + 4 : word.top - box.height - 4}px`;
}
