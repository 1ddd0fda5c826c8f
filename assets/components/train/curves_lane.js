// The event lane under the charts: one shape per kind of event, words where there is room.
import { svg } from "../shared/base.js";
import { setCursor } from "../shared/feed.js";
import { branchText, glyph, knobText, onLane, spread } from "../shared/glyphs.js";
import { t } from "../shared/words.js";
/** @import { Box, RunEvent } from "../shared/types" */
/** @import { RunPanel } from "./types" */

const ROW = 26; // pixels from the top to the rail
const LETTER = 6.2; // pixels of one letter of 11 px text, about

/**
 * The lane as SVG, aligned with the charts' `box`.
 * @type {(panel: RunPanel, box: Box) => SVGSVGElement}
 */
export function lane(panel, { left, right }) {
  const events = panel.events.filter(onLane);
  /** @type {(event: RunEvent) => number} */
  const px = (event) =>
    left +
    ((panel.xOfStep(event.step) - panel.range[0]) / (panel.range[1] - panel.range[0])) *
      (right - left);
  const inView = events.filter((event) => px(event) >= left - 1 && px(event) <= right + 1);
  const kept = spread(inView, px, 10);
  const shapes = kept.map((event) => {
    const shape = glyph(event, px(event), ROW);
    shape.style.cursor = "pointer";
    shape.addEventListener("click", () => setCursor(panel.run, event.step, false));
    return shape;
  });
  const rail = svg("line", { x1: left, x2: right, y1: ROW, y2: ROW, class: "rail" });
  const picture = svg("svg", {
    class: "lane",
    viewBox: `0 0 ${panel.width} 40`,
    role: "img",
    "aria-label": t("{events} events; the list of events names them", { events: events.length }),
  });
  picture.append(rail, ...shapes, ...(panel.narrow ? [] : texts(kept, px, left, right)));
  return picture;
}

/**
 * Words above knobs, branches and alarms, without touching each other; the newest first.
 * @type {(events: RunEvent[], px: (event: RunEvent) => number, left: number, right: number) => SVGTextElement[]}
 */
function texts(events, px, left, right) {
  /** @type {number[][]} */
  const taken = [];
  const found = [];
  for (const event of events
    .filter((e) => ["knob", "branched", "verdict"].includes(e.kind))
    .reverse()) {
    const words =
      event.kind === "verdict"
        ? event.word
        : event.kind === "knob"
          ? knobText(event)
          : branchText(event);
    const half = (words.length * LETTER) / 2;
    const x = Math.min(right - half, Math.max(left + half, px(event)));
    if (taken.some(([a, b]) => x - half < b + 6 && x + half > a - 6)) continue;
    taken.push([x - half, x + half]);
    found.push(svg("text", { x, y: 12 }, words));
  }
  return found;
}
