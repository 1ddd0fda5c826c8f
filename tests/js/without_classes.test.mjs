// Explore speaks of classes only where the generator has some.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { event, makeDocument } from "./dom.mjs";

beforeEach(() => makeDocument());
const at = "../../assets/components/explore";

test("what a part says of a generator without classes names none", async () => {
  makeDocument();
  const { noteOf } = await import(`${at}/directions.js`);
  const { invitation } = await import(`${at}/draw.js`);
  const { wordsOf } = await import(`${at}/time.js`);
  const said = (classes) => [
    noteOf("sefa", classes),
    invitation(classes),
    wordsOf(7, 7, classes),
    wordsOf(60, 90, classes),
  ];
  assert.ok(said(10).every((words) => /class/.test(words)));
  assert.ok(said(0).every((words) => words && !/class/.test(words)));
});

test("nor does the menu of downloads", async () => {
  const { Downloads } = await import(`${at}/downloads.js`);
  const downloads = new Downloads({ store: { classes: 0 } });
  const offered = () =>
    [...downloads.node.all()]
      .filter((each) => each.tag === "button" && !each.hidden)
      .map((each) => each.textContent);
  downloads.node.dispatchEvent(event("toggle"));
  assert.deepEqual(offered(), ["Image, PNG", "Seven z, PNG", "z, JSON", "z and image, NPZ"]);
  downloads.panel.store.classes = 10;
  downloads.node.dispatchEvent(event("toggle"));
  assert.equal(offered().length, 5);
});
