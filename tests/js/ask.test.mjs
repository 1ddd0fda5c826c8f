// The binary answers of Explore's routes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { unpack } from "../../assets/components/shared/ask.js";

test("arrays of bytes and floats lie behind their header, each on a multiple of four", () => {
  let text = JSON.stringify({ parts: [["u1", [3]], ["f4", [1, 2]]], step: 5 });
  text = text.padEnd(4 * Math.ceil(text.length / 4));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(text.length);
  const floats = Buffer.from(new Float32Array([0.5, -2]).buffer);
  const all = Buffer.concat([head, Buffer.from(text), Buffer.from([7, 8, 9, 0]), floats]);
  const { header, parts } = unpack(all.buffer.slice(all.byteOffset, all.byteOffset + all.length));
  assert.equal(header.step, 5);
  assert.deepEqual(parts.map((p) => [...p]), [[7, 8, 9], [0.5, -2]]);
});
