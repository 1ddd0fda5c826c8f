// Drawing takes its share of the time and no more; polls are fewer where they take long.
import assert from "node:assert/strict";
import test, { mock } from "node:test";

import { pause } from "../../assets/components/shared/feed.js";
import { Pace } from "../../assets/components/shared/pace.js";

globalThis.requestAnimationFrame = (shown) => setTimeout(shown);

const pace = () => new Pace({ share: 0.05, least: 800, most: 3000 });

test("a drawing of 60 ms is followed by one 1.2 s after its begin: a twentieth of the time", () => {
  assert.deepEqual(
    [0, 10, 40, 60, 100, 150, 1000].map((ms) => pace().wait(ms)),
    [800, 800, 800, 1200, 2000, 3000, 3000],
  );
  assert.equal(pace().wait(5000), 5000); // slower than the slowest pace: one after the other
});

test("the first one is due, the next only when its time has come", async () => {
  const found = new Pace({ share: 0.05, least: 1e6, most: 1e6 });
  assert.ok(found.isDue);
  assert.equal(await found.time(async () => "drawn"), "drawn");
  assert.ok(!found.isDue);
  found.took(60, performance.now() - 1.1e6);
  assert.ok(found.isDue);
});

test("a drawing that fails counts, too", async () => {
  const found = new Pace({ share: 0.05, least: 1e6, most: 1e6 });
  await assert.rejects(
    found.time(async () => {
      throw new Error("no chart");
    }),
    /no chart/,
  );
  assert.ok(!found.isDue);
});

test("the frame that shows it counts as drawing", async () => {
  const found = new Pace({ share: 0.05, least: 0, most: Infinity });
  let shown;
  globalThis.requestAnimationFrame = (then) => {
    shown = then;
  };
  let now = 1000;
  const clock = mock.method(performance, "now", () => now);
  try {
    await found.time(async () => {
      now += 5;
    });
    assert.equal(found.next, 1100); // 5 ms are a twentieth of 100
    now += 60;
    shown();
    await new Promise((go) => setTimeout(go)); // timers come in the order in which they were set
    assert.equal(found.next, 2300); // and 65 of 1,300
  } finally {
    clock.mock.restore();
  }
});

test("polls of a run that trains are half a second apart, up to 1.5 s where they take long", () => {
  assert.deepEqual(
    [5, 60, 90, 120, 180, 900].map((took) => pause("running", took)),
    [500, 500, 750, 1000, 1500, 1500],
  );
  assert.deepEqual(
    [pause("running", 5, 3500), pause("running", 900, 700), pause("finished", 10, 0)],
    [3500, 1500, 2000],
  );
  assert.deepEqual(
    [pause("paused", 10), pause("finished", 900), pause("finished", 10)],
    [1000, 2000, 2000],
  );
});
