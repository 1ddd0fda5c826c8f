// What this person chose last on the Compare page, kept in this browser.
/** @import { Prefs } from "./types" */

const KEY = "ganscope.compare";
const AXES = ["step", "images", "time"];

/**
 * The stored choices as far as they make sense; `charts` are shown at first.
 * @type {(charts: string[]) => Prefs}
 */
export function loadPrefs(charts) {
  /** @type {Prefs} */
  const defaults = { x: "step", smooth: 6, log: true, group: true, spikes: false, charts };
  try {
    const found = Object.entries(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
    /** @type {(each: [string, any]) => boolean} */
    const good = ([k, v]) =>
      k in defaults &&
      typeof v === typeof defaults[k] &&
      (k !== "x" || AXES.includes(v)) &&
      (k !== "charts" || Array.isArray(v));
    return { ...defaults, ...Object.fromEntries(found.filter(good)) };
  } catch {
    return defaults;
  }
}

/** @type {(prefs: Prefs) => void} */
export function savePrefs(prefs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    /* private windows may refuse; the choice then lasts as long as the page */
  }
}
