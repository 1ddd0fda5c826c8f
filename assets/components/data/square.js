// How pictures become square: eight of them as they are, then each way in a row; the row is the choice.
import { button, el, icon, put, whole } from "../shared/base.js";
import { onDrag, within } from "../shared/drag.js";
import { get } from "../shared/fetch.js";
import { segments } from "../shared/panel.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { progress } from "./waiting.js";
import { percent } from "./words.js";
import { queryOf, urlOf } from "../shared/place.js";
import { t, tn, unmarked } from "../shared/words.js";
/** @import { Choice } from "./plan.js" */
/** @import { Answer } from "../shared/types" */
/** @import { Cell, CheckUp, Desk, Item, Squared } from "./types" */

export const COUNT = 8;
const [THUMB, TILE, MANY] = [86, 64, 128]; // CSS pixels of an original and of a square; pixels that are shrunk to it
const SIZES = [28, 32, 64, 128];
/** @type {[fit: string, title: string, words: (sizes: { cut: number }) => string][]} */
const FITS = [
  ["crop", t("Crop"), ({ cut }) => t("cuts {cut}", { cut: percent(cut) })],
  ["pad", t("Pad"), ({ cut }) => t("adds {cut} at the sides", { cut: percent(cut) })],
  ["stretch", t("Stretch"), () => t("bends shapes")],
];

/** @type {(choice: Choice, desk: Desk) => { node: HTMLElement, state(state: any): void, stop(): void }} */
export function squarePanel(choice, desk) {
  const made = new Square(choice, desk);
  return { node: made.node, state: (state) => made.state(state), stop: () => made.stop() };
}

class Square {
  turn = 0;
  looking = false; // at all of it, on another ground
  asked = "";
  drawn = ""; // which pictures stand there as they are, on which ground
  /** @type {Map<number, (share: number) => void>} */
  frames = new Map(); // by the index of the picture: puts its frame
  /** @type {{ size: number, ground: string }} */
  shown = null;

  /**
   * @param {Choice} choice
   * @param {Desk} desk
   */
  constructor(choice, desk) {
    this.choice = choice;
    this.desk = desk;
    this.rows = FITS.map(([fit, title, words]) => this.row(fit, title, words(choice.found.sizes)));
    this.own = el("div", {
      class: "sc",
      tabindex: 0,
      role: "group",
      "aria-label": t("Your images as they are"),
    });
    this.group = el(
      "div",
      { class: "ways", role: "radiogroup", "aria-label": t("How to make them square") },
      ...this.rows.map(({ node }) => node),
    );
    const sizes = choice.found.suggested.size ? SIZES : [0, ...SIZES]; // 0: arrays stay as they are
    this.size = segments(
      t("Size"),
      sizes.map((n) => [n, n ? String(n) : t("as it is")]),
      (size) => choice.set({ size }),
    );
    this.colour = segments(
      t("Colour"),
      [
        ["false", t("Colour")],
        ["true", t("Grey")],
      ],
      (grey) => choice.set({ grey: grey === "true" }),
    );
    this.ground = segments(
      t("Behind transparent pictures"),
      [
        ["white", t("White")],
        ["black", t("Black")],
        ["grey", t("Grey")],
      ],
      (ground) => this.look(ground),
    );
    this.ground.dataset.question = "ground";
    this.words = el("span", { class: "cap" });
    this.note = el("span", { class: "cap", role: "status" });
    const others = button(
      t("Others"),
      () => {
        this.turn += 1;
        this.load();
      },
      { title: t("Draw eight others") },
      icon("dice"),
    );
    this.node = el(
      "section",
      { class: "panel squares", "aria-label": t("Make them square") },
      el(
        "div",
        { class: "row" },
        el("h2", {}, t("Make them square")),
        this.note,
        el("span", { class: "right" }, others),
      ),
      el(
        "p",
        { class: "cap" },
        t("Eight of your images, then what a network would see. The "),
        el("b", {}, t("frame")),
        t(" is what a crop keeps; drag one to move it, "),
        el("b", {}, t("Others")),
        t(" draws eight more."),
      ),
      el("div", { class: "way own" }, el("span", { class: "cap label" }, t("yours")), this.own),
      this.group,
      el(
        "div",
        { class: "row" },
        el("span", { class: "small" }, t("Size")),
        this.size,
        el("span", { class: "small" }, t("Colour")),
        this.colour,
        choice.found.num_transparent
          ? el("span", { class: "small" }, t("Behind transparent pictures"))
          : null,
        choice.found.num_transparent ? this.ground : null,
        this.words,
      ),
    );
    this.group.addEventListener("keydown", (event) => this.key(event));
    this.own.addEventListener(
      "scroll",
      () => {
        for (const { tiles } of this.rows) tiles.scrollLeft = this.own.scrollLeft;
      },
      { passive: true },
    );
    for (const { tiles } of this.rows)
      onDrag(tiles, {
        slack: 6,
        start: (event) => ({ x: event.clientX, left: this.own.scrollLeft }),
        move: (event, from) => {
          this.own.scrollLeft = from.left - event.clientX + from.x;
        },
      });
    choice.join(this);
  }

