// What the stores of Explore and Translate share: the facts of a run, which of its steps is looked at,
// following the newest, the cursor that all pages share, what is kept with the run, and who listens.
import { Asker, call } from "./ask.js";
import { DrawnHere } from "./drawn_here.js";
import { cursorOf, onCursor, setCursor } from "./feed.js";
/** @import { Cursor, Facts, Given, Options, Params, Question } from "./types" */

const POLL = 500; // ms between looks for newer weights
const HIDDEN = 6; // times as long where nobody looks
const SETTLE = 150; // ms without a change until slow parts follow ...
const SETTLE_TRAINING = 600; // ... and while a run trains, so that they leave it the processor

/**
 * storeOf(run) of a class of stores: each lives while somebody has joined it.
 * @type {<S extends { forgotten?: () => void }>(Store: new (run: string) => S) => (run: string) => S}
 */
export function storesOf(Store) {
  const stores = new Map();
  return (run) => {
    let store = stores.get(run);
    if (!store)
      stores.set(
        run,
        (store = Object.assign(new Store(run), { forgotten: () => stores.delete(run) })),
      );
    return store;
  };
}

/**
 * The step of `steps` that is nearest to one; that one where there are none.
 * @type {(steps: number[], step: number) => number}
 */
export const nearest = (steps, step) =>
  steps.reduce(
    (best, s) => (Math.abs(s - step) < Math.abs(best - step) ? s : best),
    steps[0] ?? step,
  );

