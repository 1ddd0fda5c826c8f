// Near copies side by side; one of each is kept unless somebody wants them all.
import { button, el, icon, whole } from "../shared/base.js";
import { segments } from "../shared/panel.js";
import { pictureOf } from "./waiting.js";
import { t } from "../shared/words.js";
import { counted, listed } from "./words.js";
/** @import { Choice } from "./plan.js" */

const FEW = 2; // groups that are shown at once

/** @type {(choice: Choice) => HTMLElement} */
export function copiesPanel(choice) {
  const { found, id } = choice;
  const { groups, extra, examples } = found.copies;
  if (!groups)
    return el(
      "section",
      { class: "panel", "aria-label": t("Near copies") },
      el("h2", {}, t("Near copies")),
      el("p", { class: "cap" }, t("None: no two images differ by less than a re-save would.")),
    );
  const list = el("div", { class: "groups" });
  const show = (/** @type {boolean} */ all) =>
    list.replaceChildren(
      ...examples.slice(0, all ? examples.length : FEW).map((group) =>
        el(
          "figure",
          {},
          el(
            "span",
            { class: "thumbs" },
            ...group.map(({ index, name }) =>
              el("img", {
                class: "th",
                src: pictureOf(id, index, 80, choice.stamp),
                alt: "",
                title: name,
                loading: "lazy",
              }),
            ),
          ),
          el("figcaption", { class: "cap" }, listed(group.map(({ name }) => name))),
        ),
      ),
    );
  const more = button(
    t("See {examples}", {
      examples:
        examples.length === groups
          ? t("all {groups}", { groups })
          : t("{examples} of {groups}", { examples: examples.length, groups }),
    }),
    () => {
      show(true);
      more.hidden = true;
    },
    { class: "btn ghost", hidden: examples.length > FEW ? null : "" },
    icon("newest"),
  );
  const ways = segments(
    t("Near copies"),
    [
      ["false", t("Keep one of each")],
      ["true", t("Keep all")],
    ],
    (all) => choice.set({ keep_copies: all === "true" }),
  );
  const count = el("span", { class: "cap" });
  choice.join({
    changed: () => {
      ways.press(String(choice.plan.keep_copies));
      count.textContent = t("{groups}, {left} left out", {
        groups: counted(groups, "group"),
        left: choice.plan.keep_copies ? t("none") : whole(extra),
      });
    },
  });
  show(false);
  return el(
    "section",
    { class: "panel", "aria-label": t("Near copies") },
    el("div", { class: "head" }, el("h2", {}, t("Near copies")), count),
    el(
      "p",
      { class: "cap" },
      t(
        "They differ by no more than a re-save, another size or a little more light makes. Copies make the held-out figures look better than they are.",
      ),
    ),
    list,
    el("div", { class: "row" }, ways, more),
  );
}
