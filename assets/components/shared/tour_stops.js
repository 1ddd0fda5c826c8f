// The words of the tours: per page its stops, each with where it is on the page (the first that is there) and words of terms.js.
import { t } from "./words.js";
/** @import { Stop } from "./types" */

export const WORDS = {
  open: t("What am I looking at?"),
  next: t("Next"),
  back: t("Back"),
  end: t("Done"),
  leave: t("Leave"),
  escape: t("Escape leaves at any moment"),
  /** @type {(at: number, of: number) => string} */
  count: (at, of) => t("{at} of {of}", { at, of }),
  words: t("Words:"),
};

/** @type {Record<string, Stop[]>} */
export const TOURS = {
  new: [
    {
      at: [".st-key-recipe_cards"],
      title: t("How they learn"),
      text: t(
        "A recipe says how the two networks are built and trained. The one that is chosen is a good first one.",
      ),
      words: ["generator", "discriminator"],
    },
    {
      at: [".st-key-data_cards"],
      title: t("What they learn from"),
      text: t(
        "G never sees these images. D does, and G learns what real ones look like only from what D says.",
      ),
      words: ["real"],
    },
    {
      at: [".st-key-own_data"],
      title: t("Your own images"),
      text: t("A folder or a zip becomes a data set on the page Data: five minutes."),
    },
    {
      at: [".st-key-summary"],
      title: t("What it will cost"),
      text: t(
        "How long it takes on this machine and what it needs. Train starts it; it can be stopped and resumed at any step.",
      ),
      words: ["step"],
    },
  ],
  train: [
    {
      at: [".st-key-run_line"],
      title: t("The run"),
      text: t(
        "Its state and step, and what you can do: pause, stop, one step by hand, a checkpoint. Nothing is lost by pausing.",
      ),
      words: ["step", "checkpoint"],
    },
    {
      at: [
        ".st-key-verdict_alarm",
        ".st-key-verdict",
        ".st-key-doctor",
        ".st-key-doctor_explains",
        ".st-key-doctor_after",
      ],
      title: t("The doctor"),
      text: t(
        "It watches the numbers and says in words whether training is healthy, and what to do where it is not.",
      ),
      words: ["mode_collapse"],
    },
    {
      at: [".st-key-samples_panel"],
      title: t("What G makes"),
      text: t(
        "Fakes, from the same z every time: what changes here is G, never the dice. Noise first, then strokes, then shapes.",
      ),
      words: ["z", "fake", "ema"],
    },
    {
      at: [".st-key-curves_panel"],
      title: t("The curves"),
      text: t(
        "Both losses and what D says of real and fake. They do not fall to 0: each network moves the other’s goal. Steady is good.",
      ),
      words: ["loss", "score"],
    },
    {
      at: [".st-key-knobs_panel"],
      title: t("Knobs"),
      text: t(
        "They act while it trains. The checkpoint before a change is kept, so that you can go back.",
      ),
      words: ["learning_rate"],
    },
    {
      at: [".st-key-quality_panel", ".st-key-events_panel"],
      title: t("How good it is"),
      text: t(
        "Losses do not say how good images are. Measures do, beside what real images and noise would get.",
      ),
      words: ["frechet", "judge"],
    },
  ],
  explore: [
    {
      at: [".st-key-panel_image"],
      title: t("One image, and its z"),
      text: t(
        "G turns a list of random numbers into this image. Draw new ones, or move them one by one.",
      ),
      words: ["z", "prior"],
    },
    {
      at: [".st-key-panel_matrix"],
      title: t("Many at once"),
      text: t("The same z in every class, or many z. Press on one to go there."),
      words: ["class_conditional"],
    },
    {
      at: [".st-key-panel_opinion"],
      title: t("What D thinks"),
      text: t("The other network’s score of this image, and the pixels that it hangs on."),
      words: ["score", "saliency"],
    },
    {
      at: [".st-key-panel_time"],
      title: t("Through time"),
      text: t("The same z at every checkpoint: watch how G learned to draw it."),
      words: ["checkpoint"],
    },
    {
      at: [".st-key-panel_tools", ".st-key-explore_pairs"],
      title: t("Ways through"),
      text: t("Maps, walks, blends and sums of z, and a search for the z of your own drawing."),
      words: ["interpolate", "arithmetic"],
    },
  ],
};
