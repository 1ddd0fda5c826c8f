// Parallel axes of Compare: where values stand, and which runs a drag leaves.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parallel, placed, widthFor } from "../../assets/components/compare/axes_draw.js";
import { makeDocument } from "./dom.mjs";

makeDocument();
const make = document.createElement;
/** A pixel painted by a browser, for colours as #rrggbb: what stands on a run's colour must be read. */
const pixel = {
  fillRect() {},
  getImageData: () => ({
    data: [1, 3, 5].map((at) => parseInt(pixel.fillStyle.slice(at, at + 2), 16)),
  }),
};
document.createElement = (tag) =>
  Object.assign(make(tag), tag === "canvas" ? { getContext: () => pixel } : {});

const [TOP, MIDDLE, BOTTOM] = [44, 128, 212]; // pixels of the highest, middle and lowest value
const result = (...values) => ({ name: "FID", values, result: true });
const choice = (...values) => ({ name: "lr", values, result: false });
const one = (axis) => placed([axis], 700)[0];
const near = (found, wanted) =>
  found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-9, `${found}`));

test("axes stand from the left to the right edge, evenly; one alone at the left", () => {
  const axes = [choice(1, 2), choice(3, 4), result(5, 6)];
  assert.deepEqual(
    placed(axes, 508).map(({ x }) => x),
    [46, 246, 446],
  );
  assert.equal(one(result(1, 2)).x, 46);
});

test("narrow places scroll: each axis keeps 96 pixels", () => {
  const axes = Array.from({ length: 8 }, () => choice(1, 2));
  assert.equal(widthFor(axes, 400), 780); // 7 gaps of 96, 46 at the left and 62 at the right
  assert.equal(widthFor(axes, 1200), 1200);
  const found = placed(axes, widthFor(axes, 400)).map(({ x }) => x);
  assert.equal(found[1] - found[0], 96);
});

test("the lowest value stands at the foot, the highest at the top, others between by their share", () => {
  const { at, ticks } = one(result(10, 30, 20, 15));
  assert.deepEqual(at, [BOTTOM, TOP, MIDDLE, 170]);
  assert.deepEqual(
    ticks.map(([, text]) => text),
    ["30.0", "10.0"],
  );
});

test("from thirty times on an axis is logarithmic", () => {
  near(one(result(0.001, 0.1, 0.01)).at, [BOTTOM, TOP, MIDDLE]);
  near(one(result(1, 30, Math.sqrt(30))).at, [BOTTOM, TOP, MIDDLE]);
  near(one(result(1, 29, 15)).at, [BOTTOM, TOP, MIDDLE]);
  near(one(result(-1, 99, 49)).at, [BOTTOM, TOP, MIDDLE]); // no logarithm of a number below 0
});

test("one value for all stands in the middle, with one label", () => {
  const { at, ticks } = one(choice(3, 3));
  assert.deepEqual([at, ticks.length], [[MIDDLE, MIDDLE], 1]);
  assert.deepEqual(one(choice("hinge", "hinge")).at, [MIDDLE, MIDDLE]);
});

test("a result that is not known yet has no place; a setting that is missing is a value", () => {
  assert.deepEqual(one(result(10, null, 20)).at, [BOTTOM, null, TOP]);
  const { at, ticks } = one(choice(2, null, 4));
  assert.deepEqual(at, [BOTTOM, TOP, MIDDLE]); // by name from the foot: 2, 4, none
  assert.deepEqual(
    ticks.map(([, text]) => text),
    ["2", "4", "none"],
  );
});

test("words stand by their names", () => {
  const { at } = one(choice("wgan", "hinge", "lsgan"));
  assert.deepEqual(at, [TOP, BOTTOM, MIDDLE]);
});

const RUNS = ["first", "second", "third"].map((title) => ({ title }));
const COLOURS = { runs: ["#000000", "#ffffff", "#808080"], accent: "#f00" };
const AXES = [choice(1, 2, 3), result(10, null, 30)];
const drawn = (brushes) => [...parallel(AXES, RUNS, COLOURS, 700, brushes).all()];
const lines = (nodes) => nodes.filter(({ attributes }) => "data-run" in attributes);

test("each run is a line through the axes that it has values on", () => {
  assert.deepEqual(
    lines(drawn()).map(({ attributes }) => attributes.d),
    ["M46.0 212.0L638.0 212.0", "M46.0 128.0", "M46.0 44.0L638.0 44.0"],
  );
  const [picture] = drawn();
  assert.match(
    picture.attributes["aria-label"],
    /1 first: lr 1, FID 10; 2 second: lr 2, FID none;/,
  );
});

test("runs outside a brush are pale, and so are those without a value there", () => {
  const opacity = (...brushes) =>
    lines(drawn(new Map(brushes))).map(({ attributes }) => attributes.opacity);
  assert.deepEqual(opacity(), ["1", "1", "1"]);
  assert.deepEqual(opacity([0, [100, 220]]), ["1", "1", "0.12"]);
  assert.deepEqual(opacity([1, [40, 220]]), ["1", "0.12", "1"]);
  assert.deepEqual(opacity([0, [100, 220]], [1, [40, 60]]), ["0.12", "0.12", "0.12"]);
});

test("numbers at the ends of lines never stand over each other", () => {
  const axes = [choice(1, 2, 3), result(20, 20.1, 20.2), result(5, 5, 5)];
  const nodes = [...parallel(axes, RUNS, COLOURS, 700).all()];
  const tops = nodes.filter(({ attributes }) => attributes.rx === "2").map((n) => +n.attributes.y);
  assert.equal(tops.length, 3);
  for (const [i, top] of tops.entries()) assert.ok(!i || top - tops[i - 1] >= 16);
});
