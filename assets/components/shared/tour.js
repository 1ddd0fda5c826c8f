// What am I looking at? A few stops through a page, one at a time: asked for, left at any moment, never by itself.
import { activeIn, button, el, icon, mounted, rootOf } from "./base.js";
import { term } from "./glossary.js";
import { TOURS, WORDS } from "./tour_stops.js";
/** @import { Box, Component } from "./types" */

const SPACE = 8; // pixels between what is shown and the words about it

/**
 * The first element on the page that a stop names and that can be seen; null where there is none.
 * @type {(selectors: string[], page?: ParentNode) => HTMLElement | null}
 */
export function found(selectors, page = document) {
  for (const selector of selectors) {
    const node = [.../** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll(selector))].find(
      (each) => each.getClientRects().length,
    );
    if (node) return node;
  }
  return null;
}

/**
 * Where the words go, beside a box {left, top, right, bottom}: below it, above it, else at the lower end of the window, so that what begins it stays seen.
 * @type {(box: Box, size: number[], window: number[]) => number[]}
 */
export function beside(box, [width, height], [wide, high]) {
  const left = Math.max(SPACE, Math.min(box.left, wide - width - SPACE));
  if (box.bottom + SPACE + height <= high) return [left, box.bottom + SPACE];
  if (box.top - SPACE - height >= 0) return [left, box.top - SPACE - height];
  return [left, Math.max(SPACE, high - height - 2 * SPACE)];
}

class Tour {
  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "tour");
    this.begin = button(
      "",
      () => this.toggle(),
      { class: "btn round", "aria-expanded": "false", title: WORDS.open },
      icon("info"),
      el("span", {}, WORDS.open),
    );
    this.root.append(this.begin);
    this.follow = () => this.place();
    /** @type {(event: KeyboardEvent) => void} */
    this.keys = (event) => this.key(event);
  }

  /** @type {(component: Component) => void} */
  update({ data }) {
    if (this.which !== undefined && this.which !== data.tour) this.leave();
    this.which = data.tour;
  }

  toggle() {
    return this.stops ? this.leave() : this.start();
  }

  start() {
    this.stops = TOURS[this.which].filter(({ at }) => found(at));
    if (!this.stops.length) return this.leave();
    this.title = el("b", { id: "tour-title" });
    this.text = el("p", {});
    this.count = el("span", { class: "cap" });
    this.back = button(WORDS.back, () => this.go(this.at - 1));
    this.forth = button(WORDS.next, () => this.go(this.at + 1), { class: "btn primary" });
    this.ring = el("div", { class: "ring", popover: "manual", "aria-hidden": "true" });
    this.card = el(
      "section",
      { class: "card", popover: "manual", role: "dialog", "aria-labelledby": "tour-title" },
      this.title,
      this.text,
      el(
        "div",
        { class: "line" },
        this.count,
        el("span", { class: "right" }),
        this.back,
        this.forth,
        button(WORDS.leave, () => this.leave(), { title: WORDS.escape }),
      ),
    );
    this.root.append(this.ring, this.card);
    this.ring.showPopover();
    this.card.showPopover();
    this.begin.setAttribute("aria-expanded", "true");
    for (const kind of ["scroll", "resize"])
      window.addEventListener(kind, this.follow, { capture: true, passive: true });
    document.addEventListener("keydown", this.keys, true);
    return this.go(0);
  }

  /** @type {(at: number) => void} */
  go(at) {
    if (at < 0 || at >= this.stops.length) return this.leave();
    this.at = at;
    const { title, text, words = [] } = this.stops[at],
      last = at === this.stops.length - 1,
      node = this.here;
    this.title.textContent = title;
    this.text.replaceChildren(
      text,
      ...words.flatMap((key, i) => [i ? " · " : ` ${WORDS.words} `, term(key)]),
    );
    this.count.textContent = WORDS.count(at + 1, this.stops.length);
    this.back.disabled = at === 0;
    this.forth.textContent = last ? WORDS.end : WORDS.next;
    if (node && !inside(node.getBoundingClientRect()))
      node.scrollIntoView({ block: "start", behavior: "instant" });
    this.place();
    return this.forth.focus();
  }

  get here() {
    return found(this.stops[this.at].at);
  }

  place() {
    const box = this.here?.getBoundingClientRect();
    this.ring.hidden = !box;
    const { style } = this.card,
      own = this.card.getBoundingClientRect(),
      [left, top] = beside(
        box ?? { left: SPACE, right: 0, top: 0, bottom: 0 },
        [own.width, own.height],
        [window.innerWidth, window.innerHeight],
      );
    Object.assign(style, { left: `${left}px`, top: `${top}px` });
    if (box)
      Object.assign(this.ring.style, {
        left: `${box.left - 4}px`,
        top: `${box.top - 4}px`,
        width: `${box.width + 8}px`,
        height: `${box.height + 8}px`,
      });
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      this.leave();
    } else if (activeIn(this.root) && this.card.contains(activeIn(this.root))) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step && this.at + step >= 0) this.go(this.at + step);
    }
  }

  /** At once, and nothing stays of it; the keyboard is where it began. */
  leave() {
    const within = this.card?.contains(activeIn(this.root));
    for (const kind of ["scroll", "resize"])
      window.removeEventListener(kind, this.follow, { capture: true });
    document.removeEventListener("keydown", this.keys, true);
    [this.ring, this.card].forEach((node) => node?.remove());
    this.stops = null;
    this.ring = null;
    this.card = null;
    this.begin.setAttribute("aria-expanded", "false");
    if (within) this.begin.focus();
  }

  dispose() {
    this.leave();
  }
}

/**
 * Whether enough of a box can be seen to speak of it.
 * @type {(box: DOMRect) => boolean}
 */
const inside = (box) => box.top >= 56 && box.top < window.innerHeight - 120;

export default mounted((component) => {
  const tour = new Tour(component);
  tour.update(component);
  return { update: (given) => tour.update(given), dispose: () => tour.dispose() };
});
