// Texts in the page's language: English as they stand in the code, others from a catalogue, which the
// loader of a component (pages/ui/shared/component.py) has read before any module is: so texts at the top
// of a module are right, too. How texts get into the catalogue: docs/languages.md.

let [texts, templates, code] = [{}, [], "en"];
let reading = null;

/** Read the catalogue of a language, once a page; without it, texts stay English. */
export function speak(language, address) {
  reading ??= fetch(address).then((answer) => (answer.ok ? answer.json() : null), () => null).then((found) => {
    if (found) take(language, found);
  });
  return reading;
}

/** Use a catalogue: `texts`, and `engine`: sentences that the server makes, with gaps where numbers stand. */
export function take(language, { texts: own, engine }) {
  code = language;
  texts = { ...engine, ...own };
  const gaps = Object.keys(engine).filter((text) => /\{\w+\}/.test(text)).sort((a, b) => b.length - a.length);
  templates = gaps.map((text) => [pattern(text), engine[text]]);
}

const NUMBER = "[\\d,.\u2212-]+"; // in a gap that is called n, n1 or n2
const pattern = (text) => new RegExp(`^${text.split(/\{(\w+)\}/).map((part, i) => (i % 2 ? `(?<${part}>${/^n[12]?$/.test(part) ? NUMBER : ".+?"})` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).join("")}$`, "s");

/** The language of the page: "en", "ko". */
export const language = () => code;

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** A text in the page's language; `{name}` in it stands for a value. */
export const t = (text, values = {}) => filled(texts[text] ?? text, values);

/** The form for a number: `one` for 1 and `many` for others in English; `values` as in `t`, with `n` as it is written. */
export const tn = (one, many, n, values = {}) => filled(texts[one] ?? (n === 1 ? one : many), { n, ...values });

/** A whole sentence of the server, with its numbers in it, by the template that it was made from. */
export function told(sentence) {
  if (!templates.length || !sentence) return sentence;
  if (sentence in texts) return texts[sentence];
  for (const [shape, translated] of templates) {
    const match = shape.exec(sentence);
    if (match) return filled(translated, Object.fromEntries(Object.entries(match.groups).map(([name, value]) => [name, told(value)])));
  }
  return sentence;
}

const WORDS = ["title", "brief", "pill", "label", "short", "aid", "note", "text", "noun"]; // of charts and their lines

/** What the server says of charts, in the page's language; everything else of it as it is. */
export function worded(value) {
  if (code === "en" || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(worded);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, typeof each === "string" && WORDS.includes(name) ? told(each) : worded(each)]));
}
