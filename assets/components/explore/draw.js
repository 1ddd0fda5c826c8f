// Draw or upload an image; the generator's nearest z is searched and the best answers offered.
import { button, el, icon, put } from "../shared/base.js";
import { call } from "../shared/ask.js";
import { CanvasDraw } from "../shared/canvas_draw.js";
import { segments } from "./panel.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { Swatches, coloursOf, css, farthest, usual } from "../shared/swatches.js";
import { t } from "../shared/words.js";
/** @import { ToolPanel } from "./types" */

const [LEAST, MOST] = [224, 336]; // CSS pixels of the drawing
const BESIDE = 242; // CSS pixels of the tools beside it
/** @type {[words: string, width: number][]} */
const BRUSHES = [
  [t("Fine"), 0.6],
  [t("Medium"), 1.3],
  [t("Broad"), 2.4],
]; // in 1/14 of the image's width
const MAX_FILE = 20e6; // bytes

/**
 * What can be done, with a generator of so many classes.
 * @type {(classes: number) => string}
 */
export const invitation = (classes) =>
  classes
    ? t(
        "Draw with the pointer or the arrow keys, or upload a picture; then the z that comes nearest is searched, over all classes.",
      )
    : t(
        "Draw with the pointer or the arrow keys, or upload a picture; then the z that comes nearest is searched.",
      );

export class DrawTool {
  /** @param {ToolPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.drawing = new CanvasDraw({
      label: t("Your drawing"),
      changed: () => {
        this.back.disabled = !this.drawing.canUndo;
      },
      picked: (ink) => this.dip(ink),
    });
    this.file = el("input", {
      type: "file",
      accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp",
      class: "hush",
      tabindex: -1,
      "aria-hidden": "true",
      onchange: () => this.upload(),
    });
    this.back = button(
      t("Undo"),
      () => this.drawing.undo(),
      { title: t("Take back the last stroke (Ctrl+Z)"), disabled: "" },
      icon("undo"),
    );
    this.brushes = segments(
      t("Brush"),
      BRUSHES.map(([name, size]) => [size, name]),
      (size) => this.choose(size),
    );
    this.choose(BRUSHES[1][1]);
    this.inks = segments(
      t("Ink"),
      [
        ["#fff", t("White")],
        ["#000", t("Black")],
      ],
      (ink) => this.dip(ink),
    );
    this.colours = new Swatches((ink) => this.dip(ink));
    this.picker = button(t("Pick"), () => this.drawing.pick(), {
      title: t("Take the colour of the next place that is pressed"),
    });
    this.colours.node.hidden = this.picker.hidden = true; // until it is known that they are needed
    this.dip("#fff");
    this.find = button(t("Find its z"), () => this.search(), { class: "btn primary" });
    this.aid = el("p", { class: "cap", "aria-live": "polite" });
    this.tiles = el("ol", { class: "tiles found" });
    this.node = el(
      "div",
      { class: "tool draw" },
      el(
        "div",
        { class: "easel" },
        this.drawing.node,
        el(
          "div",
          { class: "side" },
          el("div", { class: "line" }, this.brushes, this.inks, this.picker),
          this.colours.node,
          el(
            "div",
            { class: "line" },
            this.back,
            button(t("Clear"), () => {
              this.drawing.remember();
              this.clear();
            }),
            button(t("Invert"), () => this.drawing.invert(), {
              title: t("Black on white to white on black, and back"),
            }),
          ),
          el(
            "div",
            { class: "line" },
            button(t("Copy the image shown"), () => this.take()),
            button(t("Upload a picture"), () => this.file.click()),
            this.file,
          ),
          el(
            "div",
            { class: "line" },
            this.find,
            button(t("What D thinks of it"), () => this.judge()),
          ),
        ),
      ),
      this.aid,
      this.tiles,
    );
    this.node.addEventListener("keydown", (event) => this.key(event));
  }

  /** @type {(size: number) => void} */
  choose(size) {
    this.size = Number(size);
    this.brushes.press(size);
    this.drawing.choose((this.size * this.drawing.canvas.width) / 14);
  }

  /** @type {(ink: string) => void} */
  dip(ink) {
    this.drawing.dip(ink);
    this.inks.press(ink);
    this.colours.press(ink);
  }

  /**
   * Grey images are drawn in white and black, others in the colours that the data are made of.
   * @type {(run: string, channels: number) => Promise<void>}
   */
  async palette(run, channels) {
    this.inked = run;
    this.inks.hidden = channels > 1;
    this.colours.node.hidden = this.picker.hidden = channels === 1;
    if (channels === 1) return this.begin("#000", "#fff");
    const found = await call(run, "palette").then(coloursOf, () => usual(3)); // the data are not here: these serve
    if (this.inked !== run) return null; // another generator was chosen meanwhile
    this.colours.show(found);
    return this.begin(css(found[0]), css(farthest(found)));
  }

