// What is about to be kept: name, counts, held-out share, licence; and the buttons that keep it.
import { button, el, icon, put } from "../shared/base.js";
import { sizeOf } from "./plan.js";
import { pace } from "./reading.js";
import { progress } from "./waiting.js";
import { bytes, counted } from "./words.js";
import { t, tn, unmarked } from "../shared/words.js";
/** @import { Choice } from "./plan.js" */
/** @import { Attributes } from "../shared/types" */
/** @import { Desk } from "./types" */

const LICENCES = [t("My own pictures"), "CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0"];
const UNSTATED = "not stated"; // what an empty field is kept as

/** @type {(choice: Choice, desk: Desk) => { node: HTMLElement, line: HTMLElement, state(state: any): void, stop(): void }} */
export function summaryPanel(choice, desk) {
  const made = new Summary(choice, desk);
  return {
    node: made.node,
    line: made.line,
    state: (state) => made.state(state),
    stop: () => made.stop(),
  };
}

class Summary {
  keeping = false;

  /**
   * @param {Choice} choice
   * @param {Desk} desk
   */
  constructor(choice, desk) {
    this.choice = choice;
    this.desk = desk;
    const { plan } = choice;
    this.name = this.text("name", plan.name, { maxlength: 64, spellcheck: "false" });
    this.licence = this.text("licence", plan.licence === UNSTATED ? "" : plan.licence, {
      list: "licences",
      placeholder: t("not stated"),
      maxlength: 300,
    });
    this.origin = this.text("origin", plan.origin, { placeholder: t("optional"), maxlength: 300 });
    this.facts = el("dl", { class: "kv" });
    this.share = el("output", { class: "right" });
    this.held = el("input", {
      type: "range",
      min: 5,
      max: 30,
      step: 1,
      value: Math.round(100 * plan.held_out),
      "aria-label": t("Held out, per cent"),
    });
    this.held.addEventListener("input", () =>
      choice.set({ held_out: Number(this.held.value) / 100 }),
    );
    this.heldWords = el("p", { class: "cap" });
    this.problem = el("p", { class: "said", role: "alert" });
    this.keep = button(
      t("Keep"),
      () => this.press(false),
      { class: "btn big primary" },
      icon("check"),
    );
    this.train = button(
      t("Keep and train"),
      () => this.press(true),
      { class: "btn wide" },
      icon("play"),
    );
    this.cancel = button(
      t("Cancel"),
      () => this.desk.tell("cancel").catch((error) => put(this.problem, error.message)),
      { class: "btn wide", hidden: "" },
      icon("close"),
    );
    this.bar = el("b");
    this.count = el("p", { class: "small", role: "status" });
    this.going = el(
      "div",
      { class: "stack tight", hidden: "" },
      this.count,
      el("div", { class: "meter" }, this.bar),
    );
    this.foot = el("p", { class: "cap" });
    /** @type {(label: string, input: HTMLElement) => HTMLElement} */
    const field = (label, input) => el("label", { class: "field" }, el("span", {}, label), input);
    this.node = el(
      "section",
      { class: "panel summary", "aria-label": t("You are about to keep") },
      el("h2", {}, t("You are about to keep")),
      field(t("Name"), this.name),
      this.facts,
      el(
        "div",
        { class: "line" },
        el("div", { class: "row small" }, el("span", {}, t("Held out")), this.share),
        this.held,
        this.heldWords,
      ),
      el(
        "div",
        { class: "pair" },
        field(t("Licence"), this.licence),
        field(t("Source"), this.origin),
      ),
      el("datalist", { id: "licences" }, ...LICENCES.map((value) => el("option", { value }))),
      el(
        "p",
        { class: "cap" },
        t("The licence is written into every run, model card and download made from this set."),
      ),
      this.problem,
      this.going,
      this.keep,
      this.train,
      this.cancel,
      this.foot,
    );
    this.again = button(
      t("Keep"),
      () => this.press(false),
      { class: "btn big primary" },
      icon("check"),
    );
    this.line = el("div", { class: "keepline", hidden: "" }, this.again);
    this.watch = new IntersectionObserver(([seen]) => {
      this.line.hidden = seen.isIntersecting || window.innerWidth > 640;
    });
    this.watch.observe(this.keep);
    choice.join(this);
  }

