// The strip of numbers under the run line; its lower edge is the progress bar.
import { clock, decimal, el, mounted, put, rootOf, tabTitle, whole } from "../shared/base.js";
import { join } from "../shared/feed.js";
import { titled } from "../shared/glossary.js";
import { settle, startAtHeading, watchCommands } from "../shared/pressed.js";
import { t } from "../shared/words.js";
/** @import { Component, Failure, Status, View } from "../shared/types" */

const FIELDS = [
  t("Step"),
  t("Epoch"),
  t("Images seen"),
  t("Speed"),
  t("Elapsed"),
  t("Left"),
  t("Processor"),
  t("Memory"),
];
const QUIET = 3; // seconds without an answer before the strip says so

/** @type {(bytes: number) => string} */
const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);

/**
 * [value, unit] per field.
 * @type {(s: Status) => string[][]}
 */
function values(s) {
  const running = s.state === "running" || s.state === "ready";
  const m = s.machine;
  const speed = s.steps_per_second;
  return [
    [whole(s.step), s.num_steps ? t("of {num_steps}", { num_steps: whole(s.num_steps) }) : ""],
    [decimal(s.epoch), ""],
    [whole(s.images_seen), ""],
    speed > 0
      ? [
          speed.toFixed(1),
          t("steps/s"),
          t(" · {images_per_second} images/s", { images_per_second: whole(s.images_per_second) }),
        ]
      : ["\u2013", t("steps/s")],
    [
      clock(s.wall_time),
      s.num_minutes ? t("of {num_minutes}", { num_minutes: clock(s.num_minutes * 60) }) : "",
    ],
    [running || s.state === "paused" ? clock(s.seconds_left) : "\u2013", ""],
    [
      `${whole(m.cpu)} %`,
      t("of {cores} cores", { cores: m.cores }),
      m.gpu ? t(" · GPU {use} %", { use: whole(m.gpu.use) }) : "",
    ],
    [
      `${gigabytes(m.memory)} GB`,
      t("of {memory_total}", { memory_total: gigabytes(m.memory_total) }),
      m.gpu ? t(" · GPU {memory} GB", { memory: gigabytes(m.gpu.memory) }) : "",
    ],
  ];
}

/** @type {(component: Component) => View} */
function create(component) {
  const root = rootOf(component, "readouts");
  const cells = FIELDS.map((name, i) => {
    const [value, unit, extra] = [el("span"), el("small"), el("small", { class: "extra" })];
    const cell = el(
      "div",
      { class: i > 5 ? "machine" : "" },
      el("dt", {}, titled(name, name.toLowerCase())),
      el("dd", {}, value, " ", unit, extra),
    );
    return { cell, value, unit, extra };
  });
  const fill = el("i");
  const bar = el(
    "div",
    {
      class: "bar",
      role: "progressbar",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "aria-label": t("Progress"),
    },
    fill,
  );
  const lost = el("p", { class: "lost", role: "status", hidden: "" });
  const counts = component.data.seen !== false; // not of one picture that is trained itself
  for (const i of [1, 2]) cells[i].cell.hidden = !counts;
  root.classList.toggle("few", !counts);
  root.append(el("dl", {}, ...cells.map((c) => c.cell)), bar, lost);

  watchCommands();
  setTimeout(startAtHeading, 400); // after Streamlit has put the page together
  /** @type {number} */
  let events = null; // bytes of the event log: a checkpoint shows there and nowhere else
  /** @type {string} */
  let asked = null; // the signature a new page was asked for
  let current = component;
  const view = {
    /** @type {(s: Status) => void} */
    status(s) {
      values(s).forEach(([value, unit, extra = ""], i) => {
        put(cells[i].value, value);
        put(cells[i].unit, unit);
        put(cells[i].extra, counts || i !== 3 ? extra : "");
      });
      const percent = Math.round(100 * s.progress);
      fill.style.width = `${(100 * s.progress).toFixed(2)}%`; // hundredths: fewer layouts than updates
      tabTitle(run, s.step, s.num_steps);
      root.dataset.state = s.state;
      root.dataset.step = String(s.step);
      if (events !== null && s.event_bytes !== events) settle(["checkpoint"]);
      events = s.event_bytes;
      bar.setAttribute("aria-valuenow", String(percent));
      bar.setAttribute(
        "aria-valuetext",
        s.num_steps
          ? t("{percent} % of {num_steps} steps", { percent, num_steps: whole(s.num_steps) })
          : `${percent} %`,
      );
      // The buttons and knobs were drawn for another state: ask Streamlit to draw them anew, once.
      if (s.signature !== current.data.signature && s.signature !== asked) {
        asked = s.signature;
        current.setStateValue("signature", s.signature);
      }
    },
    /** @type {(seconds: number, error?: Failure) => void} */
    contact(seconds, error) {
      lost.hidden = seconds < QUIET;
      const why = error?.status
        ? error.message
        : t("No contact with the server for {seconds} s.", { seconds: Math.floor(seconds) });
      if (!lost.hidden)
        lost.replaceChildren(
          el("b", {}, why),
          t(" This page shows the last that came, and catches up when the server answers."),
        );
    },
  };
  let run = component.data.run;
  let leave = join(run, view);
  return {
    update(next) {
      if (next.data.signature !== current.data.signature || next.data.run !== run) settle();
      current = next;
      asked = null;
      if (next.data.run !== run) {
        leave();
        run = next.data.run;
        leave = join(run, view);
      }
    },
    dispose: () => leave(),
  };
}

export default mounted(create);
