// What the stored discriminator says of the current image: score, rank, and which pixels it hangs on.
import { decimal, el, lineKey, mounted, put, svg, whole } from "../shared/base.js";
import { FAKE, REAL } from "../shared/on_black.js";
import { Panel, segments } from "./panel.js";
import { scaleFor } from "../shared/pixels.js";
import { term } from "../shared/glossary.js";
import { t } from "../shared/words.js";
/** @import { Answer } from "../shared/types" */

const [WIDE, TALL] = [194, 78];
const BINS = 40;
const WHITE = [255, 255, 255];
/** @type {Record<string, string>} */
const NONE = {
  run: t("Its discriminator is not stored yet: it comes with the first full checkpoint."),
  opened: t(
    "This generator came without its discriminator. Runs of your own have one, and so have those that come with the app.",
  ),
};

/** @type {(v: number) => number} */
const sigmoid = (v) => 1 / (1 + Math.exp(-v));

class Opinion extends Panel {
  build() {
    this.value = el("b", { class: "big" }, "\u2013");
    this.unit = el("span", { class: "cap" });
    this.scales = ["score", "raw_score"].map((key) => term(key, "?"));
    this.rank = el("p", { class: "cap" });
    this.plot = svg("svg", {
      viewBox: `0 0 ${WIDE} ${TALL}`,
      role: "img",
      "aria-label": t("Scores"),
    });
    this.canvas = el("canvas", {
      width: 28,
      height: 28,
      role: "img",
      "aria-label": t("What would change its mind"),
    });
    this.bars = el("div", { class: "bars" });
    this.barsTitle = el("h3", {}, t("Class it sees"));
    this.from = el("p", { class: "cap" });
    /** @type {(role: string) => HTMLElement} */
    const swatch = (role) => el("i", { class: `swatch ${role}` });
    this.sides = segments(
      t("Which pixels"),
      [
        ["both", t("Both")],
        ["real", t("Real")],
        ["fake", t("Fake")],
      ],
      (side) => this.look(side),
    );
    this.keys = ["real", "fake"].map((role) =>
      el(
        "p",
        { class: "cap" },
        swatch(role),
        role === "real" ? t("brighter looks more real") : t("brighter looks more fake"),
      ),
    );
    this.body = el(
      "div",
      { class: "said-by-d" },
      el("p", {}, this.value, " ", this.unit, " ", ...this.scales),
      this.rank,
      this.plot,
      el(
        "p",
        { class: "cap keys" },
        el("span", {}, lineKey("fake", true), t(" fakes")),
        el("span", {}, lineKey("real", false), t(" real")),
      ),
      el("h3", {}, term("saliency")),
      this.sides,
      el("div", { class: "well" }, this.canvas),
      el("div", {}, ...this.keys),
      this.barsTitle,
      this.bars,
      this.from,
    );
    this.none = el("p", { class: "cap" });
    this.root.append(
      el("h2", {}, t("What "), term("discriminator", "D"), t(" thinks")),
      this.none,
      this.body,
    );
    this.look("both");
    this.wait();
  }

  forget() {
    this.last = null;
    this.wait();
  }

  /** The panel is never an empty frame: what it waits for, or why there is nothing. */
  wait(words = t("It looks at this image as soon as the generator has made it.")) {
    this.body.hidden = true;
    put(this.none, words);
  }

  settled() {
    const { store } = this;
    if (!store.facts.critic) return this.wait(NONE[store.facts.what] ?? NONE.run);
    if (this.body.hidden)
      this.wait(t("It looks at this image now. The first time takes some seconds."));
    const make = () => ({ route: "opinion", params: { step: store.at }, body: store.line() });
    return store.asker.ask(
      "opinion",
      8,
      make,
      (answer) => this.show(answer),
      (error) => this.wait(error.message),
    );
  }

