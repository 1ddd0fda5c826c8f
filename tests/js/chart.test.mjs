// Places on a chart: pixels of values and back, what is cut, labels that do not touch.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Chart, lastFinite } from "../../assets/components/shared/chart.js";
import { makeDocument } from "./dom.mjs";

beforeEach(() => makeDocument());

class Square extends Chart {
  get height() {
    return 120;
  }
  get margin() {
    return { l: 40, r: 60, t: 10, b: 10 };
  }
}

/** A chart of 300 x 120 pixels: x from 100 to 200 on 40 to 240, y on 110 down to 10. */
function chart(yRange, { log = false, positive = true, lowest = 1 } = {}) {
  const panel = { width: 300, range: [100, 200], prefs: { log, x: "step" }, colors: {} };
  return Object.assign(new Square({ id: "loss", title: "Loss", positive }, panel), {
    yRange,
    lowest,
  });
}

test("a value has a pixel, and the pixel the value", () => {
  const found = chart([0, 2]);
  assert.deepEqual([found.px(100), found.px(150), found.px(200)], [40, 140, 240]);
  assert.deepEqual([found.py(0), found.py(0.5), found.py(2)], [110, 85, 10]);
  assert.deepEqual([found.xOf(140), found.xOf(40, [0, 1])], [150, 0]);
  assert.equal(found.yOf(85), 0.5);
});

test("a logarithmic axis has powers of ten at equal distances", () => {
  const found = chart([0.01, 100], { log: true });
  assert.deepEqual(
    [0.01, 0.1, 1, 100].map((v) => Math.round(found.py(v))),
    [110, 85, 60, 10],
  );
  assert.deepEqual(found.shownY(), [-2, 2]);
  assert.equal(found.yOf(85), -1); // the logarithm
  assert.ok(Number.isFinite(found.py(0)));
});

test("an axis is logarithmic only where all is positive", () => {
  assert.equal(chart([1, 2], { log: true, lowest: 0 }).isLog, false);
  assert.equal(chart([1, 2], { log: true, positive: false }).isLog, false);
  assert.equal(Object.assign(chart([1, 2]), { wide: true }).isLog, true);
});

test("a range without extent does not divide by zero", () => {
  const found = chart([1, 1]);
  found.panel.range = [5, 5];
  assert.ok(Number.isFinite(found.px(5)) && Number.isFinite(found.py(1)));
});

test("marks out of view are not drawn, areas are cut where the plot ends", () => {
  const found = chart([0, 2]);
  assert.deepEqual(
    [99, 201, null].flatMap((x) => found.upright(x, "cursor")),
    [],
  );
  const [line] = found.upright(150, "cursor");
  assert.deepEqual(
    [line.attributes.x1, line.attributes.y1, line.attributes.y2],
    ["140", "10", "110"],
  );
  const [area] = found.area([0, 140], [0, 500], "selection");
  assert.deepEqual(
    ["x", "y", "width", "height"].map((name) => area.attributes[name]),
    ["40", "10", "100", "100"],
  );
  assert.deepEqual(found.area([0, 30], [0, 500], "selection"), []);
  assert.deepEqual(
    [found.within(38), found.within(38, 2), found.within(NaN)],
    [false, true, false],
  );
});

test("labels beside the plot are in order, inside it and apart", () => {
  const found = chart([0, 2]);
  const rows = found.spread(
    [
      { at: 109, name: "c" },
      { at: 12, name: "a" },
      { at: 108, name: "b" },
    ],
    15,
  );
  assert.deepEqual(
    rows.map((row) => [row.name, row.place]),
    [
      ["a", 12],
      ["b", 95],
      ["c", 110],
    ],
  );
  assert.deepEqual([found.pyInside(-9), found.pyInside(9)], [110, 10]);
});

test("the layout has our axes, and what is special about them", () => {
  const found = chart([0, 2]);
  const { width, height, xaxis, yaxis } = found.layoutOf({ nticks: 4 }, found.yAxis(4));
  assert.deepEqual(
    [width, height, xaxis.range, xaxis.nticks, xaxis.ticksuffix],
    [300, 120, [100, 200], 4, ""],
  );
  assert.deepEqual(
    [yaxis.type, yaxis.range, yaxis.tickvals],
    ["linear", [0, 2], [0, 0.5, 1, 1.5, 2]],
  );
  found.panel.prefs.x = "time";
  assert.equal(found.layoutOf({}, {}).xaxis.ticksuffix, " s");
});

test("words for screen readers begin with the title", () => {
  const found = chart([0, 2]);
  found.say(": no values");
  assert.equal(found.frame.attributes["aria-label"], "Loss: no values");
});

test("the last number up to an index", () => {
  const values = [1, null, 3, NaN, undefined];
  assert.deepEqual(
    [lastFinite(values), lastFinite(values, 1), lastFinite(values, 99), lastFinite([null])],
    [2, 0, 2, -1],
  );
});
