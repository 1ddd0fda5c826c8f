// How the grid of a run that translates is cut into groups of columns and laid out in its panel.
import { t } from "./words.js";
/** @import { Arranged, Group, Part } from "./types" */

const GAP = 10; // CSS pixels between groups
const LEAST = 40; // CSS pixels of a tile, where there is a choice
const LARGE = 96; // ... at most, where all groups stand beside each other
const USUAL = 64; // ... else
const TALL = 620; // CSS pixels of a group; more rows are on further pages

/**
 * The groups of a grid (grid.json: parts, repeat): [{parts, block, from, towards, changed}], where
 * `from` is the first of its columns in the grid, and `block` which of the repeated ones it is in.
 * @type {(grid: { parts?: Part[], repeat?: number, kind?: string }) => Group[]}
 */
export function groupsOf({ parts, repeat = 1, kind }) {
  const own = parts.slice(0, parts.length / repeat);
  const starts = own.map((part, i) => (part.made ? -1 : i)).filter((i) => i >= 0);
  const cuts = kind === "pairs" ? [0] : starts; // of pairs the target is real, too
  return Array.from({ length: repeat }, (_, block) =>
    cuts.map((start, i) => {
      const columns = own.slice(start, cuts[i + 1]);
      const towards = columns.find((part) => part.made)?.towards ?? "";
      return {
        parts: columns,
        block,
        from: block * own.length + start,
        towards,
        changed: kind === "sides",
      };
    }),
  ).flat();
}

/**
 * What fits into `width` CSS pixels: {shown: groups, across: groups beside each other, scale: CSS pixels
 * a pixel, rows: of a page}. Copies of pairs are left out before tiles become small; ways never are.
 * @type {(groups: Group[], grid: { tile: number[], rows: number }, width: number, density?: number) => Arranged | null}
 */
export function arrange(groups, { tile: [th, tw], rows }, width, density = 1) {
  const columns = Math.max(...groups.map((group) => group.parts.length + (group.changed ? 1 : 0)));
  for (let across = groups.length; across >= 1; across--) {
    const most = Math.floor(((across === groups.length ? LARGE : USUAL) * density) / tw);
    const room = (width - GAP * (across - 1)) / across;
    const whole = Math.min(Math.floor((room * density) / (columns * tw)), Math.max(1, most));
    const scale = whole >= 1 ? whole / density : room / (columns * tw);
    if (across > 1 && (whole < 1 || scale * tw < LEAST)) continue;
    const shown = groups[0].changed ? groups : groups.slice(0, across);
    return {
      shown,
      across,
      scale,
      gap: GAP,
      rows: Math.min(rows, Math.max(1, Math.floor(TALL / (th * scale)))),
    };
  }
  return null;
}

/**
 * Number of the held-out image in a row of a block, as Translate counts them; null where unknown.
 * @type {(grid: { repeat?: number, held_out?: number }, block: number, row: number) => number | null}
 */
export function heldOf({ repeat = 1, held_out: count = 0 }, block, row) {
  const index = row * repeat + block;
  return count ? index % count : index;
}

/**
 * How many different held-out images stand in the rows of so many blocks: where there are few, some again.
 * @type {(grid: { rows: number, held_out?: number }, blocks: number) => number}
 */
export function heldShown({ rows, held_out: count = 0 }, blocks) {
  return Math.min(rows * blocks, count || Infinity);
}

/**
 * What stands over the columns of a group, and over the group: {title, words}; `ends` are the names of both.
 * @type {(group: { parts: Part[], changed?: boolean }, ends?: string[]) => { title: string, words: string[] }}
 */
export function wordsOf({ parts, changed }, ends = []) {
  /** @type {(side: string) => string} */
  const name = (side) => ({ a: ends[0], b: ends[1] })[side] ?? side;
  if (!changed) return { title: "", words: parts.map((part) => part.word) };
  const home = name(parts[0].word);
  const words = parts.map((part) => (part.made ? `→ ${name(part.towards)}` : home));
  const back = parts.length > 2 ? t("{name} again", { name: words[2] }) : "";
  return {
    title: [words[0], words[1], back].filter(Boolean).join(" "),
    words: [...words, t("changed")],
  };
}

/**
 * Pixels (RGBA) of how much the second of two pictures differs from the first: orange on black, bright is much.
 * @type {(before: Uint8ClampedArray, after: Uint8ClampedArray) => Uint8ClampedArray<ArrayBuffer>}
 */
export function changedPixels(before, after) {
  const out = new Uint8ClampedArray(before.length);
  for (let i = 0; i < before.length; i += 4) {
    const apart =
      (Math.abs(before[i] - after[i]) +
        Math.abs(before[i + 1] - after[i + 1]) +
        Math.abs(before[i + 2] - after[i + 2])) /
      3;
    const much = (apart / 255) ** 0.6; // little changes are seen, too
    out.set([244 * much, 122 * much, 69 * much, 255], i);
  }
  return out;
}