  /**
   * An image that a person drew or uploaded, until the page shows another one.
   * @type {(pixels: Uint8Array) => void}
   */
  judge(pixels) {
    const { store } = this;
    if (!store.facts.critic) return store.tell("judged", this.none.textContent);
    const [row, body] = [
      store.line(),
      new Uint8Array(4 * (store.z.length + store.classes) + pixels.length),
    ];
    body.set(new Uint8Array(row.buffer));
    body.set(pixels, row.byteLength);
    return store.asker.ask(
      "opinion",
      2,
      () => ({ route: "opinion", params: { step: store.at, image: 1 }, body }),
      (answer) => {
        this.show(answer, pixels);
        put(this.from, t("Of your image. {textContent}", { textContent: this.from.textContent }));
        this.root.dataset.yours = String(Number(this.root.dataset.yours ?? 0) + 1);
        store.tell("judged", this.told());
      },
      (error) => {
        this.wait(error.message);
        store.tell("judged", error.message);
      },
    );
  }

  /** What it says now, in two sentences. */
  told() {
    const [value, unit] = [this.value, this.unit].map((node) => node.textContent);
    return t("D of your image: {value}, {unit}. {rank}", {
      value,
      unit,
      rank: this.rank.textContent,
    });
  }

  /** @type {(answer: Answer, shown?: Uint8Array) => void} */
  show({ header, parts: [saliency, real, fake] }, shown = this.store.current) {
    const scale = header.log_odds ? sigmoid : (/** @type {number} */ v) => v;
    const score = scale(header.score);
    this.body.hidden = false;
    put(this.none, "");
    put(this.value, decimal(score));
    this.scales.forEach((node, i) => {
      node.hidden = (i === 0) !== Boolean(header.log_odds);
    });
    put(
      this.unit,
      header.log_odds ? t("D(x), 0 fake to 1 real") : t("raw score, higher is more real"),
    );
    put(
      this.rank,
      t("More real than {beats_fake} of fakes and {beats_real} of real images.", {
        beats_fake: percent(header.beats_fake),
        beats_real: percent(header.beats_real),
      }),
    );
    this.chart([...real].map(scale), [...fake].map(scale), score, header.log_odds);
    this.last = { saliency, shown };
    this.saliency(saliency, shown);
    this.classes(header.classes);
    put(
      this.from,
      t("Discriminator of step {step}, {real} held-out real images and as many fakes.", {
        step: whole(header.step),
        real: real.length,
      }),
    );
    this.root.dataset.score = header.score;
  }

  /** @type {(real: number[], fake: number[], score: number, bounded: boolean) => void} */
  chart(real, fake, score, bounded) {
    const all = [...real, ...fake, score];
    const [low, high] = bounded ? [0, 1] : [Math.min(...all), Math.max(...all)];
    /** @type {(v: number) => number} */
    const x = (v) => ((v - low) / (high - low || 1)) * WIDE;
    const [a, b] = [real, fake].map((values) => density(values, low, high));
    const most = Math.max(...a, ...b, 1e-9);
    /** @type {(values: number[]) => string} */
    const line = (values) =>
      values
        .map(
          (v, i) =>
            `${i ? "L" : "M"}${((i / (BINS - 1)) * WIDE).toFixed(1)},${(60 - (50 * v) / most).toFixed(1)}`,
        )
        .join("");
    /** @type {(at: number, anchor: string, words: string, kind?: string) => SVGTextElement} */
    const text = (at, anchor, words, kind = "") => {
      const node = svg("text", { x: at, y: 74, "text-anchor": anchor, class: kind });
      node.textContent = words;
      return node;
    };
    const here = Math.min(WIDE - 16, Math.max(16, x(score)));
    this.plot.replaceChildren(
      svg("path", { d: line(b), class: "fakes" }),
      svg("path", { d: line(a), class: "reals" }),
      svg("line", { x1: 0, x2: WIDE, y1: 60, y2: 60, class: "axis" }),
      svg("line", { x1: x(score), x2: x(score), y1: 2, y2: 60, class: "here" }),
      ...(here > 56 ? [text(0, "start", bounded ? t("0, fake") : t("fake"))] : []),
      ...(here < WIDE - 56 ? [text(WIDE, "end", bounded ? t("real, 1") : t("real"))] : []),
      text(here, "middle", decimal(score), "value"),
    );
    this.plot.setAttribute(
      "aria-label",
      t(
        "Score {score} between the scores of fakes, around {middle}, and of real images, around {middle2}",
        { score: decimal(score), middle: decimal(middle(fake)), middle2: decimal(middle(real)) },
      ),
    );
  }

