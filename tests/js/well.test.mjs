// A grid of images: how large, which one is chosen.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { scaleFor } from "../../assets/components/shared/pixels.js";
import { Well } from "../../assets/components/shared/well.js";
import { event, makeDocument } from "./dom.mjs";

beforeEach(() => makeDocument());

test("a pixel of an image is a whole number of device pixels, where one fits", () => {
  assert.deepEqual([scaleFor(28, 100), scaleFor(28, 100, 2), scaleFor(200, 100)], [3, 2, 0.5]);
  makeDocument(1.5);
  assert.equal(scaleFor(28, 100), 5 / 1.5);
  assert.equal(scaleFor(100, 80), 1 / 1.5); // one device pixel
});

function well(more = {}) {
  const gone = [];
  const found = new Well({
    label: "Samples",
    name: (c, r) => `${c} ${r}`,
    go: (...place) => gone.push(place),
    most: Infinity,
    ...more,
  });
  found.lay([60, 40], [20, 20], true); // three columns, two rows
  found.fit(130); // twice as large
  return Object.assign(found, { gone });
}

const key = (node, name) => node.dispatchEvent(event("keydown", { key: name }));

test("arrows choose an image, Home and End the ends of a row, Enter goes there", () => {
  const { node, gone } = well();
  for (const name of [
    "ArrowRight",
    "ArrowDown",
    "ArrowDown",
    "Enter",
    "End",
    " ",
    "Home",
    "ArrowUp",
    "Enter",
  ])
    key(node, name);
  assert.deepEqual(gone, [
    [1, 1],
    [2, 1],
    [0, 0],
  ]);
  assert.equal(node.attributes["aria-label"], "Samples: 0 0");
});

test("a click goes to the image under it, in its frame", () => {
  const { node, gone, focus } = well();
  node.dispatchEvent(event("click", { clientX: 85, clientY: 45 }));
  node.dispatchEvent(event("click", { clientX: 900, clientY: -5 }));
  assert.deepEqual(gone, [
    [2, 1],
    [2, 0],
  ]);
  node.dispatchEvent(event("focus"));
  assert.equal(focus.style.cssText, "left:80px;top:0px;width:40px;height:40px");
});

test("before there are images nothing is chosen", () => {
  const found = well();
  found.lay([60, 40], [20, 20]);
  key(found.node, "Enter");
  found.node.dispatchEvent(event("click", { clientX: 5, clientY: 5 }));
  assert.deepEqual([found.gone, found.canvas.style.width], [[], "120px"]); // it keeps its place
});
