// Two pictures and a line between them.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Wipe, movedBy } from "../../assets/components/shared/wipe.js";
import { event, makeDocument } from "./dom.mjs";

beforeEach(() => makeDocument());

test("arrows move by a hundredth, with Shift by a tenth, Home and End to the ends", () => {
  const by = (key, share, shiftKey = false) => movedBy({ key, shiftKey }, share);
  assert.deepEqual(
    [
      by("ArrowRight", 0.5),
      by("ArrowLeft", 0.5),
      by("ArrowUp", 0.5, true),
      by("ArrowDown", 0.5, true),
    ],
    [0.51, 0.49, 0.6, 0.4],
  );
  assert.deepEqual(
    [by("Home", 0.3), by("End", 0.3), by("ArrowLeft", 0), by("ArrowRight", 0.97, true)],
    [0, 1, 0, 1],
  );
  assert.equal(by("Tab", 0.5), null);
  let share = 0;
  for (let i = 0; i < 100; i++) share = by("ArrowRight", share);
  assert.equal(share, 1);
});

/** What was drawn: [which, left, width] of every clipped picture. */
function wipe(options) {
  const [found, drawn] = [new Wipe(options), []];
  let clip;
  found.canvas.getContext = () => ({
    save() {},
    restore() {},
    beginPath() {},
    clip() {},
    rect(x, _, w) {
      clip = [x, w];
    },
    drawImage(side) {
      drawn.push([side.name, ...clip]);
    },
  });
  found.canvas.box = { width: 200, height: 200 };
  found.show(
    { name: "a", width: 20, height: 20 },
    { name: "b", naturalWidth: 10, naturalHeight: 10 },
  );
  return Object.assign(found, { pictures: drawn });
}

test("A is left of the line, B right of it, a smaller one as large as the other", () => {
  const found = wipe();
  assert.deepEqual([found.canvas.width, found.canvas.height], [20, 20]);
  assert.deepEqual(found.pictures.splice(0), [
    ["a", 0, 10],
    ["b", 10, 10],
  ]);
  found.move(0.25);
  assert.deepEqual(found.pictures.splice(0), [
    ["a", 0, 5],
    ["b", 5, 15],
  ]);
  assert.equal(found.line.style.left, "25%");
});

test("a letter without a picture is hidden, and the words say how much of each is seen", () => {
  const found = wipe({ names: ["Input", "Output"] });
  const hidden = () => found.letters.map((letter) => letter.hidden);
  assert.deepEqual(hidden(), [false, false]);
  found.handle.dispatchEvent(event("keydown", { key: "Home" }));
  assert.deepEqual(hidden(), [true, false]);
  found.handle.dispatchEvent(event("keydown", { key: "ArrowRight", shiftKey: true }));
  assert.equal(found.handle.attributes["aria-valuetext"], "10 % Input, 90 % Output");
  assert.equal(found.handle.attributes["aria-valuenow"], "10");
});

test("the line follows the pointer, and stays in the picture", () => {
  const found = wipe();
  const at = (type, x) => event(type, { clientX: x, clientY: 5 });
  found.node.dispatchEvent(at("pointerdown", 50));
  assert.equal(found.share, 0.25);
  window.dispatchEvent(at("pointermove", 900));
  assert.equal(found.share, 1);
});

test("a slider beside it moves it, and has its keys", () => {
  const slider = document.createElement("input");
  const found = wipe({ slider });
  slider.value = "0.75";
  slider.dispatchEvent(event("input"));
  assert.equal(found.share, 0.75);
  const key = event("keydown", { key: "ArrowLeft", shiftKey: true });
  slider.dispatchEvent(key);
  assert.ok(key.defaultPrevented);
  assert.deepEqual([found.share, slider.value], [0.65, "0.65"]);
});
