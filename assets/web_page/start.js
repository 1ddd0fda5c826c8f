// Reads what the file holds, and puts the page together.
import { network } from "../components/shared/network/network.js";
import { unpacked } from "../components/shared/network/unpack.js";
import { carried } from "./carried.js";
import { el } from "./dom.js";
import { LANGUAGES, language, speak, word } from "./words.js";
/** @import { Card, Made } from "./types" */
/** @import { Draw } from "../components/shared/network/types" */

const KINDS = ["float16", "int8", "steps"];
/** @type {(weights: Card["weights"]) => string} */
const weights = ({ kind, count, off, compared }) =>
  word(
    KINDS.find((known) => known === kind),
    count.toLocaleString("en-US"),
    off,
    compared,
  );

/** @type {(card: Card) => HTMLElement[]} */
function about(card) {
  const rows = [
    ["recipe", card.recipe],
    ["data", card.data],
    ["licence", card.licence],
    ["weights_licence", card.weights_licence],
    ["origin", card.origin],
    ["step", card.step],
    ["quality", card.quality],
    ["weights", card.weights && weights(card.weights)],
  ];
  return rows
    .filter(([, value]) => value)
    .flatMap(([name, value]) => [el("dt", {}, word(name)), el("dd", {}, String(value))]);
}

/** @type {(rebuild: () => void) => HTMLSelectElement} */
function languages(rebuild) {
  const select = el(
    "select",
    {
      "aria-label": "Language / 언어",
      onchange: () => {
        speak(select.value);
        rebuild();
      },
    },
    ...Object.entries(LANGUAGES).map(([code, name]) => el("option", { value: code }, name)),
  );
  select.value = language();
  return select;
}

/** @type {(card: Card, draws: Draw[], made: Made) => void} */
function build(card, draws, made) {
  const work = el("div", { className: "work" });
  const head = el(
    "header",
    {},
    el("h1", {}, card.title),
    el("p", { className: "sub" }, card.kind === "style" ? word("about_style") : card.about),
    languages(() => build(card, draws, made)),
  );
  const foot = el(
    "footer",
    {},
    el(
      "section",
      {},
      el("dl", {}, ...about(card)),
      el("p", { className: "help" }, `${word("made")}. ${word("nobody")}`),
    ),
  );
  document.getElementById("page").replaceChildren(head, work, foot);
  window.page = made(draws, card, work);
}

/** @param {Made} made */
export async function start(made) {
  speak((navigator.language ?? "en").slice(0, 2));
  try {
    const card = JSON.parse(document.getElementById("card").textContent);
    const { plans, entries, buffer } = await carried(document.getElementById("weights"));
    const arrays = unpacked(entries, buffer);
    build(
      card,
      plans.map((plan) => network(plan, arrays)),
      made,
    );
    document.documentElement.dataset.ready = "yes";
  } catch (error) {
    document
      .getElementById("page")
      .replaceChildren(
        el("p", { className: "failed", role: "alert" }, word("damaged", error.message)),
      );
    document.documentElement.dataset.ready = "no";
  }
}
