// What the Style page shows: content, styles and how; its parts share one store, which asks for the picture.
import { Asker, call } from "../shared/ask.js";
import { request } from "../shared/fetch.js";
import { queryOf, urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
/** @import { Answer, Failure, Options, Params } from "../shared/types" */
/** @import { Chosen, Kept, Kind, Painted } from "./types" */

const PAGE = "style";
export const DRAFT = 256; // pixels of what is painted while a slider is dragged
const AT_ONCE = 512; // larger pictures are shown as a draft first
const SETTLE = 200; // ms without a change until the small pictures follow
export const MOST_MIXED = 2; // styles beside the first
const MAX_FILE = 32 * 2 ** 20; // bytes, as the route takes
/** @type {Kind[]} */
const KINDS = ["content", "style"];
const NAMES = ["content", "style", "mix", "strength", "colours", "size"]; // in the address
/** @type {Map<string, Store>} */
const stores = new Map();

/**
 * The store of the page; `data` has run, contents and styles ({id, title}), sizes.
 * @type {(data: any) => Store}
 */
export function storeOf(data) {
  let store = stores.get(data.run);
  if (!store) stores.set(data.run, (store = new Store(data)));
  return store;
}

class Store {
  /** @type {Set<any>} */
  listeners = new Set();
  /** @type {Map<string, File>} */
  files = new Map(); // what somebody's own pictures came from
  content = ""; // of the pictures by their id
  style = "";
  /** @type {Map<string, number>} */
  mixed = new Map();
  strength = 1;
  colours = false;
  size = AT_ONCE;
  words = "";
  mode = "instant";
  /** @type {Painted} */
  output = null;
  /** @type {Painted} */
  original = null;
  full = false;
  /** @type {number} */
  ms = null;

  /** @param {any} data */
  constructor(data) {
    this.run = data.run;
    this.sizes = data.sizes;
    this.pictures = { content: [...data.contents], style: [...data.styles] };
    this.asker = new Asker(null, PAGE);
    this.read(data);
    this.change();
  }

  /**
   * The view that the address names; what is not here any more is left out, in words.
   * @type {(data: any) => void}
   */
  read(data) {
    const query = new URLSearchParams(window.location.search);
    /** @type {(kind: Kind, id: string | null) => string | null} */
    const known = (kind, id) => (this.pictures[kind].some((p) => p.id === id) ? id : null);
    const [content, style] = KINDS.map((kind) => known(kind, query.get(kind)));
    const lost = KINDS.some((kind) => query.has(kind) && !known(kind, query.get(kind)));
    this.content = content ?? data.contents[0].id;
    this.style = style ?? data.styles[0].id;
    this.mixed = new Map();
    for (const part of (query.get("mix") ?? "").split(",").filter(Boolean).slice(0, MOST_MIXED)) {
      const [id, share] = part.split(/:(?=[^:]*$)/);
      if (known("style", id) && id !== this.style && Number(share) > 0)
        this.mixed.set(id, Math.min(1, Number(share)));
    }
    const strength = Number(query.get("strength") ?? 1);
    this.strength = strength >= 0 && strength <= 1 ? strength : 1;
    this.colours = query.get("colours") === "1";
    this.size = this.sizes.includes(Number(query.get("size")))
      ? Number(query.get("size"))
      : AT_ONCE;
    if (lost)
      this.problem(
        t("The address names a picture that is not here. Shown is one of the app's own."),
      );
  }

  /**
   * Listen: facts() when a choice changed, output(), settled(), results(), problem(words).
   * @type {(listener: any) => () => void}
   */
  join(listener) {
    this.listeners.add(listener);
    listener.awake?.();
    listener.facts?.();
    if (this.output) listener.output?.();
    if (this.quiet) listener.settled?.();
    if (this.words) listener.problem?.(this.words);
    return () => {
      this.listeners.delete(listener);
      if (!this.listeners.size) this.end();
    };
  }

  end() {
    stores.delete(this.run);
    this.asker.ended = true;
    clearTimeout(this.settling);
  }

  /** @type {(what: string, ...values: any[]) => void} */
  tell(what, ...values) {
    for (const listener of [...this.listeners]) listener[what]?.(...values);
  }

  /** @type {(words: string) => void} */
  problem(words) {
    this.words = words;
    this.tell("problem", words);
  }

  /** @type {(route: string, params?: Params, body?: any, options?: Options) => Promise<any>} */
  ask(route, params = {}, body = null, options = {}) {
    return call(null, route, params, body, { page: PAGE, ...options });
  }
  /** @type {(id: string) => string} */
  nameOf(id) {
    return (
      [...this.pictures.content, ...this.pictures.style].find((p) => p.id === id)?.title ??
      t("own picture")
    );
  }
  /** @type {(id: string, side: number) => string} */
  thumbnail(id, side) {
    return urlOf(`api/style/picture.png?${queryOf({ id, side })}`);
  }
  get styles() {
    return [this.style, ...this.mixed.keys()];
  }
  /** The share of each style: what the mixed ones leave belongs to the first. */
  get shares() {
    const mixed = [...this.mixed.values()];
    const sum = mixed.reduce((a, b) => a + b, 0);
    const most = Math.max(1, sum);
    return [Math.max(0, 1 - sum), ...mixed].map((share, i) => (i ? share / most : share));
  }

  // ---- choosing ----

  /**
   * A picture as the content or the (first) style.
   * @type {(kind: Kind, id: string) => void}
   */
  choose(kind, id) {
    this[kind] = id;
    if (kind === "style") this.mixed.delete(id);
    this.changed();
  }

  /** @type {(id: string, share: number | null) => void} */
  mix(id, share) {
    if (share === null) this.mixed.delete(id);
    else if (this.mixed.has(id) || this.mixed.size < MOST_MIXED) this.mixed.set(id, share);
  }

  /**
   * Some of its settings; the others stay.
   * @type {(values: Partial<Chosen>, dragging?: boolean) => void}
   */
  set(
    {
      content = this.content,
      style = this.style,
      mixed = this.mixed,
      strength = this.strength,
      colours = this.colours,
      size = this.size,
      mode = this.mode,
    },
    dragging = false,
  ) {
    this.content = content;
    this.style = style;
    this.mixed = mixed;
    this.strength = strength;
    this.colours = colours;
    this.size = size;
    this.mode = mode;
    this.changed(dragging);
  }

  /** @type {(dragging?: boolean) => void} */
  changed(dragging = false) {
    this.tell("facts");
    this.change(dragging);
  }

  /**
   * A file as content or style: sent once, and named from then on.
   * @type {(kind: Kind, file: File) => Promise<void>}
   */
  async load(kind, file) {
    if (file.size > MAX_FILE)
      return this.problem(
        t("{name} has {ceil} MB. Allowed: 32 MB.", {
          name: file.name.slice(0, 80),
          ceil: Math.ceil(file.size / 2 ** 20),
        }),
      );
    try {
      const found = await this.send(file);
      this.files.set(found.id, file);
      const title = (file.name.replace(/\.[^.]*$/, "") || t("own picture")).slice(0, 40);
      if (!this.pictures[kind].some((p) => p.id === found.id))
        this.pictures[kind].push({ id: found.id, title, own: true });
      this.problem("");
      this.choose(kind, found.id);
    } catch (error) {
      this.problem(error.message);
    }
    return null;
  }

  /** @type {(file: File) => Promise<any>} */
  async send(file) {
    return this.ask("picture", { name: file.name.slice(0, 80) }, await file.arrayBuffer());
  }

  // ---- painting ----

  wish(size = this.size) {
    const shares = this.shares.map((share) => share.toFixed(3)).join();
    return {
      content: this.content,
      styles: this.styles.join(),
      shares,
      strength: this.strength.toFixed(3),
      colours: this.colours ? 1 : 0,
      size,
    };
  }

  /** Ask for the picture; a draft of it while a slider is dragged, and before a large one. */
  change(dragging = false) {
    clearTimeout(this.settling);
    this.quiet = false;
    const small = Math.min(DRAFT, this.size);
    if (dragging || this.size > AT_ONCE) this.paint("draft", 0, small);
    if (dragging) this.asker.waiting.delete("full");
    else this.paint("full", 1, this.size);
  }

  /** @type {(channel: string, rank: number, size: number) => void} */
  paint(channel, rank, size) {
    /** @type {Parameters<Store["arrived"]>[1]} */
    let asked = null;
    const make = () => {
      const both = this.original?.key !== `${this.content}@${size}`;
      asked = { content: this.content, style: this.style, size, start: performance.now() };
      return { route: "image", params: { ...this.wish(size), both: both ? 1 : 0 } };
    };
    this.asker.ask(
      channel,
      rank,
      make,
      (a) => this.arrived(a, asked),
      (e) => this.failed(e),
    );
  }

  /** @type {(answer: Answer, asked: { content: string, style: string, size: number, start: number }) => void} */
  arrived({ header, parts }, { content, style, size, start }) {
    const key = `${content}@${size}`;
    const shape = header.parts[0][2];
    if (parts[1]) this.original = { key, pixels: parts[1], shape };
    if (content !== this.content || this.original?.key !== key) return;
    this.output = { pixels: parts[0], shape };
    this.painted = style;
    this.full = size === this.size;
    this.ms = performance.now() - start;
    this.server = header.ms;
    this.again = false;
    if (this.words) this.problem("");
    this.tell("output");
    const more = ["draft", "full"].some((channel) => this.asker.waiting.has(channel));
    if (this.full && !more) this.settling = setTimeout(() => this.settle(), SETTLE);
  }

  /**
   * A picture that the server has let go is sent again, once.
   * @type {(error: Failure) => Promise<void>}
   */
  async failed(error) {
    const own = [this.content, ...this.styles].filter((id) => this.files.has(id));
    if (error.status !== 404 || !own.length || this.again) return this.problem(error.message);
    this.again = true;
    try {
      for (const id of own) await this.send(this.files.get(id));
      this.change();
    } catch (problem) {
      this.problem(problem.message);
    }
    return null;
  }

  settle() {
    this.quiet = true;
    window.history.replaceState(window.history.state, "", this.address());
    this.tell("settled");
  }

  /** The address of this view; a picture from a file is in none. */
  address() {
    const url = new URL(window.location.href);
    for (const name of NAMES) url.searchParams.delete(name);
    for (const kind of KINDS)
      if (!this.files.has(this[kind])) url.searchParams.set(kind, this[kind]);
    const mixed = [...this.mixed]
      .filter(([id]) => !this.files.has(id))
      .map(([id, share]) => `${id}:${share.toFixed(2)}`);
    if (mixed.length) url.searchParams.set("mix", mixed.join());
    if (this.strength !== 1) url.searchParams.set("strength", this.strength.toFixed(2));
    if (this.colours) url.searchParams.set("colours", "1");
    if (this.size !== AT_ONCE) url.searchParams.set("size", String(this.size));
    return url.href;
  }

  get hasOwn() {
    return [this.content, ...this.styles].some((id) => this.files.has(id));
  }

  // ---- results ----

  async keep() {
    const names = Object.fromEntries(
      [this.content, ...this.styles].map((id) => [id, this.nameOf(id)]),
    );
    const query = queryOf(this.wish());
    await request(urlOf(`api/style/keep?${query}`), {
      body: JSON.stringify(names),
      type: "application/json",
      patience: 60000,
    });
    this.tell("results");
  }

  /** @type {(id: string) => Promise<void>} */
  async remove(id) {
    await request(urlOf("api/style/remove"), {
      body: JSON.stringify({ id }),
      type: "application/json",
    });
    this.tell("results");
  }

  /**
   * A kept result's own settings again.
   * @type {(kept: Kept) => void}
   */
  restore(kept) {
    const mixed = new Map(kept.styles.slice(1).map((id, i) => [id, kept.shares[i + 1]]));
    for (const [kind, ids] of /** @type {[Kind, string[]][]} */ ([
      ["content", [kept.content]],
      ["style", kept.styles],
    ])) {
      for (const id of ids)
        if (!this.pictures[kind].some((p) => p.id === id))
          this.pictures[kind].push({ id, title: kept.names?.[id] ?? t("own picture"), own: true });
    }
    const size = this.sizes.includes(kept.side) ? kept.side : AT_ONCE;
    this.set({
      content: kept.content,
      style: kept.styles[0],
      mixed,
      strength: kept.strength,
      colours: kept.keep_colours,
      size,
      mode: "instant",
    });
  }
}
