// What the lines of the Compare page run over, and how: axis, smoothing, groups, logarithm, spikes.
import { button, el } from "../shared/base.js";
import { groupsOf } from "./groups.js";
import { X } from "./look.js";
import { t } from "../shared/words.js";
/** @import { ComparePanel } from "./types" */

/**
 * The controls of a panel, which has prefs, runs, set(name, value) and halfLife.
 * @type {(panel: ComparePanel) => HTMLElement[]}
 */
export function controls(panel) {
  return [
    axis(panel),
    smoothing(panel),
    grouping(panel),
    check(
      panel,
      "log",
      t("Log"),
      t("Fréchet distance, gradient norms and penalties on a logarithmic axis"),
    ),
    check(
      panel,
      "spikes",
      t("Every spike"),
      t("The whole range of every run; else its bulk, with an arrow where a line is cut"),
    ),
  ];
}

/** @type {(panel: ComparePanel) => HTMLElement} */
function axis(panel) {
  const buttons = X.map(([name, label]) =>
    button(
      label,
      () => {
        for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.x === name));
        panel.cursor = panel.pointer = panel.zoomed = null; // they were in other units
        panel.set("x", name);
      },
      { "data-x": name, "aria-pressed": panel.prefs.x === name },
    ),
  );
  return el(
    "div",
    { class: "group", role: "group", "aria-label": t("Horizontal axis") },
    ...buttons,
  );
}

/** @type {(panel: ComparePanel) => HTMLElement} */
function smoothing(panel) {
  const slider = el("input", {
    type: "range",
    min: 0,
    max: 13,
    step: 1,
    value: panel.prefs.smooth,
    "aria-label": t("Smoothing"),
  });
  const tell = () => {
    slider.title = panel.halfLife
      ? t("half-life {halfLife} steps", { halfLife: panel.halfLife })
      : t("off");
    slider.setAttribute("aria-valuetext", slider.title);
  };
  slider.addEventListener("input", () => {
    panel.set("smooth", Number(slider.value));
    tell();
  });
  tell();
  return el("label", {}, t("Smooth"), slider);
}

/** @type {(panel: ComparePanel) => HTMLElement} */
function grouping(panel) {
  const label = check(
    panel,
    "group",
    t("Group seeds: mean and range"),
    t("Runs that differ by their seed alone as one line"),
  );
  label.hidden = !groupsOf(panel.runs).length;
  return label;
}

/** @type {(panel: ComparePanel, name: string, label: string, title: string) => HTMLLabelElement} */
function check(panel, name, label, title) {
  const box = el("input", { type: "checkbox", onchange: () => panel.set(name, box.checked) });
  box.checked = panel.prefs[name];
  return el("label", { title }, box, label);
}
