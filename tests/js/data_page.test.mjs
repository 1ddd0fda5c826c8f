// What the Data page reckons by itself: what is sent in which portions, classes that are merged, marks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, round } from "../../assets/components/data/bars.js";
import { setCard, waitingCard } from "../../assets/components/data/cards.js";
import { checks, judged, shapesOf } from "../../assets/components/data/checkup.js";
import { keyOf, line, long, measuredRow } from "../../assets/components/data/expect.js";
import { countOf } from "../../assets/components/data/likely.js";
import { means } from "../../assets/components/data/means.js";
import { beside } from "../../assets/components/data/pictures.js";
import { carried, first, merged, uneven, usable } from "../../assets/components/data/plan.js";
import { countedOf, ofOne } from "../../assets/components/data/skipped.js";
import { placeOf } from "../../assets/components/data/sizes.js";
import { moved, sizeWords, together } from "../../assets/components/data/square.js";
import { arranged, packed, portions } from "../../assets/components/data/uploads.js";
import { failedOf, progress } from "../../assets/components/data/waiting.js";
import { bytes, counted, listed, percent, unitOf } from "../../assets/components/data/words.js";
import { take, unmarked } from "../../assets/components/shared/words.js";
import { event, makeDocument } from "./dom.mjs";

makeDocument();
globalThis.ImageData ??= class {
  constructor(width, height) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }
};
const make = document.createElement;
document.createElement = (tag) =>
  Object.assign(make(tag), tag === "canvas" ? { getContext: () => ({ putImageData() {} }) } : {});
const file = (path, size = 1) => ({ path, file: { size } });

test("the folder that all files are in is the title and no part of their names", () => {
  const { title, single, files } = arranged([
    file("/houses/b/2.png"),
    file("/houses/a/1.png"),
    file("/houses/.DS_Store"),
    file("/houses/__MACOSX/x.png"),
  ]);
  assert.equal(title, "houses");
  assert.equal(single, false);
  assert.deepEqual(
    files.map(({ name }) => name),
    ["a/1.png", "b/2.png"],
  );
});

test("one file keeps its name, several are counted", () => {
  assert.deepEqual(
    [arranged([file("x.zip")]).title, arranged([file("x.zip")]).single],
    ["x.zip", true],
  );
  const loose = arranged([file("a.png"), file("b.png")]);
  assert.deepEqual(
    [loose.title, loose.named, arranged([file("x.zip")]).named],
    ["2 files", false, true],
  );
  assert.deepEqual(arranged([file(".hidden")]).files, []);
});

test("portions hold so many bytes and files at most, a large file goes alone", () => {
  const files = [3, 3, 3, 20, 1].map((size, i) => ({ name: String(i), file: { size } }));
  assert.deepEqual(
    portions(files, 7, 10).map((some) => some.map(({ name }) => name).join("")),
    ["01", "2", "3", "4"],
  );
  assert.deepEqual(
    portions(files, 100, 2).map((some) => some.length),
    [2, 2, 1],
  );
});

test("before each file stand the lengths of its name and of itself, little-endian", () => {
  const [head, name] = packed([{ name: "\u00e9.png", file: { size: 258 } }]);
  assert.deepEqual([...new Uint8Array(head)], [6, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0]);
  assert.equal(new TextDecoder().decode(name), "\u00e9.png");
});

test("classes of one name are one, those without are left out", () => {
  const classes = [
    { name: "01_brick", count: 287 },
    { name: "brick", count: 3 },
    { name: "stone", count: 100 },
    { name: "bin", count: 9 },
  ];
  const counts = merged(classes, { "01_brick": "brick", brick: "brick", stone: "stone", bin: "" });
  assert.deepEqual(counts, { brick: 290, stone: 100 });
  assert.deepEqual(uneven(counts), ["brick", "stone", 2.9]);
  assert.equal(uneven({ a: 10, b: 9 }), null);
});

