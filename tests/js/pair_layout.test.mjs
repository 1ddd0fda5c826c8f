// How the grid of a run that translates is cut and laid out.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrange,
  changedPixels,
  groupsOf,
  heldOf,
  heldShown,
  wordsOf,
} from "../../assets/components/shared/pair_layout.js";

const part = (word, towards = "") => ({ word, made: Boolean(towards), towards });
const TRIPLE = [part("input"), part("output", "target"), part("target")];
const PAIRS = {
  kind: "pairs",
  repeat: 3,
  rows: 7,
  tile: [28, 28],
  held_out: 500,
  parts: [...TRIPLE, ...TRIPLE, ...TRIPLE],
};
const SIDES = {
  kind: "sides",
  repeat: 1,
  rows: 8,
  tile: [28, 28],
  held_out: 500,
  parts: [
    part("a"),
    part("to b", "b"),
    part("back to a", "a"),
    part("b"),
    part("to a", "a"),
    part("back to b", "b"),
  ],
};

test("pairs are cut into triples, two sides into one group a direction", () => {
  assert.deepEqual(
    groupsOf(PAIRS).map((g) => [g.from, g.block, g.parts.length, g.towards]),
    [
      [0, 0, 3, "target"],
      [3, 1, 3, "target"],
      [6, 2, 3, "target"],
    ],
  );
  assert.deepEqual(
    groupsOf(SIDES).map((g) => [g.from, g.parts.length, g.towards, g.changed]),
    [
      [0, 3, "b", true],
      [3, 3, "a", true],
    ],
  );
  const oneWay = { ...SIDES, parts: SIDES.parts.slice(0, 2) };
  assert.deepEqual(
    groupsOf(oneWay).map((g) => [g.parts.length, g.towards]),
    [[2, "b"]],
  );
});

test("a wide panel shows all triples at whole pixels, a narrow one fewer, not smaller ones", () => {
  const wide = arrange(groupsOf(PAIRS), PAIRS, 600);
  assert.deepEqual([wide.shown.length, wide.scale, wide.rows], [3, 2, 7]);
  const narrow = arrange(groupsOf(PAIRS), PAIRS, 340);
  assert.deepEqual([narrow.shown.length, narrow.scale], [1, 2]);
  const fine = arrange(groupsOf(PAIRS), PAIRS, 600, 1.5);
  assert.equal(Number.isInteger(Math.round(1e9 * fine.scale * 1.5) / 1e9), true); // device pixels
});

test("no direction is left out where there is little room: they stand below each other", () => {
  assert.deepEqual(
    [
      arrange(groupsOf(SIDES), SIDES, 600).across,
      arrange(groupsOf(SIDES), SIDES, 600).shown.length,
    ],
    [2, 2],
  );
  assert.deepEqual(
    [
      arrange(groupsOf(SIDES), SIDES, 340).across,
      arrange(groupsOf(SIDES), SIDES, 340).shown.length,
    ],
    [1, 2],
  );
});

test("large images stay readable: at their own size, some rows at a time", () => {
  const large = { ...SIDES, tile: [128, 128] };
  const found = arrange(groupsOf(large), large, 600);
  assert.deepEqual([found.across, found.scale, found.rows], [1, 1, 4]);
  const phone = arrange(groupsOf(large), large, 340);
  assert.ok(phone.scale * 128 * 4 <= 340 && phone.scale * 128 > 80);
});

test("a row leads to its held-out image, counted over all blocks", () => {
  assert.equal(heldOf(PAIRS, 0, 0), 0);
  assert.equal(heldOf(PAIRS, 2, 1), 5);
  assert.equal(heldOf({ ...PAIRS, held_out: 4 }, 2, 1), 1); // too few are shown again
  assert.equal(heldOf(SIDES, 0, 3), 3);
});

test("columns are called by the names of both sides", () => {
  const [there, back] = groupsOf(SIDES);
  assert.deepEqual(wordsOf(there, ["digits", "paper"]), {
    title: "digits → paper → digits again",
    words: ["digits", "→ paper", "→ digits", "changed"],
  });
  assert.deepEqual(wordsOf(back, ["digits", "paper"]).words, [
    "paper",
    "→ digits",
    "→ paper",
    "changed",
  ]);
  assert.deepEqual(wordsOf(groupsOf(PAIRS)[0], ["edges", "digits"]), {
    title: "",
    words: ["input", "output", "target"],
  });
});

test("what is equal is black, what is opposite is bright", () => {
  const before = new Uint8ClampedArray([0, 0, 0, 255, 10, 20, 30, 255]);
  const after = new Uint8ClampedArray([255, 255, 255, 255, 10, 20, 30, 255]);
  assert.deepEqual([...changedPixels(before, after)], [244, 122, 69, 255, 0, 0, 0, 255]);
});

test("held-out images are counted once, though few of them fill all rows", () => {
  assert.equal(heldShown(PAIRS, 3), 21);
  assert.equal(heldShown({ ...PAIRS, held_out: 12 }, 3), 12);
  assert.equal(heldShown({ ...PAIRS, held_out: 12 }, 1), 7);
  assert.equal(heldShown({ rows: 8 }, 1), 8); // a grid of an earlier version, which does not say
});
