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
import { usable } from "./plan.js";
import { bytes, counted, listed, unitOf } from "./words.js";
import { t, tn, told, unmarked } from "../shared/words.js";
/** @import { Choice } from "./plan.js" */
/** @import { CheckUp, Desk, Shown } from "./types" */

const FEW = 200; // images below which a network learns them by heart
const LOSS = 0.1; // of the files: more that cannot be used is a loss

/** @type {(choice: Choice, desk: Desk) => Shown} */
export function checkUp(choice, desk) {
  const { found } = choice;
  const summary = summaryPanel(choice, desk);
  const expect = expectPanel(choice, desk.component.data);
  const square = squarePanel(choice, desk);
  const pairs = found.unmatched.count ? [unmatchedPanel(found)] : [];
  const left = el(
    "div",
    { class: "stack" },
    square.node,
    el(
      "div",
      { class: "halves" },
      sizesPanel(choice),
      found.classes.length ? classesPanel(choice) : kindPanel(found),
    ),
    el("div", { class: "halves" }, skippedPanel(choice), copiesPanel(choice)),
    ...(found.notes.length ? [notesPanel(found)] : []),
    ...pairs,
    expect.node,
  );
  const nodes = [
    head(
      desk,
      choice.title,
      el("span", { class: "row tight" }, notKept(), el("span", { class: "cap" }, readIn(found))),
      button(t("Discard"), () => desk.discard(), {}, icon("close")),
    ),
    readouts(choice),
    verdict(choice),
    el("div", { class: "two" }, left, summary.node),
    summary.line,
  ];
  return {
    nodes,
    told: (data) => expect.told(data),
    state: (state) => {
      summary.state(state);
      square.state(state);
    },
    stop: () => {
      choice.stop();
      square.stop();
      summary.stop();
      expect.stop();
    },
  };
}

/** @type {(found: CheckUp) => string} */
function readIn({ form, seconds, bytes: size }) {
  const words = [
    told(form),
    seconds
      ? t("read in {seconds} s", {
          seconds: seconds < 10 ? seconds.toFixed(1) : Math.round(seconds),
        })
      : "",
    size ? bytes(size) : "",
  ];
  return words.filter(Boolean).join(", ");
}

/** @type {(choice: Choice) => HTMLElement} */
function readouts(choice) {
  const node = el("dl", { class: "readouts" });
  choice.join({ changed: () => node.replaceChildren(...figures(choice)) });
  return node;
}

/**
 * What was found, a figure each, as what is kept anyway makes it.
 * @type {(choice: Choice) => HTMLElement[]}
 */
function figures(choice) {
  const { found } = choice;
  const { shorter } = found.sizes;
  const [well, skipped] = usable(choice);
  const rows = [
    [unitOf(found.unit).title, whole(found.num_files), ""],
    [t("Usable"), whole(well), ""],
    [t("Skipped"), whole(skipped), ""],
    [
      t("Near copies"),
      whole(found.copies.groups),
      found.kind === "pairs"
        ? tn("pair", "pairs", found.copies.groups)
        : tn("group", "groups", found.copies.groups),
    ],
    [t("Classes"), found.classes.length ? whole(found.classes.length) : "\u2013", ""],
    [
      t("Shorter side"),
      whole(shorter[0]),
      shorter[1] > shorter[0] ? t("to {shorter}", { shorter: whole(shorter[1]) }) : t("pixels"),
    ],
    [
      t("Colour"),
      whole(found.num_colour),
      t("of {num_usable}", { num_usable: whole(found.num_usable) }),
    ],
  ];
  return rows.map(([name, value, unit]) =>
    el(
      "div",
      {},
      el("dt", {}, name),
      el("dd", {}, value, unit ? el("small", {}, ` ${unit}`) : null),
    ),
  );
}

/**
 * [mark, word, sentence] of what was found, of which so many pictures are `skipped`.
 * @type {(found: CheckUp, outlook: any, skipped?: number) => [mark: string, word: string, sentence: string]}
 */
export function judged(found, outlook, skipped = found.num_skipped) {
  const images = outlook?.images ?? found.num_usable;
  const size = outlook ? outlook.sides.join(" × ") : "";
  const classes =
    outlook?.num_classes > 1
      ? t(" in {num_classes} classes", { num_classes: outlook.num_classes })
      : "";
  const what = found.kind === "pairs" ? "pair" : "image";
  const sentence = t("{images}{size}{classes}.", {
    images: counted(images, what),
    size: size ? t(" at {size}", { size }) : "",
    classes,
  });
  if (found.problem || outlook?.problem)
    return ["warning", t("Cannot be used"), unmarked(outlook?.problem || found.problem)];
  if (images < FEW)
    return [
      "warning",
      t("Can be used, but is small"),
      t("{sentence} From about {few} on a network learns something; 2,000 are good.", {
        sentence,
        few: FEW,
      }),
    ];
  if (skipped > LOSS * found.num_files) return ["well", t("Can be used, with a loss"), sentence];
  return ["well", t("Can be used"), sentence];
}

