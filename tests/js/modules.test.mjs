// Every module can be read without a browser: nothing happens before somebody calls it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../assets/components/", import.meta.url);
const names = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".js"));

test("there are modules", () => assert.ok(names.length > 50));

for (const name of names) {
  test(name, async () => assert.ok(Object.keys(await import(new URL(name, root))).length));
}
