// An animated GIF (https://www.w3.org/Graphics/GIF/spec-gif89a.txt): one palette for all frames, LZW.
const MOST = 256;

/**
 * The commonest colours at 5 bits a channel, and the nearest of them for each.
 * @type {(frames: Uint8ClampedArray[]) => { common: number[][], near: Map<number, number> }}
 */
function palette(frames) {
  const counts = new Map();
  for (const frame of frames)
    for (let i = 0; i < frame.length; i += 4) {
      const key = ((frame[i] >> 3) << 10) | ((frame[i + 1] >> 3) << 5) | (frame[i + 2] >> 3);
      const found = counts.get(key);
      if (found) {
        found[3]++;
        for (let k = 0; k < 3; k++) found[k] += frame[i + k];
      } else counts.set(key, [frame[i], frame[i + 1], frame[i + 2], 1]);
    }
  const common = [...counts.values()]
    .sort((a, b) => b[3] - a[3])
    .slice(0, MOST)
    .map(([r, g, b, n]) => [r / n, g / n, b / n].map(Math.round));
  const near = new Map(
    [...counts].map(([key, [r, g, b, n]]) => [key, nearest(common, r / n, g / n, b / n)]),
  );
  return { common, near };
}

/** @type {(colours: number[][], r: number, g: number, b: number) => number} */
function nearest(colours, r, g, b) {
  let best = 0,
    least = Infinity;
  colours.forEach(([x, y, z], i) => {
    const far = (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2;
    if (far < least) [best, least] = [i, far];
  });
  return best;
}

/**
 * LZW with codes from 9 bits on, in blocks of 255 bytes.
 * @type {(indices: Uint8Array) => number[]}
 */
function compressed(indices) {
  const bytes = [],
    clear = 256,
    end = 257;
  let bits = 0,
    filled = 0,
    width = 9,
    next = 258,
    table = new Map();
  /** @type {(code: number) => void} */
  const put = (code) => {
    bits |= code << filled;
    for (filled += width; filled >= 8; filled -= 8, bits >>>= 8) bytes.push(bits & 255);
  };
  put(clear);
  let prefix = indices[0];
  for (let i = 1; i < indices.length; i++) {
    const key = prefix * 256 + indices[i],
      known = table.get(key);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    put(prefix);
    if (next < 4096) {
      if (next === 1 << width && width < 12) width++;
      table.set(key, next++);
    } else {
      put(clear);
      [width, next, table] = [9, 258, new Map()];
    }
    prefix = indices[i];
  }
  put(prefix);
  if (next === 1 << width && width < 12) width++;
  put(end);
  if (filled) bytes.push(bits & 255);
  const blocks = [];
  for (let i = 0; i < bytes.length; i += 255)
    blocks.push(Math.min(255, bytes.length - i), ...bytes.slice(i, i + 255));
  return [...blocks, 0];
}

/** @type {(n: number) => number[]} */
const short = (n) => [n & 255, n >> 8];

/**
 * Frames of RGBA bytes, all `width` x `height`, each shown for `delay` hundredths of a second, for ever.
 * @type {(frames: Uint8ClampedArray[], width: number, height: number, delay: number) => Blob}
 */
export function gif(frames, width, height, delay) {
  const { common, near } = palette(frames);
  const colours = Array.from({ length: MOST }, (_, i) => common[i] ?? [0, 0, 0]).flat();
  const parts = [
    [
      ...Array.from("GIF89a", (c) => c.charCodeAt(0)),
      ...short(width),
      ...short(height),
      0xf7,
      0,
      0,
      ...colours,
    ],
    [0x21, 0xff, 11, ...Array.from("NETSCAPE2.0", (c) => c.charCodeAt(0)), 3, 1, 0, 0, 0],
  ];
  for (const frame of frames) {
    const indices = new Uint8Array(width * height);
    for (let i = 0; i < indices.length; i++) {
      const at = 4 * i;
      indices[i] = near.get(
        ((frame[at] >> 3) << 10) | ((frame[at + 1] >> 3) << 5) | (frame[at + 2] >> 3),
      );
    }
    parts.push(
      [0x21, 0xf9, 4, 4, ...short(delay), 0, 0],
      [0x2c, 0, 0, 0, 0, ...short(width), ...short(height), 0, 8],
      compressed(indices),
    );
  }
  parts.push([0x3b]);
  return new Blob(
    parts.map((part) => Uint8Array.from(part)),
    { type: "image/gif" },
  );
}

/**
 * RGBA bytes with each pixel `scale` times as wide and as high.
 * @type {(bytes: Uint8ClampedArray, width: number, height: number, scale: number) => Uint8ClampedArray}
 */
export function enlarged(bytes, width, height, scale) {
  const made = new Uint8ClampedArray(bytes.length * scale * scale);
  for (let y = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++) {
      const from = 4 * (Math.floor(y / scale) * width + Math.floor(x / scale));
      made.set(bytes.subarray(from, from + 4), 4 * (y * width * scale + x));
    }
  return made;
}
