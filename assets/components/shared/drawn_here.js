// Whether this browser draws by itself what the server would draw: the network of one step comes, is drawn with in
// a worker, and what it cannot do (or not fast enough) stays the server's.
import { get } from "./fetch.js";
/** @import { Answer, Given, Params, Question } from "./types" */

const KEY = "ganscope:drawing";
const BUDGET = 50; // ms that an answer may take here; longer ones are the server's, unless a person wants them here
const HEAVY = 8e6; // bytes of weights that come only where a person wants them to
const WARM = 3; // images that are drawn to see how long one takes: the fastest counts
const OFTEN = 2; // questions about the same step from which its weights pay
export const CHOICES = ["auto", "here", "server"];

/**
 * What the person chose in this browser, for all pages; "auto" until then.
 * @type {(storage?: Storage) => string}
 */
export function choice(storage = globalThis.localStorage) {
  try {
    const found = storage?.getItem(KEY);
    return CHOICES.includes(found) ? found : "auto";
  } catch {
    return "auto";
  } // forbidden in this browser
}

/** @type {(wanted: string, storage?: Storage) => void} */
export function choose(wanted, storage = globalThis.localStorage) {
  try {
    storage?.setItem(KEY, wanted);
  } catch {
    /* forbidden: then until the page is left */
  }
}

const startWorker = () =>
  new Worker(new URL("./network/worker.js", import.meta.url), { type: "module" });

/** Draws for one run. `state`: "server", "coming", "here", "large", "slow" or "refused" (`words` say why). */
export class DrawnHere {
  state = "server";
  words = "";
  key = "";
  asked = 0;
  /** @type {string} */
  loading = null;
  /** @type {object} */
  known = null; // of the network that draws
  /** @type {Worker} */
  worker = null;
  ended = false;
  each = 0;
  away = 0;
  /** @type {Map<number, { done(made: any): void, failed(error: Error): void }>} */
  waiting = new Map();
  count = 0;

  /**
   * @param {(route: string, params: Params) => string} addressOf of the run's routes
   * @param {(wanted: Question) => { params: Params, inputs: Given[] } | null} inputsOf the parameters of the network's
   *   route and what the network is given; null where it is no question that a network answers
   * @param {() => void} changed called when `state` is another one
   * @param {{ start?: () => Worker, ask?: typeof get, storage?: Storage }} [others]
   */
  constructor(addressOf, inputsOf, changed, { start = startWorker, ask = get, storage } = {}) {
    this.addressOf = addressOf;
    this.inputsOf = inputsOf;
    this.changed = changed;
    this.start = start;
    this.ask = ask;
    this.storage = storage;
    this.choice = choice(storage);
  }

  /** Draws for the step that was asked last. */
  get ready() {
    return this.state === "here";
  }

  /** @type {(wanted: string) => void} */
  choose(wanted) {
    this.choice = wanted;
    choose(wanted, this.storage);
    this.key = "";
    this.asked = 0;
    this.words = "";
    this.turn("server");
  }

  /** @type {(state: string, words?: string) => void} */
  turn(state, words = "") {
    const same = state === this.state && words === this.words;
    this.state = state;
    this.words = words;
    if (!same) this.changed();
  }

  /**
   * The answer to a question as its route gives it, or null: the server is to be asked.
   * @type {(wanted: Question, raw?: number | null) => Promise<Answer | null>}
   */
  async answer(wanted, raw = null) {
    const told = this.choice === "server" ? null : this.inputsOf(wanted);
    if (!told) return null;
    const key = JSON.stringify([told.params, raw]);
    if (key !== this.key) this.leave(key);
    this.asked += 1;
    if (!this.ready) {
      this.bring(key, { ...told.params, raw }, told.inputs);
      return null;
    }
    if (this.isSlow(told.inputs.length)) return null;
    try {
      const { pixels, ms } = await this.send({ inputs: told.inputs });
      this.each = 0.8 * this.each + (0.2 * ms) / told.inputs.length;
      return key === this.key
        ? { header: { ...this.known, ms }, parts: [new Uint8Array(pixels.buffer)] }
        : null;
    } catch (error) {
      this.turn("refused", error.message);
      return null;
    }
  }

  /**
   * How long the server took for what follows the hand, ms; the fastest answer counts.
   * @type {(ms: number) => void}
   */
  took(ms) {
    this.away = Math.min(this.away || Infinity, ms);
  }

  /**
   * Whether the server, or nobody, would draw so many images in time.
   * @type {(count: number) => boolean}
   */
  isSlow(count) {
    return this.choice === "auto" && count * this.each > Math.max(BUDGET, this.away);
  }

  /**
   * Another step, or another way: what was found of this kind of network holds for it, too.
   * @type {(key: string) => void}
   */
  leave(key) {
    this.key = key;
    this.asked = 0;
    if (this.ready || this.state === "coming") this.turn("server");
  }

  /**
   * Fetch a network, once it pays; one at a time.
   * @type {(key: string, params: Params, inputs: Given[]) => Promise<void>}
   */
  async bring(key, params, inputs) {
    if (this.state !== "server" || this.loading || (this.choice === "auto" && this.asked < OFTEN))
      return;
    this.loading = key;
    try {
      const network = await this.ask(this.addressOf("network", params));
      await this.take(key, params, network, inputs);
    } catch (error) {
      if (key === this.key && !this.ended) this.turn("refused", error.message);
    }
    this.loading = null;
  }

  /** @type {(key: string, params: Params, network: any, inputs: Given[]) => Promise<void>} */
  async take(key, params, { step, written, bytes, plan, refused, ...more }, inputs) {
    if (key !== this.key || this.ended) return;
    if (refused) return this.turn("refused", refused);
    if (this.choice === "auto" && bytes > HEAVY) return this.turn("large");
    this.turn("coming");
    const { header, parts } = await this.ask(
      this.addressOf("weights", { ...params, step, written }),
    );
    const [own] = parts;
    const buffer = own.buffer.slice(own.byteOffset, own.byteOffset + own.byteLength);
    await this.send({ plan, entries: header.entries, buffer }, [buffer]);
    this.each = Infinity;
    for (let i = 0; i < WARM; i++)
      this.each = Math.min(this.each, (await this.send({ inputs: inputs.slice(0, 1) })).ms);
    if (key !== this.key || this.ended) return;
    this.known = { step, ...more };
    this.turn(this.isSlow(inputs.length) ? "slow" : "here");
  }

  /**
   * A message to the worker and its answer.
   * @type {(message: object, handed?: Transferable[]) => Promise<any>}
   */
  send(message, handed = []) {
    this.worker ??= this.begun();
    const id = (this.count += 1);
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, ...message }, handed);
    });
  }

  begun() {
    const worker = this.start();
    /** @type {(message: MessageEvent) => void} */
    const answered = ({ data: { id, error, ...made } }) => {
      const { done, failed } = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) done(made);
      else failed(new Error(error));
    };
    worker.onmessage = answered;
    worker.onerror = (event) => {
      event.preventDefault?.();
      for (const { failed } of this.waiting.values())
        failed(new Error("This browser starts no worker."));
      this.waiting.clear();
    };
    return worker;
  }

  end() {
    this.ended = true;
    this.worker?.terminate();
    for (const { failed } of this.waiting.values()) failed(new Error("ended"));
  }
}
