// Which way: at once, or step by step. Content and style stay.
import { el, mounted } from "../shared/base.js";
import { Panel, segments } from "./panel.js";
import { t } from "../shared/words.js";

class Bar extends Panel {
  build() {
    this.ways = segments(
      t("Way"),
      [
        ["instant", t("Instant")],
        ["optimise", t("Optimise")],
      ],
      (mode) => {
        this.store.mode = mode;
        this.store.tell("facts");
      },
    );
    this.ways.classList.add("right", "changes");
    this.root.append(
      el(
        "div",
        { class: "line wrap" },
        el(
          "span",
          { class: "cap" },
          t(
            "Paint one picture in the manner of another. Pictures go to the machine that runs GANscope, and nowhere else.",
          ),
        ),
        this.ways,
      ),
    );
  }

  facts() {
    this.ways.press(this.store.mode);
  }
}

export default mounted((component) => new Bar(component, "bar"));
