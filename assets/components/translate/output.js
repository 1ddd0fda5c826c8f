// What comes out, following the hand: alone, behind a wipe, or what was changed; and what comes back of it.
import { button, el, icon, mounted, put } from "../shared/base.js";
import { paint, scaleFor } from "../shared/pixels.js";
import { savePng } from "../shared/save.js";
import { Wipe } from "../shared/wipe.js";
import { Kept } from "./kept.js";
import { Panel, segments } from "./panel.js";
import { changeMap, errorMap, l1 } from "./pixels.js";
import { t } from "../shared/words.js";

const LARGE = 336; // CSS pixels at most
const VIEWS = [
  ["result", t("Result")],
  ["wipe", t("Wipe")],
  ["changed", t("Changed")],
  ["error", t("Error")],
];

class Output extends Panel {
  build() {
    this.info = el("span", { class: "cap" });
    this.views = segments(t("View"), VIEWS, (view) => this.look(view));
    this.canvas = el("canvas", { width: 1, height: 1, role: "img", "aria-label": t("Output") });
    this.plain = el("div", { class: "well" }, this.canvas);
    this.wipe = new Wipe({
      names: [t("input"), t("output")],
      label: t("Line between input and output"),
      alt: t("Input left, output right of the line"),
    });
    this.left = el("canvas");
    this.right = el("canvas");
    this.back = button(t("There and back"), () => this.store.setBack(!this.store.withBack), {
      role: "switch",
    });
    this.swap = button(t("Use the output as input"), () => this.store.swap());
    this.png = button(
      "PNG",
      () => savePng(this.canvas, `${this.store.run}_${this.store.shown}.png`),
      {},
      icon("download"),
    );
    this.kept = new Kept(this);
    this.returned = el("canvas", { role: "img", "aria-label": t("What comes back") });
    this.way = el(
      "div",
      { class: "back" },
      el("div", { class: "well" }, this.returned),
      (this.loss = el("p", { class: "cap" })),
    );
    this.way.hidden = true;
    this.aid = el("p", { class: "cap" });
    this.root.append(
      el("div", { class: "head" }, el("h2", {}, t("Output")), this.info),
      this.views,
      this.plain,
      this.wipe.node,
      el("div", { class: "line wrap" }, this.kept.button, this.back, this.swap, this.png),
      this.way,
      this.kept.list,
      this.aid,
    );
    this.look("result");
  }

  notes() {
    this.kept.show();
  }

  forget() {
    put(this.info, "");
    this.kept.list.replaceChildren();
    this.look("result");
  }

  /** @type {(view: string) => void} */
  look(view) {
    this.view = view;
    this.views.press(view);
    this.plain.hidden = view === "wipe";
    this.wipe.node.hidden = view !== "wipe";
    this.draw();
  }

  facts() {
    const { store } = this;
    this.kept.facts();
    this.back.hidden = this.swap.hidden = !store.bothWays;
    this.back.setAttribute("aria-checked", String(store.withBack));
    this.back.classList.toggle("on", store.withBack);
    put(
      this.aid,
      store.bothWays
        ? ""
        : store.facts.kind === "pairs"
          ? t("There is no way back: this translator was trained with pairs, one way.")
          : t("There is no way back: this recipe learns one way."),
    );
  }

  output() {
    const { store } = this;
    put(this.info, t("made by G · {ms} ms behind your hand", { ms: store.ms.toFixed(0) }));
    Object.assign(this.root.dataset, {
      step: store.shown,
      answers: Number(this.root.dataset.answers ?? 0) + 1,
      ms: Math.round(store.ms),
    });
    this.facts();
    this.draw();
  }

  draw() {
    const { store } = this;
    if (!store?.output) return;
    const known = Boolean(store.truth) && store.isTrainedSize;
    this.views.lastChild.disabled = !known;
    const view = this.view === "error" && !known ? "result" : this.view;
    const [cin, cout] = [store.inShape[2], store.outShape[2]];
    const shape = [...store.size, 3];
    if (view === "changed")
      paint(this.canvas, changeMap(store.input, cin, store.output, cout), shape);
    else if (view === "error") paint(this.canvas, errorMap(store.output, store.truth, cout), shape);
    else paint(this.canvas, store.output, store.madeShape);
    this.canvas.setAttribute(
      "aria-label",
      t("{find}, {to}, step {shown}", {
        find: VIEWS.find(([name]) => name === view)[1],
        to: store.way.to,
        shown: store.shown,
      }),
    );
    paint(this.left, store.input, store.shape);
    paint(this.right, store.output, store.madeShape);
    this.wipe.show(this.left, this.right);
    this.way.hidden = !store.back;
    if (store.back) {
      paint(this.returned, store.back, store.shape);
      put(
        this.loss,
        t(
          "Back to {from}: {l1} L1 from what went in. Near 0 with a wrong picture between: G hides the input in it.",
          { from: store.way.from, l1: l1(store.back, store.input).toFixed(3) },
        ),
      );
    }
    this.fit();
  }

  fit() {
    if (!this.store?.size) return;
    const [h, w] = this.store.size;
    const room = Math.min(LARGE, this.root.clientWidth || LARGE);
    const scale = scaleFor(Math.max(h, w), room, 12);
    [this.canvas.style.width, this.canvas.style.height] = [w, h].map((n) => `${n * scale}px`);
    this.wipe.fit(w * scale, 12);
    const small = scaleFor(Math.max(h, w), room / 2, 4);
    [this.returned.style.width, this.returned.style.height] = [w, h].map((n) => `${n * small}px`);
  }
}

export default mounted((component) => new Output(component, "output"));
