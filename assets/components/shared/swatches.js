// Colours to draw with, as buttons in a row.
import { el } from "./base.js";
import { t } from "./words.js";

const BASIC = [[255, 255, 255], [0, 0, 0], [128, 128, 128], [200, 60, 50], [240, 190, 60], [80, 160, 80], [70, 110, 200], [140, 90, 60]];
const GREYS = [[0], [255]];

/** What serves where nobody knows the data's own colours: of three channels or one. */
export const usual = (channels) => (channels === 1 ? GREYS : BASIC);

/** A colour of one or three bytes as CSS. */
export const css = (colour) => `rgb(${(colour.length === 1 ? [colour[0], colour[0], colour[0]] : [...colour]).join(" ")})`;

/** Colours out of a route's bytes [K, C], K and C as its header tells. */
export function coloursOf({ parts, header }) {
  const [count, channels] = header.parts[0][2];
  return Array.from({ length: count }, (_, i) => [...parts[0].subarray(i * channels, (i + 1) * channels)]);
}

/** The colour that differs most from the first, which is the paper's: to begin with. */
export function farthest(colours) {
  const far = (colour) => colour.reduce((sum, v, i) => sum + Math.abs(v - colours[0][i]), 0);
  return colours.reduce((best, colour) => (far(colour) > far(best) ? colour : best), colours[0]);
}

export class Swatches {
  /** `picked(css)` when one is pressed. */
  constructor(picked) {
    this.picked = picked;
    this.node = el("span", { class: "colours", role: "group", "aria-label": t("Colours of the data") });
  }

  show(colours) {
    this.inks = colours.map(css);
    this.node.replaceChildren(...colours.map((colour) => el("button", {
      type: "button", class: "colour", style: `background:${css(colour)}`, "aria-label": t("Colour {colour}", { colour: colour.join(" ") }), "data-ink": css(colour), onclick: () => this.picked(css(colour)) })));
  }

  press(ink) {
    [...this.node.children].forEach((node, i) => node.setAttribute("aria-pressed", this.inks[i] === ink));
  }
}
