// Tiles of the strips through time: how wide a place on the axis is, and how large the tile in it; which tile of a grid.
/** @import { Grid } from "../shared/types" */

const SIDE = 56; // pixels of a tile, about

/**
 * CSS pixels of a tile, [height, width]: enlarged by whole numbers, or shrunk to the side.
 * @type {(tile: number[], side?: number) => number[]}
 */
export function sizeOf([h, w], side = SIDE) {
  const longer = Math.max(h, w);
  const scale = longer > 2 * SIDE ? side / longer : Math.max(1, Math.floor(side / longer));
  return [h * scale, w * scale];
}

/**
 * CSS pixels of a place, the same for every run and for the labels: the widest tile fits.
 * @type {(tiles: number[][]) => number}
 */
export function placeOf(tiles) {
  return Math.max(SIDE, ...tiles.map((tile) => sizeOf(tile)[1]));
}

/**
 * Style of a tile in its place: a narrower one stands in the middle, on whole pixels.
 * @type {(tile: number[], place: number) => { width: number, height: number, margin: string }}
 */
export function boxOf(tile, place) {
  const [height, width] = sizeOf(tile, place);
  const left = Math.floor((place - width) / 2);
  return { width, height, margin: `0 ${place - width - left}px 0 ${left}px` };
}

/**
 * Names of the classes of a grid, each once; a class has `each` columns beside each other.
 * @type {(grid: Grid) => string[]}
 */
export function classesOf({ names = [], each = 1 }) {
  return names.filter((_, i) => i % each === 0);
}

/**
 * Tiles that a class of a grid has, or a column of held-out images.
 * @type {(grid: Grid, held: boolean) => number}
 */
export function countOf({ rows, each = 1, repeat }, held) {
  return rows * (held ? repeat : each);
}

/**
 * Where a class's tile stands in a grid; of held-out images, a column's: the next one may stand beside,
 * not below.
 * @type {(grid: Grid, column: number, index: number, held: boolean) => { column: number, row: number }}
 */
export function tileOf({ columns, each = 1, repeat }, column, index, held) {
  const beside = held ? repeat : each;
  const own = columns / beside; // classes, or columns of one held-out image
  const at = Math.min(column, own - 1);
  const next = index % beside;
  return {
    column: held ? at + next * own : at * each + next,
    row: Math.floor(index / beside),
  };
}
