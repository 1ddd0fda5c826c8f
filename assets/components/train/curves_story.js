// The first minute in three sentences that follow what happens, with this run's own numbers.
import { el, put, whole } from "../shared/base.js";

const UNTIL = 200; // steps; afterwards the curves speak

/** The three sentences for a status: [text, state], state "done", "now" or "next". */
export function sentences(s, batch) {
  const images = batch ? `${whole(batch)} real and ${whole(batch)} fake images` : "real and fake images";
  const drawn = s.sample_step !== null && s.sample_step !== undefined;
  const at = s.step > 0 ? 2 : drawn ? 1 : 0;
  const told = s.step > 0 ? ` ${whole(s.step)} time${s.step === 1 ? "" : "s"} so far.` : "";
  return [
    "G turns fixed random numbers into images. It has learned nothing yet, so the first ones are noise.",
    `D looks at ${images} and learns to tell them apart.`,
    `G is told how its fakes would look more real to D, and changes a little: that is one step.${told}`,
  ].map((text, i) => [text, i < at ? "done" : i === at ? "now" : "next"]);
}

/** The live line under the charts while the first steps are taken; empty afterwards. */
export function firstLine(s, batch) {
  if (!s || s.step < 1 || s.step > UNTIL || s.state !== "running") return "";
  const seen = batch ? `D has judged ${whole(s.images_seen)} real images and as many fakes; ` : "";
  return `${seen}G was told ${whole(s.step)} time${s.step === 1 ? "" : "s"} how to fool D.`;
}

/** A list of the three, brought up to date by `tell(status, batch)`. */
export class Story {
  constructor() {
    this.items = [0, 1, 2].map(() => el("li"));
    this.node = el("ol", { class: "story" }, ...this.items);
  }

  tell(status, batch) {
    sentences(status, batch).forEach(([text, state], i) => {
      put(this.items[i], text);
      this.items[i].dataset.state = state;
    });
  }
}
