// Kinds of values of the Style page.

export type Kind = "content" | "style";

/** What a picture is made from, and how; `mixed`: the share of each further style. */
export interface Chosen {
  content: string;
  style: string;
  mixed: Map<string, number>;
  strength: number;
  colours: boolean;
  size: number;
  mode: string;
}

/** Bytes and their shape [H, W, C]. */
export interface Painted {
  pixels: Uint8Array;
  shape: number[];
  /** Of what it was painted. */
  key?: string;
}

/** A result that was kept (gan_core/web/style_routes.py). */
export interface Kept {
  id: string;
  content: string;
  styles: string[];
  shares: number[];
  names?: Record<string, string>;
  side: number;
  strength: number;
  keep_colours: boolean;
  time: number;
  seconds: number;
  width: number;
  height: number;
}

/** A slider with its name and value. */
export type Slider = HTMLDivElement & { show(value: number): void; input: HTMLInputElement };
