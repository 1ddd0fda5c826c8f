// The one puller of a page and run: whatever needs live data joins its feed; all share its requests.
import { get, rest } from "./fetch.js";
import { together } from "./glyphs.js";
import { urlOf } from "./place.js";
/** @import { Cursor, Failure, Grid, Listener, RunEvent, Status } from "./types" */

/** @type {Record<string, number>} */
const PACE = { running: 500, ready: 400, queued: 1000, paused: 1000 }; // ms between polls, by state
const SHARE = 0.12; // of the time, for a poll with all that is drawn of it: on a busy machine polls are fewer ...
const BUSY = 1500; // ... and at most so many ms apart while a run trains
const SLOW = 2000; // ms; runs that ended, in case somebody resumes them
const MAX_WAIT = 5000; // ms between attempts while the server does not answer
/** @type {Map<string, Feed>} */
const feeds = new Map();

/**
 * A poll that finds the server busy is not asked again by itself: the next poll is.
 * @type {(path: string) => Promise<any>}
 */
const poll = (path) => get(path, { busy: 0 });

/**
 * ms until the next poll of a run in that state, after one that took so many; `crowd` ms where many pages ask.
 * @type {(state: string, took: number, crowd?: number) => number}
 */
export function pause(state, took, crowd = 0) {
  const usual = PACE[state] ?? SLOW;
  return Math.max(usual, Math.min(BUSY, took / SHARE), crowd);
}

/**
 * The address of a picture of a run; `written` is when, so that no older one is shown.
 * @type {(run: string, name: string, written?: string | number | null) => string}
 */
export const picturePath = (run, name, written) =>
  `${runPath(run, name)}?${new URLSearchParams({ written: String(written ?? "") })}`;

/** @type {(run: string, rest: string) => string} */
export const runPath = (run, rest) => urlOf(`api/runs/${encodeURIComponent(run)}/${rest}`);

/**
 * Listen to a run. `listener` may have: status(s), events(all), samples(steps, times, grid, reals),
 * contact(seconds without an answer), async pull(s). One that has a question for every poll may
 * have ask(): the query of `curves`, or nothing, and async take(its answer): the status comes with
 * that answer, so a poll is one request. Returns a function that leaves.
 * @type {(run: string, listener: Listener) => () => void}
 */
export function join(run, listener) {
  let feed = feeds.get(run);
  if (!feed) feeds.set(run, (feed = new Feed(run)));
  feed.add(listener);
  return () => {
    feed.listeners.delete(listener);
    if (!feed.listeners.size) {
      feed.ended = true;
      feeds.delete(run);
    }
  };
}

class Feed {
  /** @param {string} run */
  constructor(run) {
    this.run = run;
    /** @type {Set<Listener>} */
    this.listeners = new Set();
    /** @type {Status} */
    this.last = null; // newest status
    /** @type {RunEvent[]} */
    this.events = [];
    this.eventBytes = -1;
    /** @type {number[]} */
    this.steps = [];
    /** @type {number[]} */
    this.times = [];
    /** @type {Grid} */
    this.grid = null; // how to cut the grids
    /** @type {number} */
    this.reals = null; // when the grid of real images was written
    /** @type {number} */
    this.sampleStep = undefined;
    this.answered = performance.now();
    this.ended = false;
    this.loop();
  }

  /** @type {(listener: Listener) => void} */
  add(listener) {
    this.listeners.add(listener);
    if (!this.last) return;
    listener.status?.(this.last);
    if (this.eventBytes >= 0) listener.events?.(together(this.events)); // once they were read
    listener.samples?.(this.steps, this.times, this.grid, this.reals);
  }

  /** @type {(what: string, ...values: any[]) => void} */
  tell(what, ...values) {
    for (const listener of [...this.listeners]) listener[what]?.(...values);
  }