const following = (/** @type {new () => object} */ Base) =>
  class extends Base {
    /** @type {Set<any>} */
    listeners = new Set();
    /** @type {Facts} */
    facts = null;
    /** @type {() => unknown} */
    forgotten = null; // called at its end
    /** @type {any} */
    notes = null; // what is kept with the run
    ready = false;
    opening = false;
    playing = false;
    telling = false; // another step, to all pages
    ended = false;
    words = ""; // what is wrong
    stays = false;
    lost = ""; // ... with the server

    /**
     * `page`: whose routes are asked; `step`: what the address asks for, null: what other pages look at.
     * @param {string} run
     * @param {string} page
     * @param {number | null} step
     */
    constructor(run, page, step) {
      super();
      this.run = run;
      this.page = page;
      this.asker = new Asker(run, page);
      this.here = this.asker.here = new DrawnHere(
        (route, params) => this.asker.addressOf(route, params),
        (wanted) => this.inputsOf(wanted),
        () => this.tell("drawnBy"),
      );
      const cursor = cursorOf(run);
      this.step = step ?? (cursor.live ? null : cursor.step);
      this.follow = this.step === null;
      this.shown = null; // step of the image on the page
      this.leaveCursor = onCursor(run, (c) => this.cursor(c));
    }

    /** @type {() => Promise<void> | void} */
    open() {}
    renewed() {}
    /** @type {(listener: any) => void} */
    joined() {}
    /** @type {(wanted: Question) => { params: Params, inputs: Given[] } | null} */
    inputsOf() {
      return null;
    }

    /**
     * Listen; `listener` may have facts(), awake(), settled(), problem(words), notes(), drawnBy() and more. Returns what leaves.
     * @type {(listener: any) => () => void}
     */
    join(listener) {
      this.listeners.add(listener);
      if (this.facts) listener.facts?.();
      if (this.ready) {
        listener.awake?.();
        this.joined(listener);
      }
      if (this.words) listener.problem?.(this.words);
      return () => {
        this.listeners.delete(listener);
        if (!this.listeners.size) this.end();
      };
    }

    end() {
      this.forgotten?.();
      this.ended = this.asker.ended = true;
      this.here.end();
      this.leaveCursor();
      clearTimeout(this.timer);
      clearTimeout(this.settling);
    }

    /** @type {(what: string, ...values: any[]) => void} */
    tell(what, ...values) {
      for (const listener of [...this.listeners]) listener[what]?.(...values);
    }

    /**
     * Say what is wrong; the next image clears it, unless it `stays` until something else is asked for.
     * @type {(words: string, more?: { stays?: boolean }) => void}
     */
    problem(words, { stays = false } = {}) {
      if (this.ended) return;
      this.words = words;
      this.stays = stays;
      this.tell("problem", words);
    }

    /** An image came: what was wrong is not any more. */
    solved() {
      if (this.words && !this.stays) this.problem("");
    }

    /** @type {(route: string, params?: Params, body?: any, options?: Options) => Promise<any>} */
    ask(route, params = {}, body = null, options = {}) {
      return call(this.run, route, params, body, { page: this.page, ...options });
    }

    /** Steps that can be shown. */
    get steps() {
      return this.facts?.steps ?? [];
    }
    get newest() {
      return this.steps.at(-1) ?? null;
    }
    /** The step whose network is asked. */
    get at() {
      return this.follow ? this.newest : this.step;
    }

    async poll() {
      try {
        const before = this.newest;
        const facts = await call(this.run, "facts", {}, null, { page: this.page });
        if (this.ended) return;
        this.facts = facts;
        this.asker.isTraining = facts.training;
        if (this.words && this.words === this.lost) this.problem("");
        this.lost = "";
        this.tell("facts");
        if (!this.ready && !this.opening && this.newest !== null) this.open();
        else if (this.ready && this.follow && before !== this.newest) this.turn();
      } catch (error) {
        this.lost = error.message;
        if (this.words !== this.lost) this.problem(this.lost);
      }
      if (!this.ended)
        this.timer = setTimeout(() => this.poll(), document.hidden ? HIDDEN * POLL : POLL);
    }

    /** @type {(step: number) => number} */
    nearestStep(step) {
      return nearest(this.steps, step);
    }

    /** @type {(step: number, more?: { playing?: boolean }) => void} */
    setStep(step, { playing = false } = {}) {
      this.step = step;
      this.follow = false;
      this.playing = playing;
      this.turn();
    }

    /** @type {(follow: boolean) => void} */
    setFollow(follow) {
      this.step = follow ? null : (this.at ?? this.shown);
      this.follow = follow;
      this.playing = false;
      this.turn();
    }

    /**
     * Another page, or another part of this one, looks at another step.
     * @type {(cursor: Cursor) => void}
     */
    cursor({ step, live }) {
      if (this.telling || !this.ready) return;
      if (live) this.setFollow(true);
      else if (step !== null) this.setStep(this.nearestStep(step));
    }

    /** Another step: all pages are told, and everything is made anew. */
    turn() {
      this.telling = true;
      setCursor(this.run, this.at, this.follow);
      this.telling = false;
      this.renewed();
    }

    /**
     * Call `act` when nothing has changed for a while; never while something `moves`.
     * @type {(act: () => void, moves: boolean) => void}
     */
    settle(act, moves) {
      clearTimeout(this.settling);
      if (!moves && !this.playing)
        this.settling = setTimeout(act, this.asker.isTraining ? SETTLE_TRAINING : SETTLE);
    }

    // ---- what is kept with the run ----

    async readNotes() {
      return this.noted();
    }

    /**
     * {what, add | remove | rename} (gan_core/explore/kept.py).
     * @type {(change: object) => Promise<boolean>}
     */
    async keep(change) {
      return this.noted(JSON.stringify(change), { type: "application/json" });
    }

    /** @type {(...change: any[]) => Promise<boolean>} */
    async noted(...change) {
      try {
        const notes = await this.ask("notes", {}, ...change);
        if (this.ended) return false;
        this.notes = notes;
        this.tell("notes");
        return true;
      } catch (error) {
        this.problem(error.message, { stays: true });
        return false;
      }
    }
  };

/**
 * `Base` with all of that. Subclasses have open(), which is called once there are weights and sets
 * `ready`; renewed(), called at another step; joined(listener), which tells it what there is; and
 * inputsOf(question), what a network is given for it (drawn_here.js).
 *
 * @type {<B extends object>(Base: new () => B) => new (run: string, page: string, step: number | null) => B & InstanceType<ReturnType<typeof following>>}
 */
export const Following = /** @type {any} */ (following); // a mixin with a constructor of its own has no type by itself
