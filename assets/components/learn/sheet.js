// A chapter as one printed page to write on: its questions with boxes, room for what was seen, the goal.
import { el } from "../shared/base.js";
import { t } from "../shared/words.js";
/** @import { Asks, Printed } from "./types" */

// One page of A4 or Letter, also of the longest chapter.
const STYLE = `@page { margin: 14mm 16mm } body { margin: 0; font: 11pt/1.4 system-ui, sans-serif; color: #000 } h1 { font-size: 18pt; margin: 0 0 2mm }
h2 { font-size: 12pt; margin: 4mm 0 1mm; border-top: 1pt solid #000; padding-top: 1.5mm } p { margin: 1.5mm 0 } ul { margin: 1mm 0 } li { list-style: "☐  "; margin: 1mm 0 }
.room { border-bottom: 1pt dotted #000; height: 8mm } small { color: #333 }`;

/** @type {(text: string) => string} */
const plain = (text) => text.replaceAll("*", "");
/** @type {(lines: number) => HTMLElement[]} */
const room = (lines) => Array.from({ length: lines }, () => el("div", { class: "room" }));
/** @type {(asks: Asks) => HTMLElement[]} */
const asked = ({ text, options }) => [
  el("p", {}, text),
  el("ul", {}, ...options.map(([, label]) => el("li", {}, label))),
];

/**
 * The page's elements: [h1, ...].
 * @type {(chapter: Printed, number: number) => HTMLElement[]}
 */
export function sheet({ title, question, so, asks, check, heal, real }, number) {
  return [
    el("h1", {}, `${number}. ${title}`),
    el("p", {}, question),
    el("p", {}, t("Name: ________________________   Date: ______________")),
    el("h2", {}, t("1 Predict")),
    el("p", {}, plain(so)),
    ...asked(asks),
    el("h2", {}, t("2 Watch: what happened? Which numbers did you see?")),
    ...room(3),
    el("h2", {}, t("3 Check")),
    ...asked(check),
    ...room(2),
    el("h2", {}, t("4 Try")),
    el("p", {}, plain(heal.text)),
    el("p", {}, t("Goal: {goal}.", { goal: heal.goal })),
    ...room(3),
    el(
      "p",
      {},
      el("small", {}, t("In real training: "), plain(real).replace(/:\s*$/, ".")), // a link follows on the page
    ),
  ];
}

/**
 * Opens the browser's print dialogue with a chapter, in a frame of its own.
 * @type {(chapter: Printed, number: number) => void}
 */
export function printed(chapter, number) {
  const frame = el("iframe", {
    style: "position:fixed;width:0;height:0;border:0",
    title: t("Page to print"),
    "aria-hidden": "true",
  });
  document.body.append(frame);
  const { contentDocument: page, contentWindow: view } = frame;
  page.title = chapter.title;
  page.head.append(el("style", {}, STYLE));
  page.body.append(...sheet(chapter, number));
  view.addEventListener("afterprint", () => frame.remove());
  view.print();
}
