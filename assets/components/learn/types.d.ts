// Kinds of values of the Learn page and of the networks that train in it.

/** Numbers of rows, one row after the other. */
export type Rows = Float64Array;

/** A value of a score, and its slope. */
export type Pair = [value: (score: number) => number, slope: (score: number) => number];
