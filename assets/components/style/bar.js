// Which way: at once, or step by step. Content and style stay.
import { el, mounted } from "../shared/base.js";
import { Panel, segments } from "./panel.js";

class Bar extends Panel {
  build() {
    this.ways = segments("Way", [["instant", "Instant"], ["optimise", "Optimise"]], (mode) => { this.store.mode = mode; this.store.tell("facts"); });
    this.ways.classList.add("right");
    this.root.append(el("div", { class: "line wrap" }, el("span", { class: "cap" }, "Paint one picture in the manner of another. Nothing leaves this machine."), this.ways));
  }

  facts() { this.ways.press(this.store.mode); }
}

export default mounted((component) => new Bar(component, "bar"));
