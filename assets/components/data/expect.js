// What each recipe needs for these images on this machine: the page tells it for every size, speeds are measured when asked.
import { button, el, icon, put } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { sizeOf } from "./plan.js";
import { command } from "./waiting.js";
import { urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
/** @import { Choice } from "./plan.js" */
/** @import { CheckUp } from "./types" */

const [MEASURED, LOOK] = [3, 1000]; // recipes at once; ms between two looks while they are measured

/** @type {(choice: Choice, first: any) => { node: HTMLElement, told(next: any): void, stop(): void }} */
export function expectPanel(choice, first) {
  let [data, doing] = [first, ""];
  /** @type {Record<string, number>} */
  let speeds = {};
  /** @type {ReturnType<typeof setTimeout>} */
  let timer = null;
  const measure = button(t("Measure"), () => begin(), {
    title: t("Train the first recipes for 3 s each with images of this size"),
  });
  const problem = el("p", { class: "said", role: "alert" });
  const cap = el("span", { class: "cap" });
  const body = el("tbody");
  const note = el("p", { class: "cap" });
  const heads = [
    [t("Recipe"), ""],
    [t("Memory"), "num"],
    [t("Steps a second"), "num"],
    [t("Full run"), "num"],
    [t("Fits"), ""],
  ];
  const node = el(
    "section",
    { class: "panel expect", "aria-label": t("What to expect on this machine") },
    el(
      "div",
      { class: "head" },
      el("h2", {}, t("What to expect on this machine")),
      cap,
      el("span", { class: "right" }, measure),
    ),
    problem,
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "group", "aria-label": t("Recipes") },
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el("tr", {}, ...heads.map(([name, kind]) => el("th", { class: kind }, name))),
        ),
        body,
      ),
    ),
    note,
  );
  const show = () => {
    const { outlook, plan } = choice;
    const rows = rowsOf(data, choice).map((row) =>
      measuredRow(
        row,
        speeds[`${row.recipe} ${keyOf(choice)}`],
        doing === `${row.recipe} ${keyOf(choice)}`,
      ),
    );
    measure.disabled = Boolean(doing) || !rows.some(({ off, measured }) => !off && !measured);
    cap.textContent = [
      data.machine,
      `${sizeOf(choice)} ${plan.grey ? t("grey") : t("colour")}`,
      outlook ? t("{train} to learn from", { train: outlook.train.toLocaleString("en-US") }) : "",
    ]
      .filter(Boolean)
      .join(" · ");
    body.replaceChildren(...rows.map(line));
    note.textContent =
      outlook && outlook.train < 2000
        ? t("{train} training images are few: D may learn them by heart. {speeds}", {
            train: outlook.train.toLocaleString("en-US"),
            speeds: data.speeds ?? "",
          })
        : (data.speeds ?? "");
  };
  const begin = async () => {
    const names = rowsOf(data, choice)
      .filter(({ off, recipe }) => !off && !speeds[`${recipe} ${keyOf(choice)}`])
      .slice(0, MEASURED)
      .map(({ recipe }) => recipe);
    put(problem, "");
    try {
      await command(choice.id, "speeds", { ...choice.plan, recipes: names });
      look();
    } catch (error) {
      put(problem, error.message);
    }
  };
  const look = async () => {
    clearTimeout(timer);
    try {
      ({ speeds, doing } = await get(urlOf(`api/data/waiting/${choice.id}/speeds`)));
      show();
    } catch {
      /* asked again */
    }
    if (doing && !choice.stopped) timer = setTimeout(look, LOOK);
  };
  choice.join({ changed: show, expected: show });
  look();
  return {
    node,
    told: (next) => {
      data = next;
      show();
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * Under which key a choice is told of: size, channels, whether there are classes.
 * @type {(of: { plan: any, outlook: any, found: CheckUp }) => string}
 */
export function keyOf({ plan, outlook, found }) {
  const [width, height] = plan.size ? [plan.size, plan.size] : found.sizes.usual;
  const size = width === height ? width : `${width}x${height}`;
  return `${size} ${plan.grey ? 1 : 3} ${(outlook?.num_classes ?? found.classes.length) > 1 ? 1 : 0}`;
}

/**
 * A recipe's line of the table; why it does not fit takes the place of the figures that there are none of.
 * @type {(row: any) => HTMLElement}
 */
export function line({ recipe, memory, speed, full, why, off }) {
  const figures = off ? [memory].filter(Boolean) : [memory, speed, full];
  return el(
    "tr",
    { class: off ? "off" : "" },
    el("td", {}, off ? recipe : el("b", {}, recipe)),
    ...figures.map((value) => el("td", { class: "num" }, value)),
    off
      ? el("td", { colspan: 4 - figures.length }, why)
      : el("td", {}, el("span", { class: "fits" }, icon("check"), why)),
  );
}

/** @type {(data: any, choice: Choice) => any[]} */
const rowsOf = (data, choice) => data.expect?.[keyOf(choice)] ?? [];

/**
 * A row with what was measured here.
 * @type {(row: any, speed: number | undefined, now: boolean) => any}
 */
export function measuredRow(row, speed, now) {
  if (now) return { ...row, speed: t("measuring \u2026") };
  if (!speed) return row;
  return {
    ...row,
    measured: true,
    speed: speed < 10 ? speed.toFixed(1) : String(Math.round(speed)),
    full: row.steps ? t("about {steps}", { steps: long(row.steps / speed) }) : row.full,
  };
}

/**
 * Seconds to plan with: "30 s", "2 min", "3.8 h".
 * @type {(seconds: number) => string}
 */
export function long(seconds) {
  if (seconds < 55) return t("{n} s", { n: Math.max(5, 5 * Math.round(seconds / 5)) });
  if (seconds < 5400) return t("{n} min", { n: Math.max(1, Math.round(seconds / 60)) });
  return t("{n} h", { n: (seconds / 3600).toFixed(1) });
}
