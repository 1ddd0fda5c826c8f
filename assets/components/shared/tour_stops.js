// The words of the tours: per page its stops, each with where it is on the page (the first that is there) and words of terms.js.
export const WORDS = {
  open: "What am I looking at?", next: "Next", back: "Back", end: "Done", leave: "Leave", escape: "Escape leaves at any moment",
  count: (at, of) => `${at} of ${of}`, words: "Words:",
};

export const TOURS = {
  new: [
    { at: [".st-key-recipe_cards"], title: "How they learn", text: "A recipe says how the two networks are built and trained. The one that is chosen is a good first one.", words: ["generator", "discriminator"] },
    { at: [".st-key-data_cards"], title: "What they learn from", text: "G never sees these images. D does, and G learns what real ones look like only from what D says.", words: ["real"] },
    { at: [".st-key-own_data"], title: "Your own images", text: "A folder or a zip becomes a data set on the page Data: five minutes." },
    { at: [".st-key-summary"], title: "What it will cost", text: "How long it takes on this machine and what it needs. Train starts it; it can be stopped and resumed at any step.", words: ["step"] },
  ],
  train: [
    { at: [".st-key-run_line"], title: "The run", text: "Its state and step, and what you can do: pause, stop, one step by hand, a checkpoint. Nothing is lost by pausing.", words: ["step", "checkpoint"] },
    { at: [".st-key-verdict_alarm", ".st-key-verdict", ".st-key-doctor", ".st-key-doctor_explains", ".st-key-doctor_after"], title: "The doctor", text: "It watches the numbers and says in words whether training is healthy, and what to do where it is not.", words: ["mode_collapse"] },
    { at: [".st-key-samples_panel"], title: "What G makes", text: "Fakes, from the same z every time: what changes here is G, never the dice. Noise first, then strokes, then shapes.", words: ["z", "fake", "ema"] },
    { at: [".st-key-curves_panel"], title: "The curves", text: "Both losses and what D says of real and fake. They do not fall to 0: each network moves the other’s goal. Steady is good.", words: ["loss", "score"] },
    { at: [".st-key-knobs_panel"], title: "Knobs", text: "They act while it trains. The checkpoint before a change is kept, so that you can go back.", words: ["learning_rate"] },
    { at: [".st-key-quality_panel", ".st-key-events_panel"], title: "How good it is", text: "Losses do not say how good images are. Measures do, beside what real images and noise would get.", words: ["frechet", "judge"] },
  ],
  explore: [
    { at: [".st-key-panel_image"], title: "One image, and its z", text: "G turns a list of random numbers into this image. Draw new ones, or move them one by one.", words: ["z", "prior"] },
    { at: [".st-key-panel_matrix"], title: "Many at once", text: "The same z in every class, or many z. Press on one to go there.", words: ["class_conditional"] },
    { at: [".st-key-panel_opinion"], title: "What D thinks", text: "The other network’s score of this image, and the pixels that it hangs on.", words: ["score", "saliency"] },
    { at: [".st-key-panel_time"], title: "Through time", text: "The same z at every checkpoint: watch how G learned to draw it.", words: ["checkpoint"] },
    { at: [".st-key-panel_tools", ".st-key-explore_pairs"], title: "Ways through", text: "Maps, walks, blends and sums of z, and a search for the z of your own drawing.", words: ["interpolate", "arithmetic"] },
  ],
};
