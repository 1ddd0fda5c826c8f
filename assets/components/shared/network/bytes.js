// Images between numbers in [-1, 1] and bytes, as the server rounds them (gan_core/storage/images.py).

/**
 * Numbers in [-1, 1] as bytes: the nearest of 256 levels, clipped.
 * @type {(data: ArrayLike<number>) => Uint8ClampedArray}
 */
export const toBytes = (data) => Uint8ClampedArray.from(data, (v) => (v + 1) * 127.5);

/**
 * Bytes as numbers in [-1, 1].
 * @type {(bytes: ArrayLike<number>) => Float32Array}
 */
export const toNumbers = (bytes) => Float32Array.from(bytes, (v) => v / 127.5 - 1);
