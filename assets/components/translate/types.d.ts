// Kinds of values of the Translate page.

/** A direction: shapes are [H, W, C] in training, `home` is the way back. */
export interface Way {
  towards: string;
  home: string;
  from: string;
  to: string;
  input_shape: number[];
  output_shape: number[];
}

/** What an address, or an input that was kept, asks for. */
export interface View {
  step?: number | null;
  towards?: string | null;
  held?: number | null;
  pixels?: Uint8Array | null;
  bad?: boolean;
}

/** An input that is kept with the run: a held-out picture by its number, or a PNG in base64. */
export interface KeptInput {
  towards: string;
  step: number | null;
  held: number | null;
  png: string | null;
}

/** How far the held-out outputs are from their truth. */
export interface Ranks {
  step: number;
  towards: string;
  l1: number[];
}
