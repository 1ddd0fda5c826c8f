// The drawn values as a table, for reading exactly and for screen readers.
import { decimal, el, whole } from "../shared/base.js";
import { t } from "../shared/words.js";
/** @import { RunPanel } from "./types" */

const ROWS = 40;

/**
 * Newest first, about ROWS rows spread evenly over what is drawn.
 * @type {(panel: RunPanel) => HTMLTableElement}
 */
export function table(panel) {
  const drawn = panel.drawn;
  const names = panel.wanted();
  const indices = [];
  const stride = Math.max(1, Math.floor(drawn.length / ROWS));
  for (let i = drawn.length - 1; i >= 0; i -= stride) indices.push(i);
  const head = el("tr", {}, ...["step", ...names].map((name) => el("th", { scope: "col" }, name)));
  const rows = indices.map((i) =>
    el(
      "tr",
      {},
      el("td", {}, whole(drawn.position.step[i])),
      ...names.map((name) => el("td", {}, decimal(drawn.metric[name].mean[i], 3))),
    ),
  );
  return el(
    "table",
    {},
    el("caption", { class: "hush" }, t("Values of the curves, newest first")),
    el("thead", {}, head),
    el("tbody", {}, ...rows),
  );
}