  /**
   * Another paper, under a drawing that nobody has begun, and the colour of the first line.
   * @type {(paper: string, ink: string) => void}
   */
  begin(paper, ink) {
    this.drawing.paper = paper;
    if (!this.drawing.canUndo) this.drawing.clear();
    this.dip(ink);
  }

  /**
   * Ctrl+Z in here is about the drawing, not about the view.
   * @type {(event: KeyboardEvent) => void}
   */
  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z")
      return;
    event.preventDefault();
    event.stopPropagation();
    this.drawing.undo();
  }

  get store() {
    return this.panel.store;
  }

  show() {
    if (!this.store.about) return;
    if (!this.aid.textContent) put(this.aid, invitation(this.store.classes));
    const {
      run,
      shape: [h, w, channels],
    } = this.store;
    const { canvas } = this.drawing;
    if (this.inked !== run) this.palette(run, channels);
    if (canvas.width === w && canvas.height === h && this.sized) return;
    this.sized = true;
    this.drawing.resize([h, w], this.scale());
    this.choose(this.size);
    this.tiles.replaceChildren();
  }

  /** CSS pixels of one of the drawing: as large as there is room beside the tools. */
  scale() {
    const [h, w] = this.store.shape;
    return scaleFor(Math.max(h, w), Math.min(MOST, Math.max(LEAST, this.width - BESIDE)));
  }

  settled() {
    this.show();
  }

  clear() {
    this.drawing.clear();
    this.tiles.replaceChildren();
  }

  take() {
    this.drawing.take(this.store.current, this.store.shape);
  }

  /** The browser reads the file; only pixels of the right size leave it. */
  async upload() {
    const [file] = this.file.files;
    if (!file) return;
    if (file.size > MAX_FILE) return put(this.aid, t("The file is larger than 20 MB."));
    const picture = await createImageBitmap(file).catch(() => /** @type {ImageBitmap} */ (null));
    if (!picture)
      return put(
        this.aid,
        t("{name} is not a picture that this browser can read.", { name: file.name.slice(0, 80) }),
      );
    this.drawing.place(picture);
    this.tiles.replaceChildren();
    this.file.value = ""; // so that the same file can be chosen again
    return put(this.aid, t("Made as small as the generator's images. Now find its z."));
  }

  pixels() {
    return this.drawing.pixels(this.store.shape[2]);
  }

  /** The panel of D shows all of it, and may be out of sight; what it says stands here, too. */
  judge() {
    put(this.aid, t("It looks at this image now. The first time takes some seconds."));
    this.aid.scrollIntoView({ block: "nearest" });
    this.store.tell("judge", this.pixels());
  }

  /** @type {(words: string) => void} */
  judged(words) {
    put(this.aid, words);
  }

  async search() {
    const target = this.pixels();
    this.find.disabled = true;
    put(this.aid, t("Searching. This takes some seconds; everything else stays usable."));
    try {
      const { header, parts } = await call(
        this.store.run,
        "project",
        { step: this.store.at, raw: this.store.asker.raw },
        target,
      );
      this.answers(target, header.mse, parts[0], parts[1]);
    } catch (error) {
      put(this.aid, error.message);
    }
    this.find.disabled = false;
  }

  /** @type {(target: Uint8Array, errors: number[], rows: Float32Array, made: Uint8Array) => void} */
  answers(target, errors, rows, made) {
    const { store } = this;
    const [size, length] = [made.length / errors.length, rows.length / errors.length];
    /** @type {(pixels: Uint8Array, words: string) => HTMLCanvasElement} */
    const tile = (pixels, words) => {
      const canvas = el("canvas", { role: "img", "aria-label": words });
      paint(canvas, pixels, store.shape);
      canvas.style.width = `${2 * canvas.width}px`;
      return canvas;
    };
    this.tiles.replaceChildren(
      ...errors.map((error, i) => {
        const image = made.subarray(i * size, (i + 1) * size);
        const row = rows.subarray(i * length, (i + 1) * length);
        const weights = row.slice(store.z.length);
        const label = weights.length
          ? t("class {class_names}", {
              class_names: store.facts.class_names[weights.indexOf(Math.max(...weights))],
            })
          : "";
        const rest = image.map((v, k) => Math.abs(v - target[k]));
        const go = button(t("Go there"), () => store.goTo(row.slice(0, store.z.length), weights), {
          "aria-label": t("Go to answer {i}", { i: i + 1 }),
        });
        return el(
          "li",
          {},
          el(
            "div",
            { class: "pair" },
            tile(image, t("answer {i}", { i: i + 1 })),
            tile(rest, t("what is left over")),
          ),
          el("span", {}, `${label} ${error.toFixed(4)}`.trim()),
          go,
        );
      }),
    );
    put(
      this.aid,
      t(
        "The best answers with their mean squared error. Right of each: what the generator cannot make.",
      ),
    );
    this.panel.root.dataset.found = String(errors[0]);
  }

  /** @type {(width: number) => void} */
  fit(width) {
    this.width = width;
    if (this.sized) this.drawing.enlarge(this.scale());
  }
}
