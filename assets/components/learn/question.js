// A question with its answers to choose from, and a training run of the server in words.
import { el, icon, whole } from "../shared/base.js";
import { t, told as inLanguage } from "../shared/words.js";
/** @import { Asks, Question } from "./types" */

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

/**
 * Where a run stands, in words.
 * @type {(run: { state: string, step?: number, num_steps?: number }) => string}
 */
export const told = ({ state, step, num_steps: all }) =>
  state === "queued"
    ? t("Another run is training: this one waits in the queue and begins by itself.")
    : t("{state}: step {step} of {all}.", {
        state: inLanguage(`${state[0].toUpperCase()}${state.slice(1)}`),
        step: whole(step ?? 0),
        all: whole(all ?? 0),
      });
