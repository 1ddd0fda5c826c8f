// The grid of a run that translates: held-out images beside what becomes of them, in groups of columns.
import { button, el, icon, lineKey, put, whole } from "../shared/base.js";
import { cursorOf } from "../shared/feed.js";
import { Well } from "../shared/well.js";
import {
  arrange,
  changedPixels,
  groupsOf,
  heldOf,
  heldShown,
  wordsOf,
} from "../shared/pair_layout.js";
import { samples, Samples } from "./samples.js";
import { queryOf, urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
/** @import { Point } from "../shared/types" */

/** The columns of one group: a bar and a word over each, solid for the data, dashed for a network. */
class Group extends Well {
  /**
   * @param {import("../shared/types").Group} group
   * @param {string[]} ends
   * @param {(group: Group, row: number) => void} go
   */
  constructor(group, ends, go) {
    const { title, words } = wordsOf(group, ends);
    super({
      label: t("Samples: {words}", { words: words.join(", ") }),
      most: Infinity,
      go: (_, row) => go(this, row),
    });
    this.group = group;
    this.title = title;
    this.words = words;
    /** @type {(column: number, row: number) => string} */
    this.name = (column, row) => t("row {row}, {words}", { row: row + 1, words: words[column] });
    this.bars = el(
      "div",
      { class: "columns", "aria-hidden": "true" },
      ...words.map((word, i) => el("span", { class: this.roleOf(i), title: word }, word)),
    );
    this.box = el(
      "div",
      { class: "group" },
      title ? el("h3", {}, title) : null,
      this.bars,
      this.node,
    );
  }

  /** All groups have the same scale (pair_layout.js). */
  resize() {
    this.scale = this.wanted;
    [this.canvas.style.width, this.canvas.style.height] = this.size.map(
      (n) => `${n * this.scale}px`,
    );
  }

  get count() {
    return this.words.length;
  }

  /** @type {(column: number) => string} */
  roleOf(column) {
    return this.group.parts[column] ? (this.group.parts[column].made ? "fake" : "real") : "changed";
  }

  /**
   * Take its place: tiles of [H, W], so many rows, at this scale.
   * @type {(tile: number[], rows: number, scale: number) => void}
   */
  take([th, tw], rows, scale) {
    /** @type {Point} */
    const size = [this.count * tw, rows * th];
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1])
      [this.canvas.width, this.canvas.height] = size;
    this.lay(size, [tw, th], this.filled);
    this.wanted = scale;
    this.fit(size[0] * scale);
    this.bars.style.gridTemplateColumns = `repeat(${this.count}, ${tw * scale}px)`;
  }

  /**
   * Paint rows from `first` on out of the whole grid.
   * @type {(picture: HTMLImageElement, first: number) => void}
   */
  paint(picture, first) {
    const {
      size: [, high],
      tile: [tw, th],
      group,
    } = this;
    const paint = this.canvas.getContext("2d", { willReadFrequently: true });
    paint.drawImage(
      picture,
      group.from * tw,
      first * th,
      group.parts.length * tw,
      high,
      0,
      0,
      group.parts.length * tw,
      high,
    );
    if (group.changed) this.paintChanged(paint, high, tw);
    this.filled = true;
    this.canvas.dataset.painted = "true";
  }

  /** @type {(paint: CanvasRenderingContext2D, high: number, tw: number) => void} */
  paintChanged(paint, high, tw) {
    const [before, after] = [0, 1].map((i) => paint.getImageData(i * tw, 0, tw, high).data);
    paint.putImageData(
      new ImageData(changedPixels(before, after), tw, high),
      (this.count - 1) * tw,
      0,
    );
  }
}

class PairGrid extends Samples {
  build() {
    this.sheet = el("div", { class: "groups" });
    this.keys = el("div", { class: "keys" });
    this.pages = el("span", { class: "pages" });
    /** @type {HTMLSpanElement} */
    this.pagesWords = null;
    /** @type {HTMLButtonElement} */
    this.more = null; // rows
    this.own = el(
      "a",
      { class: "btn own", title: t("Draw or load a picture in Translate, also while it trains") },
      icon("note"),
      t("Try your own"),
    );
    this.first = 0; // row at the top
    this.root.append(
      this.head,
      this.empty,
      this.sheet,
      el("div", { class: "foot" }, this.keys, this.pages, this.own),
      this.one.node,
    );
  }

