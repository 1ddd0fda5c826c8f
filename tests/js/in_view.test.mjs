// What is out of view waits, and is told once when it comes back.
import assert from "node:assert/strict";
import test from "node:test";

import { InView } from "../../assets/components/shared/in_view.js";

let heard;
globalThis.IntersectionObserver = class {
  constructor(told) {
    heard = (...seen) => told(seen.map((isIntersecting) => ({ isIntersecting })));
  }
  observe(node) {
    this.node = node;
  }
  disconnect() {
    this.node = null;
  }
};

test("in view until the browser says otherwise; the newest of several words counts", () => {
  let backs = 0;
  const view = new InView("chart", () => {
    backs += 1;
  });
  assert.ok(view.is);
  heard(true); // nothing new
  heard(true, false);
  assert.ok(!view.is);
  assert.equal(backs, 0);
  heard(false, true);
  assert.deepEqual([view.is, backs], [true, 1]);
  heard(true);
  assert.equal(backs, 1);
  view.dispose();
  assert.equal(view.observer.node, null);
});
