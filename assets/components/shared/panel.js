// What every part of Explore and Translate has in common: a place, the store of its run, a width.
import { el, rootOf, whole } from "./base.js";
import { t } from "./words.js";
/** @import { Component, Facts, Segments } from "./types" */

/**
 * A part of a page; subclasses build() once and answer what the store tells. `early` parts work without
 * a network. Each page's own Panel says with openStore(run) whose store that is.
 * @template {{ join(listener: any): () => void }} S
 */
export class Panel {
  /** @type {S} */
  store;

  /**
   * @param {Component} component
   * @param {string} className
   */
  constructor(component, className) {
    this.root = rootOf(component, className);
    this.root.classList.add("ex");
    this.data = component.data;
    this.build();
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
    this.enter();
  }

  /** Whether it works without a network. */
  get early() {
    return false;
  }

  /**
   * The store of a run.
   * @type {(run: string) => S}
   */
  openStore() {
    return null;
  }

  build() {}
  fit() {}
  /** Another run: what was of the one before goes. */
  forget() {}
  stop() {}

  enter() {
    this.root.inert = !this.early; // nothing to press until there is a network
    this.root.classList.remove("ready", "filled");
    this.store = this.openStore(this.data.run);
    this.leave = this.store.join(this);
  }

  /** There is a network now. */
  awake() {
    this.root.inert = false;
    this.root.classList.add("ready");
  }

  /** Its first picture is there: nothing has to keep its place any more. */
  filled() {
    this.root.classList.add("filled");
  }

  /** @type {(component: Component) => void} */
  update(component) {
    const changed = component.data.run !== this.data.run;
    this.data = component.data;
    if (!changed) return;
    this.leave();
    this.forget();
    this.enter();
  }

  dispose() {
    this.leave();
    this.observer.disconnect();
    this.stop();
  }
}

/**
 * A group of buttons of which one is pressed: [value, label] pairs.
 * @type {(label: string, choices: any[][], choose: (value: any) => unknown) => Segments}
 */
export function segments(label, choices, choose) {
  const buttons = choices.map(([value, text]) =>
    el(
      "button",
      { type: "button", class: "btn", "data-value": value, onclick: () => choose(value) },
      text,
    ),
  );
  const node = el("span", { class: "seg", role: "group", "aria-label": label }, ...buttons);
  /** @type {(value: unknown) => void} */
  const press = (value) => {
    for (const b of buttons)
      b.setAttribute("aria-pressed", String(b.dataset.value === String(value)));
  };
  return /** @type {Segments} */ (Object.assign(node, { press }));
}

/**
 * Options of a choice of checkpoints, the newest first; of a run it says that it is.
 * @type {(of: { steps: number[], newest: number, facts: Facts }) => HTMLElement[]}
 */
export const stepOptions = ({ steps, newest, facts }) =>
  [...steps]
    .reverse()
    .map((s) =>
      el(
        "option",
        { value: s },
        `${whole(s)}${s === newest && facts.what === "run" ? t(", newest") : ""}`,
      ),
    );
