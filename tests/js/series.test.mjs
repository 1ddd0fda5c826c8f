// The numbers behind the curves.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Series, Smoother, before, zigzag } from "../../assets/components/shared/series.js";

function grown() {
  const series = new Series(["g_loss"]);
  const columns = {
    step: [1, 2, 4],
    images_seen: [64, 128, 256],
    wall_time: [0.5, 1, 2],
    g_loss: [3, 2, 1],
  };
  assert.equal(series.append({ header: { count: 3 }, columns }), 3);
  return series;
}

test("a series grows and knows its last step and time", () => {
  const series = grown();
  assert.equal(series.append({ header: { count: 0 }, columns: {} }), 0);
  assert.deepEqual([series.length, series.lastStep, series.mark], [3, 4, 2]);
  assert.deepEqual(series.x("epoch", 64), [1, 2, 4]);
});

test("a step between two points lies between them", () => {
  const series = grown();
  assert.equal(series.xOfStep(3, "time"), 1.5);
  assert.equal(series.xOfStep(0, "time"), 0);
  assert.equal(series.xOfStep(9, "time"), 2);
});

test("the last value that is not larger is found", () => {
  assert.deepEqual(
    [0, 1, 2.5, 9].map((v) => before([1, 2, 3], v)),
    [0, 0, 1, 2],
  );
});

test("extremes of a group stay visible, what is no number is a gap", () => {
  const lines = { low: [1, NaN, 2], high: [3, NaN, 2] };
  assert.deepEqual(zigzag([10, 20, 30], lines), [
    [10, 10, 20, 30],
    [1, 3, null, 2],
  ]);
});

test("what was before counts half as much after the half-life", () => {
  const smoother = new Smoother(10);
  const [first, , later] = smoother.run([0, 5, 10], [1, 0, 0]);
  assert.equal(first, 1);
  assert.ok(Math.abs(later - 0.5) < 1e-12);
  assert.equal(smoother.next(11, NaN), null);
});
