// Small parts that every component shares: elements, icons, numbers, and mounting once.
import { patient, watchLinks } from "./leaving.js";
import { t } from "./words.js";
/** @import { Attributes, Child, Component, View } from "./types" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes and children; strings become text, never markup.
 * @type {<K extends keyof HTMLElementTagNameMap>(tag: K, attributes?: Attributes, ...children: Child[]) => HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/**
 * The same for SVG.
 * @type {<K extends keyof SVGElementTagNameMap>(tag: K, attributes?: Attributes, ...children: Child[]) => SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// 16 x 16 outlines; an entry that begins with * is filled.
/** @type {Record<string, string[]>} */
const PATHS = {
  play: ["*M4.5 3v10l8-5z"],
  pause: ["*M4 3h3v10H4zM9 3h3v10H9z"],
  stop: ["*M3.5 3.5h9v9h-9z"],
  check: ["m3 8.5 3.2 3.2L13 4.8"],
  warning: ["M8 2 15 14H1z", "M8 6.5v3.5M8 12v.1"],
  broken: [
    "M8 2a6 6 0 0 1 6 6M13.2 11A6 6 0 0 1 8 14M5 13.2A6 6 0 0 1 2 8M2.8 5A6 6 0 0 1 4.5 3.1",
    "M8 5v3",
  ],
  clock: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "M8 4.5V8l2.5 1.5"],
  checkpoint: ["M8 2 14 8l-6 6-6-6z"],
  knob: [
    "M2 5h7M13 5h1M2 11h1M7 11h7",
    "M11 3.4a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2zM5 9.4a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2z",
  ],
  branch: [
    "M4 6v4M12 6c0 3-8 1.5-8 4",
    "M4 2.6a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zM4 10a1.7 1.7 0 1 0 0 3.4A1.7 1.7 0 0 0 4 10zM12 2.6a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4z",
  ],
  snapshot: ["M2 5h3l1-2h4l1 2h3v8H2z", "M8 6.6a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z"],
  note: ["M3 13l.6-3L10.5 3l2.5 2.5-7 6.9z"],
  sliders: ["M2 4h7M13 4h1M2 12h1M7 12h7M2 8h4M10 8h4", "M11 2.6v2.8M5 10.6v2.8M8 6.6v2.8"],
  close: ["m4 4 8 8M12 4l-8 8"],
  newest: ["m5 3 5 5-5 5"],
  undo: ["M6 3 2.5 6.5 6 10", "M3 6.5h6.2a3.6 3.6 0 0 1 0 7.2H6"],
  redo: ["m10 3 3.5 3.5L10 10", "M13 6.5H6.8a3.6 3.6 0 0 0 0 7.2H10"],
  dice: [
    "M3 3h10v10H3z",
    "*M5.2 5.2h1.6v1.6H5.2zM9.2 9.2h1.6v1.6H9.2zM9.2 5.2h1.6v1.6H9.2zM5.2 9.2h1.6v1.6H5.2z",
  ],
  link: [
    "M6.8 9.2 9.2 6.8",
    "M7.2 4.8 8.6 3.4a2.8 2.8 0 0 1 4 4l-1.4 1.4M8.8 11.2l-1.4 1.4a2.8 2.8 0 0 1-4-4l1.4-1.4",
  ],
  star: ["m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z"],
  back: ["m10 4-4 4 4 4"],
  upload: ["M8 10.5V2.5M5 5.3 8 2.3l3 3M3 13h10"],
  plus: ["M8 3v10M3 8h10"],
  folder: ["M2 12.5v-9h4l1.4 1.8H14v7.2z"],
  search: ["M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4z", "m10.2 10.2 3.3 3.3"],
  bin: ["M3 4.5h10M6 4.5V3h4v1.5M4.3 4.5l.6 8.5h6.2l.6-8.5M6.7 7v3.8M9.3 7v3.8"],
  info: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "M8 7.4v3.4M8 5.1v.2"],
  well: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "m5.2 8.2 2 2 3.6-4"],
  download: ["M8 2.5v7.5M4.8 7 8 10.2 11.2 7", "M2.8 13.2h10.4"],
};

/**
 * One of our icons; always beside a word or with a label on its button.
 * @type {(name: string) => SVGSVGElement}
 */
