// Reads what the file holds, and puts the page together.
import { network } from "../components/shared/network/network.js";
import { unpacked } from "../components/shared/network/unpack.js";
import { el } from "./dom.js";
import { GeneratorPage } from "./generator.js";
import { TranslatorPage } from "./translator.js";
import { LANGUAGES, language, speak, word } from "./words.js";

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const told = (id) => document.getElementById(id).textContent;

/** SHA-256; nothing where the browser has none for such a page. */
const digest = (data) => globalThis.crypto?.subtle?.digest("SHA-256", data) ?? new ArrayBuffer(0);

async function weights() {
  const packed = bytes(told("weights").trim());
  const sum = new Uint8Array(await digest(packed));
  const wanted = document.getElementById("weights").dataset.sha256, found = [...sum].map((b) => b.toString(16).padStart(2, "0")).join("");
  if (found && found !== wanted) throw new Error("SHA-256");
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

function about(card) {
  const rows = [["recipe", card.recipe], ["data", card.data], ["licence", card.licence], ["origin", card.origin], ["step", card.step], ["quality", card.quality], ["weights", card.weights]];
  return rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, word(name)), el("dd", {}, String(value))]);
}

function languages(rebuild) {
  const select = el("select", { "aria-label": "Language / 언어", onchange: () => { speak(select.value); rebuild(); } }, ...Object.entries(LANGUAGES).map(([code, name]) => el("option", { value: code }, name)));
  select.value = language();
  return select;
}

function build(card, draws) {
  const work = el("div", { className: "work" });
  const head = el("header", {}, el("h1", {}, card.title), el("p", { className: "sub" }, card.about), languages(() => build(card, draws)));
  const foot = el("footer", {}, el("section", {}, el("dl", {}, ...about(card)), el("p", { className: "help" }, `${word("made")}. ${word("nobody")}`)));
  document.getElementById("page").replaceChildren(head, work, foot);
  window.page = card.kind === "generator" ? new GeneratorPage(draws[0], card, work) : new TranslatorPage(card.ways.map((way, k) => ({ ...way, draw: draws[k], examples: (way.examples ?? []).map(bytes) })), card, work);
}

async function start() {
  speak((navigator.language ?? "en").slice(0, 2));
  try {
    const card = JSON.parse(told("card")), { plans, entries } = JSON.parse(told("network"));
    const arrays = unpacked(entries, await weights());
    build(card, plans.map((plan) => network(plan, arrays)));
    document.documentElement.dataset.ready = "yes";
  } catch (error) {
    document.getElementById("page").replaceChildren(el("p", { className: "failed", role: "alert" }, word("damaged", error.message)));
    document.documentElement.dataset.ready = "no";
  }
}

start();
