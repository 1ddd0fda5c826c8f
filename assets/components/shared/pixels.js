// Pixels on canvases: a whole number of device pixels each, never smoothed, on black.
/** @import { Pixels, Shape } from "./types" */

/**
 * The largest whole number of device pixels per image pixel that fits, in CSS pixels. What does not
 * fit at one device pixel is shrunk: nothing runs out of its panel.
 * @type {(natural: number, width: number, most?: number) => number}
 */
export function scaleFor(natural, width, most = Infinity) {
  const density = window.devicePixelRatio || 1;
  const whole = Math.floor((width * density) / natural);
  return whole >= 1 ? Math.min(Math.max(1, most * density), whole) / density : width / natural;
}

/**
 * Paint images [N, H, W, C] of bytes into a grid of so many columns.
 * @type {(canvas: HTMLCanvasElement, pixels: Pixels, shape: Shape, columns?: number) => { columns: number, rows: number, count: number }}
 */
export function paint(canvas, pixels, [h, w, c], columns = 1) {
  const count = Math.floor(pixels.length / (h * w * c));
  const rows = Math.max(1, Math.ceil(count / columns));
  if (canvas.width !== w * columns || canvas.height !== h * rows)
    [canvas.width, canvas.height] = [w * columns, h * rows];
  const picture = new ImageData(canvas.width, canvas.height);
  const colours = new Uint32Array(picture.data.buffer).fill(0xff000000);
  for (let n = 0, i = 0; n < count; n++) {
    const corner = Math.floor(n / columns) * h * canvas.width + (n % columns) * w;
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++, i += c) {
        const [r, g, b] =
          c === 3 ? [pixels[i], pixels[i + 1], pixels[i + 2]] : [pixels[i], pixels[i], pixels[i]];
        colours[corner + y * canvas.width + x] = 0xff000000 | (b << 16) | (g << 8) | r;
      }
    }
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return { columns, rows, count };
}
