// Moves of knobs that follow each other within two seconds are one mark.
import assert from "node:assert/strict";
import test from "node:test";
import { together } from "../../assets/components/shared/glyphs.js";

const move = (step, time, changes, who = "page") => ({ kind: "knob", step, time, who, changes });

test("moves within two seconds are one, from the first value to the last", () => {
  const events = [
    move(10, 100, { style_weight: [1, 2] }),
    { kind: "checkpoint", step: 11, time: 100.5 },
    move(11, 101.5, { style_weight: [2, 5] }),
    move(12, 103, { tv_weight: [0.1, 0.2] }),
    move(40, 106, { style_weight: [5, 1] }),
  ];
  const found = together(events);
  assert.deepEqual(
    found.map((e) => [e.kind, e.step]),
    [
      ["knob", 10],
      ["checkpoint", 11],
      ["knob", 40],
    ],
  );
  assert.deepEqual(found[0].changes, { style_weight: [1, 5], tv_weight: [0.1, 0.2] });
  assert.deepEqual(events[0].changes, { style_weight: [1, 2] }); // what was heard stays as it is
});

test("moves of different hands stay apart", () => {
  const found = together([move(1, 1, { g_lr: [1, 2] }), move(2, 1.5, { g_lr: [2, 3] }, "doctor")]);
  assert.equal(found.length, 2);
});
