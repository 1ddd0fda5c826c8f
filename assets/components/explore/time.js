// The time machine: this z and class at every stored step. Its cursor is the page's checkpoint.
import { el, mounted, put } from "../shared/base.js";
import { filmButtons } from "./downloads.js";
import { Panel, segments } from "./panel.js";
import { explain } from "../shared/glossary.js";
import { TimeStrip } from "../shared/time_strip.js";
import { WipeTool } from "./wipe.js";
import { t } from "../shared/words.js";
/** @import { Question } from "../shared/types" */

const MOST = 60; // images; longer runs are thinned evenly

/**
 * What the strip shows: so many of all checkpoints, of a generator with so many classes.
 * @type {(keep: number, all: number, classes: number) => string}
 */
export function wordsOf(keep, all, classes) {
  if (all === 1) return t("one checkpoint only; compare it with another generator by A/B wipe");
  if (keep < all)
    return classes
      ? t("this z and class at {keep} of {all} checkpoints", { keep, all })
      : t("this z at {keep} of {all} checkpoints", { keep, all });
  return classes
    ? t("this z and class at all {all} checkpoints; the cursor is the same as on the Train page", {
        all,
      })
    : t("this z at all {all} checkpoints; the cursor is the same as on the Train page", { all });
}

class Time extends TimeStrip(Panel) {
  build() {
    this.buildStrip(t("This z at every checkpoint"));
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
    this.wipe = new WipeTool(this);
    const film = () => ({
      params: { steps: this.steps.join(","), rate: 8 },
      body: this.store.line(),
      name: "training",
    });
    this.films = el(
      "span",
      { class: "tools" },
      ...filmButtons(
        () => this.store,
        film,
        (words) => this.store.problem(words),
      ),
    );
    this.root.append(
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Time machine")),
        this.aid,
        el("span", { class: "right tools" }, this.player, this.films, this.views),
      ),
      this.scroller,
      this.wipe.node,
    );
    this.look("strip");
  }

  /** @type {(view: string) => void} */
  look(view) {
    this.view = view;
    this.views.press(view);
    this.scroller.hidden = view !== "strip";
    this.wipe.node.hidden = view !== "wipe";
    if (view === "wipe" && this.store?.ready) this.wipe.open();
  }

  forget() {
    super.forget();
    this.wipe.forget();
    this.look("strip");
  }

  get awaiting() {
    return !this.store.ready;
  }
  get line() {
    return `${this.store.line().join()} ${this.store.raw}`;
  }
  get shape() {
    return this.store.shape;
  }
  /** @type {(steps: number[]) => Question | null} */
  question(steps) {
    return { route: "timeline", params: { steps: steps.join(",") }, body: this.store.line() };
  }

  facts() {
    if (!this.know(MOST)) return;
    const [all, keep] = [this.store.steps.length, this.steps.length];
    put(this.aid, wordsOf(keep, all, this.store.classes));
    this.player.hidden = this.films.hidden = all < 2;
  }

  settled() {
    super.settled();
    if (this.view === "wipe") this.wipe.open();
  }

  images() {
    this.mark();
  }
}

export default mounted((component) => new Time(component, "time"));