test("a plan begins with what is suggested and every class under its own name", () => {
  const plan = first({
    classes: [{ name: "a" }, { name: "b" }],
    suggested: { name: "n", size: 64, classes: { b: "B" }, anyway: [] },
  });
  assert.deepEqual(plan.classes, { a: "a", b: "B" });
  assert.deepEqual([plan.size, plan.offsets, plan.left_out], [64, {}, []]);
});

test("after another look what was chosen is chosen still, and the rest is as suggested now", () => {
  const last = {
    classes: [{ name: "a" }],
    suggested: { name: "n", size: 64, ground: "white", keep_copies: false },
  };
  const now = {
    classes: [{ name: "a" }, { name: "b" }],
    suggested: { name: "n", size: 32, ground: "black", keep_copies: true },
  };
  const plan = { ...first(last), name: "mine", classes: { a: "A" } };
  const { name, size, ground, keep_copies, classes } = carried({ plan, found: last }, now);
  assert.deepEqual([name, size, ground, keep_copies], ["mine", 32, "black", true]);
  assert.deepEqual(classes, { a: "A", b: "b" });
});

const found = {
  kind: "images",
  num_files: 622,
  num_usable: 606,
  num_skipped: 16,
  num_colour: 598,
  problem: "",
  copies: { groups: 11, extra: 9 },
  passed_over: { count: 2 },
  notes: ["3 were turned."],
  sizes: { shapes: ["square", "1 : 1.8"], below: { 64: 14 } },
};

test("the verdict tells what is lost, what is few, and what cannot be used", () => {
  assert.deepEqual(judged(found, { images: 597, sides: [64, 64], num_classes: 3 }), [
    "well",
    "Can be used",
    "597 images at 64 × 64 in 3 classes.",
  ]);
  assert.equal(
    judged({ ...found, num_skipped: 90 }, { images: 500, sides: [64, 64] })[1],
    "Can be used, with a loss",
  );
  assert.match(judged(found, { images: 40, sides: [64, 64] })[2], /About|about 200/);
  assert.match(judged(found, { images: 260, sides: [32, 30] })[2], /at 32 × 30/); // arrays as they are
  assert.deepEqual(
    judged(found, { images: 4, sides: [64, 64], problem: "4 are too few." }).slice(1),
    ["Cannot be used", "4 are too few."],
  );
  assert.deepEqual(
    checks(found).map(([good]) => good),
    [false, false, false, true, true, false],
  );
});

test("what is kept anyway is skipped no more, and other files are no pictures", () => {
  const some = {
    ...found,
    skipped: [
      { reason: "one colour", count: 6 },
      { reason: "damaged", count: 10 },
    ],
  };
  const kept = { found: some, plan: { anyway: ["one colour"] } };
  assert.deepEqual(usable(kept), [612, 10]);
  assert.deepEqual(usable({ ...kept, plan: { anyway: [] } }), [606, 16]);
  assert.equal(
    judged({ ...found, num_skipped: 90 }, { images: 500, sides: [64, 64] }, 10)[1],
    "Can be used",
  );
  assert.equal(checks(found, 10)[0][1], "10 pictures of 622 cannot be used");
  assert.equal(countedOf(5, 2), "5 pictures, 2 files are no pictures");
  assert.deepEqual([countedOf(0, 1), countedOf(0, 0)], ["1 file is no picture", "0 pictures"]);
});

test("a size says how many are enlarged for it", () => {
  assert.equal(
    sizeWords(found, 64),
    "64: 592 of 606 are at least that large; 14 are enlarged. 128 has 4 times the pixels.",
  );
  assert.equal(sizeWords(found, 128), "128: all are at least that large.");
});

test("a size has its place between the edges of a histogram", () => {
  assert.equal(placeOf(64, [0, 32, 64, 96]), 2);
  assert.equal(placeOf(28, [0, 32, 64]), 0.875);
  assert.equal(placeOf(512, [0, 32]), 2);
});

