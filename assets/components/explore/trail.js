// Where the page has been: every settled view is an entry of the browser's history, so its Back and
// Forward, Undo and Redo, and Ctrl+Z all walk the same trail.
import { readView, viewAddress } from "../shared/link.js";
/** @import { Trailed, Visited } from "./types" */

const MOST = 20; // views kept in memory; older ones come back by their address

export class Trail {
  /** @param {Trailed} store */
  constructor(store) {
    this.store = store;
    /** @type {Map<number, Visited>} */
    this.views = new Map(); // place -> view
    this.at = this.placeOf(window.history.state) ?? 0;
    this.top = this.at;
    /** @type {(event: PopStateEvent) => void} */
    this.popped = (event) => this.visit(event);
    /** @type {(event: KeyboardEvent) => void} */
    this.pressed = (event) => this.key(event);
    // Before Streamlit's own listener, which would run the whole page again.
    window.addEventListener("popstate", this.popped, true);
    window.addEventListener("keydown", this.pressed);
  }

  end() {
    window.removeEventListener("popstate", this.popped, true);
    window.removeEventListener("keydown", this.pressed);
  }

  /** @type {(state: any) => number | null} */
  placeOf(state) {
    return state?.explore?.run === this.store.run ? state.explore.at : null;
  }

  get canUndo() {
    return this.at > 0;
  }
  get canRedo() {
    return this.at < this.top;
  }
  undo() {
    if (this.canUndo) window.history.back();
  }
  redo() {
    if (this.canRedo) window.history.forward();
  }

  /** The view has settled: a new entry where it is another one than before. */
  settled() {
    const named = new URLSearchParams(window.location.search).get("run");
    if (named && named !== this.store.run) return; // Back led to another generator: this one is leaving
    const href = viewAddress(this.store);
    const known = this.placeOf(window.history.state) === this.at;
    if (known && href !== window.location.href) {
      this.top = this.at += 1;
      this.write("pushState", href);
    } else if (!known) this.write("replaceState", href);
    this.keep();
    this.store.tell("trail");
  }

  /** @type {(how: "pushState" | "replaceState", href: string) => void} */
  write(how, href) {
    const {
      at,
      store: { run },
    } = this;
    window.history[how]({ ...window.history.state, explore: { run, at } }, "", href);
  }

  keep() {
    const { seed, psi, step, follow, raw, label, mixed, moved, base, z, weights, others } =
      this.store;
    const view = {
      seed,
      psi,
      step,
      follow,
      raw,
      label,
      mixed,
      moved,
      base,
      z: z.slice(),
      weights: weights.slice(),
      others: [...others],
    };
    this.views.delete(this.at);
    this.views.set(this.at, view);
    if (this.views.size > MOST) this.views.delete(this.views.keys().next().value);
  }

  /**
   * Back or Forward led to another view of this generator.
   * @type {(event: PopStateEvent) => void}
   */
  visit(event) {
    const place = this.placeOf(event.state);
    if (place === null || !this.store.ready) return;
    event.stopImmediatePropagation();
    this.at = place;
    this.top = Math.max(this.top, place);
    const view = this.views.get(place);
    if (view)
      this.store.show({
        ...view,
        z: view.z.slice(),
        weights: view.weights.slice(),
        others: [...view.others],
      });
    else this.store.reopen(readView(this.store.run));
    this.store.tell("trail");
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z")
      return;
    if (
      /** @type {Element} */ (event.composedPath()[0]).matches?.(
        "textarea, input:not([type=range]), [contenteditable]",
      )
    )
      return;
    event.preventDefault();
    if (event.shiftKey) this.redo();
    else this.undo();
  }
}
