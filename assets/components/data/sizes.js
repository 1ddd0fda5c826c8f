// How large the pictures are.
import { el } from "../shared/base.js";
import { columns } from "./bars.js";
import { t } from "../shared/words.js";
/** @import { Choice } from "./plan.js" */

/** @type {(size: number[]) => string} */
const pair = ([w, h]) => `${w.toLocaleString("en-US")} × ${h.toLocaleString("en-US")}`;

/** @type {(choice: Choice) => HTMLElement} */
export function sizesPanel(choice) {
  const { sizes, num_colour: colour, num_usable: count } = choice.found;
  const place = el("div");
  const rows = [
    [t("Smallest"), pair(sizes.smallest)],
    [t("Usual"), pair(sizes.usual)],
    [t("Largest"), pair(sizes.largest)],
    [
      t("Colour"),
      t("{colour} of {count}", {
        colour: colour.toLocaleString("en-US"),
        count: count.toLocaleString("en-US"),
      }),
    ],
  ];
  const node = el(
    "section",
    { class: "panel", "aria-label": t("Sizes") },
    el("h2", {}, t("Sizes")),
    el(
      "div",
      {},
      el("h3", {}, t("Shorter side, pixels")),
      el("p", { class: "cap" }, t("Left of the line an image has to be enlarged and stays soft.")),
    ),
    place,
    el(
      "dl",
      { class: "kv" },
      ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
    ),
  );
  const { counts, edges } = sizes.histogram;
  const names = edges.map((/** @type {number} */ edge, /** @type {number} */ i) =>
    i % 2 === 0 ? (edge >= 1024 ? `${edge / 1024}k` : String(edge)) : "",
  );
  choice.join({
    changed: () => {
      const { size } = choice.plan;
      place.replaceChildren(
        columns(
          t("Shorter side of the pictures, in pixels"),
          counts,
          names,
          size ? { at: placeOf(size, edges), words: t("{size} chosen", { size }) } : null,
        ),
      );
    },
  });
  return node;
}

/**
 * Where a size stands among the edges of a histogram: 2.5 is in the middle of the third part.
 * @type {(size: number, edges: number[]) => number}
 */
export function placeOf(size, edges) {
  const after = edges.findIndex((edge) => edge > size);
  if (after < 0) return edges.length;
  if (!after) return 0;
  return after - 1 + (size - edges[after - 1]) / (edges[after] - edges[after - 1]);
}
