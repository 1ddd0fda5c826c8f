// The first minute in three sentences that follow what happens, with this run's own numbers.
import { el, put, whole } from "../shared/base.js";

const UNTIL = 200; // steps; afterwards the curves speak

const FIRST = { // what G does, and what its first images are
  "": "G turns fixed random numbers into images. It has learned nothing yet, so the first ones are noise.",
  pairs: "G turns each input into an output. It has learned nothing yet, so the first ones are noise.",
  one_way: "G turns images of one side into images of the other. It has learned nothing yet.",
  both_ways: "One G turns each side into the other, a second one back. They have learned nothing yet.",
};
const LAST = { // what G is told, beside how to fool D
  "": "G is told how its fakes would look more real to D, and changes a little: that is one step.",
  pairs: "G is told how its outputs would look more real to D and more like their targets, and changes a little: that is one step.",
  one_way: "G is told how its outputs would look more real to D and still show their inputs, and changes a little: that is one step.",
  both_ways: "Both G are told how to look more real and to lose nothing on the way there and back: that is one step.",
};

/** The three sentences for a status: [text, state], state "done", "now" or "next"; `kind` of run. */
export function sentences(s, batch, kind = "") {
  const images = batch ? `${whole(batch)} real and ${whole(batch)} fake images` : "real and fake images";
  const drawn = s.sample_step !== null && s.sample_step !== undefined;
  const at = s.step > 0 ? 2 : drawn ? 1 : 0;
  const told = s.step > 0 ? ` ${whole(s.step)} time${s.step === 1 ? "" : "s"} so far.` : "";
  return [
    FIRST[kind] ?? FIRST[""],
    `D looks at ${images} and learns to tell them apart.`,
    `${LAST[kind] ?? LAST[""]}${told}`,
  ].map((text, i) => [text, i < at ? "done" : i === at ? "now" : "next"]);
}

/** The live line under the charts while the first steps are taken; empty afterwards. */
export function firstLine(s, batch) {
  if (!s || s.step < 1 || s.step > UNTIL || s.state !== "running") return "";
  const seen = batch ? `D has judged ${whole(s.images_seen)} real images and as many fakes; ` : "";
  return `${seen}G was told ${whole(s.step)} time${s.step === 1 ? "" : "s"} how to fool D.`;
}

/** A list of the three, brought up to date by `tell(status, batch, kind)`. */
export class Story {
  constructor() {
    this.items = [0, 1, 2].map(() => el("li"));
    this.node = el("ol", { class: "story" }, ...this.items);
  }

  tell(status, batch, kind) {
    sentences(status, batch, kind).forEach(([text, state], i) => {
      put(this.items[i], text);
      this.items[i].dataset.state = state;
    });
  }
}
