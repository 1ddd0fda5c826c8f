// z and class of the page that leaves the house.
import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../assets/components/shared/random.js";
import { between, blended, drawn } from "../../assets/web_page/latent.js";

test("a blend has the sum 1 that every class had in training; no class stays none", () => {
  assert.deepEqual([...blended(Float32Array.of(1, 0, 0))], [1, 0, 0]);
  assert.deepEqual([...blended(Float32Array.of(1, 1, 0))], [0.5, 0.5, 0]);
  assert.deepEqual([...blended(Float32Array.of(0, 0.25, 0.75))], [0, 0.25, 0.75]);
  assert.deepEqual([...blended(new Float32Array(2))], [0, 0]);
});

test("a walk begins and ends where it should, and stays as far from the middle as z is drawn", () => {
  const next = random(2),
    [a, b] = [1, 2].map(() => drawn(64, "normal", next)),
    norm = (v) => Math.hypot(...v);
  for (const [t, end] of [
    [0, a],
    [1, b],
  ])
    between(a, b, t, "normal").forEach((v, i) => assert.ok(Math.abs(v - end[i]) < 1e-6));
  assert.ok(Math.abs(norm(between(a, b, 0.5, "normal")) - (norm(a) + norm(b)) / 2) < 1e-5);
  const [c, d] = [1, 2].map(() => drawn(64, "uniform", next));
  assert.ok([...c, ...between(c, d, 0.3, "uniform")].every((v) => Math.abs(v) <= 1));
});
