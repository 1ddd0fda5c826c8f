// Where the app is, from the address of one of its files.
import assert from "node:assert/strict";
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
