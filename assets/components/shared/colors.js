// The theme's colours as Plotly and canvases read them.
import { el } from "./base.js";

/**
 * {name: "rgb(r,g,b)"} of our colours (base.css) as they are in this element.
 * @type {(root: HTMLElement, names: string[]) => Record<string, string>}
 */
export function themeColors(root, names) {
  // Custom properties that hold color-mix() are resolved by giving them to an element.
  const probe = el("i", { hidden: "" });
  root.append(probe);
  /** @type {(name: string) => string} */
  const resolved = (name) => {
    probe.style.color = `var(--${name})`;
    return rgb(getComputedStyle(probe).color);
  };
  const found = Object.fromEntries(names.map((name) => [name, resolved(name)]));
  probe.remove();
  return found;
}

/**
 * The theme's font in this element.
 * @type {(root: HTMLElement) => string}
 */
export const themeFont = (root) =>
  getComputedStyle(root).getPropertyValue("--st-font").trim() || "sans-serif";

/**
 * A colour that CSS computed (also color(srgb ...)) as rgb(), which Plotly reads.
 * @type {(color: string) => string}
 */
export function rgb(color) {
  const paint = el("canvas", { width: 1, height: 1 }).getContext("2d");
  paint.fillStyle = color;
  paint.fillRect(0, 0, 1, 1);
  const [r, g, b] = paint.getImageData(0, 0, 1, 1).data;
  return `rgb(${r},${g},${b})`;
}
