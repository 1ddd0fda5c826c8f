// A question with its answers to choose from, the steps of a chapter, and a training run of the server in words.
import { el, icon, whole } from "../shared/base.js";
import { t, told as inLanguage } from "../shared/words.js";
/** @import { Asks, Question, Standing } from "./types" */

/**
 * Radio buttons of a question; {node, close(), judge(given, truth, mine, right)}.
 * @type {(asks: Asks, name: string, chosen: (value: string) => void) => Question}
 */
export function question({ text, options }, name, chosen) {
  const rows = options.map(([value, label]) => {
    const input = el("input", {
        type: "radio",
        name: `learn-${name}`,
        value,
        onchange: () => chosen(value),
      }),
      word = el("span", { class: "verdict" });
    return {
      value,
      input,
      word,
      node: el("label", { class: "option" }, input, el("span", {}, label), word),
    };
  });
  /** @type {(row: { word: HTMLElement }, sign: string, words: string) => void} */
  const mark = (row, sign, words) => row.word.append(el("span", {}, icon(sign), ` ${words}`));
  return {
    node: el(
      "div",
      { role: "radiogroup", "aria-label": text, class: "options" },
      ...rows.map(({ node }) => node),
    ),
    close() {
      rows.forEach(({ input }) => {
        input.disabled = true;
      });
    },
    judge(given, truth, mine, right) {
      for (const row of rows) {
        row.node.classList.toggle("true", row.value === truth);
        if (row.value === given) mark(row, given === truth ? "check" : "close", mine);
        if (row.value === truth) mark(row, "check", right);
      }
    },
  };
}

const STAGES = [
  ["predict", t("Predict")],
  ["watch", t("Watch")],
  ["check", t("Check")],
  ["try", t("Try")],
];

/**
 * The steps of a chapter as a bar; `stage(at, of)` marks them up to one, also on `of`, by a name that no language changes.
 * @type {() => { node: HTMLElement, stage(at: number, of: HTMLElement): void }}
 */
export function stages() {
  const steps = STAGES.map(([, name], i) => el("li", {}, `${i + 1} ${name}`));
  return {
    node: el("ol", { class: "steps" }, ...steps),
    stage(at, of) {
      steps.forEach((node, i) => {
        node.classList.toggle("on", i <= at);
        node.setAttribute("aria-current", i === at ? "step" : "false");
      });
      [of.dataset.stage] = STAGES[at];
    },
  };
}

/**
 * A button that has to wait stays where the keyboard is: one that is disabled would lose it.
 * @type {(node: HTMLElement, on: boolean) => void}
 */
export const hold = (node, on) => node.setAttribute("aria-disabled", String(on));

/** @type {(node: HTMLElement) => boolean} */
export const isHeld = (node) => node.getAttribute("aria-disabled") === "true";

/**
 * Where a run stands, in words.
 * @type {(run: Standing) => string}
 */
export function told({
  state,
  step = 0,
  num_steps: all = 0,
  phase,
  error,
  held,
  queue_position: at,
}) {
  if (state === "queued")
    return held
      ? t("{held} is paused and holds the queue: this run begins when it goes on or ends.", {
          held,
        })
      : at > 1
        ? t("Other runs come first: this one is number {at} in the queue and begins by itself.", {
            at,
          })
        : t("Another run is training: this one waits in the queue and begins by itself.");
  if (phase) return t("It is being prepared: {phase}.", { phase: inLanguage(phase) });
  const where = t("{state}: step {step} of {all}.", {
    state: inLanguage(`${state[0].toUpperCase()}${state.slice(1)}`),
    step: whole(step),
    all: whole(all),
  });
  return error ? `${where} ${inLanguage(error)}` : where;
}