  stop() {
    this.watch.disconnect();
  }

  /** @type {(name: string, value: string, attributes: Attributes) => HTMLInputElement} */
  text(name, value, attributes) {
    const input = el("input", { type: "text", value, autocomplete: "off", ...attributes });
    input.addEventListener("input", () => this.choice.set({ [name]: input.value.trim() }));
    return input;
  }

  changed() {
    const { plan, found } = this.choice;
    put(this.share, `${Math.round(100 * plan.held_out)} %`);
    this.held.disabled = found.own_held_out > 0;
    this.expected();
  }

  expected() {
    const { plan, found, outlook, problem } = this.choice;
    const what = found.kind === "pairs" ? "pair" : "image";
    const images = outlook?.images ?? found.num_usable;
    const rows = [
      [
        what === "pair" ? t("Pairs") : t("Images"),
        t("{images} of {num_of}", {
          images: images.toLocaleString("en-US"),
          num_of: found.num_of.toLocaleString("en-US"),
        }),
      ],
      [t("Shape"), `${sizeOf(this.choice)} ${plan.grey ? t("grey") : t("colour")}`],
      [t("Classes"), outlook?.num_classes || t("none")],
      [
        t("Disk"),
        outlook
          ? t("{bytes} of {free} free", { bytes: bytes(outlook.bytes), free: bytes(outlook.free) })
          : "\u2013",
      ],
    ];
    this.facts.replaceChildren(
      ...rows.flatMap(([name, value], i) => [
        el("dt", {}, name),
        el("dd", { class: i < 3 ? "loud" : "" }, String(value)),
      ]),
    );
    put(
      this.heldWords,
      found.own_held_out
        ? t("{images} came as a test set and are held out.", {
            images: counted(found.own_held_out, what),
          })
        : tn(
            "{images} is never trained on. They tell later whether D knows its images by heart.",
            "{images} are never trained on. They tell later whether D knows its images by heart.",
            outlook?.held_out ?? 0,
            { images: counted(outlook?.held_out ?? 0, what) },
          ) + (outlook?.held_out_why ? ` ${unmarked(outlook.held_out_why)}` : ""),
    );
    const wrong = unmarked(problem || outlook?.name_problem || outlook?.problem || "");
    if (!this.keeping) put(this.problem, wrong);
    this.name.setAttribute("aria-invalid", String(Boolean(outlook?.name_problem)));
    const words = t("Keep {images}", { images: counted(images, what) });
    for (const node of [this.keep, this.again]) node.lastChild.textContent = words;
    for (const node of [this.keep, this.train, this.again])
      node.disabled = this.keeping || Boolean(wrong) || !outlook;
    put(
      this.foot,
      outlook
        ? t(
            "Your files stay as they are; a small copy of about {bytes} is made. Discarding leaves nothing behind.",
            { bytes: bytes(outlook.bytes) },
          )
        : "",
    );
  }

  /** @type {(train: boolean) => Promise<void>} */
  async press(train) {
    if (this.keeping) return;
    this.hold(true);
    put(this.problem, "");
    try {
      await this.desk.keep(this.choice.plan, train);
    } catch (error) {
      this.hold(false);
      put(this.problem, error.message);
    }
  }

  /** @type {(on: boolean) => void} */
  hold(on) {
    this.keeping = on;
    this.left = pace();
    for (const node of [this.keep, this.train]) node.hidden = on;
    this.going.hidden = this.cancel.hidden = !on;
    this.expected();
  }

  /**
   * The server keeps it, or looks at it again, or has stopped to.
   * @type {(state: any) => void}
   */
  state(state) {
    const on = ["keeping", "looking"].includes(state.phase);
    if (on !== this.keeping) this.hold(on);
    if (on) {
      put(this.count, progress({ ...state, left: this.left(state) }));
      this.bar.style.width = `${state.total ? (100 * state.done) / state.total : 0}%`;
    } else if (state.error) put(this.problem, unmarked(state.error));
  }
}
