// Classes: their names are fields; two of one name are merged, unticked ones are left out.
import { el } from "../shared/base.js";
import { merged, uneven } from "./plan.js";
import { pictureOf } from "./waiting.js";
import { t } from "../shared/words.js";
/** @import { Choice } from "./plan.js" */

const MOST = 60; // rows

/** @type {(choice: Choice) => HTMLElement} */
export function classesPanel(choice) {
  const { found, id } = choice;
  const most = Math.max(...found.classes.map(({ count }) => count));
  const said = el("p", { class: "cap" });
  const rows = found.classes.slice(0, MOST).map((each) => row(choice, each, id, most));
  const rest = found.classes.length - rows.length;
  const head = el(
    "tr",
    {},
    ...[
      [found.unit === "rows" ? t("Label") : t("Folder"), ""],
      [t("Class"), ""],
      [t("Samples"), "wide"],
      [t("Images"), "num"],
      [t("Share"), "wide hidden"],
      [t("Use"), ""],
    ].map(([name, kind]) =>
      el(
        "th",
        { class: kind.replace(" hidden", "") },
        kind.endsWith("hidden") ? el("span", { class: "hush" }, name) : name,
      ),
    ),
  );
  choice.join({
    changed: () => {
      const counts = merged(found.classes, choice.plan.classes);
      const found_ = uneven(counts);
      said.replaceChildren(
        ...(found_
          ? [
              el("b", {}, t("Uneven: ")),
              t(
                "{most} has {times} times as many as {least}. A recipe with classes copes; without, {least} may be drawn less.",
                { most: found_[0], times: found_[2].toFixed(1), least: found_[1] },
              ),
            ]
          : []),
      );
      said.hidden = !found_;
    },
  });
  return el(
    "section",
    { class: "panel classes", "aria-label": t("Classes") },
    el(
      "div",
      { class: "head" },
      el("h2", {}, t("Classes")),
      el("span", { class: "cap" }, t("{classes} found", { classes: found.classes.length })),
    ),
    el(
      "p",
      { class: "cap" },
      t("Rename, merge by giving two the same name, or untick to leave out."),
    ),
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "group", "aria-label": t("Classes") },
      el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)),
    ),
    rest > 0
      ? el("p", { class: "cap" }, t("and {rest} more, which keep their names", { rest }))
      : null,
    said,
  );
}

/** @type {(choice: Choice, of: { name: string, count: number, examples: number[] }, id: string, most: number) => HTMLElement} */
function row(choice, { name, count, examples }, id, most) {
  const field = el("input", {
    type: "text",
    class: "inline",
    value: choice.plan.classes[name] || name,
    maxlength: 64,
    "aria-label": t("Class of {name}", { name }),
  });
  const tick = el("input", {
    type: "checkbox",
    "aria-label": t("Use {name}", { name }),
    checked: choice.plan.classes[name] ? "" : null,
  });
  const tell = () =>
    choice.set({
      classes: { ...choice.plan.classes, [name]: tick.checked ? field.value.trim() || name : "" },
    });
  field.addEventListener("change", tell);
  tick.addEventListener("change", tell);
  const photos = examples.map((index) =>
    el("img", { src: pictureOf(id, index, 64, choice.stamp), alt: "", loading: "lazy" }),
  );
  return el(
    "tr",
    {},
    el("td", { class: "mono", title: name }, name),
    el("td", {}, field),
    el("td", { class: "wide" }, el("span", { class: "thumbs" }, ...photos)),
    el("td", { class: "num" }, count.toLocaleString("en-US")),
    el(
      "td",
      { class: "wide" },
      el("span", { class: "meter real" }, el("b", { style: `width:${(100 * count) / most}%` })),
    ),
    el("td", {}, tick),
  );
}
