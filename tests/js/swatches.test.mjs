// Colours to draw with: out of a route's bytes, as CSS, the one to begin with, and which is pressed.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import {
  Swatches,
  coloursOf,
  css,
  farthest,
  usual,
} from "../../assets/components/shared/swatches.js";
import { event, makeDocument } from "./dom.mjs";

beforeEach(() => makeDocument());

const answer = (bytes, shape) => ({
  parts: [Uint8Array.from(bytes)],
  header: { parts: [["u1", 0, shape]] },
});

test("colours of a route are rows of one or three bytes", () => {
  assert.deepEqual(coloursOf(answer([1, 2, 3, 4, 5, 6], [2, 3])), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.deepEqual(coloursOf(answer([0, 255], [2, 1])), [[0], [255]]);
  assert.deepEqual([css([7]), css([1, 2, 3])], ["rgb(7 7 7)", "rgb(1 2 3)"]);
});

test("a line is begun in the colour that differs most from the paper", () => {
  assert.deepEqual(
    farthest([
      [250, 250, 250],
      [200, 10, 10],
      [20, 20, 30],
    ]),
    [20, 20, 30],
  );
  assert.deepEqual([farthest(usual(1)), farthest([[9, 9, 9]])], [[255], [9, 9, 9]]);
});

test("the pressed colour is told, and shown as pressed", () => {
  const told = [];
  const swatches = new Swatches((ink) => told.push(ink));
  swatches.show([
    [0, 0, 0],
    [255, 0, 0],
  ]);
  const [, red] = swatches.node.children;
  red.dispatchEvent(event("click"));
  assert.deepEqual(told, ["rgb(255 0 0)"]);
  swatches.press(told[0]);
  assert.deepEqual(
    [...swatches.node.children].map((node) => node.getAttribute("aria-pressed")),
    ["false", "true"],
  );
});
