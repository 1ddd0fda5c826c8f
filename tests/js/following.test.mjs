// Which step of a run is looked at, who is told, and what is said while the server does not answer.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { cursorOf, setCursor } from "../../assets/components/shared/feed.js";
import { Following, nearest, storesOf } from "../../assets/components/shared/following.js";

const UNTIL = 5000; // ms
let [answers, made, number] = [{}, [], 0];

class Store extends Following(Object) {
  log = [];

  constructor(run, step = null) {
    super(run, "explore", step);
    made.push(this);
  }

  open() {
    this.ready = true;
    this.log.push("open");
  }
  renewed() {
    this.log.push(this.at);
  }
  joined() {}
}

beforeEach(() => {
  globalThis.window = new EventTarget();
  globalThis.document = { hidden: false };
  globalThis.fetch = async () => {
    if (answers.broken) throw new TypeError("no network");
    return new Response(JSON.stringify(answers.body), {
      status: answers.status ?? 200,
      headers: { "content-type": "application/json" },
    });
  };
  answers = { body: { steps: [0, 10, 20], training: false } };
});

afterEach(() => {
  for (const store of made.splice(0)) store.end();
});

const fresh = (step) => new Store(`run-${(number += 1)}`, step);

async function until(test) {
  const end = Date.now() + UNTIL;
  while (!test()) {
    assert.ok(Date.now() < end, "not in time");
    await new Promise((go) => setTimeout(go, 5));
  }
}

test("the nearest step; the asked one where there is none", () => {
  assert.equal(nearest([0, 10, 50], 28), 10);
  assert.equal(nearest([], 28), 28);
});

test("it opens once there are weights, and follows the newest until a step is chosen", async () => {
  answers.body.steps = [];
  const store = fresh();
  store.poll();
  await until(() => store.facts);
  assert.deepEqual(store.log, []);
  answers.body.steps = [0, 10];
  await until(() => store.ready);
  answers.body.steps = [0, 10, 20];
  await until(() => store.log.includes(20));
  store.setStep(10);
  answers.body.steps = [0, 10, 20, 30];
  await until(() => store.newest === 30);
  assert.deepEqual(store.log, ["open", 20, 10]);
  assert.deepEqual(cursorOf(store.run), { run: store.run, step: 10, live: false });
  store.setFollow(true);
  assert.equal(store.at, 30);
});

test("another page's cursor moves it, to a step that there is; its own does not come back", async () => {
  const store = fresh();
  store.poll();
  await until(() => store.ready);
  setCursor(store.run, 12, false);
  assert.deepEqual([store.at, store.follow], [10, false]);
  assert.deepEqual(store.log, ["open", 10]);
  setCursor(store.run, null, true);
  assert.deepEqual([store.at, store.follow], [20, true]);
});

test("the address wins over the cursor", () => {
  const run = `run-${(number += 1)}`;
  setCursor(run, 10, false);
  assert.equal(new Store(run).step, 10);
  assert.equal(new Store(run, 20).step, 20);
});

test("what is said while the server is away is taken back, what stays stays", async () => {
  const [store, said] = [fresh(), []];
  store.join({ problem: (words) => said.push(words) });
  answers.broken = true;
  store.poll();
  await until(() => store.words);
  assert.match(store.words, /No contact/);
  answers.broken = false;
  await until(() => store.facts);
  assert.equal(store.words, "");
  assert.equal(said.length, 2); // told once, taken back once
  store.problem("The address is wrong.", { stays: true });
  store.solved();
  assert.equal(store.words, "The address is wrong.");
  store.problem("That was nothing.");
  store.solved();
  assert.equal(store.words, "");
});

test("one store a run, for as long as somebody listens", () => {
  const storeOf = storesOf(Store);
  const first = storeOf("shared");
  const [leave, leaveToo] = [first.join({}), first.join({})];
  leave();
  assert.equal(storeOf("shared"), first);
  leaveToo();
  assert.ok(first.ended);
  assert.notEqual(storeOf("shared"), first);
});