  /**
   * What shows through decides which pictures can be used, so all are looked at on another ground.
   * @type {(ground: string) => Promise<void>}
   */
  async look(ground) {
    if (ground === this.choice.plan.ground || this.looking) return;
    this.ground.press(ground);
    await this.desk.tell("ground", { ground }).catch((error) => {
      this.ground.press(this.choice.plan.ground);
      put(this.note, error.message);
    });
  }

  /**
   * All of it is looked at again, or that has ended.
   * @type {(state: any) => void}
   */
  state(state) {
    const before = this.looking;
    this.looking = state.phase === "looking";
    if (this.looking) put(this.note, progress(state));
    else if (before) {
      put(this.note, "");
      this.ground.press(this.choice.plan.ground);
    }
  }

  stop() {
    this.gone = true;
    clearTimeout(this.timer);
  }

  /** @type {(fit: string, title: string, words: string) => { fit: string, node: HTMLElement, tiles: HTMLElement }} */
  row(fit, title, words) {
    const tiles = el("span", { class: "sc" });
    const node = el(
      "div",
      { class: "way", role: "radio", "data-fit": fit, onclick: () => this.choice.set({ fit }) },
      el("i"),
      el("span", { class: "label" }, el("b", {}, title), el("span", { class: "cap" }, words)),
      tiles,
    );
    return { fit, node, tiles };
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const by =
      { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key] ??
      (event.key === " " || event.key === "Enter" ? 0 : null);
    const at = this.rows.findIndex(({ node }) => node === event.target);
    if (by === null || at < 0) return;
    event.preventDefault();
    const next = this.rows[(at + by + FITS.length) % FITS.length];
    this.choice.set({ fit: next.fit });
    next.node.focus();
  }

  changed() {
    const { plan, found } = this.choice;
    for (const { fit, node } of this.rows) {
      node.setAttribute("aria-checked", String(fit === plan.fit));
      node.tabIndex = fit === plan.fit ? 0 : -1;
    }
    this.size.press(plan.size);
    this.colour.press(String(plan.grey));
    if (!this.looking) this.ground.press(plan.ground);
    this.own.classList.toggle("framed", plan.fit === "crop");
    put(this.words, sizeWords(found, plan.size));
    const wanted = JSON.stringify([plan.size, plan.grey, plan.ground, plan.offsets, plan.answers]);
    if (wanted === this.asked) return;
    this.asked = wanted;
    this.load();
  }

  /** Which pictures are shown: spread over all of them, others at every turn. */
  indices() {
    const { previews } = this.choice.found;
    const from = (this.turn * COUNT) % Math.max(1, previews.length);
    return [...previews.slice(from), ...previews.slice(0, from)].slice(0, COUNT);
  }

  async load() {
    const { plan, id } = this.choice;
    const wanted = {
      indices: this.indices().join(),
      size: plan.size,
      grey: Number(plan.grey),
      ground: plan.ground,
      side: 2 * THUMB,
      offsets: this.indices()
        .map((index) => plan.offsets[index] ?? 0.5)
        .join(),
    };
    const ticket = (this.ticket = JSON.stringify(wanted));
    if (this.shown && this.shown.size !== plan.size)
      put(this.note, t("still {size} × {size}", { size: this.shown.size }));
    try {
      const answer = await get(urlOf(`api/data/waiting/${id}/squares?${queryOf(wanted)}`), {
        patience: 60000,
      });
      if (this.gone || ticket !== this.ticket) return;
      this.shown = { size: wanted.size, ground: wanted.ground };
      put(this.note, "");
      this.draw(answer);
    } catch (error) {
      if (!this.gone && ticket === this.ticket) put(this.note, error.message);
    }
  }

  /** @type {(answer: Answer) => void} */
  draw({ header, parts }) {
    const shapes = header.parts.map(
      (/** @type {[string, string, number[]]} */ [, , shape]) => shape,
    );
    let at = 0;
    /** @type {() => Squared} */
    const next = () => {
      at += 1;
      return [parts[at - 1], shapes[at - 1]];
    };
    /** @type {Cell[]} */
    const cells = header.items.map((/** @type {Item} */ item) =>
      item.error ? { item } : { item, pictures: [next(), ...FITS.map(next)] },
    );
    const drawn = JSON.stringify([this.shown.ground, ...cells.map(({ item }) => item.index)]);
    const same = drawn === this.drawn;
    this.drawn = drawn;
    if (!same) this.frames.clear();
    if (!same) this.own.replaceChildren(...cells.map((cell) => this.original(cell)));
    this.rows.forEach(({ tiles }, k) => {
      tiles.replaceChildren(
        ...cells.map(({ item, pictures }) =>
          el(
            "span",
            { class: "tile" },
            pictures
              ? canvasOf(pictures[k + 1])
              : el("span", { class: "th", title: unmarked(item.error) }, icon("broken")),
          ),
        ),
      );
    });
    this.node.dataset.shown = String(this.shown.size);
  }

