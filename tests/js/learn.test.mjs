// The lesson in the page: seeded, learns all groups, acts on settings, says when it flew off.
import { makeDocument } from "./dom.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, Stages } from "../../assets/components/learn/stages.js";
import { Lesson } from "../../assets/components/learn/lesson.js";
import { owed } from "../../assets/components/learn/plane.js";
import { plain } from "../../assets/components/learn/graphs.js";
import {
  arrowLength,
  bent,
  heat,
  meanLength,
  toPixel,
  toPoint,
} from "../../assets/components/learn/plane_draw.js";
import { DISTRIBUTIONS, covered, rows } from "../../assets/components/learn/points.js";
import { normal, random } from "../../assets/components/shared/random.js";

globalThis.ImageData ??= class {
  constructor(data, width, height) {
    [this.data, this.width, this.height] = [data, width, height];
  }
};

test("the same seed trains the same, another one does not", () => {
  const [a, b, c] = [1, 1, 2].map((seed) => {
    const lesson = new Lesson({ seed });
    lesson.train(5);
    return lesson;
  });
  assert.deepEqual(a.fake, b.fake);
  assert.notDeepEqual(a.fake, c.fake);
  assert.equal(a.step, 5);
});

test("it learns the two moons better than it starts", () => {
  const lesson = new Lesson({ data: "blob" });
  const spread = () => Math.hypot(...lesson.fake) / Math.sqrt(lesson.fake.length);
  const before = Math.abs(spread() - 0.3);
  lesson.train(300);
  assert.ok(Math.abs(spread() - 0.3) < before / 2, `${spread()}`);
});

test("only D leaves G as it is, only G leaves D", () => {
  const lesson = new Lesson();
  const [g, d] = ["g", "d"].map((name) => lesson.gan[name].variables.map((v) => v.slice()));
  lesson.train(2, "d");
  assert.deepEqual(lesson.gan.g.variables, g);
  assert.notDeepEqual(lesson.gan.d.variables, d);
  const after = lesson.gan.d.variables.map((v) => v.slice());
  lesson.train(2, "g");
  assert.deepEqual(lesson.gan.d.variables, after);
  assert.notDeepEqual(lesson.gan.g.variables, g);
});

test("a rate beyond reason is said and stops", () => {
  const lesson = new Lesson({ g_lr: 1, d_lr: 1, loss: "wasserstein", penalty: null });
  lesson.train(400);
  assert.ok(lesson.flown);
  const { step } = lesson;
  lesson.train(5);
  assert.equal(lesson.step, step);
});

test("what shapes the networks starts anew, the rest goes on", () => {
  const lesson = new Lesson();
  lesson.train(3);
  lesson.set("d_lr", 0.01);
  assert.equal(lesson.step, 3);
  assert.equal(lesson.gan.settings.d_lr, 0.01);
  lesson.set("latent_dim", 1);
  assert.equal(lesson.step, 0);
  assert.equal(lesson.gan.g.sizes[0], 1);
});

test("sixty steps a second at sixty frames and at twenty, and none is made up for a tab that stood still", () => {
  for (const frames of [20, 26, 30, 45, 60]) {
    let [steps, left] = [0, 0];
    for (let i = 0, many; i < 10 * frames; i++, steps += many)
      [many, left] = owed(1000 / frames, left);
    assert.ok(
      Math.abs(steps - 600) <= 1,
      `${frames} frames a second: ${steps} steps in ten seconds`,
    );
  }
  assert.equal(owed(0)[0], 1);
  assert.equal(owed(60_000)[0], 3);
});

test("sprayed points are what is learned", () => {
  const lesson = new Lesson();
  lesson.spray(Array.from({ length: 30 }, () => [1.2, -1.2]));
  assert.ok(lesson.real.every((v, i) => Math.abs(v - (i % 2 ? -1.2 : 1.2)) < 0.15));
});

test("every distribution stays on the plane, and groups are counted", () => {
  for (const source of Object.values(DISTRIBUTIONS)) {
    const made = rows(source, 500, random(3));
    assert.ok(
      made.every((v) => Math.abs(v) < 1.6),
      source.title,
    );
    if (source.groups.length > 1) assert.equal(covered(source, made), source.groups.length);
  }
  assert.equal(covered(DISTRIBUTIONS.ring, new Float64Array(100)), 0);
});

