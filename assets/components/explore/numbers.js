// z as numbers: to copy into a program, or to paste from one.
import { button, el, put } from "../shared/base.js";
import { t } from "../shared/words.js";
/** @import { Panel } from "./panel.js" */

export class Numbers {
  /** @param {Panel} panel */
  constructor(panel) {
    this.panel = panel;
    this.field = el("textarea", { rows: 3, spellcheck: "false", "aria-label": t("z as numbers") });
    this.said = el("p", { class: "cap", role: "status" });
    this.own = ""; // what was filled in: the browser tells late that it opened, and others may stand there
    this.node = el(
      "details",
      { class: "numbers", ontoggle: () => this.field.value === this.own && this.fill() },
      el("summary", {}, t("z as numbers")),
      this.field,
      el(
        "div",
        { class: "line" },
        button(t("Copy"), () => this.copy()),
        button(t("Use these"), () => this.use()),
      ),
      this.said,
    );
  }

  fill() {
    const { z } = this.panel.store ?? {};
    if (!this.node.open || !z) return;
    this.own = `[${[...z].map((v) => Number(v.toPrecision(7))).join(", ")}]`;
    this.field.value = this.own;
    put(
      this.said,
      t("{z} numbers, before truncation. Paste others in place of them.", { z: z.length }),
    );
  }

  async copy() {
    this.fill();
    this.field.select();
    const done = await navigator.clipboard?.writeText(this.field.value).then(
      () => true,
      () => false,
    );
    put(this.said, done ? t("Copied.") : t("They are marked: press Ctrl+C."));
  }

  use() {
    const { store } = this.panel;
    const words = this.field.value
      .replace(/[[\](){}]/g, " ")
      .split(/[\s,;]+/)
      .filter(Boolean);
    const values = words.map(Number);
    const bad = words.find((_, i) => !Number.isFinite(values[i]));
    if (bad !== undefined)
      return put(this.said, t("This is no number: {bad}.", { bad: bad.slice(0, 20) }));
    if (values.length !== store.z.length)
      return put(
        this.said,
        t("This generator takes {z} numbers. Received: {values}.", {
          z: store.z.length,
          values: values.length,
        }),
      );
    store.setZ(Float32Array.from(values));
    this.own = this.field.value;
    return put(this.said, t("Used. Coordinates that are locked stayed."));
  }
}
