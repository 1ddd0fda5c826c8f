// Kinds of values of the Runs page.

/** A run of a family (pages/ui/runs). */
export interface Member {
  id: string;
  short: string;
  title: string;
  change: string;
  about: string;
  note: string;
  state: string;
  sick: boolean;
  step: number;
  total: number | null;
  parent: string | null;
  /** The step where it branched off. */
  fork: number;
  checkpoints: number[];
  picture: string | null;
}