test("an input and its target stand beside each other, grey as colour", () => {
  const made = beside(
    [new Uint8Array([1, 2]), new Uint8Array([3, 4, 5, 6, 7, 8])],
    [
      [1, 2, 1, 1],
      [1, 2, 1, 3],
    ],
    1,
  );
  assert.deepEqual([...made], [1, 1, 1, 3, 4, 5, 2, 2, 2, 6, 7, 8]);
});

test("words for numbers", () => {
  assert.deepEqual(
    [bytes(7_340_000), bytes(999), bytes(41_000_000_000)],
    ["7.3 MB", "999 B", "41 GB"],
  );
  assert.deepEqual(
    [counted(1, "class", "classes"), counted(2000, "file")],
    ["1 class", "2,000 files"],
  );
  assert.deepEqual([percent(0.214), percent(0), percent(0.034)], ["21 %", "0 %", "3.4 %"]);
  assert.equal(listed(["a", "b", "c"]), "a, b and c");
  assert.equal(
    progress({ phase: "reading", done: 4120, total: 12060, left: 9 }),
    "4,120 of 12,060 files read, 0:09 left",
  );
  assert.equal(progress({ phase: "reading", done: 4, total: 9, unit: "rows" }), "4 of 9 rows read");
  assert.deepEqual([unitOf("pictures").title, unitOf(undefined).noun], ["Pictures", "file"]);
  assert.deepEqual(["are cut off", "have one colour only", "cannot be read"].map(ofOne), [
    "is cut off",
    "has one colour only",
    "cannot be read",
  ]);
  assert.deepEqual([round(212), round(90), round(0)], [200, 50, 1]);
});

test("a card opens its set on a plain click and leaves others to the browser", () => {
  const opened = [];
  const card = setCard({ name: "mine", words: "", facts: "", image: "" }, undefined, {
    open: (name) => opened.push(name),
  });
  const link = card.find((each) => each.tag === "a");
  assert.equal(link.getAttribute("href"), "data?set=mine");
  for (const ctrlKey of [true, false]) link.dispatchEvent(event("click", { ctrlKey, button: 0 }));
  assert.deepEqual(opened, ["mine"]);
});

test("what the server says of what waits is told in the page's language, by its template", () => {
  const engine = {
    "`{name}` is cut off: its end is missing.": "`{name}`: 끝이 잘려 있습니다.",
    "There are no pictures in {name}.": "{name}에 그림이 없습니다.",
    "{n} is CMYK, so its colours may shift a little.": "CMYK {n}장입니다.",
  };
  take("ko", { texts: { square: "정사각형", "{first} to {last}": "{first}~{last}" }, engine });
  assert.equal(unmarked("`a.jpg` is cut off: its end is missing."), "a.jpg: 끝이 잘려 있습니다.");
  assert.equal(shapesOf({ sizes: { shapes: ["square", "1 : 6.0"] } }), "정사각형~1 : 6.0");
  assert.equal(shapesOf({ sizes: { shapes: ["1 : 2.0"] } }), "1 : 2.0");
  const notes = ["1 is CMYK, so its colours may shift a little."];
  assert.equal(checks({ ...found, notes }).at(-1)[1], "CMYK 1장입니다.");
  const error = "There are no pictures in x. It is empty.";
  const card = waitingCard({ id: "1", title: "x", phase: "failed", error }, {});
  assert.equal(
    card.find((each) => each.getAttribute("class") === "why").textContent,
    "x에 그림이 없습니다.",
  );
  take("en", { texts: {}, engine: {} });
});

