// What can be changed while it trains; each says what it does where it stands.
import { el, setting } from "../shared/base.js";
import { t } from "../shared/words.js";
/** @import { Lesson } from "./lesson.js" */
/** @import { LessonSettings } from "./types" */

const RATES = [1e-5, 3e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.3, 1];
const LOSSES = [
  ["non_saturating", t("Classic")],
  ["least_squares", t("Least squares")],
  ["wasserstein", t("Wasserstein")],
  ["hinge", t("Hinge")],
  ["cross_entropy", t("Cross-entropy")],
  ["relativistic", t("Relativistic")],
];
const PENALTIES = [
  ["r1", t("R1: flat at real points")],
  ["r2", t("R2: flat at fakes")],
  ["gradient_penalty", t("Gradient of length 1")],
  ["", t("None")],
];
const WEIGHTS = [0, 0.01, 0.1, 0.5, 1, 10];

/** @type {(name: string, label: string, help: string, options: any[], of?: (value: any) => string) => { name: string, label: string, help: string, options: [value: any, text: string][] }} */
const choice = (name, label, help, options, of = String) => ({
  name,
  label,
  help,
  options: options.map((o) => /** @type {[any, string]} */ (Array.isArray(o) ? o : [o, of(o)])),
});
export const FIELDS = [
  choice("g_lr", t("G learning rate"), t("How far G’s weights move in one step."), RATES, setting),
  choice("d_lr", t("D learning rate"), t("How far D’s weights move in one step."), RATES, setting),
  choice(
    "n_critic",
    t("D steps per G step"),
    t("How often D learns before G may."),
    [1, 2, 3, 5, 10],
  ),
  choice("loss", t("Loss"), t("What counts as fooled and as caught."), LOSSES),
  choice("penalty", t("Regulariser"), t("Keeps D’s surface from becoming a cliff."), PENALTIES),
  choice("penalty_weight", t("Its weight"), t("How much that counts."), WEIGHTS, setting),
  choice("latent_dim", t("z is"), t("What G draws a point from. Starts anew."), [
    [1, t("one number")],
    [2, t("two numbers")],
    [4, t("four numbers")],
  ]),
  choice("beta_1", t("Momentum"), t("Adam’s beta 1: how long a direction is kept."), [0, 0.5, 0.9]),
  choice(
    "hidden",
    t("Neurons a layer"),
    t("How much each network can tell apart. Starts anew."),
    [4, 8, 16, 32, 64],
  ),
];

export class Settings {
  /** @type {Record<string, HTMLSelectElement>} */
  selects = {};

  /**
   * @param {Lesson} lesson
   * @param {Set<string>} [locked] names that a lesson holds fixed
   */
  constructor(lesson, locked = new Set()) {
    this.lesson = lesson;
    const fields = FIELDS.map(({ name, label, help, options }) =>
      this.field(name, label, help, options, locked.has(name)),
    );
    this.node = el(
      "section",
      { class: "panel controls", "aria-label": t("Settings") },
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Settings")),
        el("span", { class: "cap" }, t("all act at once, while it runs")),
      ),
      el("div", { class: "fields" }, ...fields),
    );
    this.stop = lesson.listen(() => this.show());
    this.show();
  }

  /** @type {(name: string, label: string, help: string, options: [value: any, text: string][], fixed: boolean) => HTMLElement} */
  field(name, label, help, options, fixed) {
    const select = el(
      "select",
      {
        id: `learn-${name}`,
        disabled: fixed,
        "aria-describedby": `learn-${name}-help`,
        onchange: () => this.change(name, select.value),
      },
      ...options.map(([value, text]) => el("option", { value: String(value) }, text)),
    );
    this.selects[name] = select;
    return el(
      "div",
      { class: "field" },
      el("label", { for: select.id }, label),
      select,
      el(
        "small",
        { id: `learn-${name}-help`, "data-help": help },
        fixed ? t("Locked by the lesson.") : help,
      ),
    );
  }

  /** @type {(name: string, text: string) => void} */
  change(name, text) {
    const current = this.lesson.settings[/** @type {keyof LessonSettings} */ (name)];
    this.lesson.set(name, typeof current === "number" ? Number(text) : text || null);
  }

  show() {
    for (const [name, select] of Object.entries(this.selects)) {
      const value = String(this.lesson.settings[/** @type {keyof LessonSettings} */ (name)] ?? "");
      if (![...select.options].some((option) => option.value === value))
        select.append(el("option", { value }, value));
      if (select.value !== value) select.value = value;
    }
  }

  /** What a lesson locked is free again. */
  unlock() {
    Object.values(this.selects).forEach((select) => {
      select.disabled = false;
    });
    /** @type {NodeListOf<HTMLElement>} */ (this.node.querySelectorAll("[data-help]")).forEach(
      (help) => {
        help.textContent = help.dataset.help;
      },
    );
  }

  dispose() {
    this.stop();
  }
}
