// Arithmetic on what goes into a translator and comes out of it.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  brightness,
  changeMap,
  changed,
  errorMap,
  fitsIn,
  fromText,
  l1,
  opinionMap,
  sizeOf,
  toText,
} from "../../assets/components/translate/pixels.js";

const bytes = (...values) => Uint8Array.from(values);

test("brightness is the luma of Rec. 601", () => {
  assert.deepEqual([...brightness(bytes(0, 7, 255), 1)], [0, 7, 255]);
  const [red, green, blue, white] = brightness(
    bytes(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255),
    3,
  );
  assert.deepEqual([red, green, blue, white].map(Math.round), [76, 150, 29, 255]);
});

test("L1 is in units of [-1, 1]; grey counts as grey colour", () => {
  assert.equal(l1(bytes(0, 0), bytes(255, 255)), 2);
  assert.equal(l1(bytes(0, 255), bytes(0, 0)), 1);
  assert.equal(l1(bytes(255, 0, 0), bytes(0)), 2 / 3);
  assert.equal(l1(bytes(0), bytes(255, 0, 0)), 2 / 3);
});

test("too bright is gold, missing is teal, right is black", () => {
  const map = errorMap(bytes(255, 0, 9), bytes(0, 255, 9), 1);
  assert.deepEqual([...map], [246, 206, 94, 69, 214, 196, 0, 0, 0]);
});

test("what was altered is orange, also between grey and colour", () => {
  assert.deepEqual(
    [...changeMap(bytes(0, 50), 1, bytes(255, 255, 255, 50, 50, 50), 3)],
    [255, 150, 60, 0, 0, 0],
  );
});

test("pixels that differ are counted once", () => {
  assert.equal(changed(bytes(1, 2, 3, 4, 5, 6), bytes(9, 9, 3, 4, 5, 6), 3), 1);
  assert.equal(changed(bytes(1, 2), bytes(1, 2), 1), 0);
});

test("each patch colours the pixels that it judges", () => {
  const map = opinionMap([1, 0], [1, 2], 4, 1, bytes(255, 255, 255, 255), 1);
  const hue = (i) => map[3 * i] > map[3 * i + 2]; // gold has more red than blue
  assert.deepEqual([0, 1, 2, 3].map(hue), [false, false, true, true]);
});

test("an image in a link comes back byte for byte; nothing else does", () => {
  const image = Uint8Array.from({ length: 3072 }, (_, i) => (i * 37) % 256);
  const text = toText(image);
  assert.match(text, /^[A-Za-z0-9_-]+$/);
  assert.deepEqual(fromText(text), image);
  assert.equal(text, Buffer.from(image).toString("base64url"));
  assert.equal(toText(new Uint8Array(3201)), "");
  assert.equal(fromText(toText(new Uint8Array(70000), Infinity)).length, 70000);
  assert.deepEqual([fromText("*"), fromText("")], [null, null]);
});

test("an image fits where its bytes are those of its size and the channels of the way", () => {
  assert.ok(fitsIn(new Uint8Array(12), [2, 2], [28, 28, 3]));
  assert.ok(!fitsIn(new Uint8Array(4), [2, 2], [28, 28, 3]));
  assert.equal(sizeOf([2, 3, 4]), 24);
});

test("grey and colours as CSS", () => {});
