// One question at a time: what matters most goes first, and of one kind only the newest waits.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Asker } from "../../assets/components/shared/ask.js";

let asked, answers, heard;

/** A server that answers when it is told to; keeps addresses and bodies in the order in which they came. */
beforeEach(() => {
  [asked, answers, heard] = [[], [], []];
  globalThis.fetch = (path, { body } = {}) => {
    asked.push({ path, body });
    return new Promise((done, failed) => answers.push({ done, failed }));
  };
});

const json = (data, status = 200) =>
  new Response(JSON.stringify(data), { status, headers: { "Content-Type": "application/json" } });

/** All that follows from what has happened, without a look at a clock. */
async function settled() {
  for (let turns = 0; turns < 10; turns++) await new Promise((go) => setImmediate(go));
}

async function answer(data, status) {
  answers.shift().done(json(data, status));
  await settled();
}

const ask = (asker, channel, rank, route) =>
  asker.ask(
    channel,
    rank,
    () => route && { route, params: { z: 1, none: null }, body: null },
    (found) => heard.push([route, found]),
    (error) => heard.push([route, error.message]),
  );
const routes = () => asked.map(({ path }) => path.match(/\/(\w+)\?/)[1]);

test("an address has the page, the run, the route and what is not null", () => {
  const address = (asker) => asker.addressOf("images", { z: "a b", psi: 0, step: null });
  assert.equal(address(new Asker("00001-a b")), "/api/explore/00001-a%20b/images?z=a+b&psi=0");
  assert.equal(address(new Asker(null, "style")), "/api/style/images?z=a+b&psi=0");
});

test("while one is answered, the others wait; smaller ranks go first", async () => {
  const asker = new Asker("r");
  for (const [channel, rank] of [
    ["first", 5],
    ["later", 3],
    ["hand", 0],
    ["soon", 1],
  ])
    ask(asker, channel, rank, channel);
  await settled();
  assert.deepEqual(routes(), ["first"]);
  for (const step of [1, 2, 3, 4]) await answer({ step });
  assert.deepEqual(routes(), ["first", "hand", "soon", "later"]);
  assert.deepEqual(
    heard.map(([route, { step }]) => [route, step]),
    [
      ["first", 1],
      ["hand", 2],
      ["soon", 3],
      ["later", 4],
    ],
  );
});

test("of equal rank the one that waits longest goes first", async () => {
  const asker = new Asker("r");
  for (const name of ["first", "a", "b"]) ask(asker, name, 1, name);
  for (let i = 0; i < 3; i++) await settled().then(() => answer({}));
  assert.deepEqual(routes(), ["first", "a", "b"]);
});

test("of one channel the newest wins: those between are never asked", async () => {
  const asker = new Asker("r");
  for (const name of ["z1", "z2", "z3", "z4"]) ask(asker, "image", 0, name);
  await settled();
  await answer({});
  await answer({});
  assert.deepEqual(routes(), ["z1", "z4"]);
  assert.deepEqual(
    heard.map(([route]) => route),
    ["z1", "z4"],
  );
});

test("what is asked is made when its turn has come; nothing to ask costs nothing", async () => {
  const asker = new Asker("r");
  let z = 1;
  ask(asker, "first", 0, "first");
  asker.ask(
    "image",
    1,
    () => ({ route: `z${z}`, params: {}, body: null }),
    () => {},
  );
  ask(asker, "empty", 2, null);
  z = 2;
  await settled();
  await answer({});
  await answer({});
  assert.deepEqual(routes(), ["first", "z2"]);
  assert.equal(asker.waiting.size, 0);
});

test("a refusal is told in the server's words, and the next one goes on", async () => {
  const asker = new Asker("r");
  ask(asker, "bad", 0, "bad");
  ask(asker, "good", 1, "good");
  await settled();
  await answer({ error: "`psi` must be a number." }, 400);
  await answer({ ok: true });
  assert.deepEqual(heard, [
    ["bad", "psi must be a number."],
    ["good", { ok: true }],
  ]);
});

test("who has ended hears nothing more and asks nothing more", async () => {
  const asker = new Asker("r");
  ask(asker, "one", 0, "one");
  ask(asker, "two", 1, "two");
  await settled();
  asker.ended = true;
  await answer({});
  assert.deepEqual([routes(), heard], [["one"], []]);
});

test("raw weights are asked for by name", async () => {
  const asker = Object.assign(new Asker("r"), { raw: 1 });
  ask(asker, "image", 0, "image");
  await settled();
  assert.equal(asked[0].path, "/api/explore/r/image?z=1&raw=1");
});

test("what follows the hand does not wait for the server while this browser draws", async () => {
  const asker = new Asker("r");
  const here = { ready: true, answer: async ({ route }) => (route === "z" ? "drawn" : null) };
  asker.here = here;
  ask(asker, "slow", 1, "slow");
  ask(asker, "image", 0, "z");
  await settled();
  assert.deepEqual([routes(), heard], [["slow"], [["z", "drawn"]]]);
  await answer({});
  assert.equal(heard.length, 2);
});

test("while a run trains, questions begin 190 ms apart, with 60 ms of rest at least", async () => {
  let now = 0;
  const rests = [];
  const clock = mock.method(performance, "now", () => now);
  const timer = mock.method(globalThis, "setTimeout", (go, ms) => rests.push({ go, ms }));
  try {
    const asker = Object.assign(new Asker("r"), { isTraining: true });
    for (const name of ["a", "b", "c"]) ask(asker, name, 0, name);
    for (const [took, name] of [
      [20, "a"],
      [400, "b"],
    ]) {
      await settled();
      assert.equal(routes().at(-1), name); // the next one rests as long as it is told to
      now += took;
      await answer({});
      rests.at(-1).go();
    }
    await settled();
    assert.equal(routes().at(-1), "c");
    assert.deepEqual(
      rests.map(({ ms }) => ms),
      [170, 60],
    );
  } finally {
    for (const { mock: each } of [clock, timer]) each.restore();
  }
});
