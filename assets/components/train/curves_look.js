// How the charts look: their colours, and which lines a chart has.
import { themeColors, themeFont } from "../shared/colors.js";
/** @import { ChartSpec } from "../shared/types" */

const ROLES = ["g", "d", "real", "fake", "muted", "grid", "axis", "bg"];
const DASHES = ["solid", "2px,2px", "9px,3px,2px,3px", "12px,3px"]; // of lines that share a colour

/**
 * The theme's colours by role, and its font.
 * @type {(root: HTMLElement) => Record<string, string>}
 */
export const colorsOf = (root) => ({ ...themeColors(root, ROLES), font: themeFont(root) });

/**
 * "gradient_penalty" -> "GP", for the narrow margin; short names stay.
 * @type {(name: string) => string}
 */
const initials = (name) =>
  name.length <= 6
    ? name
    : name
        .split("_")
        .map((word) => word[0].toUpperCase())
        .join("");

/** The charts of a run: those it has values for, then one of its own for each metric that is not
    known; `other` says of these what is common to all ({aid, role}), and which names are known. */
/** @type {(specs: ChartSpec[], other: { known: string[], role: string, [name: string]: any }, metrics: string[]) => ChartSpec[]} */
export function chartsOf(specs, { known, ...other }, metrics) {
  const shared = specs.map((spec) => expand(spec, metrics)).filter((spec) => spec.series.length);
  const placed = new Set([
    ...known,
    ...shared.flatMap((spec) => spec.series.map((line) => line.name)),
  ]);
  const own = metrics
    .filter((name) => !placed.has(name))
    .map((name) => ({
      ...other,
      id: `metric/${name}`,
      title: name,
      pill: name,
      series: [{ name, label: name, short: initials(name), role: other.role }],
    }));
  return [...shared, ...own];
}

/**
 * A chart's lines: those the run has; `prefix` stands for all metrics of that beginning.
 * @type {(spec: ChartSpec, metrics: string[]) => ChartSpec}
 */
export function expand(spec, metrics) {
  const named = (spec.series ?? []).filter((s) => metrics.includes(s.name));
  const found = spec.prefix ? metrics.filter((m) => m.startsWith(spec.prefix)) : [];
  const more = found.map((name, i) => {
    const label = name.slice(spec.prefix.length);
    return {
      name,
      label,
      short: initials(label),
      role: spec.role,
      dash: DASHES[i % DASHES.length],
    };
  });
  return { ...spec, series: [...named, ...more] };
}
