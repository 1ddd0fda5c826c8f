// Tiles of the strips through time: pixels by whole numbers, photographs no longer than a place.
import assert from "node:assert/strict";
import test from "node:test";
import { sizeOf } from "../../assets/components/compare/rows.js";

test("digits are enlarged by whole numbers, photographs shrunk to their longer side", () => {
  assert.deepEqual(sizeOf([28, 28]), [56, 56]);
  assert.deepEqual(sizeOf([64, 64]), [64, 64]);
  assert.deepEqual(sizeOf([192, 256]), [42, 56]);
  assert.deepEqual(sizeOf([256, 128]), [56, 28]);
});
