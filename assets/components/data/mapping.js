// Where a file does not explain itself: a question each, with what is likely, then the check-up.
import { button, el, icon } from "../shared/base.js";
import { head, notKept } from "./reading.js";

const FEW = 3; // choices that are shown beside each other; more go into a list

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
  const rows = state.questions.map((question) => row(question, answers));
  const nodes = [
    head(desk, state.title, notKept(), button("Discard", () => desk.discard(), {}, icon("close"))),
    el("section", { class: "panel mapping", "aria-label": "What is what?" }, el("div", { class: "head" }, el("h2", {}, `${state.form}: what is what?`), el("span", { class: "cap" }, "what is likely is chosen; look at the pictures in the check-up")),
      ...rows, problem, el("span", { class: "row" }, go)),
  ];
  return { nodes };
}

function row({ name, text, choices, why, likely, answer }, answers) {
  const label = `question_${name}`;
  const said = el("div", { class: "grow" }, el("div", { id: label }, text), why ? el("div", { class: "cap" }, why) : null);
  return el("div", { class: "question" }, said, field(name, label, choices, answer ?? likely, answers));
}

function field(name, label, choices, value, answers) {
  if (!choices.length) {
    const input = el("input", { type: "text", "aria-labelledby": label, value, maxlength: 200 });
    input.addEventListener("input", () => { answers[name] = input.value.trim(); });
    return input;
  }
  if (choices.length > FEW || choices.some((choice) => choice.length > 40)) {
    const list = el("select", { "aria-labelledby": label }, ...choices.map((choice) => el("option", { value: choice, selected: choice === value }, choice)));
    list.addEventListener("change", () => { answers[name] = list.value; });
    return list;
  }
  const press = (choice) => {
    answers[name] = choice;
    for (const node of group.children) node.setAttribute("aria-pressed", String(node.dataset.value === choice));
  };
  const group = el("span", { class: "seg", role: "group", "aria-labelledby": label }, ...choices.map((choice) => el("button", { type: "button", class: "btn", "data-value": choice, onclick: () => press(choice) }, choice)));
  press(value);
  return group;
}
