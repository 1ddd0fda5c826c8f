// Strips through time: how large their tiles are, which tile of a grid they show, and what stands beside them.
import assert from "node:assert/strict";
import test from "node:test";
import { Rows } from "../../assets/components/compare/rows.js";
import {
  boxOf,
  classesOf,
  countOf,
  placeOf,
  sizeOf,
  tileOf,
} from "../../assets/components/compare/tiles.js";
import { makeDocument } from "./dom.mjs";

/** A panel over `end` steps, as much as a strip asks of it. */
function rowsTo(end) {
  makeDocument();
  const { createElement } = globalThis.document;
  const getContext = () => ({ fillRect() {}, getImageData: () => ({ data: [0, 0, 0, 255] }) });
  globalThis.document.createElement = (tag) => Object.assign(createElement(tag), { getContext });
  const colors = { runs: ["#000", "#000"] };
  const placesOf = (places) => places.step;
  return new Rows({ end, colors, placesOf, cursor: null, prefs: { x: "step" } });
}

/** A run with samples at these steps, in tiles of `tile` pixels. */
function ran(tile, ...step) {
  const grid = { columns: 10, rows: 8, tile };
  const samples = { step, written: step };
  const run = { id: "r", title: "fast_gan", short: "00001" };
  return { run, index: 0, facts: { grid, samples, evals: [], eval_places: { step: [] } } };
}

test("digits are enlarged by whole numbers, photographs shrunk to their longer side", () => {
  assert.deepEqual(sizeOf([28, 28]), [56, 56]);
  assert.deepEqual(sizeOf([64, 64]), [64, 64]);
  assert.deepEqual(sizeOf([192, 256]), [42, 56]);
  assert.deepEqual(sizeOf([256, 128]), [56, 28]);
});

test("a place is as wide as the widest tile, and smaller images are enlarged to it", () => {
  assert.equal(placeOf([[28, 28]]), 56);
  assert.equal(
    placeOf([
      [28, 28],
      [64, 64],
    ]),
    64,
  );
  assert.deepEqual(sizeOf([32, 32], 64), [64, 64]);
  assert.deepEqual(sizeOf([28, 28], 100), [84, 84]);
  assert.deepEqual(sizeOf([256, 256], 64), [64, 64]);
});

test("every tile takes a whole place, on whole pixels", () => {
  assert.deepEqual(boxOf([28, 28], 64), { width: 56, height: 56, margin: "0 4px 0 4px" });
  assert.deepEqual(boxOf([28, 28], 65), { width: 56, height: 56, margin: "0 5px 0 4px" });
  assert.deepEqual(boxOf([64, 64], 64), { width: 64, height: 64, margin: "0 0px 0 0px" });
});

test("strips of runs with other image sizes stand over the same labels", () => {
  const rows = rowsTo(150);
  const places = rows.places();
  rows.at = places.length - 1;
  const ends = [28, 64].map((side) => {
    const strip = rows.strip(ran([side, side], 0, 75, 150), places, 64);
    const tiles = [...strip.all()].filter((node) => node.attributes.class?.startsWith("tile "));
    return tiles.map(({ style }) => {
      const [, right, , left] = style.margin.split(" ").map(Number.parseFloat);
      return left + Number.parseFloat(style.width) + right;
    });
  });
  assert.deepEqual(ends[0], ends[1]);
});

test("a class has one button, however many columns it has", () => {
  const names = ["apple", "apple", "apple", "front", "front", "front"];
  assert.deepEqual(classesOf({ names, each: 3 }), ["apple", "front"]);
  assert.deepEqual(classesOf({ names: ["0", "1"] }), ["0", "1"]);
  assert.deepEqual(classesOf({}), []);
});

test("the next z of a class stands beside the one before, then below", () => {
  const grid = { columns: 6, rows: 8, each: 3 };
  const shown = [0, 1, 3].map((z) => tileOf(grid, 1, z, false));
  assert.deepEqual(
    shown.map(({ column, row }) => [column, row]),
    [
      [3, 0],
      [4, 0],
      [3, 1],
    ],
  );
  assert.equal(countOf(grid, false), 24);
  assert.deepEqual(tileOf({ columns: 10, rows: 8 }, 3, 2, false), { column: 3, row: 2 });
  assert.deepEqual(tileOf({ columns: 2, rows: 8 }, 3, 2, false), { column: 1, row: 2 });
});

test("the next held-out image stands after the columns of the one before", () => {
  const grid = { columns: 6, rows: 7, repeat: 2 };
  assert.deepEqual(tileOf(grid, 1, 1, true), { column: 4, row: 0 });
  assert.deepEqual(tileOf(grid, 1, 2, true), { column: 1, row: 1 });
  assert.equal(countOf(grid, true), 14);
});

test("beyond the last sample its step is said; the run may have gone on since", () => {
  const rows = rowsTo(150);
  const places = rows.places();
  rows.at = places.length - 1;
  const strip = rows.strip(ran([28, 28], 0, 75), places, 56);
  const at = [...strip.all()].find((node) => node.attributes.class === "at");
  assert.equal(at.textContent, "last sample at step 75");
  const none = [...strip.all()].findLast((node) => node.attributes.class?.endsWith("none"));
  assert.equal(none.attributes["aria-label"], "run 1: last sample at step 75");
});
