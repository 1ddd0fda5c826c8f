// Tiles of the strips through time: how wide a place on the axis is, and how large the tile in it.

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
