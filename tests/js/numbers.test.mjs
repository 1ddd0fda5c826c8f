// z as numbers: filled in when the part opens, but never over what somebody has typed there.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Numbers } from "../../assets/components/explore/numbers.js";
import { event, makeDocument } from "./dom.mjs";

beforeEach(() => makeDocument());

const opened = (numbers) => {
  numbers.node.open = true;
  numbers.node.dispatchEvent(event("toggle"));
};

test("what was typed before the browser told that it opened is kept", () => {
  const numbers = new Numbers({ store: { z: Float32Array.of(0.5, -1) } });
  numbers.field.value = "";
  opened(numbers);
  assert.equal(numbers.field.value, "[0.5, -1]");
  numbers.panel.store.z = Float32Array.of(2, 3);
  opened(numbers);
  assert.equal(numbers.field.value, "[2, 3]");
  numbers.field.value = "1 2 3";
  opened(numbers);
  assert.equal(numbers.field.value, "1 2 3");
});
