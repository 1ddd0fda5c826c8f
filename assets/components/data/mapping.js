// Where a file does not explain itself: a question each, with what is likely, then the check-up.
import { button, el, icon } from "../shared/base.js";
import { head, notKept } from "./reading.js";
import { pictureOf } from "./waiting.js";

const PROOF = 8; // pictures
const [FEW, SETTLE] = [3, 250]; // choices that are shown beside each other, more go into a list; ms without a change until pictures follow

export function mapping(state, desk) {
  const answers = Object.fromEntries(state.questions.map(({ name, likely, answer }) => [name, answer ?? likely]));
  const problem = el("p", { class: "said", role: "alert" });
  const go = button("Go on to the check-up", () => tell(), { class: "btn middle primary" }, icon("newest"));
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
  let timer = null;
  const show = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      words.textContent = "If these look like pictures, it is right.";
      proof.replaceChildren(...Array.from({ length: PROOF }, (_, index) => proofOf(desk.id, index, answers, words)));
    }, SETTLE);
  };
  const changed = (name, value) => { answers[name] = value; show(); };
  const rows = state.questions.map((question) => row(question, changed));
  show();
  const nodes = [
    head(desk, state.title, notKept(), button("Discard", () => desk.discard(), {}, icon("close"))),
    el("section", { class: "panel mapping", "aria-label": "What is what?" }, el("div", { class: "head" }, el("h2", {}, `${state.form}: what is what?`), el("span", { class: "cap" }, "what is likely is chosen already")),
      ...rows, proof, words, problem, el("span", { class: "row" }, go)),
  ];
  return { nodes, stop: () => clearTimeout(timer) };
}

/** A picture as these answers make it; one that cannot be made is left out, and said of the first. */
function proofOf(id, index, answers, words) {
  const picture = el("img", { src: `${pictureOf(id, index, 148)}&${new URLSearchParams({ answers: JSON.stringify(answers) })}`, alt: "" });
  picture.addEventListener("error", () => { picture.remove(); if (!index) words.textContent = "With these answers no picture can be made."; });
  return picture;
}

function row({ name, text, choices, why, likely, answer }, changed) {
  const label = `question_${name}`;
  const said = el("div", { class: "grow" }, el("div", { id: label }, text), why ? el("div", { class: "cap" }, why) : null);
  return el("div", { class: "question" }, said, field(name, label, choices, answer ?? likely, changed));
}

function field(name, label, choices, value, changed) {
  if (!choices.length) {
    const input = el("input", { type: "text", "aria-labelledby": label, value, maxlength: 200 });
    input.addEventListener("input", () => changed(name, input.value.trim()));
    return input;
  }
  if (choices.length > FEW || choices.some((choice) => choice.length > 40)) {
    const list = el("select", { "aria-labelledby": label }, ...choices.map((choice) => el("option", { value: choice, selected: choice === value }, choice)));
    list.addEventListener("change", () => changed(name, list.value));
    return list;
  }
  const press = (choice) => {
    changed(name, choice);
    for (const node of group.children) node.setAttribute("aria-pressed", String(node.dataset.value === choice));
  };
  const group = el("span", { class: "seg", role: "group", "aria-labelledby": label }, ...choices.map((choice) => el("button", { type: "button", class: "btn", "data-value": choice, onclick: () => press(choice) }, choice)));
  press(value);
  return group;
}
