// One HTML file that opens alone: charts, samples and tables, no script, every text escaped by the DOM.
import { parallel, widthFor } from "./axes_draw.js";
import { composed } from "./composed.js";
import { SPARE } from "./look.js";
import { getFile } from "../shared/fetch.js";
import { saveText } from "../shared/save.js";
import { language, t } from "../shared/words.js";
/** @import { ComparePanel, Look, Make } from "./types" */

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
const STYLE = `body{font:14px/1.5 system-ui,sans-serif;color:#14181c;background:#fff;max-width:1100px;margin:24px auto;padding:0 16px}
h1{font-size:22px;margin:0 0 4px}h2{font-size:15px;margin:28px 0 8px}p{margin:4px 0;color:#59626a}
table{border-collapse:collapse;font-size:13px}td,th{border-bottom:1px solid #d3d8d6;padding:4px 12px 4px 0;text-align:left}td{overflow-wrap:anywhere}
img,svg{max-width:100%}.strip{display:grid;grid-template-columns:200px 1fr;gap:12px;align-items:center;margin:5px 0}.strip img{image-rendering:pixelated;background:#000;height:42px}`;
const LIGHT = {
  ink: "#14181c",
  muted: "#59626a",
  grid: "#e6e9e7",
  axis: "#98a4ac",
  bg: "#ffffff",
  accent: "#8F1D66",
  font: "system-ui, sans-serif",
};
const WIDTH = 1060;

/**
 * Put the report together and hand it over as compare.html.
 * @type {(panel: ComparePanel) => Promise<void>}
 */
export async function report(panel) {
  const colors = { ...LIGHT, runs: SPARE };
  const page = document.implementation.createHTMLDocument(t("GANscope: runs compared"));
  /** @type {Make} */
  const make = (tag, attributes = {}, ...children) => {
    const node = page.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  page.documentElement.lang = language();
  page.head.prepend(
    make("meta", { charset: "utf-8" }),
    make("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
  );
  page.head.append(make("style", {}, STYLE));
  const { tables } = panel.data;
  page.body.append(
    make("h1", {}, t("Runs compared")),
    make("p", {}, t("Made by GANscope on {day}.", { day: new Date().toISOString().slice(0, 10) })),
    make("p", {}, tables.made.join("; ")),
  );
  page.body.append(
    make("h2", {}, t("Curves")),
    make("p", {}, t("Over {axisName}.", { axisName: panel.axisName })),
    make("img", { alt: t("Curves of all runs"), src: await charts(panel, colors) }),
  );
  await samples(panel, page, make);
  for (const [title, rows, caption] of [
    [t("Settings that differ"), tables.settings, ""],
    [t("Quality and cost"), tables.quality, tables.caption],
  ]) {
    if (rows.length > 1)
      page.body.append(make("h2", {}, title), table(make, rows), make("p", {}, caption));
  }
  if (tables.axes.length > 1) {
    const wide = widthFor(tables.axes, WIDTH);
    page.body.append(
      make("h2", {}, t("Settings against result")),
      page.importNode(parallel(tables.axes, panel.runs, colors, wide), true),
    );
  }
  saveText(`<!doctype html>\n${page.documentElement.outerHTML}`, "compare.html", "text/html");
}

/**
 * All charts as one SVG picture in light colours, whatever the theme of the page.
 * @type {(panel: ComparePanel, colors: Look) => Promise<string>}
 */
async function charts(panel, colors) {
  const before = panel.colors;
  panel.colors = { ...before, ...colors };
  try {
    const { data, layout } = composed(panel);
    return await panel.Plotly.toImage(
      { data, layout },
      { format: "svg", width: layout.width, height: layout.height },
    );
  } finally {
    panel.colors = before;
  }
}

/** @type {(panel: ComparePanel, page: Document, make: Make) => Promise<void>} */
async function samples(panel, page, make) {
  const strips = await panel.rows.addresses();
  if (!strips.length) return;
  page.body.append(
    make("h2", {}, t("Samples through training")),
    make("p", {}, t("The same z, from the first step to the last.")),
  );
  for (const { index, address, steps } of strips) {
    const run = panel.runs[index];
    const alt = t("run {index} at steps {steps}", { index: index + 1, steps: steps.join(", ") });
    page.body.append(
      make(
        "div",
        { class: "strip" },
        make("span", {}, `${index + 1} ${run.title}`),
        make("img", { alt, src: await inlined(address) }),
      ),
    );
  }
}

/** @type {(address: string) => Promise<string>} */
async function inlined(address) {
  const blob = await getFile(address);
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(/** @type {string} */ (reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** @type {(make: Make, rows: unknown[][]) => HTMLElement} */
function table(make, rows) {
  const [head, ...body] = rows;
  /** @type {(row: unknown[], tag: string) => HTMLElement} */
  const cells = (row, tag) => make("tr", {}, ...row.map((cell) => make(tag, {}, String(cell))));
  return make(
    "table",
    {},
    make("thead", {}, cells(head, "th")),
    make("tbody", {}, ...body.map((row) => cells(row, "td"))),
  );
}