/**
 * "square to 1 : 1.8", from the most square picture to the least.
 * @type {(found: CheckUp) => string}
 */
export function shapesOf({ sizes: { shapes } }) {
  const [first, last] = shapes.map((/** @type {string} */ shape) =>
    shape === "square" ? t("square") : shape,
  );
  return last ? t("{first} to {last}", { first, last }) : first;
}

/** @type {(choice: Choice) => HTMLElement} */
function verdict(choice) {
  const { found } = choice;
  const mark = el("span", { class: "mark" });
  const word = el("b");
  const sentence = el("span");
  const facts = el("span", { class: "facts" });
  const list = el("ul", { class: "checks", hidden: "" });
  const more = button(
    t("What was checked"),
    () => {
      list.hidden = !list.hidden;
      more.setAttribute("aria-expanded", String(!list.hidden));
    },
    { "aria-expanded": "false" },
    icon("info"),
  );
  const node = el(
    "section",
    { class: "verdict", "aria-label": t("Whether it can be used") },
    el("div", { class: "row", role: "status" }, mark, word, sentence, facts),
    more,
    list,
  );
  const show = () => {
    const [, skipped] = usable(choice);
    const [sign, title, words] = judged(found, choice.outlook, skipped);
    list.replaceChildren(
      ...checks(found, skipped).map(([good, said]) =>
        el("li", {}, icon(good ? "check" : "info"), said),
      ),
    );
    mark.replaceChildren(icon(sign));
    word.textContent = title;
    sentence.textContent = words;
    node.classList.toggle("alarm", title === t("Cannot be used"));
    const left = choice.plan.keep_copies ? 0 : found.copies.extra;
    facts.replaceChildren(
      ...[
        [t("skipped"), skipped],
        [t("copies left out"), left],
        [t("shapes"), shapesOf(found)],
      ].map(([name, value]) => el("span", {}, `${name} `, el("b", {}, String(value)))),
    );
  };
  choice.join({ changed: show, expected: show });
  return node;
}

/**
 * What was looked at, and whether it is as it should be: [good, words]; so many pictures are `skipped`.
 * @type {(found: CheckUp, skipped?: number) => [good: boolean, words: string][]}
 */
export function checks(found, skipped = found.num_skipped) {
  /** @type {[good: boolean, words: string][]} */
  const rows = [
    [
      !skipped,
      skipped
        ? t("{pictures} of {num_files} cannot be used", {
            pictures: counted(skipped, "picture"),
            num_files: whole(found.num_files),
          })
        : found.num_skipped
          ? t("every picture is used")
          : t("every picture can be decoded"),
    ],
    [
      !found.passed_over.count,
      found.passed_over.count
        ? tn("{n} file is no picture", "{n} files are no pictures", found.passed_over.count, {
            n: whole(found.passed_over.count),
          })
        : t("nothing else lies beside them"),
    ],
    [
      !found.copies.groups,
      found.copies.groups
        ? t("{pictures} of near copies", { pictures: counted(found.copies.groups, "group") })
        : t("no near copies"),
    ],
    [
      true,
      found.num_colour
        ? t("{num_colour} of {num_usable} have colour", {
            num_colour: whole(found.num_colour),
            num_usable: whole(found.num_usable),
          })
        : t("all are grey"),
    ],
    [true, t("shapes: {shapes}", { shapes: shapesOf(found) })],
  ];
  return [
    ...rows,
    ...found.notes.map((note) => /** @type {[boolean, string]} */ ([false, unmarked(note)])),
  ];
}

/**
 * What was done to some of them and should be known.
 * @type {(found: CheckUp) => HTMLElement}
 */
function notesPanel({ notes }) {
  return el(
    "section",
    { class: "panel", "aria-label": t("Notes") },
    el("h2", {}, t("Notes")),
    ...notes.map((note) => el("p", { class: "small" }, unmarked(note))),
  );
}

/** @type {(found: CheckUp) => HTMLElement} */
function kindPanel(found) {
  const names =
    found.kind === "pairs" ? t("Pairs") : found.kind === "sides" ? t("Two sides") : t("Classes");
  const words =
    {
      pairs: t("Each input has its target."),
      sides: `${listed(found.sides.map(({ name, count }) => t("{name} has {count}", { name, count: whole(count) })))}.`,
    }[found.kind] ??
    t("None: all images are in one place. A folder for each class would tell them apart.");
  return el(
    "section",
    { class: "panel", "aria-label": names },
    el("h2", {}, names),
    el("p", { class: "cap" }, words),
  );
}

/** @type {(found: CheckUp) => HTMLElement} */
function unmatchedPanel(found) {
  const { count, examples } = found.unmatched;
  return el(
    "section",
    { class: "panel", "aria-label": t("Without a partner") },
    el(
      "div",
      { class: "head" },
      el("h2", {}, t("Without a partner")),
      el(
        "span",
        { class: "cap" },
        t("{pictures} left out", { pictures: counted(count, "picture") }),
      ),
    ),
    el(
      "p",
      { class: "small" },
      `${examples.join(", ")}${count > examples.length ? " \u2026" : ""}`,
    ),
  );
}
