// Kinds of values of the Train page.

/** How a person wants the charts, kept in the browser (curves_controls.js). */
export interface Prefs {
  x: string;
  log: boolean;
  smooth: number;
  table: boolean;
  hold: boolean;
  hidden: string[];
  [name: string]: any;
}
