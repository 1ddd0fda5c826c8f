// What happened in the run, newest first; a click moves the shared cursor there.
import { button, el, icon, mounted, put, rootOf, whole } from "../shared/base.js";
import { join, setCursor } from "../shared/feed.js";
import { describe, iconOf } from "../shared/glyphs.js";
import { t } from "../shared/words.js";
/** @import { Component, RunEvent, View } from "../shared/types" */

const FEW = 6; // shown before "Show all"

/**
 * What is listed: without grids, without checkpoints on schedule unless asked, single steps together.
 * @type {(events: RunEvent[], scheduled: boolean) => RunEvent[]}
 */
export function listed(events, scheduled) {
  const byHand = new Set(events.filter((e) => e.kind === "snapshot").map((e) => e.step));
  /** @type {RunEvent[]} */
  const found = [];
  for (const event of events) {
    if (
      event.kind === "sample" ||
      (event.kind === "checkpoint" && (!scheduled || byHand.has(event.step)))
    )
      continue;
    const last = found.at(-1);
    if (event.kind === "stepped" && last?.kind === "stepped")
      found[found.length - 1] = { ...event, count: (last.count ?? 1) + 1 };
    else found.push(event);
  }
  return found.reverse();
}

/** @type {(component: Component) => View} */
function create(component) {
  const root = rootOf(component, "events");
  const list = el("ol");
  const empty = el(
    "p",
    { class: "cap", hidden: "" },
    t("Nothing yet. Checkpoints, knobs and pauses will be listed here."),
  );
  const more = button(
    "",
    () => {
      all = !all;
      draw();
    },
    { class: "btn", hidden: "" },
  );
  const saved = button(
    t("Checkpoints"),
    () => {
      scheduled = !scheduled;
      draw();
    },
    { class: "btn right", title: t("List checkpoints on schedule too") },
  );
  root.append(
    el(
      "div",
      { class: "head" },
      el("h2", {}, t("Events")),
      el("span", { class: "cap" }, t("newest first")),
      saved,
    ),
    empty,
    list,
    more,
  );
  let [all, scheduled, heard] = [false, false, false];
  /** @type {RunEvent[]} */
  let events = [];
  /** @type {string} */
  let run = component.data.run;

  /** @type {(event: RunEvent) => HTMLLIElement} */
  const row = (event) => {
    const [title, detail] = describe(event);
    const bad = event.kind === "failed" || event.kind === "warning" || event.alarm === true;
    const go = () => setCursor(run, event.step, false);
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", onclick: go, title: t("Show this step") },
        el("span", { class: bad ? "what bad" : "what" }, icon(iconOf(event))),
        el("span", { class: "step" }, whole(event.step ?? 0)),
        el("span", {}, title, detail ? el("span", { class: "cap detail" }, detail) : null),
      ),
    );
  };
  const draw = () => {
    const shown = listed(events, scheduled);
    saved.hidden = !events.some((e) => e.kind === "checkpoint");
    saved.setAttribute("aria-pressed", String(scheduled));
    empty.hidden = !heard || shown.length > 0; // before the run was heard of, nobody knows
    more.hidden = shown.length <= FEW;
    put(more, all ? t("Show fewer") : t("Show all {shown}", { shown: whole(shown.length) }));
    more.setAttribute("aria-expanded", String(all));
    root.classList.toggle("all", all);
    list.replaceChildren(...(all ? shown : shown.slice(0, FEW)).map(row));
    root.dataset.count = String(shown.length);
  };
  const listen = () =>
    join(run, {
      events: (known) => {
        [events, heard] = [known, true];
        draw();
      },
      status: (s) => {
        if (!heard && !s.event_bytes) {
          heard = true;
          draw();
        }
      },
    });
  let leave = listen();
  return {
    update(next) {
      if (next.data.run === run) return;
      leave();
      [run, events] = [next.data.run, []];
      draw();
      leave = listen();
    },
    dispose: () => leave(),
  };
}

export default mounted(create);
