// Whether a grid is of averaged weights or of raw ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { averagedAt } from "../../assets/components/train/which_weights.js";

const turned = (step, old, now) => ({ kind: "knob", step, changes: { ema_half_life: [old, now] } });

test("a half-life of 0 means raw weights", () => {
  assert.equal(averagedAt(500, [], 10), true);
  assert.equal(averagedAt(0, [], 10), false);
});

test("a knob that was turned holds from the next step on, and not before", () => {
  const events = [
    { kind: "checkpoint", step: 5 },
    { kind: "knob", step: 6, changes: { g_lr: [1, 2] } },
    turned(10, 500, 0),
    turned(20, 0, 50),
  ];
  const seen = [5, 10, 11, 20, 21].map((step) => averagedAt(500, events, step));
  assert.deepEqual(seen, [true, true, false, false, true]);
});
