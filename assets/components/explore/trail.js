// Where the page has been: every settled view is an entry of the browser's history, so its Back and
// Forward, Undo and Redo, and Ctrl+Z all walk the same trail.
import { readView, viewAddress } from "../shared/link.js";

const MOST = 20; // views kept in memory; older ones come back by their address
const PARTS = ["seed", "psi", "step", "follow", "raw", "label", "mixed", "moved", "base"];

export class Trail {
  constructor(store) {
    this.store = store;
    this.views = new Map(); // place -> view
    this.at = this.placeOf(window.history.state) ?? 0;
    this.top = this.at;
    this.popped = (event) => this.visit(event);
    this.pressed = (event) => this.key(event);
    // Before Streamlit's own listener, which would run the whole page again.
    window.addEventListener("popstate", this.popped, true);
    window.addEventListener("keydown", this.pressed);
  }

  end() {
    window.removeEventListener("popstate", this.popped, true);
    window.removeEventListener("keydown", this.pressed);
  }

  placeOf(state) { return state?.explore?.run === this.store.run ? state.explore.at : null; }

  get canUndo() { return this.at > 0; }
  get canRedo() { return this.at < this.top; }
  undo() { if (this.canUndo) window.history.back(); }
  redo() { if (this.canRedo) window.history.forward(); }

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

  write(how, href) {
    const { at, store: { run } } = this;
    window.history[how]({ ...window.history.state, explore: { run, at } }, "", href);
  }

  keep() {
    const { store } = this;
    const view = Object.fromEntries(PARTS.map((name) => [name, store[name]]));
    Object.assign(view, { z: store.z.slice(), weights: store.weights.slice(), others: [...store.others] });
    this.views.delete(this.at);
    this.views.set(this.at, view);
    if (this.views.size > MOST) this.views.delete(this.views.keys().next().value);
  }

  /** Back or Forward led to another view of this generator. */
  visit(event) {
    const place = this.placeOf(event.state);
    if (place === null || !this.store.ready) return;
    event.stopImmediatePropagation();
    this.at = place;
    this.top = Math.max(this.top, place);
    const view = this.views.get(place);
    if (view) this.store.show({ ...view, z: view.z.slice(), weights: view.weights.slice(), others: [...view.others] });
    else this.store.reopen(readView(this.store.run));
    this.store.tell("trail");
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    if (event.composedPath()[0].matches?.("textarea, input:not([type=range]), [contenteditable]")) return;
    event.preventDefault();
    if (event.shiftKey) this.redo();
    else this.undo();
  }
}
