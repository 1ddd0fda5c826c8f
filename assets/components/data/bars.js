// Bars of counts: how bright pixels are, how large pictures are.
import { svg } from "../shared/base.js";
import { t } from "../shared/words.js";

const [WIDTH, HIGH, FOOT] = [352, 92, 18];
const TOP = 20; // of the plot, where the words of a mark stand above the columns
const LEAST = -5; // powers of ten below the largest share that are still seen

/**
 * Shares of pixels in equal parts of 0..255, on a logarithmic scale.
 * @type {(shares: number[]) => SVGSVGElement}
 */
export function bars(shares) {
  const most = Math.log10(Math.max(...shares));
  const step = (WIDTH - 8) / shares.length;
  const plot = frame(t("Pixel values"));
  shares.forEach((share, i) => {
    const high = share ? Math.max(0.02, 1 - (most - Math.log10(share)) / -LEAST) : 0;
    plot.append(bar(8 + i * step, step - 1.2, high * (HIGH - 6)));
    if (i % (shares.length / 4) === 0)
      plot.append(
        svg("text", { x: 8 + i * step, y: HIGH + 14 }, String((256 * i) / shares.length)),
      );
  });
  plot.append(svg("text", { x: WIDTH, y: HIGH + 14, "text-anchor": "end" }, "255"), axis());
  return plot;
}

/**
 * Counts of named parts; `mark` stands left of that part, with its words.
 * @type {(label: string, counts: number[], names: string[], mark?: { at: number, words: string } | null) => SVGSVGElement}
 */
export function columns(label, counts, names, mark = null) {
  const most = Math.max(...counts, 1);
  const step = (WIDTH - 34) / counts.length;
  const plot = frame(label);
  for (const at of [0, round(most)]) {
    const y = HIGH - (at / most) * (HIGH - TOP);
    plot.append(
      svg("line", { class: "grid", x1: 34, x2: WIDTH, y1: y, y2: y }),
      svg("text", { x: 28, y: y + 4, "text-anchor": "end" }, at.toLocaleString("en-US")),
    );
  }
  counts.forEach((count, i) => {
    plot.append(bar(38 + i * step, step - 8, (count / most) * (HIGH - TOP)));
    if (names[i])
      plot.append(
        svg(
          "text",
          { x: 38 + i * step + (step - 8) / 2, y: HIGH + 14, "text-anchor": "middle" },
          names[i],
        ),
      );
  });
  plot.append(axis(34));
  if (mark) {
    const x = 38 + mark.at * step - 4;
    const late = x > WIDTH / 2; // its words end there, or they would run out of the plot
    plot.append(
      svg("line", { class: "mark", x1: x, x2: x, y1: 2, y2: HIGH }),
      svg(
        "text",
        { class: "loud", x: late ? x - 6 : x + 6, y: 13, "text-anchor": late ? "end" : "start" },
        mark.words,
      ),
    );
  }
  return plot;
}

/** @type {(label: string) => SVGSVGElement} */
const frame = (label) =>
  svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HIGH + FOOT}`,
    class: "plot",
    role: "img",
    "aria-label": label,
  });
/** @type {(x: number, width: number, high: number) => SVGRectElement} */
const bar = (x, width, high) =>
  svg("rect", { x, y: HIGH - high, width: Math.max(1, width), height: high });
/** @type {(x1?: number) => SVGLineElement} */
const axis = (x1 = 8) => svg("line", { class: "axis", x1, x2: WIDTH, y1: HIGH, y2: HIGH });

/**
 * A round number not above the largest count.
 * @type {(most: number) => number}
 */
export function round(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? 1;
}
