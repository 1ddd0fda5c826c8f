// Kinds of values of the page that leaves with a network. Types alone: they are no part of it.
import type { Draw } from "../components/shared/network/types";

/** What the page says of itself (gan_core/export/web/card.py, write.py). */
export interface Card {
  kind: "generator" | "translator" | "style";
  title: string;
  about: string;
  /** Of files. */
  name: string;
  /** Of a generator: [H, W, C], numbers of z and how they are drawn, names of classes, directions through z. */
  shape?: number[];
  z?: number;
  prior?: string;
  classes?: string[];
  directions?: number[][];
  /** Of a translator. */
  ways?: (Omit<Way, "draw" | "examples"> & { examples: string[] })[];
  /** Of instant style: JPEG in base64, sides in pixels. */
  styles?: { name: string; vector: number[]; picture: string }[];
  content?: string;
  side?: number;
  multiple?: number;
  [name: string]: any;
}

/** A direction of a translator: what it takes, [H, W, C], and draws with. */
export interface Way {
  way: string;
  name: string;
  shape: number[];
  colours: number[][];
  ground: number[];
  /** Held-out pictures. */
  examples: Uint8Array[];
  draw: Draw;
}

/** What shows something: what comes of networks, card and the element it stands in. */
export type Made = (draws: Draw[], card: Card, root: HTMLElement) => object;

/** A style to paint in: the numbers that the first network makes of it, and its picture. */
export interface Style {
  name: string;
  vector: Float32Array;
  /** JPEG in base64. */
  shown?: string;
  tile?: HTMLElement;
}

/** A range input that can be set. */
export type Slider = HTMLSpanElement & { set(value: number): void };

declare global {
  interface Window {
    /** What the page shows, for whoever looks into it. */
    page: object;
  }
}
