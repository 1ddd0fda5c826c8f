// Runs that differ by their seed alone, drawn as one line: the mean, and a band from lowest to highest.
/** @import { Line } from "./types" */

/**
 * Groups of two or more among the runs: [[index, ...], ...] by the text that they share.
 * @type {(runs: { group?: string }[]) => number[][]}
 */
export function groupsOf(runs) {
  const found = new Map();
  runs.forEach((run, index) => found.set(run.group, [...(found.get(run.group) ?? []), index]));
  return [...found.values()].filter((members) => members.length > 1);
}

/**
 * Lines {index, x, raw, smooth} with every group's merged into its first: {..., low, high}.
 * @type {(lines: Line[], groups: number[][]) => Line[]}
 */
export function merged(lines, groups) {
  const taken = new Set(groups.flat());
  const joined = groups.flatMap((group) => {
    const members = lines.filter((line) => group.includes(line.index) && line.x.length);
    return members.length > 1 ? [join(members)] : members;
  });
  return [...lines.filter((line) => !taken.has(line.index)), ...joined].sort(
    (a, b) => a.index - b.index,
  );
}

/**
 * Mean and extremes at the places of the shortest member: where all have values.
 * @type {(members: Line[]) => Line}
 */
function join(members) {
  const shortest = members.reduce((a, b) => (a.x.at(-1) <= b.x.at(-1) ? a : b));
  const values = members.map((line) =>
    line === shortest ? line.smooth : at(shortest.x, line.x, line.smooth),
  );
  /** @type {(choose: (known: number[]) => number) => (number | null)[]} */
  const each = (choose) =>
    shortest.x.map((_, i) => {
      const known = values.map((v) => v[i]).filter(Number.isFinite);
      return known.length ? choose(known) : null;
    });
  const mean = each((known) => known.reduce((a, b) => a + b, 0) / known.length);
  return {
    index: Math.min(...members.map((line) => line.index)),
    x: shortest.x,
    raw: mean,
    smooth: mean,
    low: each((known) => Math.min(...known)),
    high: each((known) => Math.max(...known)),
  };
}

/**
 * Values of a line at other places, linearly between its points.
 * @type {(places: number[], x: number[], y: (number | null)[]) => (number | null)[]}
 */
function at(places, x, y) {
  let k = 0;
  return places.map((place) => {
    while (k < x.length - 2 && x[k + 1] < place) k += 1;
    const [a, b] = [y[k], y[k + 1] ?? y[k]];
    const span = (x[k + 1] ?? x[k]) - x[k];
    const share = span > 0 ? Math.min(1, Math.max(0, (place - x[k]) / span)) : 0;
    return Number.isFinite(a) && Number.isFinite(b) ? a + (b - a) * share : null;
  });
}

/**
 * The band as a trace of plotly.js; null where a line has none.
 * @type {(line: Line, color: string) => object | null}
 */
export function band(line, color) {
  if (!line.low) return null;
  const known = line.x.map((_, i) => i).filter((i) => Number.isFinite(line.low[i]));
  const back = [...known].reverse();
  return {
    type: "scatter",
    mode: "lines",
    hoverinfo: "skip",
    fill: "toself",
    fillcolor: color,
    opacity: 0.16,
    line: { width: 0, color },
    x: [...known, ...back].map((i) => line.x[i]),
    y: [...known.map((i) => line.high[i]), ...back.map((i) => line.low[i])],
  };
}
