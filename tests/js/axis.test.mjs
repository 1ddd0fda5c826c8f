// The y axis of a chart: its range and its ticks.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cutMarks,
  follow,
  spanOf,
  spreadOut,
  tickText,
  ticks,
  wholeTicks,
  withAir,
} from "../../assets/components/shared/chart_axis.js";
import { makeDocument } from "./dom.mjs";

test("one spike does not rule the range, and every value does where it shall", () => {
  const values = [
    ...Array(200)
      .fill(0)
      .map((_, i) => 1 + i / 200),
    1e6,
    NaN,
    null,
  ];
  const bulk = spanOf([values]);
  assert.ok(bulk.high < 2.1 && bulk.least === 1 && !bulk.wide);
  assert.equal(spanOf([values], true).high, 1e6);
  assert.equal(spanOf([[NaN, null]]), null);
});

test("values over many powers of ten are wide", () => {
  assert.ok(spanOf([[1e-3, 1, 1e3]]).wide);
  assert.ok(!spanOf([[-1, 1, 1e9]]).wide); // no logarithm of what is not positive
});

test("an axis begins at 0 where its values are near", () => {
  assert.equal(withAir({ low: 0.05, high: 2 }, false)[0], 0);
  assert.ok(withAir({ low: 5, high: 6 }, false)[0] > 4);
  assert.deepEqual(withAir({ low: 1.3, high: 10 }, true), [1, 13]);
});

test("an axis grows with its data and shrinks only where most of it is empty", () => {
  assert.deepEqual(follow(null, [0, 1]), [0, 1]);
  assert.deepEqual(follow([0, 1], [0, 0.9]), [0, 1]);
  assert.deepEqual(follow([0, 1], [0, 0.5]), [0, 0.5]);
  assert.ok(follow([0, 1], [0, 1.2])[1] > 1.2);
});

test("ticks are round, on logarithmic axes powers of ten", () => {
  assert.deepEqual(ticks(0, 1, false, 4).ticktext, ["0", "0.25", "0.5", "0.75", "1"]);
  assert.deepEqual(ticks(0.001, 1000, true, 3).tickvals, [0.001, 0.1, 10, 1000]);
});

test("ticks have no e and are not cut", () => {
  assert.deepEqual(
    [0, 1500, -0.25, 1.5e17, 1e-5].map((v) => tickText(v)),
    ["0", "1,500", "\u22120.25", "1.5\u00d710\u00b9\u2077", "10\u207b\u2075"],
  );
});

test("no step stands on an axis twice: of a few each has its tick", () => {
  assert.deepEqual(wholeTicks([0, 1]), { tickmode: "linear", tick0: 0, dtick: 1 });
  assert.deepEqual(wholeTicks([0, 6000]), { tickmode: "auto" });
});

test("labels keep apart, and inside", () => {
  assert.deepEqual(spreadOut([10, 11, 12], 10, 0, 100), [10, 20, 30]);
  assert.deepEqual(spreadOut([95, 99], 10, 0, 100), [90, 100]);
});

test("arrows of neighbours are one, and stay inside the plot", () => {
  makeDocument();
  const at = (x, up = true) => ({ x, up, series: {}, value: 9, step: x });
  const box = { left: 0, right: 100, top: 0, bottom: 50 };
  assert.equal(
    cutMarks([at(10), at(15), at(30), at(12, false), at(150)], box, () => "red").length,
    3,
  );
});
