// The answers about a set before they are there: black pictures that take the places of those to come.
/** @import { Expected, Portrayed } from "./types" */

const BINS = 32; // bars of pixel values
const COUNT = 16; // images of a class that are asked for; as many are shown as fit
const ALONE = { count: 48, bytes: 2e6 }; // at most, where there are no classes

/**
 * How many images of a class are asked for: of a set without classes more, as they fill several rows.
 * @type {(of: { groups: string[], shapes: number[][] }) => number}
 */
export function countOf({ groups, shapes }) {
  if (groups.length > 1) return COUNT;
  const bytes = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return Math.max(COUNT, Math.min(ALONE.count, Math.floor(ALONE.bytes / bytes)));
}

/**
 * What `looks` and `samples` will be like for a set of these groups and shapes, with so many images a group.
 * @type {(expected: Expected, count: number) => { looks: Portrayed, samples: Portrayed }}
 */
export function likely({ kind, groups, num_groups, shapes }, count) {
  const points = kind === "points";
  const own = groups.map((_, i) => (kind === "sides" ? [shapes[i]] : points ? [[2]] : shapes));
  const named = groups.map((name) => ({ name, train: 0, held_out: 0 }));
  const means = points ? [] : [own[0], ...own].flat();
  return {
    looks: {
      header: {
        groups: named,
        num_groups,
        bins: points ? [] : Array(BINS).fill(1),
        parts: sized(means),
      },
      parts: means.map(blank),
    },
    samples: blanks(own.flat().map((shape) => [points ? 0 : count, ...shape])),
  };
}

/** @type {(shapes: number[][]) => Portrayed} */
function blanks(shapes) {
  /** @type {Map<string, Uint8Array>} */
  const known = new Map(); // groups share one: it is only black
  const parts = shapes.map((shape) => {
    const key = shape.join();
    if (!known.has(key)) known.set(key, blank(shape));
    return known.get(key);
  });
  return { header: { parts: sized(shapes) }, parts };
}

/** @type {(shape: number[]) => Uint8Array} */
const blank = (shape) => new Uint8Array(shape.reduce((a, b) => a * b, 1));
/** @type {(shapes: number[][]) => [string, string, number[]][]} */
const sized = (shapes) => shapes.map((shape) => ["", "uint8", shape]);
