// Kinds of values of the page that leaves with a network. Types alone: they are no part of it.
import type { Draw } from "../components/shared/network/types";

/** What the page says of itself (gan_core/export/web/card.py, write.py). */
export interface Card {
  kind: "generator" | "translator" | "style";
  title: string;
  [name: string]: any;
}

/** What shows something: what comes of networks, card and the element it stands in. */
export type Made = (draws: Draw[], card: Card, root: HTMLElement) => object;

/** A range input that can be set. */
export type Slider = HTMLSpanElement & { set(value: number): void };

declare global {
  interface Window {
    /** What the page shows, for whoever looks into it. */
    page: object;
  }
}
