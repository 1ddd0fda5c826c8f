// What goes in: drawn by hand in the data's own colours, taken from what was held out, or a picture's file.
import { button, el, icon, mounted, put, whole } from "../shared/base.js";
import { CanvasDraw } from "../shared/canvas_draw.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { Swatches, coloursOf, css, farthest, usual } from "../shared/swatches.js";
import { Panel, segments } from "./panel.js";
import { t } from "../shared/words.js";

const LARGE = 336; // CSS pixels at most
const PACE = 40; // ms between two questions while a stroke grows
const MAX_FILE = 8e6; // bytes, as the route takes
const CRISP = 6; // colours; data with fewer have hard edges, so the pencil has, too

class Draw extends Panel {
  build() {
    this.info = el("span", { class: "cap" });
    this.drawing = new CanvasDraw({
      label: t("Input"),
      changed: () => this.changed(false),
      drawing: () => this.changed(true),
      picked: (ink) => this.dip(ink),
    });
    this.hand = segments(
      t("Tool"),
      [
        ["pencil", t("Pencil")],
        ["eraser", t("Eraser")],
        ["pick", t("Pick")],
      ],
      (tool) => this.use(tool),
    );
    this.widths = segments(
      t("Width"),
      [
        ["1", "1"],
        ["2", "2"],
        ["3", "3"],
      ],
      (size) => this.choose(Number(size)),
    );
    this.colours = new Swatches((ink) => this.dip(ink));
    this.undo = button(
      t("Undo"),
      () => this.drawing.undo(),
      { title: t("Take back the last stroke (Ctrl+Z)"), disabled: "" },
      icon("undo"),
    );
    this.clear = button(t("Clear"), () => this.empty(), {}, icon("close"));
    this.before = button(
      "‹",
      () => this.store.take((this.store.index + this.store.count - 1) % this.store.count),
      { class: "btn square", "aria-label": t("Held-out picture before") },
    );
    this.after = button(
      "›",
      () =>
        this.store.take((this.store.index === null ? 0 : this.store.index + 1) % this.store.count),
      { class: "btn square", "aria-label": t("Next held-out picture") },
    );
    this.place = button(t("Held out"), () => this.store.take(this.store.index ?? 0), {
      title: t("Take this picture again, as it was"),
    });
    this.file = el("input", {
      type: "file",
      accept: "image/*",
      class: "hush",
      tabindex: -1,
      "aria-hidden": "true",
      onchange: () => this.load(this.file.files[0]),
    });
    this.loader = button(t("Load a picture"), () => this.file.click(), {
      title: t("Or drop one here, or paste it"),
    });
    this.large = segments(
      t("Size"),
      [
        ["fit", t("Fit")],
        ["large", t("Own size")],
      ],
      (how) => this.reload(how === "large"),
    );
    this.large.hidden = true;
    this.aid = el("p", { class: "cap", "aria-live": "polite" });
    this.seen = el("canvas", {
      class: "seen",
      role: "img",
      "aria-label": t("The model sees this"),
    });
    this.root.append(
      el("div", { class: "head" }, el("h2", {}, t("Draw")), this.info),
      el(
        "div",
        { class: "line" },
        this.hand,
        el("span", { class: "right line" }, el("span", { class: "cap" }, t("Width")), this.widths),
      ),
      this.drawing.node,
      el(
        "div",
        { class: "line inks" },
        el("span", { class: "cap" }, t("Colours")),
        this.colours.node,
        el("span", { class: "right line" }, this.undo, this.clear),
      ),
      el(
        "div",
        { class: "line wrap" },
        this.before,
        this.place,
        this.after,
        this.loader,
        this.large,
        this.file,
      ),
      el("div", { class: "line" }, this.seen, this.aid),
    );
    this.use("pencil");
    this.choose(1);
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      this.load(event.dataTransfer.files[0]);
    });
    /** @type {(event: ClipboardEvent) => void} */
    this.pasted = (event) =>
      this.load([...event.clipboardData.files].find((f) => f.type.startsWith("image/")));
    window.addEventListener("paste", this.pasted);
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  stop() {
    clearTimeout(this.late);
    window.removeEventListener("paste", this.pasted);
  }

  forget() {
    clearTimeout(this.late);
    /** @type {string} */
    this.dipped = null; // the direction whose colours these are
    /** @type {Uint8Array} */
    this.taken = null; // of the store's inputs
    /** @type {File} */
    this.last = null;
    this.fitted = "";
    this.large.hidden = true;
  }

  /** @type {(tool: string) => void} */
  use(tool) {
    this.tool = tool;
    this.hand.press(tool);
    if (tool === "eraser") this.drawing.erase();
    else if (tool === "pick") this.drawing.pick();
    else this.drawing.dip(this.ink ?? "#fff");
  }

  /** @type {(size: number) => void} */
  choose(size) {
    this.size = size;
    this.widths.press(size);
    this.fitPencil();
  }

  /** Widths are of 28-pixel pictures; on larger ones the pencil grows with them. */
  fitPencil() {
    const side = Math.min(this.drawing.canvas.width, this.drawing.canvas.height);
    this.drawing.choose(Math.max(1, Math.round((this.size * side) / 32)));
  }

  facts() {
    const { store } = this;
    if (this.dipped === store.towards || !store.way) return;
    this.dipped = store.towards;
    this.palette();
  }

  /** The data's own colours; the rarest of two is what lines are drawn with. */
  async palette() {
    const { towards } = this.store;
    let colours = usual(this.store.inShape[2]);
    try {
      colours = coloursOf(await this.store.ask("palette"));
    } catch {
      /* the data are not here: these serve */
    }
    if (towards !== this.store.towards || this.store.ended) return;
    this.drawing.crisp = colours.length < CRISP;
    this.paper = colours[0];
    this.drawing.paper = css(this.paper);
    this.colours.show(colours);
    this.dip(css(farthest(colours)));
  }

  /** @type {(ink: string) => void} */
  dip(ink) {
    this.ink = ink;
    this.use("pencil");
    this.colours.press(ink);
  }

  /** Another image goes in. */
  input() {
    const { store } = this;
    if (store.input === this.taken) return;
    clearTimeout(this.late); // of a stroke on what was there before
    this.taken = store.input;
    this.quiet = true;
    this.fitted = "";
    this.large.hidden = true;
    this.drawing.resize(store.size, this.scale());
    paint(this.drawing.canvas, store.input, store.shape);
    this.quiet = false;
    this.fitPencil();
    this.undo.disabled = true;
    this.told();
  }

  told() {
    const { store } = this;
    const [h, w] = store.size;
    put(
      this.info,
      store.edits
        ? t("your drawing")
        : store.name || (store.label ? t("a held-out {label}", { label: store.label }) : ""),
    );
    put(
      this.place,
      store.index === null
        ? t("Held out")
        : t("Held-out {index} of {count}", {
            index: whole(store.index + 1),
            count: whole(store.count),
          }),
    );
    for (const b of [this.before, this.after, this.place]) b.hidden = !store.count;
    paint(this.seen, store.input, store.shape);
    const trained = store.inShape.slice(0, 2).reverse().join(" × ");
    const sees = t("The model sees this: {w} × {h}.", { w, h });
    put(
      this.aid,
      this.fitted ||
        (store.missing
          ? t("{sees} No held-out pictures: {missing}", { sees, missing: store.missing })
          : store.isTrainedSize
            ? t("{sees} Press Clear and draw.", { sees })
            : t("{sees} It was trained at {trained}.", { sees, trained })),
    );
    this.drawing.canvas.setAttribute(
      "aria-label",
      t(
        "Input, {w} by {h}. Arrow keys move the pencil, with Shift further; Space puts it down and lifts it; Ctrl and Z take a stroke back.",
        { w, h },
      ),
    );
  }

  scale() {
    const [h, w] = this.store.size;
    return scaleFor(Math.max(h, w), Math.min(LARGE, this.root.clientWidth || LARGE), 12);
  }

  fit() {
    if (!this.store?.size) return;
    const scale = this.scale();
    this.drawing.scale = scale;
    [this.drawing.canvas.style.width, this.drawing.canvas.style.height] = [
      this.store.size[1],
      this.store.size[0],
    ].map((n) => `${n * scale}px`);
  }

  /**
   * The hand has drawn; while a stroke grows at most every so many ms.
   * @type {(drawing: boolean) => void}
   */
  changed(drawing) {
    this.undo.disabled = !this.drawing.canUndo;
    if (this.quiet) return;
    clearTimeout(this.late);
    const wait = drawing ? Math.max(0, PACE - (performance.now() - (this.sent ?? 0))) : 0;
    const send = () => {
      if (!this.store?.input) return; // another direction, whose picture is on its way
      this.sent = performance.now();
      const pixels = this.drawing.pixels(this.store.inShape[2]);
      this.taken = pixels;
      this.fitted = "";
      this.store.edit(pixels, drawing);
      this.told();
    };
    if (wait) this.late = setTimeout(send, wait);
    else send();
  }

  /** An empty paper; what the held-out picture should have become says nothing of it. */
  empty() {
    this.drawing.remember();
    this.store.leaveHeldOut();
    this.drawing.clear();
  }

  /** @type {(file: File) => Promise<void>} */
  async load(file) {
    if (!file) return;
    if (file.size > MAX_FILE)
      return this.store.problem(
        t("{name} is larger than 8 MB.", { name: file.name.slice(0, 80) }),
        { stays: true },
      );
    this.last = file;
    return this.reload(false);
  }

  /** @type {(large: boolean) => Promise<void>} */
  async reload(large) {
    const { store } = this;
    put(this.aid, t("Reading the picture."));
    try {
      const found = await store.load(this.last, large);
      if (!found) return;
      const { was } = found;
      this.large.hidden = false;
      this.large.press(large ? "large" : "fit");
      const [h, w] = store.size;
      this.fitted = large
        ? t("{was} goes through as {w} × {h}.", { was: was.join(" × "), w, h })
        : t("The middle of {was} was made {w} × {h}.", { was: was.join(" × "), w, h });
      put(this.aid, this.fitted);
    } catch (error) {
      store.problem(error.message, { stays: true });
      if (store.input) this.told();
    }
    this.file.value = ""; // so that the same file can be chosen again
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    if (
      /** @type {Element} */ (event.target).closest("input, select") ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    const tool = /** @type {Record<string, string>} */ ({ e: "eraser", b: "pencil", p: "pick" })[
      event.key.toLowerCase()
    ];
    if (tool) this.use(tool);
  }
}

export default mounted((component) => new Draw(component, "draw"));
