// Where a file does not explain itself: a question each, with what is likely, then the check-up.
import { button, buttonsIn, el, icon } from "../shared/base.js";
import { head, notKept } from "./reading.js";
import { pictureOf } from "./waiting.js";
import { t, told } from "../shared/words.js";
/** @import { AskedFor, Desk, Shown } from "./types" */

const PROOF = 8; // pictures
/** @type {(text: string) => string} */
const capital = (text) => text[0].toUpperCase() + text.slice(1);
/** @type {Record<string, string>} */
const KINDS = {
  // what pictures of two folders may be, and what that is good for
  pairs: t("each input has its target; trains a translator with a truth"),
  "two sides": t("not paired; trains both directions"),
  classes: t("of one set; trains a GAN"),
};
const [FEW, SETTLE] = [3, 250]; // choices that are shown beside each other, more go into a list; ms without a change until pictures follow

/** @type {(state: any, desk: Desk) => Shown} */
export function mapping(state, desk) {
  const answers = Object.fromEntries(
    state.questions.map((/** @type {AskedFor} */ { name, likely, answer }) => [
      name,
      answer ?? likely,
    ]),
  );
  const problem = el("p", { class: "said", role: "alert" });
  const go = button(
    t("Go on to the check-up"),
    () => tell(),
    { class: "btn middle primary" },
    icon("newest"),
  );
  const tell = async () => {
    go.disabled = true;
    problem.textContent = "";
    try {
      await desk.tell("answers", { answers });
    } catch (error) {
      problem.textContent = error.message;
    }
    go.disabled = false;
  };
  const proof = el("div", { class: "firsts" });
  const words = el("span", { class: "cap" });
  /** @type {ReturnType<typeof setTimeout>} */
  let timer = null;
  const show = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      words.textContent = t("If these look like pictures, it is right.");
      proof.replaceChildren(
        ...Array.from({ length: PROOF }, (_, index) => proofOf(desk.id, index, answers, words)),
      );
    }, SETTLE);
  };
  /** @type {(name: string, value: string) => void} */
  const changed = (name, value) => {
    answers[name] = value;
    show();
  };
  const rows = state.questions.map((/** @type {AskedFor} */ question) => row(question, changed));
  show();
  const nodes = [
    head(
      desk,
      state.title,
      notKept(),
      button(t("Discard"), () => desk.discard(), {}, icon("close")),
    ),
    el(
      "section",
      { class: "panel mapping", "aria-label": t("What is what?") },
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("{form}: what is what?", { form: capital(told(state.form)) })),
        el("span", { class: "cap" }, t("what is likely is chosen already")),
      ),
      ...rows,
      proof,
      words,
      problem,
      el("span", { class: "row" }, go),
    ),
  ];
  return { nodes, stop: () => clearTimeout(timer) };
}

/**
 * A picture as these answers make it; one that cannot be made is left out, and said of the first.
 * @type {(id: string, index: number, answers: Record<string, string>, words: HTMLElement) => HTMLImageElement}
 */
function proofOf(id, index, answers, words) {
  const picture = el("img", {
    src: `${pictureOf(id, index, 148)}&${new URLSearchParams({ answers: JSON.stringify(answers) })}`,
    alt: "",
  });
  picture.addEventListener("error", () => {
    picture.remove();
    if (!index) words.textContent = t("With these answers no picture can be made.");
  });
  return picture;
}

/** @type {(question: AskedFor, changed: (name: string, value: string) => void) => HTMLElement} */
function row(question, changed) {
  const { name, text, choices, why, likely, answer } = question;
  if (choices.every((choice) => choice in KINDS) && choices.length) return kinds(question, changed);
  const label = `question_${name}`;
  const said = el(
    "div",
    { class: "grow" },
    el("div", { id: label }, text),
    why ? el("div", { class: "cap" }, why) : null,
  );
  return el(
    "div",
    { class: "question" },
    said,
    field(name, label, choices, answer ?? likely, changed),
  );
}

/** @type {(name: string, label: string, choices: string[], value: string, changed: (name: string, value: string) => void) => HTMLElement} */
function field(name, label, choices, value, changed) {
  if (!choices.length) {
    const input = el("input", { type: "text", "aria-labelledby": label, value, maxlength: 200 });
    input.addEventListener("input", () => changed(name, input.value.trim()));
    return input;
  }
  if (choices.length > FEW || choices.some((choice) => choice.length > 40)) {
    const list = el(
      "select",
      { "aria-labelledby": label },
      ...choices.map((choice) =>
        el("option", { value: choice, selected: choice === value }, choice),
      ),
    );
    list.addEventListener("change", () => changed(name, list.value));
    return list;
  }
  /** @type {(choice: string) => void} */
  const press = (choice) => {
    changed(name, choice);
    for (const node of buttonsIn(group))
      node.setAttribute("aria-pressed", String(node.dataset.value === choice));
  };
  const group = el(
    "span",
    { class: "seg", role: "group", "aria-labelledby": label },
    ...choices.map((choice) =>
      el(
        "button",
        { type: "button", class: "btn", "data-value": choice, onclick: () => press(choice) },
        choice,
      ),
    ),
  );
  press(value);
  return group;
}

/**
 * Pairs, two sides or classes: a row each, which says what it is good for.
 * @type {(question: AskedFor, changed: (name: string, value: string) => void) => HTMLElement}
 */
function kinds({ name, text, choices, why, likely, answer }, changed) {
  /** @type {(choice: string) => void} */
  const take = (choice) => {
    changed(name, choice);
    mark(choice);
  };
  const rows = choices.map((choice, i) =>
    el(
      "div",
      {
        class: "way",
        role: "radio",
        "data-value": choice,
        onclick: () => take(choice),
        onkeydown: (/** @type {KeyboardEvent} */ event) => key(event, i),
      },
      el("i"),
      el(
        "span",
        {},
        el("b", {}, capital(told(choice))),
        el(
          "span",
          { class: "cap" },
          `  ${KINDS[choice]}${choice === likely && why ? `; ${told(why)}` : ""}`,
        ),
      ),
    ),
  );
  /** @type {(choice: string) => void} */
  const mark = (choice) => {
    for (const node of rows) {
      node.setAttribute("aria-checked", String(node.dataset.value === choice));
      node.tabIndex = node.dataset.value === choice ? 0 : -1;
    }
  };
  /** @type {(event: KeyboardEvent, i: number) => void} */
  const key = (event, i) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, " ": 0, Enter: 0 }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    const next = (i + by + choices.length) % choices.length;
    take(choices[next]);
    rows[next].focus();
  };
  take(answer ?? likely);
  return el(
    "div",
    { class: "question" },
    el(
      "div",
      { class: "kinds" },
      el("div", {}, text),
      el("div", { class: "ways", role: "radiogroup", "aria-label": text }, ...rows),
    ),
  );
}