  /** Groups for the header that is known now, made once for each. */
  make() {
    const key = JSON.stringify([this.known.parts, this.known.repeat, this.known.ends]);
    if (key === this.made) return;
    /** @type {string} */
    this.made = key;
    this.groups = groupsOf(this.known).map(
      (group) => new Group(group, this.known.ends, (well, row) => this.enlarge(well, row)),
    );
    const [one] = this.groups;
    const real = one.words.filter((_, i) => one.roleOf(i) === "real");
    const pairs = this.known.kind === "pairs";
    this.keys.replaceChildren(
      el(
        "span",
        {},
        lineKey("real", false),
        pairs
          ? t(" {names}, from the data", { names: real.join(t(" and ")) })
          : t(" from the data"),
      ),
      el(
        "span",
        {},
        lineKey("fake", true),
        pairs ? t(" output, made by G") : t(" made by the generators"),
      ),
      ...(pairs ? [] : [el("span", {}, lineKey("g", true), t(" changed, bright is much"))]),
    );
  }

  fit() {
    const width = this.root.clientWidth;
    if (!this.known?.parts || width <= 0) return;
    this.make();
    this.own.href = urlOf(`translate?${new URLSearchParams({ run: this.data.run })}`);
    this.plan = arrange(
      this.groups.map((each) => each.group),
      this.known,
      width,
      window.devicePixelRatio || 1,
    );
    const shown = this.groups.filter((each) => this.plan.shown.includes(each.group));
    this.first = Math.min(this.first, this.known.rows - this.plan.rows);
    for (const each of shown) each.take(this.known.tile, this.plan.rows, this.plan.scale);
    this.sheet.style.gap = `12px ${this.plan.gap}px`;
    if (
      shown.length !== this.sheet.children.length ||
      shown.some((each, i) => this.sheet.children[i] !== each.box)
    )
      this.sheet.replaceChildren(...shown.map((each) => each.box));
    this.shownGroups = shown;
    this.paging();
    if (this.picture) this.paint(this.picture);
    this.caption();
  }

  /** @type {(picture: HTMLImageElement) => void} */
  paint(picture) {
    this.picture = picture;
    for (const each of this.shownGroups ?? []) each.paint(picture, this.first);
  }

  /** Further rows of large images are a press away. */
  paging() {
    const { rows } = this.plan;
    const all = this.known.rows;
    this.pages.hidden = rows >= all;
    if (rows >= all) return;
    put(
      (this.pagesWords ??= el("span", { class: "cap" })),
      t("rows {first} to {last} of {all}", { first: this.first + 1, last: this.first + rows, all }),
    );
    this.more ??= button(
      t("More rows"),
      () => this.turn(),
      { title: t("The next held-out images") },
      icon("newest"),
    );
    if (!this.pages.children.length) this.pages.append(this.pagesWords, this.more);
  }

  turn() {
    const { rows } = this.plan;
    const next = this.first + rows;
    this.first = this.first + rows >= this.known.rows ? 0 : Math.min(next, this.known.rows - rows);
    this.fit();
  }

  clear() {
    this.picture = null;
    for (const each of this.groups ?? []) {
      each.filled = false;
      // biome-ignore lint/correctness/noSelfAssign: a canvas that is given its width is empty
      each.canvas.width = each.canvas.width;
    }
  }

  /** "21 held-out inputs", "8 held-out images of each side". */
  get what() {
    const blocks = new Set(this.plan.shown.map((group) => group.block)).size;
    const rows = heldShown(this.known, blocks);
    return this.known.kind === "pairs"
      ? t("{rows} held-out inputs", { rows })
      : t("{rows} held-out images{groups}", {
          rows,
          groups: this.groups.length > 1 ? t(" of each side") : "",
        });
  }

  caption() {
    if (this.shown === null || !this.plan) return;
    this.tell(this.what);
  }

  /** @type {(well: Group, row: number) => void} */
  enlarge(well, row) {
    const {
      tile: [tw, th],
      group,
    } = well;
    const held = heldOf(this.known, group.block, this.first + row);
    const cut = { image: well.canvas, x: 0, y: row * th, tw: well.count * tw, th };
    const { live } = cursorOf(this.data.run);
    const query = queryOf({
      run: this.data.run,
      held,
      towards: group.towards,
      ...(live ? {} : { step: this.shown }),
    });
    const small =
      this.known.shrunk > 1
        ? t(" · here {shrunk} times smaller", { shrunk: this.known.shrunk })
        : "";
    const words = t("Held-out image {held}: {words}, step {shown}{age}{small}", {
      held: whole(held + 1),
      words: well.words.join(" · "),
      shown: whole(this.shown),
      age: this.age,
      small,
    });
    this.one.show(cut, words, null, {
      href: urlOf(`translate?${query}`),
      label: t("Open in Translate"),
      title: t("Enter: this input in Translate"),
    });
  }
}

export default samples(PairGrid);
