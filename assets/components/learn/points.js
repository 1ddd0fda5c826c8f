// Real points to learn from: distributions in the square from -1.5 to 1.5, drawn with seeded random numbers.
import { normal } from "../shared/random.js";
import { t } from "../shared/words.js";
/** @import { Distribution, Rows, Source } from "./types" */
/** @import { Point } from "../shared/types" */

export const EXTENT = 1.5;
const SPREAD = 0.05;

/** @type {(x: number, y: number, spread: number, next: () => number) => Point} */
const around = (x, y, spread, next) => [x + spread * normal(next), y + spread * normal(next)];

/**
 * name -> {title, draw(next) -> [x, y], groups: [[x, y]] that can be told apart, or none}.
 * @type {Record<string, Distribution>}
 */
export const DISTRIBUTIONS = {
  ring: groups(
    t("Eight groups in a ring"),
    Array.from({ length: 8 }, (_, k) => [Math.cos((k * Math.PI) / 4), Math.sin((k * Math.PI) / 4)]),
  ),
  grid: groups(
    t("Nine groups in a grid"),
    [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y])),
  ),
  moons: {
    title: t("Two moons"),
    groups: [],
    draw(next) {
      const u = Math.PI * next(),
        upper = next() < 0.5;
      return around(
        upper ? Math.cos(u) - 0.5 : 0.5 - Math.cos(u),
        upper ? Math.sin(u) - 0.25 : 0.25 - Math.sin(u),
        SPREAD,
        next,
      );
    },
  },
  spiral: {
    title: t("A spiral"),
    groups: [],
    draw(next) {
      const u = Math.sqrt(next()),
        angle = 3.5 * Math.PI * u;
      return around(1.2 * u * Math.cos(angle), 1.2 * u * Math.sin(angle), SPREAD / 2, next);
    },
  },
  lines: {
    title: t("Two lines"),
    groups: [],
    draw: (next) => {
      const u = 2 * next() - 1;
      return next() < 0.5 ? around(u, u, SPREAD / 2, next) : around(u, -u, SPREAD / 2, next);
    },
  },
  blob: groups(t("One group"), [[0, 0]], 0.3),
};

/** @type {(title: string, centres: Point[], spread?: number) => Distribution} */
function groups(title, centres, spread = SPREAD) {
  return {
    title,
    groups: centres,
    spread,
    draw: (next) => around(...centres[Math.floor(next() * centres.length)], spread, next),
  };
}

/**
 * Rows [count, 2] of a distribution, or of points that somebody sprayed [[x, y]], each moved a little.
 * @type {(source: Source, count: number, next: () => number) => Rows}
 */
export function rows(source, count, next) {
  const made = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [x, y] = Array.isArray(source)
      ? around(...source[Math.floor(next() * source.length)], 0.02, next)
      : source.draw(next);
    made[2 * i] = x;
    made[2 * i + 1] = y;
  }
  return made;
}

/**
 * z [count, size] of N(0, 1).
 * @type {(count: number, size: number, next: () => number) => Rows}
 */
export const latent = (count, size, next) =>
  Float64Array.from({ length: count * size }, () => normal(next));

/**
 * How many groups have at least `least` of the points [n, 2] within four spreads.
 * @type {(source: { groups: Point[], spread?: number }, points: Rows, least?: number) => number}
 */
export function covered({ groups: centres, spread = SPREAD }, points, least = 3) {
  return centres.filter(([x, y]) => {
    let near = 0;
    for (let i = 0; i < points.length; i += 2)
      near += Number(Math.hypot(points[i] - x, points[i + 1] - y) < 4 * spread);
    return near >= least;
  }).length;
}
