// What happened in a run: its shape on lanes and sliders, its words in lists. Shape before colour.
import { setting, svg, whole } from "./base.js";
import { t, told } from "./words.js";
/** @import { Attributes, RunEvent } from "./types" */

/** @type {(tag: keyof SVGElementTagNameMap, attributes: Attributes, kind?: string) => SVGElement} */
const shape = (tag, attributes, kind = "") => svg(tag, { ...attributes, class: `glyph ${kind}` });

/** @type {Record<string, () => SVGElement[]>} */
const SHAPES = {
  checkpoint: () => [shape("path", { d: "M0-4 4 0 0 4-4 0z" }, "quiet")],
  knob: () => [
    shape("rect", { x: -4.5, y: -4.5, width: 9, height: 9, rx: 1 }, "full"),
    shape("path", { d: "M-2.5 0h5M0-2.5v5" }, "inside"),
  ],
  branched: () => [
    shape("path", { d: "M-3-2v4M3-2c0 3-6 1-6 4" }, "line"),
    ...[
      [-3, -4],
      [-3, 4],
      [3, -4],
    ].map(([cx, cy]) => shape("circle", { cx, cy, r: 1.7 })),
  ],
  warning: () => [
    shape("path", { d: "M0-5 5.5 4.5h-11z" }, "bad"),
    shape("path", { d: "M0-1.5v2.5M0 3v.1" }, "bad"),
  ],
  snapshot: () => [shape("circle", { r: 4 })],
};
SHAPES.failed = SHAPES.verdict = SHAPES.warning;
const PRIORITY = ["checkpoint", "snapshot", "branched", "knob", "warning", "verdict", "failed"];

/**
 * A verdict that all is well, or that nothing can be said yet: listed, but no mark on a lane.
 * @type {(event: RunEvent) => boolean}
 */
const calm = (event) => event.kind === "verdict" && !event.alarm;

/**
 * Whether an event has a place on lanes and sliders.
 * @type {(event: RunEvent) => boolean}
 */
export const onLane = (event) =>
  event.kind in SHAPES && !calm(event) && Number.isFinite(event.step);

/**
 * Whether it is also a dotted vertical on the charts.
 * @type {(event: RunEvent) => boolean}
 */
export const onCharts = (event) =>
  ["knob", "branched", "warning", "verdict", "failed"].includes(event.kind) && !calm(event);

/**
 * Stretches of steps under an alarm of the doctor, [from, to]; the last one may go on: `to` is null.
 * @type {(events: RunEvent[]) => [from: number, to: number | null][]}
 */
export function illSpans(events) {
  /** @type {[from: number, to: number | null][]} */
  const spans = [];
  for (const event of events.filter((e) => e.kind === "verdict")) {
    const open = spans.at(-1)?.[1] === null ? spans.at(-1) : null;
    if (open) open[1] = event.step;
    if (event.alarm) spans.push([event.since ?? event.step, null]);
  }
  return spans;
}

/**
 * The shape of an event at (x, y), with its words for the pointer.
 * @type {(event: RunEvent, x: number, y: number) => SVGGElement}
 */
export function glyph(event, x, y) {
  const title = svg(
    "title",
    {},
    t("{what}, step {step}", { what: describe(event).join(". "), step: whole(event.step) }),
  );
  return svg(
    "g",
    { transform: `translate(${x} ${y})`, "data-kind": event.kind },
    title,
    ...SHAPES[event.kind](),
  );
}

/**
 * Events of about the same place as one: the one that matters most; `apart` in units of `x`.
 * @type {(events: RunEvent[], x: (event: RunEvent) => number, apart: number) => RunEvent[]}
 */
export function spread(events, x, apart) {
  /** @type {RunEvent[]} */
  const kept = [];
  for (const event of [...events].sort(
    (a, b) => PRIORITY.indexOf(b.kind) - PRIORITY.indexOf(a.kind),
  )) {
    if (kept.every((other) => Math.abs(x(other) - x(event)) >= apart)) kept.push(event);
  }
  return kept.sort((a, b) => a.step - b.step);
}

const SOON = 2; // seconds

/**
 * The events with moves of knobs that follow each other within two seconds as one, from the first value to the last.
 * @type {(events: RunEvent[]) => RunEvent[]}
 */
export function together(events) {
  /** @type {RunEvent[]} */
  const found = [];
  let [last, at] = [-1, -Infinity]; // place and time of the newest move
  for (const event of events) {
    if (event.kind !== "knob" || event.time - at > SOON || found[last].who !== event.who) {
      found.push(event);
      if (event.kind === "knob") [last, at] = [found.length - 1, event.time];
      continue;
    }
    const changes = { ...found[last].changes };
    for (const [name, [old, now]] of Object.entries(event.changes ?? {}))
      changes[name] = [changes[name]?.[0] ?? old, now];
    found[last] = { ...found[last], changes };
    at = event.time;
  }
  return found;
}

