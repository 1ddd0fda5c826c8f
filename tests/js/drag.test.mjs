// Following a pressed pointer.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { onDrag, within } from "../../assets/components/shared/drag.js";

class Node extends EventTarget {
  captured = [];
  setPointerCapture(id) {
    this.captured.push(id);
  }
  getBoundingClientRect() {
    return { left: 10, top: 20, width: 200, height: 100 };
  }
}

function event(type, x, y, more = {}) {
  return Object.assign(new Event(type), {
    clientX: x,
    clientY: y,
    button: 0,
    buttons: 1,
    pointerId: 1,
    ...more,
  });
}

let node, told;
beforeEach(() => {
  globalThis.window = new EventTarget();
  [node, told] = [new Node(), []];
});

const press = (x, y, more) => node.dispatchEvent(event("pointerdown", x, y, more));
const move = (x, y, more) => window.dispatchEvent(event("pointermove", x, y, more));
const lift = (x, y, more) =>
  window.dispatchEvent(event("pointerup", x, y, { buttons: 0, ...more }));

function listen(more = {}) {
  return onDrag(node, {
    start: (e) => ({ x: e.clientX }),
    move: (e, from) => told.push(["move", from.x, e.clientX]),
    end: (e) => told.push(["end", e.type]),
    click: (e) => told.push(["click", e.clientX]),
    ...more,
  });
}

test("without slack the press is the first move, and what follows is told until it is let go", () => {
  listen();
  press(5, 5);
  assert.deepEqual(node.captured, [1]);
  move(50, 5);
  lift(50, 5);
  move(90, 5);
  assert.deepEqual(told, [
    ["move", 5, 5],
    ["move", 5, 50],
    ["end", "pointerup"],
  ]);
});

test("within the slack it is a click, beyond it a drag that stays one", () => {
  listen({ slack: 4 });
  press(5, 5);
  move(8, 7);
  lift(8, 7);
  assert.deepEqual(told.splice(0), [["click", 8]]);
  press(5, 5);
  move(12, 5);
  move(6, 5);
  lift(6, 5);
  assert.deepEqual(told, [
    ["move", 5, 12],
    ["move", 5, 6],
    ["end", "pointerup"],
  ]);
});

test("other buttons, refusals and other pointers do not drag", () => {
  listen({ start: (e) => e.clientX > 0 && {} });
  press(5, 5, { button: 2 });
  press(-5, 5);
  move(9, 9);
  assert.deepEqual(told, []);
  press(5, 5);
  press(7, 7, { pointerId: 2 });
  move(9, 9, { pointerId: 2 });
  lift(9, 9, { pointerId: 2 });
  assert.equal(told.length, 1);
});

test("a pointer that is taken away ends the drag, and is no click", () => {
  listen({ slack: 4 });
  press(5, 5);
  window.dispatchEvent(event("pointercancel", 5, 5));
  assert.deepEqual(told, []);
  press(5, 5);
  move(20, 5);
  window.dispatchEvent(event("pointercancel", 20, 5));
  assert.deepEqual(told.splice(0).at(-1), ["end", "pointercancel"]);
});

test("a button let go where nobody saw it ends the drag at the next move", () => {
  listen();
  press(5, 5);
  move(30, 5, { buttons: 0 });
  move(40, 5);
  assert.deepEqual(told, [
    ["move", 5, 5],
    ["end", "pointermove"],
  ]);
});

test("who leaves hears nothing more", () => {
  const leave = listen();
  press(5, 5);
  leave();
  move(30, 5);
  press(6, 6);
  assert.equal(told.length, 1);
});

test("a place in an element is counted from its corner", () => {
  assert.deepEqual(within(event("pointermove", 30, 60), node), {
    x: 20,
    y: 40,
    width: 200,
    height: 100,
  });
});
