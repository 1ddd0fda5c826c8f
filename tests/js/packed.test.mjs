// The binary answers of the routes, against bytes that were written by hand (packed.json).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { unpack } from "../../assets/components/shared/packed.js";

const examples = JSON.parse(readFileSync(new URL("packed.json", import.meta.url)));

function bufferOf({ length, text, numbers }) {
  const hex = (digits) => Buffer.from(digits, "hex");
  const all = Buffer.concat([
    hex(length),
    Buffer.from(text),
    ...numbers.map(([, digits]) => hex(digits)),
  ]);
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.length);
}

const plain = (array) => [...array].map((v) => (Number.isNaN(v) ? null : v));

test("named arrays are read by name and in their order", () => {
  const { header, arrays } = examples.named;
  const found = unpack(bufferOf(examples.named));
  assert.deepEqual({ ...found.header, parts: undefined }, { ...header, parts: undefined });
  assert.deepEqual(
    found.header.parts,
    Object.entries(arrays).map(([name, [kind, shape]]) => [name, kind, shape]),
  );
  assert.deepEqual(Object.keys(found.columns), Object.keys(arrays));
  for (const [name, [, , values]] of Object.entries(arrays))
    assert.deepEqual(plain(found.columns[name]), values);
  assert.ok(
    found.columns.time instanceof Float64Array && found.columns.loss instanceof Float32Array,
  );
  assert.deepEqual(found.parts, [found.columns.time, found.columns.loss]);
});

test("arrays without a name are read in their order, empty ones too", () => {
  const found = unpack(bufferOf(examples.ordered));
  assert.deepEqual(
    found.parts.map(plain),
    examples.ordered.arrays.map(([, , values]) => values),
  );
  assert.ok(found.parts[0] instanceof Uint8Array);
  assert.deepEqual(found.columns, {});
});

test("nothing is copied: arrays look into the answer", () => {
  const buffer = bufferOf(examples.ordered);
  for (const part of unpack(buffer).parts) assert.equal(part.buffer, buffer);
});
