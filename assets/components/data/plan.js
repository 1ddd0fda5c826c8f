// What shall be kept of what was dropped, as far as it was chosen, and what would come of it.
/** @import { CheckUp } from "./types" */

const SETTLE = 150; // ms without a change until the server is asked what would come of it

export class Choice {
  /** @type {Set<{ changed?(): void, expected?(): void }>} */
  listeners = new Set();
  /** @type {any} */
  outlook = null;
  problem = "";

  /**
   * `state` of the server with its check-up; `ask(plan)` tells what would come of a plan; what was chosen `before`,
   * as all of it was looked at on another ground, is chosen still.
   * @param {any} state
   * @param {(plan: any) => Promise<any>} ask
   * @param {Choice | null} before
   */
  constructor(state, ask, before = null) {
    this.id = state.id;
    this.stamp = state.stamp;
    this.title = state.title;
    /** @type {CheckUp} */
    this.found = state.found;
    this.ask = ask;
    this.plan = before ? carried(before, state.found) : first(state.found);
    this.settle(0);
  }

  /**
   * Listen: changed() when something was chosen, expected() when it is known what comes of it.
   * @type {(listener: { changed?(): void, expected?(): void }) => void}
   */
  join(listener) {
    this.listeners.add(listener);
    listener.changed?.();
    if (this.outlook) listener.expected?.();
  }

  /** @type {(what: "changed" | "expected") => void} */
  tell(what) {
    for (const listener of this.listeners) listener[what]?.();
  }

  /** @type {(values: object) => void} */
  set(values) {
    Object.assign(this.plan, values);
    this.tell("changed");
    this.settle();
  }

  /** @type {(wait?: number) => void} */
  settle(wait = SETTLE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), wait);
  }

  async look() {
    const asked = JSON.stringify(this.plan);
    try {
      const outlook = await this.ask(this.plan);
      if (asked !== JSON.stringify(this.plan) || this.stopped) return;
      this.outlook = outlook;
      this.problem = "";
    } catch (error) {
      if (this.stopped) return;
      this.problem = error.message;
    }
    this.tell("expected");
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}

/**
 * What is suggested, in the words of a plan of the server.
 * @type {(found: CheckUp) => any}
 */
export function first(found) {
  const { suggested } = found;
  const classes = Object.fromEntries(found.classes.map(({ name }) => [name, name]));
  return {
    ...suggested,
    classes: { ...classes, ...suggested.classes },
    offsets: {},
    left_out: [],
    anyway: [...(suggested.anyway ?? [])],
  };
}

/**
 * What is suggested of a new check-up, but where something else was chosen of the last one; its ground is its own.
 * @type {(before: { plan: any, found: CheckUp }, found: CheckUp) => any}
 */
export function carried({ plan, found: last }, found) {
  const [old, now] = [first(last), first(found)];
  const chosen = Object.entries(plan).filter(
    ([name, value]) => name !== "ground" && JSON.stringify(value) !== JSON.stringify(old[name]),
  );
  return {
    ...now,
    ...Object.fromEntries(chosen),
    classes: { ...now.classes, ...plan.classes },
  };
}

/**
 * [usable, skipped]: how many pictures, with those that are kept anyway.
 * @type {(of: { found: CheckUp, plan: any }) => [usable: number, skipped: number]}
 */
export function usable({ found, plan }) {
  const anyway = found.skipped.filter(({ reason }) => plan.anyway.includes(reason));
  const more = anyway.reduce((sum, { count }) => sum + count, 0);
  return [found.num_usable + more, found.num_skipped - more];
}

/**
 * How many pictures each class that is kept has: {name: count}; those of one name are one class.
 * @type {(classes: { name: string, count: number }[], named: Record<string, string>) => Record<string, number>}
 */
export function merged(classes, named) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const { name, count } of classes) {
    const own = named[name];
    if (own) found[own] = (found[own] ?? 0) + count;
  }
  return found;
}

/**
 * What is uneven: [largest, smallest, how many times], or null below twice.
 * @type {(counts: Record<string, number>) => [large: string, small: string, times: number] | null}
 */
export function uneven(counts) {
  const sorted = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  if (sorted.length < 2) return null;
  const [[large, most], [small, least]] = [sorted[0], sorted.at(-1)];
  return most >= 2 * least ? [large, small, most / least] : null;
}

/**
 * "64 × 64"; of arrays that stay as they are their own.
 * @type {(of: { plan: any, found: CheckUp }) => string}
 */
export function sizeOf({ plan, found }) {
  const [w, h] = plan.size ? [plan.size, plan.size] : found.sizes.usual;
  return `${h} × ${w}`;
}
