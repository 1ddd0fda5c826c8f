// Where the app is, from the address of one of its files.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { appRoot, urlOf } from "../../assets/components/shared/place.js";

const FILE = "assets/components/0123456789ab/shared/place.js";

for (const [before, root] of [
  ["http://localhost:8501/", "/"],
  ["https://lab.example/gan/", "/gan/"],
  ["https://hub.example/user/me/proxy/8501/", "/user/me/proxy/8501/"],
  ["https://lab.example/assets/components/", "/assets/components/"],
  ["https://lab.example/a%2Fb/", "/a%2Fb/"],
  ["https://lab.example//evil.example/", "/evil.example/"], // never another host
]) {
  test(`the app at ${before} is at ${root}`, () => assert.equal(appRoot(before + FILE), root));
}

test("a file of a checkout is at the root", () => assert.equal(urlOf("api/runs"), "/api/runs"));

test("no component asks at the root of the host, where the app may not be", () => {
  const root = new URL("../../assets/components/", import.meta.url);
  const names = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".js"));
  const asked = names.flatMap((name) =>
    readFileSync(new URL(name, root), "utf8")
      .split("\n")
      .filter((line) => /["'`]\/api\b/.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  assert.deepEqual(asked, []);
});
