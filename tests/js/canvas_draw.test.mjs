// Drawing: what becomes bytes, where the keyboard moves the pencil, what can be taken back.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { CanvasDraw, bytesOf, stepped } from "../../assets/components/shared/canvas_draw.js";
import { event, makeDocument } from "./dom.mjs";

beforeEach(() => makeDocument());

test("a drawing becomes bytes in colour or in grey", () => {
  const rgba = Uint8ClampedArray.from([
    255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 200, 200, 200, 255,
  ]);
  assert.deepEqual([...bytesOf(rgba, 3)], [255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 200, 200]);
  assert.deepEqual([...bytesOf(rgba, 1)], [76, 150, 29, 200]); // luma of Rec. 601, as PIL's "L"
});

test("arrows move the pencil from pixel to pixel, and not out of the drawing", () => {
  const by = (key, at, shiftKey = false) => stepped({ key, shiftKey }, at, 28, 20);
  assert.deepEqual(
    [by("ArrowRight", [1.5, 1.5]), by("ArrowUp", [1.5, 1.5])],
    [
      [2.5, 1.5],
      [1.5, 0.5],
    ],
  );
  assert.deepEqual(
    [by("ArrowLeft", [2.5, 1.5], true), by("ArrowDown", [1.5, 18.5], true)],
    [
      [0.5, 1.5],
      [1.5, 19.5],
    ],
  );
  assert.equal(by("a", [1, 1]), null);
});

/** A drawing whose picture is the list of its strokes: [from, to, colour]. */
function drawing() {
  let told = 0;
  const found = new CanvasDraw({
    label: "Your drawing",
    changed: () => {
      told += 1;
    },
  });
  let strokes = [];
  const pen = {
    beginPath() {},
    moveTo(...at) {
      pen.from = at;
    },
    lineTo(...at) {
      pen.to = at;
    },
    stroke() {
      strokes = [...strokes, [pen.from, pen.to, pen.strokeStyle]];
    },
    arc(...at) {
      pen.from = pen.to = at.slice(0, 2);
    },
    fill() {
      strokes = [...strokes, [pen.from, pen.to, pen.fillStyle]];
    },
    fillRect() {
      strokes = [];
    },
    getImageData: () => strokes,
    putImageData(before) {
      strokes = before;
    },
  };
  found.canvas.getContext = () => pen;
  found.resize([20, 28], 8);
  const press = (name, more) =>
    found.canvas.dispatchEvent(event("keydown", { key: name, ...more }));
  return Object.assign(found, { press, strokes: () => strokes, told: () => told });
}

test("with the pencil lifted arrows only move it; put down it draws, and Ctrl+Z takes that back", () => {
  const found = drawing();
  found.press("ArrowRight");
  assert.deepEqual([found.strokes(), found.at], [[], [15.5, 10.5]]);
  found.press(" ");
  found.press("ArrowDown");
  found.press("Escape");
  found.press("ArrowDown");
  const dot = [15.5, 10.5];
  assert.deepEqual(found.strokes(), [
    [dot, dot, "#fff"],
    [dot, [15.5, 11.5], "#fff"],
  ]);
  found.press("z", { ctrlKey: true });
  assert.deepEqual([found.strokes(), found.canUndo], [[], false]);
});

test("the eraser draws with the paper's colour, an ink takes the pencil again", () => {
  const found = drawing();
  found.erase();
  found.press(" ");
  found.dip("#ff0000");
  found.press("ArrowLeft");
  assert.deepEqual(
    found.strokes().map(([, , colour]) => colour),
    ["#000", "#ff0000"],
  );
});

test("fifty strokes can be taken back", () => {
  const found = drawing();
  for (let i = 0; i < 60; i++) {
    found.press(" ");
    found.press(" ");
  }
  assert.equal(found.strokes().length, 60);
  for (let i = 0; i < 60; i++) found.undo();
  assert.equal(found.strokes().length, 10);
});

test("a stroke of the pointer is one to take back, and is told when it is over", () => {
  const found = drawing();
  found.canvas.box = { width: 224, height: 160 };
  const before = found.told();
  found.canvas.dispatchEvent(event("pointerdown", { clientX: 8, clientY: 8 }));
  window.dispatchEvent(event("pointermove", { clientX: 24, clientY: 8 }));
  window.dispatchEvent(event("pointerup", { clientX: 24, clientY: 8 }));
  assert.deepEqual(
    found.strokes().map(([from, to]) => [from, to]),
    [
      [
        [1, 1],
        [1, 1],
      ],
      [
        [1, 1],
        [3, 1],
      ],
    ],
  );
  assert.equal(found.told(), before + 1);
  found.undo();
  assert.deepEqual(found.strokes(), []);
});

test("picking takes the colour that is pressed, by key or pointer, and draws nothing", () => {
  const [found, picked] = [drawing(), []];
  found.picked = (ink) => picked.push(ink);
  const pen = found.canvas.getContext();
  found.canvas.getContext = () => ({
    ...pen,
    getImageData: (x, y) => ({ data: Uint8ClampedArray.of(x, y, 9, 255) }),
  });
  found.canvas.box = { width: 224, height: 160 };
  found.pick();
  found.press(" ");
  found.canvas.dispatchEvent(event("pointerdown", { clientX: 9, clientY: 159 }));
  assert.deepEqual(
    [picked, found.strokes(), found.canUndo],
    [["rgb(14 10 9)", "rgb(1 19 9)"], [], false],
  );
  found.dip(picked[0]);
  assert.ok(!found.picking && !found.down);
});
