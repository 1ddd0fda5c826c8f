// What cannot be used, by reason; some of it may be kept anyway.
import { button, el, icon, whole } from "../shared/base.js";
import { pictureOf } from "./waiting.js";
import { language, t, tn, told, unmarked } from "../shared/words.js";
import { usable } from "./plan.js";
import { counted, unitOf } from "./words.js";
/** @import { Choice } from "./plan.js" */
/** @import { CheckUp, Skipped } from "./types" */

const [PICTURES, NAMES] = [3, 3];

/** @type {(choice: Choice) => HTMLElement} */
export function skippedPanel(choice) {
  const { found, id } = choice;
  const total = found.num_skipped + found.passed_over.count;
  const count = el("span", { class: "cap" });
  choice.join({
    changed: () => {
      count.textContent = countedOf(usable(choice)[1], found.passed_over.count);
    },
  });
  const list = el(
    "ul",
    { class: "exl" },
    ...found.skipped.map((each) => reason(choice, each, id)),
    ...other(found),
  );
  return el(
    "section",
    { class: "panel", "aria-label": t("Skipped") },
    el("div", { class: "head" }, el("h2", {}, t("Skipped")), total ? count : null),
    total
      ? list
      : el("p", { class: "cap" }, t("Nothing: every file is a picture that can be used.")),
  );
}

/**
 * "5 pictures, 2 files are no pictures".
 * @type {(skipped: number, others: number) => string}
 */
export function countedOf(skipped, others) {
  const none = others
    ? tn("{n} file is no picture", "{n} files are no pictures", others, { n: whole(others) })
    : "";
  return [skipped || !others ? counted(skipped, "picture") : "", none].filter(Boolean).join(", ");
}

/** @type {(choice: Choice, of: Skipped, id: string) => HTMLElement} */
function reason(choice, { reason: name, words, count, anyway, examples }, id) {
  const { noun } = unitOf(choice.found.unit);
  const seen = anyway
    ? examples.slice(0, PICTURES).map(({ index, name: title }) =>
        el("img", {
          class: "th",
          src: pictureOf(id, index, 80, choice.stamp),
          alt: "",
          title,
          loading: "lazy",
        }),
      )
    : examples
        .slice(0, PICTURES)
        .map(({ name: title, text }) =>
          el("span", { class: "th", title: `${title}: ${unmarked(text)}` }, icon("broken")),
        );
  const keep = anyway
    ? button(t("Keep anyway"), () => toggle(choice, name), { "aria-pressed": "false" })
    : null;
  if (keep)
    choice.join({
      changed: () => keep.setAttribute("aria-pressed", String(choice.plan.anyway.includes(name))),
    });
  return el(
    "li",
    {},
    el(
      "span",
      {},
      el(
        "b",
        {},
        language() === "en"
          ? `${whole(count)} ${count === 1 ? ofOne(words) : words}. `
          : t("{n}: {what}. ", { n: counted(count, noun), what: told(words) }),
      ),
      el("span", { class: "cap" }, named(examples, count)),
    ),
    el("span", { class: "row tight" }, el("span", { class: "thumbs" }, ...seen), keep),
  );
}

/** @type {(examples: { name: string, text: string }[], count: number) => string} */
function named(examples, count) {
  const names = examples
    .slice(0, NAMES)
    .map(({ name }) => name)
    .join(", ");
  const [{ name, text }] = examples;
  if (count === 1) return text.includes(name) ? unmarked(text) : `${name}: ${unmarked(text)}`;
  return `${names}${count > NAMES ? " \u2026" : ""}`;
}

/** @type {(choice: Choice, name: string) => void} */
function toggle(choice, name) {
  const { anyway } = choice.plan;
  choice.set({
    anyway: anyway.includes(name)
      ? anyway.filter((/** @type {string} */ each) => each !== name)
      : [...anyway, name],
  });
}

/**
 * What is no picture.
 * @type {(found: CheckUp) => HTMLElement[]}
 */
function other({ passed_over: { count, examples } }) {
  if (!count) return [];
  const names = examples
    .slice(0, NAMES)
    .map(([name, why]) => `${name} (${unmarked(why)})`)
    .join(", ");
  return [
    el(
      "li",
      {},
      el(
        "span",
        {},
        el("b", {}, tn("{n} is no picture. ", "{n} are no picture. ", count, { n: whole(count) })),
        el("span", { class: "cap" }, `${names}${count > NAMES ? " \u2026" : ""}`),
      ),
    ),
  ];
}

/**
 * Words for several, of one: "are cut off" -> "is cut off".
 * @type {(words: string) => string}
 */
export function ofOne(words) {
  const [verb, ...rest] = words.split(" ");
  return [
    { are: "is", have: "has", need: "needs", take: "takes", lack: "lacks" }[verb] ?? verb,
    ...rest,
  ].join(" ");
}
