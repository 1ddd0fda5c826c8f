// The tour: where its words go, and that each page has four to six stops.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./dom.mjs";
import { beside, found } from "../../assets/components/shared/tour.js";
import { TOURS } from "../../assets/components/shared/tour_stops.js";

test("words stand below what they are about, else above, else at the lower end of the window", () => {
  const window = [1000, 800],
    card = [300, 150];
  assert.deepEqual(
    beside({ left: 50, top: 100, right: 400, bottom: 200 }, card, window),
    [50, 208],
  );
  assert.deepEqual(
    beside({ left: 950, top: 600, right: 990, bottom: 780 }, card, window),
    [692, 442],
  );
  const [left, top] = beside({ left: -20, top: 10, right: 900, bottom: 790 }, card, window);
  assert.deepEqual([left, top], [8, 634]);
});

test("each tour has four to six stops with words of at most thirty words", () => {
  for (const [name, stops] of Object.entries(TOURS)) {
    assert.ok(stops.length >= 4 && stops.length <= 6, name);
    for (const { at, title, text } of stops)
      assert.ok(at.length && title && text.split(/\s+/).length <= 30, `${name}: ${title}`);
  }
});

test("a stop is the first of its places that can be seen", () => {
  const seen = { getClientRects: () => [1] },
    away = { getClientRects: () => [] };
  const page = {
    querySelectorAll: (selector) => ({ a: [], b: [away], c: [away, seen] })[selector],
  };
  assert.equal(found(["a", "b", "c"], page), seen);
  assert.equal(found(["a", "b"], page), null);
});
