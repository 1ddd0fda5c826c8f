// The time machine: this input at every stored step, or at two of them behind a wipe.
import { el, mounted, put } from "../shared/base.js";
import { explain } from "../shared/glossary.js";
import { TimeStrip } from "../shared/time_strip.js";
import { Panel, segments } from "./panel.js";
import { TwoSteps } from "./two_steps.js";
import { t } from "../shared/words.js";
/** @import { Question } from "../shared/types" */

const MOST = 40; // images; longer runs are thinned evenly
const MOST_PIXELS = 128 * 128; // of an input; larger ones would take long at every step

class Time extends TimeStrip(Panel) {
  build() {
    this.buildStrip(t("This input at every checkpoint"));
    this.aid = el("span", { class: "cap" });
    this.views = segments(
      t("View"),
      [
        ["strip", t("Strip")],
        ["wipe", t("A/B wipe")],
      ],
      (view) => this.look(view),
    );
    explain(this.views.children[1], "wipe");
    this.two = new TwoSteps(this);
    this.root.append(
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Time machine")),
        this.aid,
        el("span", { class: "right tools" }, this.player, this.views),
      ),
      this.scroller,
      this.two.node,
    );
    this.look("strip");
  }

  /** @type {(view: string) => void} */
  look(view) {
    this.view = view;
    this.views.press(view);
    this.scroller.hidden = view !== "strip";
    this.two.node.hidden = view !== "wipe";
    if (view === "wipe") this.two.pull();
  }

  forget() {
    super.forget();
    this.two.forget();
    this.look("strip");
  }

  get awaiting() {
    return !this.store.input;
  }
  get line() {
    return this.store.input;
  }
  get shape() {
    return this.store.madeShape;
  }

  /** @type {(steps: number[]) => Question | null} */
  question(steps) {
    const { store } = this;
    const [h, w] = store.size;
    if (h * w > MOST_PIXELS) return null;
    return {
      route: "timeline",
      params: { towards: store.towards, h, w, steps: steps.join(",") },
      body: store.input,
    };
  }

  facts() {
    if (!this.know(MOST)) return;
    const [all, keep] = [this.store.steps.length, this.steps.length];
    put(
      this.aid,
      all < 2
        ? t("one checkpoint only")
        : keep < all
          ? t(
              "this input at {keep} of {all} checkpoints; the cursor is the same as on the Train page",
              { keep, all },
            )
          : t("this input at all {all} checkpoints; the cursor is the same as on the Train page", {
              all,
            }),
    );
    this.player.hidden = this.views.hidden = all < 2;
    this.two.know(this.store.steps);
  }

  settled() {
    super.settled();
    if (this.view === "wipe") this.two.pull();
  }

  output() {
    this.mark();
  }
}

export default mounted((component) => new Time(component, "time"));
