// Texts in the page's language: English as they stand in the code, others from a catalogue, which the
// loader of a component (pages/ui/shared/component.py) has read before any module is: so texts at the top
// of a module are right, too. That is why it calls `fetch` itself: fetch.js has texts of its own, so it comes
// after this one. How texts get into the catalogue: docs/languages.md.

/** @type {(...tables: Record<string, string>[]) => Record<string, string>} */
const plain = (...tables) => Object.assign(Object.create(null), ...tables); // "constructor" is a word like others

let [texts, code] = [plain(), "en"];
/** @type {[shape: RegExp, translated: string][]} */
let templates = [];
/** @type {Promise<void>} */
let reading = null;

/**
 * Read the catalogue of a language, once a page; without it, texts stay English.
 * @type {(language: string, address: string) => Promise<void>}
 */
export function speak(language, address) {
  reading ??= fetch(address)
    .then(
      (answer) => (answer.ok ? answer.json() : null),
      () => /** @type {any} */ (null),
    )
    .then((found) => {
      if (found) take(language, found);
    });
  return reading;
}

/**
 * Use a catalogue: `texts`, and `engine`: sentences that the server makes, with gaps where numbers stand.
 * @type {(language: string, catalogue: { texts: Record<string, string>, engine: Record<string, string> }) => void}
 */
export function take(language, { texts: own, engine }) {
  code = language;
  texts = plain(engine, own);
  const gaps = Object.keys(engine)
    .filter((text) => /\{\w+\}/.test(text))
    .sort((a, b) => b.length - a.length);
  templates = gaps.map((text) => [pattern(text), engine[text]]);
}

const NUMBER = "[\\d,.\u2212-]+"; // in a gap that is called n, n1 or n2
/** @type {(text: string) => string} */
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * What a sentence of this template looks like. Each gap but the last ends where the text after it first comes
 * (a lookahead is not tried again), so time grows no faster than a sentence, which may hold somebody else's words.
 * @type {(template: string) => RegExp}
 */
function pattern(template) {
  const parts = template.split(/\{(\w+)\}/); // text, name, text, name, ...
  const segments = []; // [what to find, the same once more by what the gaps hold]
  let [seek, taken, whole] = ["", "", false]; // `whole`: of gaps side by side the first takes all
  for (let i = 1; i < parts.length; i += 2) {
    const [name, text] = [parts[i], literal(parts[i + 1])],
      number = /^n[12]?$/.test(name);
    const rest = whole && !parts[i - 1] ? "" : parts[i - 1].endsWith(".") ? ".*?" : ".+?"; // a hint is not always given
    seek += `(?<${name}>${number ? NUMBER : rest})${text}`;
    whole = !number;
    taken += `\\k<${name}>${text}`;
    if (!text && i + 2 < parts.length) continue; // gaps without a text between them end together
    segments.push([seek, taken]);
    [seek, taken] = ["", ""];
  }
  const last = segments.pop()[0];
  return new RegExp(
    `^${literal(parts[0])}${segments.map(([find, again]) => `(?=${find})${again}`).join("")}${last}$`,
    "s",
  );
}

/** The language of the page: "en", "ko". */
export const language = () => code;

/** @type {(text: string, values: Record<string, unknown>) => string} */
const filled = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/**
 * A text in the page's language; `{name}` in it stands for a value.
 * @type {(text: string, values?: Record<string, unknown>) => string}
 */
export const t = (text, values = {}) => filled(texts[text] ?? text, values);

/**
 * The form for a number: `one` for 1 and `many` for others in English; `values` as in `t`, with `n` as it is written.
 * @type {(one: string, many: string, n: number, values?: Record<string, unknown>) => string}
 */
export const tn = (one, many, n, values = {}) =>
  filled(texts[one] ?? (n === 1 ? one : many), { n, ...values });

/**
 * What the server says, by the template that it was made from: as a whole, else sentence by sentence; and so what stands in its gaps, `deeper` within each other.
 * @type {(sentence: string, deeper?: number) => string}
 */
export function told(sentence, deeper = 3) {
  if (!templates.length || !sentence) return sentence;
  if (sentence in texts) return texts[sentence];
  for (const [shape, translated] of deeper ? templates : []) {
    const match = shape.exec(sentence);
    if (match)
      return filled(
        translated,
        Object.fromEntries(
          Object.entries(match.groups).map(([name, value]) => [name, told(value, deeper - 1)]),
        ),
      );
  }
  if (deeper && /^ \S/.test(sentence)) return ` ${told(sentence.slice(1), deeper)}`;
  const parts = deeper ? sentence.split(/(?<=[.!?]) (?=[A-Z`])/) : []; // several sentences, each known by itself
  return parts.length > 1 && parts.length <= MOST_SENTENCES
    ? parts.map((part) => told(part, deeper - 1)).join(" ")
    : sentence;
}

/**
 * The same without the marks around names and settings, by which its template is known.
 * @type {(sentence: string) => string}
 */
export const unmarked = (sentence) => told(sentence).replaceAll("`", "");

const MOST_SENTENCES = 8; // that are looked at one by one
const WORDS = ["title", "brief", "pill", "label", "short", "aid", "note", "text", "noun"]; // of charts and their lines

/**
 * What the server says of charts, in the page's language; everything else of it as it is.
 * @type {(value: any) => any}
 */
export function worded(value) {
  if (code === "en" || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(worded);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      typeof each === "string" && WORDS.includes(name) ? told(each) : worded(each),
    ]),
  );
}
