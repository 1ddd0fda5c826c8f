// What was dropped and is not kept yet: it is read, asked about where it does not explain itself, and checked.
import { mounted, rootOf } from "../shared/base.js";
import { checkUp } from "./checkup.js";
import { mapping } from "./mapping.js";
import { Choice } from "./plan.js";
import { reading, unusable } from "./reading.js";
import { BUSY, command, waitingState } from "./waiting.js";
/** @import { Component } from "../shared/types" */
/** @import { AskedFor, Shown } from "./types" */

const [SOON, LATE] = [500, 4000]; // ms between two looks: while it is read or kept, and else

/** @type {Record<string, string>} */
const KINDS = {
  asking: "asking",
  ready: "ready",
  looking: "ready",
  keeping: "ready",
  failed: "failed",
  stopped: "failed",
}; // by the phase that it is in

/**
 * What makes it another question; its answer is what was pressed.
 * @type {(question: AskedFor) => object}
 */
const asked = ({ answer, ...question }) => question;

/**
 * The question whose answer has the focus; "" without.
 * @type {(root: HTMLElement) => string}
 */
function questionOf(root) {
  const { activeElement } = /** @type {Document | ShadowRoot} */ (root.getRootNode());
  const row = /** @type {HTMLElement} */ (activeElement?.closest("[data-question]"));
  return row && root.contains(row) ? row.dataset.question : "";
}

/**
 * Give the focus to the answer of a question, which was asked anew.
 * @type {(root: HTMLElement, name: string) => void}
 */
function focus(root, name) {
  const row = root.querySelector(`[data-question="${CSS.escape(name)}"]`);
  /** @type {HTMLElement} */ (
    row?.querySelector('[aria-checked="true"], [aria-pressed="true"], select, input')
  )?.focus();
}

class Desk {
  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "desk");
    this.root.classList.add("dp");
    this.component = component;
    this.start();
  }

  get id() {
    return this.component.data.id;
  }

  start() {
    /** @type {any} */
    this.state = null;
    /** @type {Shown} */
    this.view = null;
    /** @type {string} */
    this.shown = ""; // which view
    this.wish = null;
    /** @type {Choice} */
    this.choice = null; // of the last check-up
    this.root.replaceChildren();
    this.pull();
  }

  /** @type {(component: Component) => void} */
  update(component) {
    const before = this.id;
    this.component = component;
    if (this.id !== before) {
      this.view?.stop?.();
      this.start();
    } else this.view?.told?.(component.data);
  }

  dispose() {
    this.gone = true;
    clearTimeout(this.timer);
    this.view?.stop?.();
  }

  /** Its state, again and again; the check-up itself is told once. */
  async pull() {
    clearTimeout(this.timer);
    const id = this.id;
    try {
      const state = await waitingState(id);
      if (this.gone || id !== this.id) return;
      this.take(state);
    } catch (error) {
      if (!this.gone && error.status)
        this.take({ id, title: id, phase: "failed", error: error.message, gone: true });
    }
    if (!this.gone && !this.state?.gone)
      this.timer = setTimeout(
        () => this.pull(),
        document.hidden || !BUSY.includes(this.state?.phase) ? LATE : SOON,
      );
  }

  /** @type {(state: any) => void} */
  take(state) {
    this.state = state;
    this.root.dataset.phase = state.phase;
    if (state.phase === "kept") {
      this.left(state);
      return;
    }
    const kind = KINDS[state.phase] ?? "reading";
    const key =
      kind === "ready"
        ? `ready ${state.stamp}`
        : kind === "asking"
          ? `asking ${JSON.stringify(state.questions.map(asked))}`
          : kind;
    if (key === this.shown) {
      this.view.state?.(state);
      return;
    }
    this.view?.stop?.();
    this.shown = key;
    this.view = this.made(kind, state);
    const held = questionOf(this.root);
    this.root.replaceChildren(...this.view.nodes);
    if (held) focus(this.root, held);
    this.view.state?.(state);
    if (kind === "ready") this.component.setStateValue("ready", state.stamp); // what to expect is told by the page
  }

  /** @type {(kind: string, state: any) => Shown} */
  made(kind, state) {
    if (kind === "failed") return unusable(state, this);
    if (kind === "reading") return reading(state, this);
    if (kind === "asking") return mapping(state, this);
    this.choice = new Choice(state, (plan) => command(this.id, "outlook", plan), this.choice);
    return checkUp(this.choice, this);
  }

  /**
   * Kept: the page goes on to the set, or to a run that learns it.
   * @type {(state: any) => void}
   */
  left(state) {
    if (this.over) return;
    this.over = true;
    this.component.setTriggerValue("kept", { name: state.kept, train: Boolean(this.wish?.train) });
  }

  // ---- what is pressed ----

  /** @type {(what: string, body?: object) => Promise<any>} */
  async tell(what, body) {
    const answer = await command(this.id, what, body);
    await this.pull();
    return answer;
  }

  async discard() {
    await command(this.id, "discard").catch(() => {});
    this.component.setTriggerValue("leave", Date.now());
  }

  leave() {
    this.component.setTriggerValue("leave", Date.now());
  }

  /** @type {(plan: object, train: boolean) => Promise<any>} */
  keep(plan, train) {
    this.wish = { train };
    return this.tell("keep", plan);
  }
}

export default mounted((component) => new Desk(component));