export function icon(name) {
  const paths = (PATHS[name] || PATHS.note).map((d) =>
    d.startsWith("*") ? svg("path", { d: d.slice(1), class: "full" }) : svg("path", { d }),
  );
  return svg("svg", { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true" }, ...paths);
}

/**
 * A short sample of a line: `dash` as in SVG; true is the dash of the generator's side.
 * @type {(role: string, dash?: string | boolean) => SVGSVGElement}
 */
export function lineKey(role, dash) {
  const line = svg("line", {
    x1: 0,
    x2: 22,
    y1: 4,
    y2: 4,
    "stroke-width": 2.6,
    style: `stroke:var(--${role})`,
  });
  if (dash && dash !== "solid")
    line.setAttribute("stroke-dasharray", dash === true ? "6 3.5" : dash);
  return svg("svg", { viewBox: "0 0 22 8", class: "key", "aria-hidden": "true" }, line);
}

/**
 * A button with a word.
 * @type {(label: Child, onclick: (event: MouseEvent) => unknown, attributes?: Attributes, ...children: Child[]) => HTMLButtonElement}
 */
export function button(label, onclick, attributes = {}, ...children) {
  return el("button", { type: "button", class: "btn", onclick, ...attributes }, ...children, label);
}

/**
 * 2340 -> "2,340"; minus is U+2212.
 * @type {(value: number) => string}
 */
export function whole(value) {
  return Math.round(value).toLocaleString("en-US").replace("-", "\u2212");
}

/**
 * A measured value: two decimals, exponents where they would hide it.
 * @type {(value: number, digits?: number) => string}
 */
export function decimal(value, digits = 2) {
  if (!Number.isFinite(value)) return "\u2013";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 0.5 * 10 ** -digits || size >= 1e5)
      ? value.toExponential(1)
      : size >= 1000
        ? whole(value)
        : value.toFixed(digits);
  return text.replace(/-/g, "\u2212");
}

/**
 * A signed value with U+2212.
 * @type {(value: number, digits?: number) => string}
 */
export function signed(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return `${Number(text) === 0 ? "" : value < 0 ? "\u2212" : "+"}${text}`;
}

/**
 * A setting as typed: 0.0005, not 5e-4 or 0.00.
 * @type {(value: any) => string}
 */
export function setting(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value ?? "");
}

/**
 * Seconds as m:ss or h:mm:ss.
 * @type {(seconds: number | null | undefined) => string}
 */
export function clock(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "\u2013";
  const total = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  /** @type {(n: number) => string} */
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/**
 * Seconds as an age: "1 s ago", "5 min ago".
 * @type {(seconds: number) => string}
 */
export function ago(seconds) {
  const s = Math.max(0, seconds);
  if (s < 90) return t("{n} s ago", { n: Math.floor(s) });
  if (s < 5400) return t("{n} min ago", { n: Math.round(s / 60) });
  return s < 129600
    ? t("{n} h ago", { n: Math.round(s / 3600) })
    : t("{n} days ago", { n: Math.round(s / 86400) });
}

/** Whether the person asked for less motion: what would play by itself then goes step by step. */
export const lessMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * The tab's title follows the run while it trains; only where the page has named it by this run.
 * @type {(run: string, step: number, numSteps?: number) => void}
 */
export function tabTitle(run, step, numSteps) {
  const own = `${run.split("-")[0]} `;
  const end = " - GANscope";
  if (!document.title.startsWith(own) || !document.title.endsWith(end)) return;
  const words = `${own}${whole(step)}${numSteps ? t(" of {numSteps}", { numSteps: whole(numSteps) }) : ""}${end}`;
  if (document.title !== words) document.title = words;
}

/**
 * The elements in one that holds nothing but buttons.
 * @type {(node: Element) => HTMLButtonElement[]}
 */
export const buttonsIn = (node) => /** @type {HTMLButtonElement[]} */ ([...node.children]);

/**
 * What has the focus in the document, or the part of it, that an element is in.
 * @type {(node: Node) => Element | null}
 */
export const activeIn = (node) =>
  /** @type {Document | ShadowRoot} */ (node.getRootNode()).activeElement;

/**
 * Set text only when it changed, so that selections and screen readers are left alone.
 * @type {(node: Node, text: string) => void}
 */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * The default export of a component. Streamlit calls it again on every change of data or theme;
 * `create(component)` runs once per place on the page and returns {update(component), dispose()}. What it
 * says to Streamlit waits while a link to another page is on its way.
 * @type {(create: (component: Component) => View) => (component: Component) => () => void}
 */
export function mounted(create) {
  const views = new WeakMap();
  return (given) => {
    watchLinks();
    const component = patient(given);
    const place = component.parentElement;
    const known = views.get(place);
    place.querySelector(".gs")?.classList.toggle("viewer", Boolean(component.data?.viewer));
    if (known) known.update(component);
    else views.set(place, create(component));
    return () => {
      views.get(place)?.dispose();
      views.delete(place);
    };
  };
}

/**
 * The component's own root element (class "gs"), emptied.
 * @type {(component: Component, className: string) => HTMLElement}
 */
export function rootOf(component, className) {
  const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(".gs"));
  root.classList.add(className);
  root.replaceChildren();
  return root;
}