test("what was measured here stands in place of what is not known", () => {
  const row = { recipe: "fast_gan", steps: 6000, speed: "\u2013", full: "6,000 steps" };
  assert.equal(measuredRow(row, undefined, false), row);
  assert.deepEqual(
    [measuredRow(row, 8.04, false).speed, measuredRow(row, 8, false).full],
    ["8.0", "about 13 min"],
  );
  assert.equal(measuredRow(row, 8, true).speed, "measuring \u2026");
  assert.equal(
    keyOf({ plan: { size: 64, grey: false }, outlook: { num_classes: 3 }, found: {} }),
    "64 3 1",
  );
  assert.deepEqual([long(12), long(600), long(7200)], ["10 s", "10 min", "2.0 h"]);
});

test("why a recipe does not fit stands across the figures that there are none of", () => {
  const width = (row) =>
    line(row).children.map((cell) => Number(cell.getAttribute("colspan") ?? 1));
  const off = { recipe: "toy_mlp", why: "is for points", off: true };
  assert.deepEqual(
    width({ recipe: "fast_gan", memory: "1 GB", speed: "3", full: "-", why: "" }),
    [1, 1, 1, 1, 1],
  );
  assert.deepEqual(width({ ...off, memory: "" }), [1, 4]);
  assert.deepEqual(width({ ...off, memory: "9 GB" }), [1, 1, 3]);
});

test("a set without classes shows more images than one row of them", () => {
  const count = (groups, ...shapes) => countOf({ groups: Array(groups).fill("a"), shapes });
  assert.equal(count(10, [28, 28, 1]), 16);
  assert.equal(count(1, [64, 64, 3]), 48);
  assert.equal(count(1, [128, 128, 3]), 40); // no more bytes than two million
  assert.equal(count(1, [256, 256, 3], [256, 256, 3]), 16);
});

test("two sides have a mean each, and none of both", () => {
  const [parts, shapes] = [Array(3).fill(Float32Array.of(9)), Array(3).fill([1, 1, 1])];
  const shown = (kind, names) =>
    means(parts, shapes, names, kind).map((node) =>
      node.tag === "canvas" ? "all" : node.children.map((one) => one.textContent),
    );
  assert.deepEqual(shown("sides", ["A", "B"]), [["A", "B"]]);
  assert.deepEqual(shown("images", ["x", "y"]), ["all", ["x", "y"]]);
  assert.deepEqual(shown("pairs", [""]), ["all", "all", []]);
});

test("the words of a mark stand above the highest column, and inside the plot", () => {
  const words = (at) => {
    const plot = columns("sizes", [9, 9, 9], ["0", "32", "64"], { at, words: "64 chosen" });
    const all = [...plot.all()];
    const highest = Math.min(
      ...all.filter(({ tag }) => tag === "rect").map((each) => Number(each.getAttribute("y"))),
    );
    const mark = all.find((each) => each.getAttribute("class") === "loud");
    assert.ok(Number(mark.getAttribute("y")) + 4 < highest);
    return mark.getAttribute("text-anchor");
  };
  assert.deepEqual([words(0.5), words(3)], ["start", "end"]);
});

test("the frames of a pair stand alike, whichever of the two is moved", () => {
  const found = { kind: "pairs", previews: [4, 5, 0, 1, 8, 9] };
  assert.deepEqual(moved(found, { 8: 0.2 }, 1, 0.123456), { 0: 0.1235, 1: 0.1235, 8: 0.2 });
  assert.deepEqual(together(found, 4), [4, 5]);
  assert.deepEqual(moved({ ...found, kind: "images" }, {}, 1, 1), { 1: 1 });
});

test("what failed cannot be used; what could not be kept waits for another try", () => {
  const failed = { id: "a", title: "etc", phase: "failed", error: "There are no pictures in etc." };
  const full = { id: "b", title: "faces", phase: "ready", error: "The disk is full." };
  assert.deepEqual(failedOf([failed, full, { id: "c", phase: "ready", error: "" }]), [failed]);
  const [one, two] = [failed, full].map((item) => waitingCard(item, {}).textContent);
  assert.match(one, /Cannot be used.*no pictures in etc.*See why/);
  assert.match(two, /check-up is waiting.*disk is full.*Go on/);
});
