// When a page asks for the measures of held-out images.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./dom.mjs";
import { HeldOut } from "../../assets/components/train/curves_held.js";

const L1 = { l1: { steps: [10], values: [0.3] } };
const settled = () => new Promise((go) => setTimeout(go));

/** A run's measures; how often they were asked for, and what was drawn. */
function measured(answers = [L1]) {
  const seen = { asked: 0, told: 0 };
  globalThis.fetch = async () => {
    const measures = answers[Math.min(seen.asked++, answers.length - 1)];
    return measures
      ? new Response(JSON.stringify({ measures }), {
          headers: { "Content-Type": "application/json" },
        })
      : new Response("{}", { status: 500 });
  };
  return Object.assign(seen, { held: new HeldOut("00001", () => (seen.told += 1)) });
}

const [stopped, running] = ["stopped", "running"].map((state) => ({ state, step: 10 }));

test("a run that ended is asked as soon as there is a chart, not at its next poll", async () => {
  const seen = measured();
  seen.held.follow(stopped);
  assert.equal(seen.asked, 0); // nobody draws them
  seen.held.want();
  await settled();
  assert.deepEqual([seen.asked, seen.told], [1, 1]);
  assert.deepEqual(seen.held.of("l1"), L1.l1);
});

test("what is measured after the last step comes too, and a failure is no answer", async (context) => {
  context.mock.method(performance, "now", () => time);
  let time = 0;
  const seen = measured([{}, null, L1]);
  seen.held.want();
  for (const status of [running, running, stopped, stopped, stopped]) {
    seen.held.follow(status);
    await settled();
    time += 5000;
  }
  assert.equal(seen.asked, 3);
  assert.deepEqual(seen.held.of("l1"), L1.l1);
});