/**
 * "g_lr 0.002 → 0.001" of a knob event; its `changes` are {name: [old, new]}.
 * @type {(event: RunEvent) => string}
 */
export function knobText(event) {
  const changes = Object.entries(event.changes ?? {});
  return (
    changes
      .map(([name, [old, now]]) => `${name} ${setting(old)} \u2192 ${setting(now)}`)
      .join(", ") || t("knob")
  );
}

/** @type {(event: RunEvent) => string} */
const by = (event) =>
  ({
    page: t("from a page"),
    cli: t("from the command line"),
    doctor: t("as the doctor proposed"),
  })[event.who] ?? (event.who ? t("by {who}", { who: told(String(event.who)) }) : "");

/**
 * A fork as its parent and its child tell it.
 * @type {(event: RunEvent) => string}
 */
export function branchText(event) {
  /** @type {(run: unknown) => string} */
  const number = (run) => String(run).split("-")[0];
  if (event.child) return t("{number} branched off", { number: number(event.child) });
  return event.parent ? t("from {number}", { number: number(event.parent) }) : t("from its parent");
}

/**
 * The sentence and the numbers of a verdict.
 * @type {(event: RunEvent) => string}
 */
function verdictFacts(event) {
  const numbers = Array.isArray(event.numbers)
    ? event.numbers.map(([label, value]) => `${told(label)} ${told(String(value))}`).join(", ")
    : "";
  return [told(event.text ?? ""), numbers].filter(Boolean).join(" ");
}

/** @type {Record<string, string>} */
const BY_HAND = { generator: t("Single step of G"), discriminator: t("Single step of D") };

/** @type {Record<string, (event: RunEvent) => [title: string, detail: string]>} */
const WORDS = {
  started: (e) => [t("Started"), by(e)],
  resumed: (e) => [t("Resumed"), by(e)],
  paused: (e) => [t("Paused"), by(e)],
  checkpoint: (e) => [t("Checkpoint"), told(e.reason ?? "") || t("on schedule")],
  stepped: (e) => [
    e.count > 1
      ? t("{count} single steps", { count: whole(e.count) })
      : (BY_HAND[e.network] ?? t("Single step")),
    by(e),
  ],
  knob: (e) => [knobText(e), by(e)],
  settings: (e) => [knobText(e), t("on resume {by}", { by: by(e) }).trim()],
  precision: (e) => [t("Precision of arithmetic"), told(e.text ?? "")],
  warning: (e) => [told(e.text ?? e.message ?? "") || t("Warning"), ""],
  verdict: (e) => [
    told(String(e.word ?? (e.name === "healthy" ? "Healthy" : e.name))),
    verdictFacts(e),
  ],
  sample: () => [t("Samples stored"), ""],
  snapshot: (e) => [t("Checkpoint, kept by hand"), by(e)],
  branched: (e) => [e.child ? branchText(e) : t("Branched {from}", { from: branchText(e) }), by(e)],
  restarted: (e) => [
    e.child
      ? t("Trained again as {child}", { child: String(e.child).split("-")[0] })
      : t("Trained again instead of {parent}", { parent: String(e.parent).split("-")[0] }),
    by(e),
  ],
  kept: (e) => [t("Kept from Learn"), told(e.text ?? "")],
  imported: (e) => [
    t("Imported{run}", { run: e.run ? t(" from {run}", { run: e.run }) : "" }),
    by(e),
  ],
  stopped: (e) => [t("Stopped"), by(e)],
  finished: () => [t("Finished"), ""],
  failed: (e) => [t("Failed"), told(e.error ?? e.text ?? "")],
  interrupted: () => [t("Interrupted"), ""],
  renamed: (e) => [t("Renamed"), by(e)],
  noted: (e) => [t("Note changed"), by(e)],
};

/**
 * What happened in words: [title, detail]. Always text, never markup.
 * @type {(event: RunEvent) => [title: string, detail: string]}
 */
export function describe(event) {
  return (WORDS[event.kind] ?? ((e) => [String(e.kind ?? t("event")), by(e)]))(event);
}

/**
 * The icon's name for lists.
 * @type {(event: RunEvent) => string}
 */
export function iconOf(event) {
  /** @type {Record<string, string>} */
  const icons = {
    started: "play",
    resumed: "play",
    paused: "pause",
    stopped: "stop",
    finished: "check",
    failed: "warning",
    warning: "warning",
    checkpoint: "checkpoint",
    knob: "knob",
    settings: "knob",
    branched: "branch",
    snapshot: "checkpoint",
    interrupted: "broken",
    stepped: "newest",
  };
  if (event.kind === "verdict")
    return event.alarm ? "warning" : event.name === "healthy" ? "check" : "clock";
  return icons[event.kind] ?? "note";
}
