// Runs that differ by their seed alone.
import assert from "node:assert/strict";
import { test } from "node:test";

import { band, groupsOf, merged } from "../../assets/components/compare/groups.js";

const line = (index, x, y) => ({ index, x, raw: y, smooth: y });

test("runs of one group of settings belong together, one alone is no group", () => {
  assert.deepEqual(groupsOf([{ group: "a" }, { group: "b" }, { group: "a" }]), [[0, 2]]);
});

test("a group is its mean between its extremes, at the places that all have", () => {
  const lines = [line(0, [0, 1, 2], [0, 2, 4]), line(1, [0, 2], [2, 2]), line(2, [0], [9])];
  const [first, alone] = merged(lines, [[0, 1]]);
  assert.deepEqual([first.index, first.x], [0, [0, 1, 2]]);
  assert.deepEqual(first.smooth, [1, 2, 3]);
  assert.deepEqual(
    [first.low, first.high],
    [
      [0, 2, 2],
      [2, 2, 4],
    ],
  );
  assert.equal(alone.index, 2);
});

test("a band goes there along the top and back along the bottom", () => {
  const found = band({ x: [1, 2], low: [0, 1], high: [5, 6] }, "#000");
  assert.deepEqual(
    [found.x, found.y],
    [
      [1, 2, 2, 1],
      [5, 6, 1, 0],
    ],
  );
  assert.equal(band(line(0, [1], [1]), "#000"), null);
});
