// Asking the server, with answers of a real one on this machine.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { get, getFile, request } from "../../assets/components/shared/fetch.js";
import { take } from "../../assets/components/shared/words.js";

let server, root, asked;
const routes = {
  "/json": (_, response) => json(response, 200, { step: 5 }),
  "/refused": (_, response) =>
    json(response, 400, { error: "`psi` must be a number. Received: `x`." }),
  "/silent": (_, response) => response.writeHead(500).end(),
  "/odd": (_, response) =>
    response.writeHead(404, { "Content-Type": "application/json" }).end("null"),
  "/busy": (_, response) =>
    asked++
      ? json(response, 200, { asked })
      : json(response, 503, { error: "The generators are busy." }),
  "/full": (_, response) => {
    asked++;
    json(response, 503, { error: "The generators are busy." });
  },
  "/never": () => {},
  "/broken": (_, response) => {
    response.writeHead(200, { "Content-Length": 100 });
    response.write("x", () => response.destroy());
  },
  "/login": (_, response) =>
    response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Who are you?</h1>"),
  "/cut": (_, response) =>
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"step":'),
  "/numbers": (_, response) =>
    response.writeHead(200, { "Content-Type": "application/octet-stream" }).end(numbers()),
  "/echo": (got, response) => {
    const parts = [];
    got
      .on("data", (part) => parts.push(part))
      .on("end", () =>
        json(response, 200, {
          type: got.headers["content-type"],
          method: got.method,
          body: Buffer.concat(parts).toString(),
        }),
      );
  },
};

function json(response, status, data) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(data));
}

function numbers() {
  const header = '{"parts": [[null, "u1", [2]]]}';
  const length = Buffer.alloc(4);
  length.writeUInt32LE(36);
  return Buffer.concat([
    length,
    Buffer.from(header.padEnd(36)),
    Buffer.from([4, 9, 0, 0, 0, 0, 0, 0]),
  ]);
}

before(async () => {
  server = createServer((got, response) => routes[got.url](got, response));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  root = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const failure = (path, options) =>
  request(root + path, options).then(
    () => assert.fail("it answered"),
    (error) => error,
  );

test("JSON, numbers and files are read", async () => {
  assert.deepEqual(await get(`${root}/json`), { step: 5 });
  assert.deepEqual([...(await get(`${root}/numbers`)).parts[0]], [4, 9]);
  assert.equal((await getFile(`${root}/numbers`)).size, 48);
});

test("a body makes it a POST of its type", async () => {
  assert.deepEqual(await get(`${root}/echo`, { body: "{}", type: "application/json" }), {
    type: "application/json",
    method: "POST",
    body: "{}",
  });
  assert.equal(
    (await get(`${root}/echo`, { body: new Uint8Array([65]) })).type,
    "application/octet-stream",
  );
});

test("a refusal has the server's words and its status", async () => {
  const error = await failure("/refused");
  assert.deepEqual([error.message, error.status], ["psi must be a number. Received: x.", 400]);
});

test("a refusal is told in the page's language, by the template with its code", async () => {
  take("ko", {
    texts: {},
    engine: {
      "`{name}` must be a number. Received: `{given}`.":
        "`{name}`은(는) 숫자여야 합니다. 받은 것: `{given}`.",
    },
  });
  const error = await failure("/refused").finally(() => take("en", { texts: {}, engine: {} }));
  assert.equal(error.message, "psi은(는) 숫자여야 합니다. 받은 것: x.");
});

test("a server without words still says something", async () => {
  assert.deepEqual(await failure("/silent").then((e) => [e.message, e.status]), [
    "Internal Server Error",
    500,
  ]);
  assert.deepEqual(await failure("/odd").then((e) => [e.message, e.status]), ["Not Found", 404]);
});

test("an answer that is none of ours is not taken for one", async () => {
  for (const path of ["/login", "/cut"]) {
    const error = await get(root + path).then(
      () => assert.fail("it was read"),
      (found) => found,
    );
    assert.deepEqual(
      [error.message, error.status],
      ["The answer of the server cannot be read.", undefined],
    );
  }
});

test("a server that is busy is asked again", async () => {
  asked = 0;
  assert.deepEqual(await get(`${root}/busy`), { asked: 2 });
});

test("it is not asked again where nobody wants that, or where a newer question waits", async () => {
  asked = 0;
  assert.equal((await failure("/full", { busy: 0 })).message, "The generators are busy.");
  assert.equal(asked, 1);
  assert.equal((await failure("/full", { outdated: () => true })).outdated, true);
  assert.equal(asked, 2);
});

test("no answer is no contact, a late one is told apart, neither has a status", async () => {
  const late = await failure("/never", { patience: 30 });
  assert.deepEqual(
    [late.message, late.late, late.status],
    ["The server took too long to answer.", true, undefined],
  );
  const gone = await request("http://127.0.0.1:1/").then(
    () => null,
    (error) => error,
  );
  assert.deepEqual([gone.message, gone.late], ["No contact with the server.", false]);
  assert.equal(
    await getFile(`${root}/broken`).then(
      () => null,
      (error) => error.message,
    ),
    "No contact with the server.",
  );
});
