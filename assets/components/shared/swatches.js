// Colours to draw with, as buttons in a row.
import { el } from "./base.js";
import { t } from "./words.js";
/** @import { Answer, Colour } from "./types" */

const BASIC = [
  [255, 255, 255],
  [0, 0, 0],
  [128, 128, 128],
  [200, 60, 50],
  [240, 190, 60],
  [80, 160, 80],
  [70, 110, 200],
  [140, 90, 60],
];
const GREYS = [[0], [255]];

/**
 * What serves where nobody knows the data's own colours: of three channels or one.
 * @type {(channels: number) => Colour[]}
 */
export const usual = (channels) => (channels === 1 ? GREYS : BASIC);

/**
 * A colour of one or three bytes as CSS.
 * @type {(colour: Colour) => string}
 */
export const css = (colour) =>
  `rgb(${(colour.length === 1 ? [colour[0], colour[0], colour[0]] : [...colour]).join(" ")})`;

/**
 * Colours out of a route's bytes [K, C], K and C as its header tells.
 * @type {(answer: Answer) => Colour[]}
 */
export function coloursOf({ parts, header }) {
  const [count, channels] = header.parts[0][2];
  return Array.from({ length: count }, (_, i) => [
    ...parts[0].subarray(i * channels, (i + 1) * channels),
  ]);
}

/**
 * The colour that differs most from the first, which is the paper's: to begin with.
 * @type {(colours: Colour[]) => Colour}
 */
export function farthest(colours) {
  /** @type {(colour: Colour) => number} */
  const far = (colour) => colour.reduce((sum, v, i) => sum + Math.abs(v - colours[0][i]), 0);
  return colours.reduce((best, colour) => (far(colour) > far(best) ? colour : best), colours[0]);
}

export class Swatches {
  /**
   * `picked(css)` when one is pressed.
   * @param {(css: string) => unknown} picked
   */
  constructor(picked) {
    this.picked = picked;
    this.node = el("span", {
      class: "colours",
      role: "group",
      "aria-label": t("Colours of the data"),
    });
  }

  /** @type {(colours: Colour[]) => void} */
  show(colours) {
    this.inks = colours.map(css);
    this.node.replaceChildren(
      ...colours.map((colour) =>
        el("button", {
          type: "button",
          class: "colour",
          style: `background:${css(colour)}`,
          "aria-label": t("Colour {colour}", { colour: colour.join(" ") }),
          "data-ink": css(colour),
          onclick: () => this.picked(css(colour)),
        }),
      ),
    );
  }

  /** @type {(ink: string) => void} */
  press(ink) {
    [...this.node.children].forEach((node, i) =>
      node.setAttribute("aria-pressed", String(this.inks[i] === ink)),
    );
  }
}