  /**
   * Both signs at once, or one of them alone in white, for eyes that see no colours.
   * @type {(side: string) => void}
   */
  look(side) {
    this.side = side;
    this.sides.press(side);
    this.keys.forEach((key, i) => {
      key.hidden = side === ["fake", "real"][i];
    });
    this.root.dataset.side = side;
    if (this.last) this.saliency(this.last.saliency, this.last.shown);
  }

  /**
   * The image in grey with the signed gradient over it.
   * @type {(values: Float32Array, current: Uint8Array) => void}
   */
  saliency(values, current) {
    const { shape } = this.store;
    const [h, w, c] = shape;
    const flat = Array.from({ length: h * w }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < c; k++) sum += values[i * c + k];
      return sum;
    });
    const most =
      [...flat].map(Math.abs).sort((a, b) => a - b)[Math.floor(0.99 * (flat.length - 1))] || 1;
    [this.canvas.width, this.canvas.height] = [w, h];
    const picture = new ImageData(w, h);
    flat.forEach((v, i) => {
      let grey = 0;
      for (let k = 0; k < c; k++) grey += current[i * c + k] / c;
      const hidden = this.side !== "both" && v > 0 !== (this.side === "real");
      const share = hidden ? 0 : Math.min(1, Math.abs(v) / most);
      const colour = this.side !== "both" ? WHITE : v > 0 ? REAL : FAKE;
      for (let k = 0; k < 3; k++)
        picture.data[4 * i + k] = (1 - share) * 0.35 * grey + share * colour[k];
      picture.data[4 * i + 3] = 255;
    });
    this.canvas.getContext("2d").putImageData(picture, 0, 0);
    this.canvas.setAttribute(
      "aria-label",
      t("Where D's score would rise if a pixel were brighter, and where it would fall"),
    );
    this.fit();
  }

  /** @type {(shares: number[] | null) => void} */
  classes(shares) {
    this.barsTitle.hidden = this.bars.hidden = !shares;
    if (!shares) return;
    const names = this.store.facts.class_names;
    const best = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, 3);
    this.bars.replaceChildren(
      ...best.flatMap((k) => [
        el("span", {}, names[k] ?? String(k)),
        el("i", {}, el("b", { style: `width:${100 * shares[k]}%` })),
        el("span", { class: "num" }, shares[k].toFixed(2)),
      ]),
    );
  }

  fit() {
    const width = Math.min(168, this.root.clientWidth);
    const scale = scaleFor(this.canvas.width, width, 6);
    this.canvas.style.width = `${this.canvas.width * scale}px`;
    this.canvas.style.height = `${this.canvas.height * scale}px`;
  }
}

/** @type {(share: number) => string} */
const percent = (share) => `${Math.round(100 * share)} %`;
/** @type {(values: number[]) => number} */
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * A smooth curve of how often values occur, at BINS places from low to high.
 * @type {(values: number[], low: number, high: number) => number[]}
 */
function density(values, low, high) {
  const width = (high - low || 1) / 18;
  return Array.from({ length: BINS }, (_, i) => {
    const at = low + ((high - low) * i) / (BINS - 1);
    return (
      values.reduce((sum, v) => sum + Math.exp(-0.5 * ((v - at) / width) ** 2), 0) /
      Math.max(1, values.length)
    );
  });
}

export default mounted((component) => new Opinion(component, "opinion"));
