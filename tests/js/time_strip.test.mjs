// The strip of all checkpoints, and the two of a wipe: what is asked for and where it is put.
import assert from "node:assert/strict";
import { test } from "node:test";

import { laid, missingOf, thinned } from "../../assets/components/shared/time_strip.js";
import { kept } from "../../assets/components/translate/two_steps.js";

test("many steps are thinned evenly and keep the first and the newest", () => {
  assert.deepEqual(thinned([0, 20, 50], 40), [0, 20, 50]);
  assert.deepEqual(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8], 5), [0, 2, 4, 6, 8]);
  const all = Array.from({ length: 997 }, (_, i) => 20 * i);
  const some = thinned(all, 60);
  assert.deepEqual(
    [some.length, some[0], some.at(-1), new Set(some).size],
    [60, 0, all.at(-1), 60],
  );
  assert.deepEqual([thinned([], 40), thinned([7], 40), thinned([7, 9], 1)], [[], [7], [7]]);
});

test("images stand in the order of their steps, and what is missing or of another size is black", () => {
  const tiles = new Map([
    [0, Uint8Array.of(1, 2)],
    [20, null],
    [50, Uint8Array.of(3, 4)],
    [90, Uint8Array.of(5)],
  ]);
  assert.deepEqual([...laid([0, 20, 50, 90], tiles, 2)], [1, 2, 0, 0, 3, 4, 0, 0]);
});

test("the newest missing steps are asked for first, ten at once; a pruned one is not asked for again", () => {
  const steps = Array.from({ length: 25 }, (_, i) => i);
  assert.deepEqual(missingOf(steps, new Map()), [15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  assert.deepEqual(
    missingOf(
      steps.slice(0, 4),
      new Map([
        [1, null],
        [3, new Uint8Array(2)],
      ]),
    ),
    [0, 2],
  );
});

test("two steps of a wipe stay chosen while they are there", () => {
  const steps = [0, 20, 50, 90, 150, 200, 300, 400];
  assert.deepEqual(kept([null, null], steps), [50, 400]);
  assert.deepEqual(kept([20, 90], steps), [20, 90]);
  assert.deepEqual(kept([10, 90], steps), [50, 90]);
  assert.deepEqual(kept([null, null], [0]), [0, 0]);
});
