// Which picture of a run is on the page.
import assert from "node:assert/strict";
import { test } from "node:test";

import { AtCursor, isYoung, wantedStep } from "../../assets/components/train/at_cursor.js";

test("the newest picture that is not after the cursor is wanted, the first where all are", () => {
  const steps = [20, 50, 90];
  const at = (step, live = false) => wantedStep(steps, { step, live });
  assert.deepEqual(
    [at(null), at(55, true), at(55), at(50), at(7), at(1000)],
    [90, 90, 50, 50, 20, 90],
  );
});

test("a picture that was drawn again, and a run that went back, are others than before", () => {
  globalThis.window = Object.assign(new EventTarget(), { location: { search: "" } });
  const now = new AtCursor("00001-a-b", () => {});
  assert.deepEqual([now.know([20, 50], [1, 2]), now.know([20, 50], [1, 2])], [true, false]);
  assert.deepEqual(
    [now.know([20, 50], [1, 3]), now.know([20], [1]), now.know([], [])],
    [true, true, true],
  );
  now.leave();
});

test("a run without a step is young until it has ended", () => {
  const young = (step, state) => isYoung({ step, state });
  assert.deepEqual(
    [young(0, "running"), young(0, "queued"), young(0, "failed"), young(1, "running")],
    [true, true, false, false],
  );
});