test("arrows shrink when the push does: half as long for a quarter of it, never beyond 34 pixels", () => {
  assert.equal(meanLength(Float64Array.of(3, 4, 0, 1)), 3);
  assert.ok(Math.abs(arrowLength(0.25, 1) - arrowLength(1, 1) / 2) < 1e-12);
  assert.equal(arrowLength(1e9, 1), 34);
  assert.ok(Number.isFinite(arrowLength(0, 0)));
});

test("normal numbers have mean 0 and variance 1", () => {
  const next = random(5),
    all = Array.from({ length: 20000 }, () => normal(next));
  const mean = all.reduce((a, b) => a + b) / all.length;
  assert.ok(Math.abs(mean) < 0.03);
  assert.ok(Math.abs(all.reduce((s, v) => s + (v - mean) ** 2, 0) / all.length - 1) < 0.05);
});

test("pixels and points are each other's inverse; heat is gold, black or teal", () => {
  assert.deepEqual(
    toPoint(100, ...toPixel(100, 0.3, -0.9)).map((v) => v.toFixed(9)),
    ["0.300000000", "-0.900000000"],
  );
  const lesson = new Lesson();
  lesson.train(20, "d");
  const image = heat(lesson.gan, 10);
  assert.equal(image.data.length, 400);
  assert.ok(image.data.some((v, i) => i % 4 < 3 && v > 5));
  assert.equal(bent(lesson.gan).length, 22);
  lesson.set("latent_dim", 1);
  assert.equal(bent(lesson.gan).length, 1);
});

test("chart, loop and map ask the loss where D cannot tell: a least-squares score of 0.5, of the others 0", () => {
  for (const [loss, middle] of [
    ["least_squares", 0.5],
    ["non_saturating", 0],
    ["hinge", 0],
  ]) {
    const lesson = new Lesson({ loss });
    lesson.note({
      real_scores: Float64Array.of(middle, middle),
      fake_scores: Float64Array.of(middle - 1),
    });
    assert.equal(lesson.last.real, 0.5);
    assert.ok(Math.abs(lesson.last.fake - 1 / (1 + Math.E)) < 1e-12);
  }
});

test("where only differences of scores mean anything, D is unsure in the middle of them, however high they are", () => {
  for (const [loss, moves] of [
    ["wasserstein", false],
    ["relativistic", false],
    ["non_saturating", true],
    ["hinge", true],
  ]) {
    const lesson = new Lesson({ loss, penalty: null });
    lesson.train(3, "d");
    const before = lesson.last;
    lesson.gan.d.variables.at(-1)[0] -= 50; // all scores alike, 50 lower
    lesson.train(1, "d");
    assert.equal(Math.abs(lesson.last.real - before.real) > 0.2, moves, loss);
    if (!moves) assert.ok(Math.abs(lesson.last.real + lesson.last.fake - 1) < 0.05, loss);
  }
});

test("numbers of Learn have no exponents", () => {
  assert.deepEqual([0.0024, 1.384, -0.001, -0.2, 109950.4, -74192, NaN].map(plain), [
    "0.00",
    "1.38",
    "0.00",
    "\u22120.20",
    "109,950",
    "\u221274,192",
    "\u2013",
  ]);
});

test("slow motion goes by itself, and stage by stage by hand where less motion is asked for", () => {
  makeDocument();
  const { setInterval } = globalThis;
  let due = () => {};
  globalThis.setInterval = (act) => {
    due = act;
    return 1;
  };
  for (const less of [false, true]) {
    window.matchMedia = () => ({ matches: less });
    const stages = new Stages(new Lesson(), () => 0),
      now = () => stages.at;
    stages.toggle();
    assert.deepEqual([stages.slow, now()], [true, 0]);
    due();
    due();
    assert.equal(now(), less ? 0 : 2);
    stages.go(now() + 1);
    assert.equal(now(), less ? 1 : 3);
    stages.go(STAGES.length);
    assert.deepEqual([now(), stages.lesson.step], [0, 1]);
    stages.toggle();
    assert.deepEqual([stages.slow, now()], [false, -1]);
    stages.dispose();
    due = () => {};
  }
  globalThis.setInterval = setInterval;
});
