// Pointer on the charts: hover, click for the cursor, drag to zoom, double click for everything.
import { onDrag, within } from "../shared/drag.js";
/** @import { CompareChart } from "./chart.js" */
/** @import { ComparePanel } from "./types" */

const CLICK = 4; // pixels; more is a drag

/**
 * Listen on the panel's root for as long as it is there.
 * @type {(panel: ComparePanel) => void}
 */
export function hand(panel) {
  /** @type {(event: MouseEvent) => CompareChart | undefined} */
  const chartAt = (event) =>
    panel.charts?.find(
      (c) => c.frame === /** @type {Element} */ (event.target).closest?.(".frame"),
    );
  /** @type {(event: MouseEvent, chart?: CompareChart) => number | null} */
  const valueAt = (event, chart) => chart?.xAt(within(event, chart.frame).x) ?? null;
  /** @type {(x: number | null) => void} */
  const point = (x) => {
    panel.pointer = x;
    panel.drawMarks();
  };
  panel.root.addEventListener("pointermove", (event) => {
    if (!panel.selection) point(valueAt(event, chartAt(event)));
  });
  panel.root.addEventListener("pointerleave", () => {
    if (!panel.selection) point(null);
  });
  panel.root.addEventListener("dblclick", (event) => {
    if (chartAt(event)) panel.zoom(null);
  });
  onDrag(panel.root, {
    slack: CLICK,
    start: (event) => {
      const chart = chartAt(event);
      const x = valueAt(event, chart);
      return x === null ? null : { chart, x };
    },
    move: (event, { chart, x }) => {
      const to = chart.clamped(within(event, chart.frame).x);
      panel.selection = [x, to].sort((a, b) => a - b);
      point(to);
    },
    end: (event) => {
      const chosen = panel.selection;
      panel.selection = null;
      if (event.type === "pointerup" && chosen?.[1] > chosen?.[0]) panel.zoom(chosen);
      else panel.drawMarks();
    },
    click: (_, { x }) => panel.setCursor(Math.max(0, x)),
  });
}
