// The check-up: what was found, how it becomes square, what is kept; one page, all of it visible.
import { button, el, icon, whole } from "../shared/base.js";
import { classesPanel } from "./classes.js";
import { copiesPanel } from "./copies.js";
import { expectPanel } from "./expect.js";
import { head, notKept } from "./reading.js";
import { sizesPanel } from "./sizes.js";
import { skippedPanel } from "./skipped.js";
import { squarePanel } from "./square.js";
import { summaryPanel } from "./summary.js";
import { bytes, counted, listed } from "./words.js";

const FEW = 200; // images below which a network learns them by heart
const LOSS = 0.1; // of the files: more that cannot be used is a loss

export function checkUp(choice, desk) {
  const { found } = choice;
  const summary = summaryPanel(choice, desk);
  const expect = expectPanel(choice, desk.component.data);
  const square = squarePanel(choice);
  const pairs = found.unmatched.count ? [unmatchedPanel(found)] : [];
  const left = el("div", { class: "stack" }, square.node,
    el("div", { class: "halves" }, sizesPanel(choice), found.classes.length ? classesPanel(choice) : notesPanel(found, found.kind)),
    el("div", { class: "halves" }, skippedPanel(choice), copiesPanel(choice)), ...pairs, expect.node);
  const nodes = [
    head(desk, choice.title, el("span", { class: "row tight" }, notKept(), el("span", { class: "cap" }, readIn(found))), button("Discard", () => desk.discard(), {}, icon("close"))),
    readouts(found), verdict(choice), el("div", { class: "two" }, left, summary.node), summary.line,
  ];
  return {
    nodes,
    told: (data) => expect.told(data),
    state: (state) => summary.state(state),
    stop: () => { choice.stop(); square.stop(); summary.stop(); expect.stop(); },
  };
}

function readIn({ form, seconds, bytes: size }) {
  const told = [form, seconds ? `read in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s` : "", size ? bytes(size) : ""];
  return told.filter(Boolean).join(", ");
}

function readouts(found) {
  const { shorter } = found.sizes;
  const [one, many] = found.kind === "pairs" ? ["pair", "pairs"] : ["group", "groups"];
  const rows = [
    ["Files", whole(found.num_files), ""],
    ["Usable", whole(found.num_usable), ""],
    ["Skipped", whole(found.num_skipped), ""],
    ["Near copies", whole(found.copies.groups), found.copies.groups === 1 ? one : many],
    ["Classes", found.classes.length ? whole(found.classes.length) : "\u2013", ""],
    ["Shorter side", whole(shorter[0]), shorter[1] > shorter[0] ? `to ${whole(shorter[1])}` : "pixels"],
    ["Colour", whole(found.num_colour), `of ${whole(found.num_usable)}`],
  ];
  return el("dl", { class: "readouts" }, ...rows.map(([name, value, unit]) => el("div", {}, el("dt", {}, name), el("dd", {}, value, unit ? el("small", {}, ` ${unit}`) : null))));
}

/** [mark, word, sentence] of what was found. */
export function judged(found, outlook) {
  const images = outlook?.images ?? found.num_usable;
  const size = outlook ? `${outlook.size} × ${outlook.size}` : "";
  const classes = outlook?.num_classes > 1 ? ` in ${outlook.num_classes} classes` : "";
  const what = { pairs: ["pair", "pairs"] }[found.kind] ?? ["image", "images"];
  const sentence = `${counted(images, ...what)}${size ? ` at ${size}` : ""}${classes}.`;
  if (found.problem || outlook?.problem) return ["warning", "Cannot be used", outlook?.problem || found.problem];
  if (images < FEW) return ["warning", "Can be used, but is small", `${sentence} From about ${FEW} on a network learns something; 2,000 are good.`];
  if (found.num_skipped > LOSS * found.num_files) return ["well", "Can be used, with a loss", sentence];
  return ["well", "Can be used", sentence];
}

function verdict(choice) {
  const { found } = choice;
  const mark = el("span", { class: "mark" });
  const word = el("b");
  const sentence = el("span");
  const facts = el("span", { class: "facts" });
  const list = el("ul", { class: "checks", hidden: "" }, ...checks(found).map(([good, words]) => el("li", {}, icon(good ? "check" : "info"), words)));
  const more = button("What was checked", () => { list.hidden = !list.hidden; more.setAttribute("aria-expanded", String(!list.hidden)); }, { "aria-expanded": "false" }, icon("info"));
  const node = el("section", { class: "verdict", "aria-label": "Whether it can be used" }, el("div", { class: "row", role: "status" }, mark, word, sentence, facts), more, list);
  const show = () => {
    const [sign, title, words] = judged(found, choice.outlook);
    mark.replaceChildren(icon(sign));
    word.textContent = title;
    sentence.textContent = words;
    node.classList.toggle("alarm", title === "Cannot be used");
    const left = choice.plan.keep_copies ? 0 : found.copies.extra;
    facts.replaceChildren(...[["skipped", found.num_skipped], ["copies left out", left], ["shapes", found.sizes.shapes]].map(([name, value]) => el("span", {}, `${name} `, el("b", {}, String(value)))));
  };
  choice.join({ changed: show, expected: show });
  return node;
}

/** What was looked at, and whether it is as it should be: [good, words]. */
export function checks(found) {
  const rows = [
    [!found.num_skipped, found.num_skipped ? `${counted(found.num_skipped, "picture")} of ${whole(found.num_files)} cannot be used` : "every picture can be decoded"],
    [!found.passed_over.count, found.passed_over.count ? `${counted(found.passed_over.count, "file is no picture", "files are no pictures")}` : "nothing else lies beside them"],
    [!found.copies.groups, found.copies.groups ? `${counted(found.copies.groups, "group")} of near copies` : "no near copies"],
    [true, found.num_colour ? `${whole(found.num_colour)} of ${whole(found.num_usable)} have colour` : "all are grey"],
    [true, `shapes: ${found.sizes.shapes}`],
  ];
  return [...rows, ...found.notes.map((note) => [false, note])];
}

function notesPanel(found) {
  const names = found.kind === "pairs" ? "Pairs" : found.kind === "sides" ? "Two sides" : "Classes";
  const words = { pairs: "Each input has its target.", sides: `${listed(found.sides.map(({ name, count }) => `${name} has ${whole(count)}`))}.` }[found.kind] ?? "None: all images are in one place. A folder for each class would tell them apart.";
  return el("section", { class: "panel", "aria-label": names }, el("h2", {}, names), el("p", { class: "cap" }, words), ...found.notes.map((note) => el("p", { class: "small" }, note)));
}

function unmatchedPanel(found) {
  const { count, examples } = found.unmatched;
  return el("section", { class: "panel", "aria-label": "Without a partner" }, el("div", { class: "head" }, el("h2", {}, "Without a partner"), el("span", { class: "cap" }, `${counted(count, "picture")} left out`)), el("p", { class: "small" }, `${examples.join(", ")}${count > examples.length ? " \u2026" : ""}`));
}
