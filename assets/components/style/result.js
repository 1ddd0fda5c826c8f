// The picture that was made: behind a wipe over the content, alone, or both beside each other.
import { el, mounted, put } from "../shared/base.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { Wipe } from "../shared/wipe.js";
import { Panel, segments } from "./panel.js";
import { t } from "../shared/words.js";

const VIEWS = [
  ["wipe", t("Wipe")],
  ["result", t("Result")],
  ["both", t("Side by side")],
  ["content", t("Content")],
];
const HIGH = 560; // CSS pixels at most
const LIKELY = [3, 4]; // height to width of a picture that is on its way

class Result extends Panel {
  build() {
    this.info = el("span", { class: "cap", role: "status" });
    this.views = segments(t("View"), VIEWS, (view) => this.look(view));
    this.views.classList.add("right");
    this.wipe = new Wipe({
      names: [t("content"), t("result")],
      label: t("Line between content and result"),
      alt: t("Content left, result right of the line"),
    });
    this.left = el("canvas");
    this.right = el("canvas");
    this.plain = el("div", { class: "well plain" });
    this.aid = el("p", { class: "cap" });
    this.said = el("p", { class: "said bad", role: "alert" });
    this.root.append(
      el("div", { class: "head" }, el("h2", {}, t("Result")), this.info, this.views),
      this.said,
      (this.stage = el("div", { class: "stage" }, this.wipe.node, this.plain)),
      this.aid,
    );
    this.look("wipe");
    put(this.info, t("Painting the first picture."));
  }

  /** @type {(view: string) => void} */
  look(view) {
    this.view = view;
    this.views.press(view);
    this.wipe.node.hidden = view !== "wipe";
    this.plain.hidden = view === "wipe";
    this.draw();
  }

  facts() {
    const { store } = this;
    put(
      this.aid,
      store.mode === "optimise"
        ? t(
            "This is the instant result. Optimise trains the picture itself: what it starts from is chosen on the right.",
          )
        : store.hasOwn
          ? t(
              "Drag the line. Your own pictures are not kept; a link to this view cannot hold them.",
            )
          : t(
              "Drag the line. Every change shows here at once; a slider that is dragged, in a draft of 256 pixels.",
            ),
    );
  }

  output() {
    const { store } = this;
    const [h, w] = store.output.shape;
    put(
      this.info,
      t("{w} × {h}, one pass, {server} s{full}", {
        w,
        h,
        server: (store.server / 1000).toFixed(2),
        full: store.full ? "" : t(" · draft"),
      }),
    );
    Object.assign(this.root.dataset, {
      width: w,
      full: store.full,
      style: store.painted,
      answers: Number(this.root.dataset.answers ?? 0) + 1,
      ms: Math.round(store.ms),
      strength: store.strength,
    });
    this.facts();
    this.draw();
  }

  draw() {
    const { store } = this;
    if (!store?.output) return;
    paint(this.left, store.original.pixels, store.original.shape);
    paint(this.right, store.output.pixels, store.output.shape);
    this.wipe.show(this.left, this.right);
    const shown =
      { result: [this.right], content: [this.left], both: [this.left, this.right] }[this.view] ??
      [];
    this.plain.replaceChildren(...shown);
    [this.left, this.right].forEach((canvas, i) => {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", i ? t("Result") : t("Content"));
    });
    this.fit();
  }

  /** As large as the full picture will be, so that a draft keeps its place; so does the first one. */
  fit() {
    const { store } = this;
    if (!store) return;
    const shape = (store.output?.shape ?? LIKELY).slice(0, 2);
    const [h, w] = shape.map((n) => Math.round((n * store.size) / Math.max(...shape)));
    const room = this.root.clientWidth || HIGH;
    /** @type {(width: number) => number} */
    const scale = (width) => Math.min(scaleFor(w, width, 2), scaleFor(h, HIGH, 2));
    this.stage.style.minHeight = store.output ? "" : `${h * scale(room)}px`;
    if (!store.output) return;
    /** @type {(canvas: HTMLCanvasElement, s: number) => void} */
    const size = (canvas, s) => {
      [canvas.style.width, canvas.style.height] = [w, h].map((n) => `${Math.max(1, n * s)}px`);
    };
    size(this.wipe.canvas, scale(room));
    for (const canvas of [this.left, this.right])
      size(canvas, scale(this.view === "both" ? (room - 6) / 2 : room));
  }

  /** @type {(words: string) => void} */
  problem(words) {
    put(this.said, words);
    this.said.hidden = !words;
    if (words && !this.store.output) put(this.info, "");
  }
}

export default mounted((component) => new Result(component, "result"));
