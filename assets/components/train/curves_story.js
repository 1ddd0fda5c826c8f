// The first minute in three sentences that follow what happens, with this run's own numbers.
import { el, put, whole } from "../shared/base.js";
import { t, tn } from "../shared/words.js";
/** @import { Status } from "../shared/types" */

const UNTIL = 200; // steps; afterwards the curves speak

/** @type {Record<string, string>} */
const FIRST = {
  // what G does, and what its first images are
  "": t(
    "G turns fixed random numbers into images. It has learned nothing yet, so the first ones are noise.",
  ),
  pairs: t(
    "G turns each input into an output. It has learned nothing yet, so the first ones are noise.",
  ),
  one_way: t("G turns images of one side into images of the other. It has learned nothing yet."),
  both_ways: t(
    "One G turns each side into the other, a second one back. They have learned nothing yet.",
  ),
};
/** @type {Record<string, string>} */
const LAST = {
  // what G is told, beside how to fool D
  "": t(
    "G is told how its fakes would look more real to D, and changes a little: that is one step.",
  ),
  pairs: t(
    "G is told how its outputs would look more real to D and more like their targets, and changes a little: that is one step.",
  ),
  one_way: t(
    "G is told how its outputs would look more real to D and still show their inputs, and changes a little: that is one step.",
  ),
  both_ways: t(
    "Both G are told how to look more real and to lose nothing on the way there and back: that is one step.",
  ),
};

/**
 * The three sentences for a status: [text, state], state "done", "now" or "next"; `kind` of run.
 * @type {(s: Status, batch: number, kind?: string) => [text: string, state: string][]}
 */
export function sentences(s, batch, kind = "") {
  const images = batch
    ? t("{batch} real and {batch} fake images", { batch: whole(batch) })
    : t("real and fake images");
  const drawn = s.sample_step !== null && s.sample_step !== undefined;
  const at = s.step > 0 ? 2 : drawn ? 1 : 0;
  const told =
    s.step > 0 ? tn(" {n} time so far.", " {n} times so far.", s.step, { n: whole(s.step) }) : "";
  return [
    FIRST[kind] ?? FIRST[""],
    t("D looks at {images} and learns to tell them apart.", { images }),
    `${LAST[kind] ?? LAST[""]}${told}`,
  ].map((text, i) => [text, i < at ? "done" : i === at ? "now" : "next"]);
}

/**
 * The live line under the charts while the first steps are taken; empty afterwards.
 * @type {(s: Status | null, batch: number) => string}
 */
export function firstLine(s, batch) {
  if (!s || s.step < 1 || s.step > UNTIL || s.state !== "running") return "";
  const seen = batch
    ? t("D has judged {n} real images and as many fakes; ", { n: whole(s.images_seen) })
    : "";
  return tn(
    "{seen}G was told {n} time how to fool D.",
    "{seen}G was told {n} times how to fool D.",
    s.step,
    { seen, n: whole(s.step) },
  );
}

/** A list of the three, brought up to date by `tell(status, batch, kind)`. */
export class Story {
  constructor() {
    this.items = [0, 1, 2].map(() => el("li"));
    this.node = el("ol", { class: "story" }, ...this.items);
  }

  /** @type {(status: Status, batch: number, kind: string) => void} */
  tell(status, batch, kind) {
    sentences(status, batch, kind).forEach(([text, state], i) => {
      put(this.items[i], text);
      this.items[i].dataset.state = state;
    });
  }
}
