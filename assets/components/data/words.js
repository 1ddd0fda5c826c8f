// Counts and sizes in words.
import { whole } from "../shared/base.js";
import { t, tn, unmarked } from "../shared/words.js";

/**
 * 7_300_000 -> "7.3 MB".
 * @type {(count: number) => string}
 */
export function bytes(count) {
  let [value, unit] = [count, 0];
  while (value >= 999.5 && unit < 4) [value, unit] = [value / 1000, unit + 1];
  const digits = unit > 1 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${["B", "kB", "MB", "GB", "TB"][unit]}`;
}

/** @type {Record<string, (n: number, values: Record<string, unknown>) => string>} */
const NOUNS = {
  file: (n, values) => tn("{n} file", "{n} files", n, values),
  row: (n, values) => tn("{n} row", "{n} rows", n, values),
  picture: (n, values) => tn("{n} picture", "{n} pictures", n, values),
  image: (n, values) => tn("{n} image", "{n} images", n, values),
  pair: (n, values) => tn("{n} pair", "{n} pairs", n, values),
  group: (n, values) => tn("{n} group", "{n} groups", n, values),
  class: (n, values) => tn("{n} class", "{n} classes", n, values),
};

/**
 * "1 file", "6,000 files", of a noun in NOUNS.
 * @type {(count: number, noun: string) => string}
 */
export function counted(count, noun) {
  return NOUNS[noun](count, { n: whole(count) });
}

/**
 * What the server says is wrong: [its first sentence, the rest]; a sentence that is known by itself is told by itself, for
 * one that ends with a name would take the others for a part of it.
 * @type {(error: string) => [first: string, rest: string]}
 */
export function sentences(error) {
  const [own, ...others] = error.split(SENTENCE);
  const known = unmarked(own);
  if (known !== own.replaceAll("`", "")) return [known, unmarked(others.join(" "))];
  const [first, ...rest] = unmarked(error).split(SENTENCE);
  return [first, rest.join(" ")];
}

const SENTENCE = /(?<=\.) /;

/** @type {Record<string, { noun: string, title: string, read: string }>} */
const UNITS = {
  files: { noun: "file", title: t("Files"), read: t("files read") },
  pictures: { noun: "picture", title: t("Pictures"), read: t("pictures read") },
  rows: { noun: "row", title: t("Rows"), read: t("rows read") },
};

/**
 * What the items of a source are called (Recognised.unit of importing/base.py): a noun of NOUNS, a title, and that they are read.
 * @type {(unit?: string) => { noun: string, title: string, read: string }}
 */
export const unitOf = (unit) => UNITS[unit] ?? UNITS.files;

/**
 * "3.4 %" of small shares, "21 %" of others.
 * @type {(share: number) => string}
 */
export function percent(share) {
  const value = 100 * share;
  return `${value && value < 9.5 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/**
 * "a, b and c".
 * @type {(words: string[]) => string}
 */
export function listed(words) {
  return words.length < 2
    ? words.join("")
    : t("{words} and {words2}", { words: words.slice(0, -1).join(", "), words2: words.at(-1) });
}

/**
 * How the pictures of a set of this kind stand on its page.
 * @type {(kind: string, looks: { groups: unknown[], num_groups: number }, single: boolean) => string}
 */
export function arranged(kind, { groups, num_groups: count }, single) {
  if (kind === "points") return t("points on a plane");
  if (kind === "pairs") return t("left of each pair goes in, right of it should come out");
  if (count > groups.length)
    return t("the first {groups} of {classes}", {
      groups: groups.length,
      classes: counted(count, "class"),
    });
  if (single) return "";
  return kind === "sides" ? t("two sides, not paired") : t("a row is a class");
}