  async loop() {
    let failures = 0;
    while (!this.ended) {
      if (document.hidden) {
        await new Promise((go) => {
          document.addEventListener("visibilitychange", go, { once: true });
        });
        this.answered = performance.now(); // a hidden page does not ask, so it missed nothing
        continue;
      }
      try {
        const began = performance.now();
        await this.poll();
        failures = 0;
        this.answered = performance.now();
        this.tell("contact", 0);
        await rest(pause(this.last.state, this.answered - began, this.last.rest));
      } catch (error) {
        failures += 1;
        this.tell("contact", (performance.now() - this.answered) / 1000, error);
        await rest(Math.min(MAX_WAIT, 500 * failures));
      }
    }
  }

  async poll() {
    const { status, carrier, answer } = await this.ask();
    this.last = status;
    this.tell("status", status);
    if (status.event_bytes !== this.eventBytes) await this.pullEvents(status);
    if (status.sample_step !== this.sampleStep) await this.pullSamples(status);
    await Promise.all(
      [...this.listeners].map((one) => (one === carrier ? one.take(answer) : one.pull?.(status))),
    );
  }

  /** The status, alone or with the rows that a listener (`carrier`) asked for. */
  async ask() {
    for (const carrier of this.listeners) {
      const query = carrier.ask?.();
      if (!query) continue;
      const path = runPath(this.run, `curves?${query}&status=1`);
      const answer = await poll(path).catch((error) => this.statusAlone(error));
      return { status: answer.header.status, carrier, answer };
    }
    return { status: await poll(runPath(this.run, "status")) };
  }

  /**
   * Rows that cannot be read must not hide the state of the run.
   * @type {(error: Failure) => Promise<never>}
   */
  async statusAlone(error) {
    if (error.status) this.tell("status", (this.last = await poll(runPath(this.run, "status"))));
    throw error;
  }

  /** @type {(status: Status) => Promise<void>} */
  async pullEvents(status) {
    if (status.event_bytes < this.eventBytes) this.events = [];
    let more = true;
    while (more) {
      const after = this.events.length;
      const answer = await poll(runPath(this.run, `events?after=${after}`));
      this.events = this.events.concat(answer.events);
      more = answer.events.length > 0 && this.events.length < answer.known;
    }
    this.eventBytes = status.event_bytes;
    this.tell("events", together(this.events));
  }

  /** @type {(status: Status) => Promise<void>} */
  async pullSamples(status) {
    // From the start when the newest grid is older than the one known: the run went back.
    const known = this.steps.at(-1) ?? -1;
    const back = status.sample_step === null || status.sample_step < known;
    const answer = await poll(runPath(this.run, `samples?after=${back ? -1 : known}`));
    this.steps = back ? answer.steps : this.steps.concat(answer.steps);
    this.times = back ? answer.times : this.times.concat(answer.times);
    this.sampleStep = status.sample_step;
    this.grid = answer.grid;
    this.reals = answer.reals_time;
    this.tell("samples", this.steps, this.times, this.grid, this.reals);
  }
}

// The shared cursor: which step the page looks at. {run, step, live}; live means the newest.
const CURSOR = "ganscope:cursor";
/** @type {Map<string, Cursor>} */
const places = new Map();

/** @type {(run: string) => Cursor} */
export const cursorOf = (run) => places.get(run) ?? { run, step: null, live: true };

/** @type {(run: string, step: number | null, live: boolean) => void} */
export function setCursor(run, step, live) {
  const detail = { run, step, live };
  places.set(run, detail);
  window.dispatchEvent(new CustomEvent(CURSOR, { detail }));
}

/** @type {(run: string, listener: (cursor: Cursor) => unknown) => () => void} */
export function onCursor(run, listener) {
  /** @type {(event: CustomEvent) => unknown} */
  const heard = (event) => event.detail.run === run && listener(event.detail);
  const listening = /** @type {EventListener} */ (heard);
  window.addEventListener(CURSOR, listening);
  return () => window.removeEventListener(CURSOR, listening);
}
