// When this browser draws by itself, with the worker's own code in place of its thread.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { choice, choose, DrawnHere } from "../../assets/components/shared/drawn_here.js";

const PLAN = {
  inputs: ["z"],
  output: "d",
  layers: [
    {
      name: "d",
      kind: "Dense",
      inputs: ["z"],
      params: { units: 2, activation: "linear" },
      weights: { kernel: "k" },
    },
  ],
};
const ENTRIES = [{ key: "k", type: "float32", size: 2, at: 0 }];
const WEIGHTS = new Uint8Array(Float32Array.of(1, -1).buffer);
const ONE = { params: { step: 5 }, body: [0.5] };

let asked, storage, answers, thread, ms;
globalThis.postMessage = (data) => thread.onmessage({ data: ms === null ? data : { ...data, ms } });
await import("../../assets/components/shared/network/worker.js");

function made() {
  thread = {
    postMessage: (data) => queueMicrotask(() => globalThis.onmessage({ data })),
    terminate() {},
  };
  const inputsOf = ({ params, body, route = "images" }) =>
    route === "images"
      ? { params, inputs: body.map((v) => ({ z: { shape: [1], data: Float32Array.of(v) } })) }
      : null;
  const ask = async (address) => {
    asked.push(address);
    return answers[address.split(" ")[0]](address);
  };
  return new DrawnHere(
    (route, params) => `${route} ${JSON.stringify(params)}`,
    inputsOf,
    () => {},
    { start: () => thread, ask, storage },
  );
}

/** Until everything that was asked for has come. */
const come = async (here) => {
  do await new Promise((go) => setTimeout(go, 0));
  while (here.loading);
};

beforeEach(() => {
  const kept = new Map();
  [asked, ms] = [[], 1];
  storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
  };
  answers = {
    network: () => ({ step: 5, written: "17", bytes: 8, plan: PLAN, epoch: 2 }),
    weights: () => ({ header: { entries: ENTRIES }, parts: [WEIGHTS.slice()] }),
  };
});

test("the first image is the server's, the second brings the network, and then it is drawn here", async () => {
  const here = made();
  assert.equal(await here.answer(ONE), null);
  assert.deepEqual(asked, []);
  assert.equal(await here.answer(ONE), null);
  await come(here);
  assert.deepEqual(asked, [
    'network {"step":5,"raw":null}',
    'weights {"step":5,"raw":null,"written":"17"}',
  ]);
  const { header, parts } = await here.answer({ ...ONE, body: [0.5, -2] });
  assert.deepEqual([header.step, header.epoch], [5, 2]);
  assert.deepEqual([...parts[0]], [191, 64, 0, 255]); // (x + 1) * 127.5, to the nearest level and clipped
});

test("another step is the server's until its own network is here; other questions always are", async () => {
  const here = made();
  here.choose("here");
  await here.answer(ONE);
  await come(here);
  assert.equal(here.state, "here");
  assert.equal(await here.answer({ ...ONE, route: "timeline" }), null);
  assert.equal(here.state, "here");
  answers.network = () => ({ step: 6, written: "18", bytes: 8, plan: PLAN });
  assert.equal(await here.answer({ params: { step: 6 }, body: [1] }), null);
  await come(here);
  assert.equal((await here.answer({ params: { step: 6 }, body: [1] })).header.step, 6);
});

test("a network that came for a step that was left draws nothing", async () => {
  const here = made();
  here.choose("here");
  let go;
  answers.weights = () =>
    new Promise((done) => {
      go = () => done({ header: { entries: ENTRIES }, parts: [WEIGHTS.slice()] });
    });
  await here.answer(ONE);
  await new Promise((done) => setTimeout(done, 0));
  await here.answer({ params: { step: 9 }, body: [1] });
  go();
  await come(here);
  assert.equal(here.ready, false);
});

test("what a person chose holds, here and on the next page", async () => {
  const here = made();
  here.choose("server");
  for (let i = 0; i < 3; i++) assert.equal(await here.answer(ONE), null);
  assert.deepEqual(asked, []);
  assert.equal(made().choice, "server");
  choose("nonsense", storage);
  assert.equal(choice(storage), "auto");
  assert.equal(
    choice({
      getItem() {
        throw new Error("forbidden");
      },
    }),
    "auto",
  );
});

test("what is slow or large here is the server's, unless a person wants it", async () => {
  ms = 30;
  const here = made(),
    two = { ...ONE, body: [0, 1] };
  for (let i = 0; i < 2; i++) await here.answer(two);
  await come(here);
  assert.equal(here.state, "slow");
  here.choose("here");
  await here.answer(two);
  await come(here);
  assert.equal(here.state, "here");
  assert.ok(await here.answer(two));
  const other = made();
  answers.network = () => ({ step: 5, written: "17", bytes: 9e6, plan: PLAN });
  other.choose("auto");
  for (let i = 0; i < 2; i++) await other.answer(ONE);
  await come(other);
  assert.equal(other.state, "large");
});

test("a slow server is beaten by a slow browser", async () => {
  ms = 30;
  const here = made(),
    two = { ...ONE, body: [0, 1] };
  here.took(400);
  here.took(90);
  for (let i = 0; i < 2; i++) await here.answer(two);
  await come(here);
  assert.equal(here.state, "here");
});

test("a refusal is asked for once, and the server draws", async () => {
  const here = made();
  answers.network = () => ({
    step: 5,
    written: "17",
    bytes: 0,
    refused: "A layer Odd is not computed in a browser.",
  });
  for (let i = 0; i < 5; i++) {
    assert.equal(await here.answer(ONE), null);
    await come(here);
  }
  assert.equal(here.state, "refused");
  assert.match(here.words, /A layer Odd/);
  assert.equal(await here.answer({ params: { step: 6 }, body: [1] }), null);
  assert.equal(asked.length, 1);
});

test("weights that do not fit, and a worker that does not start, leave the server to draw", async () => {
  const here = made();
  answers.weights = () => ({ header: { entries: [] }, parts: [WEIGHTS.slice()] });
  for (let i = 0; i < 2; i++) await here.answer(ONE);
  await come(here);
  assert.match(here.words, /weights k are missing/);
  const other = made();
  thread.postMessage = () => queueMicrotask(() => thread.onerror({}));
  for (let i = 0; i < 2; i++) assert.equal(await other.answer(ONE), null);
  await come(other);
  assert.equal(other.state, "refused");
});
