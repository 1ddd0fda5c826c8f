// A chapter that is not on the plane: a panel of its own, over everything else until it is left.
import { button, el, icon } from "../shared/base.js";
import { t } from "../shared/words.js";
/** @import { Child } from "../shared/types" */

export class Apart {
  /**
   * The panel, hidden; `about` in small beside the title, `tools` before the way back, `leave()` is that way.
   * @type {(of: { title: string, about: string, tools?: Child[], label?: string, leave: () => void }, ...parts: Child[]) => void}
   */
  frame({ title, about, tools = [], label = title, leave }, ...parts) {
    this.title = el("h2", { tabindex: -1 }, title);
    const back = button(t("All chapters"), () => this.close(leave), {}, icon("close"));
    const head = el(
      "div",
      { class: "head" },
      this.title,
      el("span", { class: "cap" }, about),
      el("span", { class: "right tools" }, ...tools, back),
    );
    this.node = el(
      "section",
      { class: "panel beat", hidden: true, "aria-label": label },
      head,
      ...parts,
    );
  }

  open() {
    this.node.hidden = false;
    this.title.focus({ preventScroll: true });
    this.node.scrollIntoView({ block: "nearest" });
  }

  /** @type {(leave: () => void) => void} */
  close(leave) {
    this.node.hidden = true;
    leave();
  }
}
