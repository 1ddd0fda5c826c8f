// Where the page is in latent space.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Latent } from "../../assets/components/explore/latent.js";

class Place extends Latent {
  change() {
    this.changes = (this.changes ?? 0) + 1;
  }
  tell() {}
  get classes() {
    return this.about.classes;
  }
}

function place(prior = "normal", classes = 3) {
  const found = Object.assign(new Place(), { about: { prior, classes } });
  Object.assign(found, { z: [0.5, -1], base: { seed: 1, z: [0.5, -1] } });
  found.weights = found.oneHot(1);
  return found;
}

test("a request is z, truncated, and the weights of the classes", () => {
  const here = place();
  here.psi = 0.5;
  assert.deepEqual([...here.line()], [0.25, -0.5, 0, 1, 0]);
  assert.deepEqual([...here.body([here.line(), here.line()])].length, 10);
});

test("a locked number stays, and a uniform prior ends at 1", () => {
  const here = place("uniform");
  here.locks.add(1);
  here.setZ([3, 0]);
  assert.deepEqual([...here.z], [1, -1]);
  assert.ok(here.moved && here.changes === 1);
});

test("moving along a direction sets its coordinate and nothing across it", () => {
  const here = place();
  here.moveTo([0.6, 0.8], 2);
  assert.ok(Math.abs(here.along([0.6, 0.8]) - 2) < 1e-12);
  assert.ok(Math.abs(here.along([0.8, -0.6]) - (0.8 * 0.5 + 0.6)) < 1e-12);
});
