// Where a file does not explain itself: a question each, with what is likely, then the check-up.
import { button, buttonsIn, el, icon } from "../shared/base.js";
import { head, notKept } from "./reading.js";
import { get } from "../shared/fetch.js";
import { queryOf, urlOf } from "../shared/place.js";
import { command, pictureOf } from "./waiting.js";
import { t, told, unmarked } from "../shared/words.js";
/** @import { AskedFor, Desk, Proof, Shown } from "./types" */

/** @type {(text: string) => string} */
const capital = (text) => text[0].toUpperCase() + text.slice(1);
/** @type {Record<string, string>} */
const KINDS = {
  // what pictures of two folders may be, and what that is good for
  pairs: t("each input has its target; trains a translator with a truth"),
  "two sides": t("not paired; trains both directions"),
  classes: t("of one set; trains a GAN"),
};
const [FEW, SETTLE, LONG] = [3, 250, 60000]; // choices that are shown beside each other, more go into a list; ms after a letter until questions and pictures follow, and that these may take

/** @type {(state: { questions: AskedFor[] }) => Record<string, string>} */
const answersOf = ({ questions }) =>
  Object.fromEntries(questions.map(({ name, likely, answer }) => [name, answer ?? likely]));

/** @type {(state: any, desk: Desk) => Shown} */
export function mapping(state, desk) {
  const answers = answersOf(state);
  const problem = el("p", { class: "said", role: "alert" });
  const go = button(
    t("Go on to the check-up"),
    () => goOn(),
    { class: "btn middle primary" },
    icon("newest"),
  );
  let [stopped, going] = [false, false]; // whether others are shown by now; whether it goes on with these answers
  /** @type {(act: () => Promise<any>) => Promise<void>} */
  const said = async (act) => {
    problem.textContent = "";
    await act().catch((error) => {
      problem.textContent = error.message;
    });
  };
  const proof = el("div", { class: "firsts" });
  const words = el("span", { class: "cap" });
  const show = async () => {
    const wanted = JSON.stringify(answers);
    const found = await proofOf(desk.id, wanted);
    if (stopped || wanted !== JSON.stringify(answers)) return;
    const text = found
      ? t("If these look like pictures, it is right.")
      : t("With these answers no picture can be made.");
    words.textContent = text;
    proof.replaceChildren(...(found ? shown(found, desk.id, wanted, words) : []));
  };
  let asking = Promise.resolve();
  /** What is asked may depend on an answer that was changed, so it is asked anew; what is changed meanwhile comes next. */
  const ask = async () => {
    const sent = { ...answers };
    const now = await command(desk.id, "questions", { answers: sent }, { patience: LONG });
    if (stopped && !going) return;
    const later = Object.entries(answers).filter(([name, value]) => sent[name] !== value);
    if (!later.length && !going) {
      desk.take(now);
      return;
    }
    for (const name of Object.keys(answers)) delete answers[name];
    Object.assign(answers, answersOf(now));
    for (const [name, value] of later) if (name in answers) answers[name] = value;
  };
  const askedAnew = () => {
    asking = asking.then(() => said(ask)).then(() => (stopped ? null : show()));
  };
  /** @type {ReturnType<typeof setTimeout>} */
  let timer = null;
  /** @type {(name: string, value: string) => void} */
  const changed = (name, value) => {
    if (answers[name] === value) return;
    answers[name] = value;
    clearTimeout(timer);
    if (state.questions.find((/** @type {AskedFor} */ each) => each.name === name).choices.length)
      askedAnew();
    else timer = setTimeout(askedAnew, SETTLE);
  };
  /** With what is answered by now; what only now turns out to be asked is answered as is likely. */
  const goOn = async () => {
    const id = desk.id;
    going = go.disabled = true;
    clearTimeout(timer);
    await asking;
    if (!desk.gone && id === desk.id) await said(() => desk.tell("answers", { answers }));
    going = go.disabled = false;
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
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
  };
  return { nodes, stop };
}

/**
 * Which pictures show what these answers make of it; nothing where they make none.
 * @type {(id: string, answers: string) => Promise<Proof | null>}
 */
const proofOf = (id, answers) =>
  get(urlOf(`api/data/waiting/${encodeURIComponent(id)}/proof?${queryOf({ answers })}`), {
    patience: LONG,
  }).catch(() => /** @type {Proof} */ (null));

/**
 * Pictures as these answers make them: pairs side by side, each class and side with its name; one that cannot be
 * made is left out, and said of the first.
 * @type {(proof: Proof, id: string, answers: string, words: HTMLElement) => HTMLElement[]}
 */
export function shown({ kind, groups }, id, answers, words) {
  const first = groups[0]?.indices[0];
  /** @type {(index: number) => HTMLElement} */
  const picture = (index) => {
    const image = el("img", {
      src: `${pictureOf(id, index, 148)}&${queryOf({ answers })}`,
      alt: "",
    });
    image.addEventListener("error", () => {
      image.remove();
      if (index === first) words.textContent = t("With these answers no picture can be made.");
    });
    return image;
  };
  const label = (/** @type {string} */ name) =>
    kind === "sides" ? t("Side {name}", { name }) : name;
  return groups.map(({ name, indices }) =>
    el(
      "figure",
      { class: kind === "pairs" ? "joined" : "" },
      el("span", {}, ...indices.map(picture)),
      name ? el("figcaption", { class: "cap", title: name }, label(name)) : null,
    ),
  );
}

/** @type {(question: AskedFor, changed: (name: string, value: string) => void) => HTMLElement} */
function row(question, changed) {
  const { name, text, choices, why, likely, answer } = question;
  if (choices.every((choice) => choice in KINDS) && choices.length) return kinds(question, changed);
  const label = `question_${name}`;
  const said = el(
    "div",
    { class: "grow" },
    el("div", { id: label }, unmarked(text)),
    why ? el("div", { class: "cap" }, unmarked(why)) : null,
  );
  return el(
    "div",
    { class: "question", "data-question": name },
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
  const mark = (choice) => {
    for (const node of buttonsIn(group))
      node.setAttribute("aria-pressed", String(node.dataset.value === choice));
  };
  /** @type {(choice: string) => void} */
  const press = (choice) => {
    changed(name, choice);
    mark(choice);
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
  mark(value);
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
          `  ${KINDS[choice]}${choice === likely && why ? `; ${unmarked(why)}` : ""}`,
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
  mark(answer ?? likely);
  return el(
    "div",
    { class: "question", "data-question": name },
    el(
      "div",
      { class: "kinds" },
      el("div", {}, unmarked(text)),
      el("div", { class: "ways", role: "radiogroup", "aria-label": unmarked(text) }, ...rows),
    ),
  );
}