  /**
   * A picture as it is, with the frame of a crop on it, which can be dragged.
   * @type {(cell: Cell) => HTMLElement}
   */
  original({ item, pictures }) {
    if (!pictures)
      return el(
        "span",
        { class: "tile" },
        el("span", { class: "th", title: `${item.name}: ${unmarked(item.error)}` }, icon("broken")),
      );
    const [pixels, [h, w, c]] = pictures[0];
    const canvas = el("canvas", { "aria-hidden": "true" });
    paint(canvas, pixels, [h, w, c]);
    const scale = THUMB / Math.max(w, h);
    const [wide, high] = [Math.round(w * scale), Math.round(h * scale)];
    Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
    const side = Math.min(wide, high);
    const moves = Math.abs(wide - high) > 1;
    const frame = el("span", { class: "frame", hidden: moves ? null : "" });
    const box = el("span", { class: "photo", title: item.name }, canvas, frame);
    Object.assign(frame.style, { width: `${side}px`, height: `${side}px` });
    if (moves) this.movable(item, box, frame, { wide, high, side });
    return el("span", { class: "tile" }, box);
  }

  /** @type {(item: Item, box: HTMLElement, frame: HTMLElement, of: { wide: number, high: number, side: number }) => void} */
  movable(item, box, frame, { wide, high, side }) {
    const along = wide > high ? "left" : "top";
    const room = Math.max(wide, high) - side;
    const name = along === "left" ? t("from the left") : t("from the top");
    for (const [key, value] of Object.entries({
      role: "slider",
      tabindex: 0,
      "aria-label": t("Frame of {name}, {name2}", { name: item.name, name2: name }),
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    }))
      frame.setAttribute(key, String(value));
    /** @type {(share: number) => void} */
    const place = (share) => {
      frame.style[along] = `${share * room}px`;
      frame.setAttribute("aria-valuenow", String(Math.round(100 * share)));
      frame.dataset.share = String(share);
    };
    /** @type {(share: number) => void} */
    const move = (share) => {
      const kept = Math.min(1, Math.max(0, share));
      const { found, plan } = this.choice;
      for (const index of together(found, item.index)) this.frames.get(index)?.(kept);
      clearTimeout(this.timer);
      this.timer = setTimeout(
        () => this.choice.set({ offsets: moved(found, plan.offsets, item.index, kept) }),
        80,
      );
    };
    this.frames.set(item.index, place);
    place(this.choice.plan.offsets[item.index] ?? 0.5);
    /** @type {(event: MouseEvent) => number} */
    const at = (event) => {
      const p = within(event, box);
      return along === "left" ? p.x : p.y;
    };
    onDrag(frame, {
      start: (event) => ({ from: at(event), share: Number(frame.dataset.share) }),
      move: (event, { from, share }) => move(share + (at(event) - from) / room),
    });
    frame.addEventListener("keydown", (event) => {
      const by = {
        ArrowLeft: -1,
        ArrowUp: -1,
        ArrowRight: 1,
        ArrowDown: 1,
        Home: -room,
        End: room,
      }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      move(Number(frame.dataset.share) + by / room);
    });
  }
}

/**
 * The pictures whose frames stand alike: of pairs both, which the previews hold one after the other.
 * @type {(found: Pick<CheckUp, "kind" | "previews">, index: number) => number[]}
 */
export function together({ kind, previews }, index) {
  const at = kind === "pairs" ? previews.indexOf(index) : -1;
  return at < 0 ? [index] : [index, previews[at ^ 1]];
}

/**
 * Where frames stand, by index, once that of a picture is put somewhere.
 * @type {(found: Pick<CheckUp, "kind" | "previews">, offsets: Record<number, number>, index: number, share: number) => Record<number, number>}
 */
export function moved(found, offsets, index, share) {
  const own = together(found, index).map((each) => [each, Number(share.toFixed(4))]);
  return { ...offsets, ...Object.fromEntries(own) };
}

/**
 * A square at a whole number of pixels each; larger ones are shrunk to their place.
 * @type {(picture: Squared) => HTMLCanvasElement}
 */
function canvasOf([pixels, [h, w, c]]) {
  const canvas = el("canvas", { "aria-hidden": "true", class: w >= MANY ? "photo" : "" });
  paint(canvas, pixels, [h, w, c]);
  const scale = scaleFor(w, TILE);
  Object.assign(canvas.style, { width: `${w * scale}px`, height: `${h * scale}px` });
  return canvas;
}

/**
 * What a size means for these pictures.
 * @type {(found: CheckUp, size: number) => string}
 */
export function sizeWords(found, size) {
  if (!size) return t("Arrays stay as they are.");
  const small = found.sizes.below[size] ?? 0;
  const large = found.num_usable - small;
  const first = small
    ? tn(
        "{size}: {large} of {all} are at least that large; {n} is enlarged.",
        "{size}: {large} of {all} are at least that large; {n} are enlarged.",
        small,
        { size, n: whole(small), large: whole(large), all: whole(found.num_usable) },
      )
    : t("{size}: all are at least that large.", { size });
  return size < 128
    ? t("{first} 128 has {size} times the pixels.", { first, size: Math.round((128 / size) ** 2) })
    : first;
}
