// One request at a time for the whole page: what matters most goes first, and of the same kind only
// the newest waits. So a drag always shows the newest z, however slow the generator is.

const TYPE = "application/octet-stream";
const PATIENCE = 120000; // ms; the first answer waits for TensorFlow
const PACE = 160; // ms from one question to the next while a run trains, so that it is hardly slowed ...
const MIN_REST = 60; // ... and at least so many between an answer and the next question
const BUSY = 40000; // ms for which a server that is busy is asked again ...
const [SOON, LATE] = [300, 3000]; // ... after so many ms at first, and at most; shared among many pages

const rest = (ms) => new Promise((go) => setTimeout(go, ms));

/** The arrays of an answer (format: gan_core/web/explore_routes.py) as {header, parts}. */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  const parts = header.parts.map(([kind, shape]) => {
    const count = shape.reduce((product, n) => product * n, 1);
    const Kind = kind === "u1" ? Uint8Array : Float32Array;
    const array = new Kind(buffer, at, count);
    at += Math.ceil(array.byteLength / 4) * 4;
    return array;
  });
  return { header, parts };
}

/** `outdated()`: whether somebody waits with a newer question, so that this one is not asked again. */
async function ask(run, route, params, body, type, outdated = () => false) {
  const query = new URLSearchParams(Object.entries(params).filter(([, v]) => v !== null && v !== undefined));
  const path = `/api/explore/${encodeURIComponent(run)}/${route}?${query}`;
  const end = performance.now() + BUSY;
  let response = await send(path, body, type);
  for (let wait = SOON; response.status === 503 && performance.now() < end; wait = Math.min(LATE, 2 * wait)) {
    await rest(wait * (0.5 + Math.random()));
    if (outdated()) throw Object.assign(new Error("outdated"), { outdated: true });
    response = await send(path, body, type);
  }
  if (response.ok) return response;
  const words = await response.json().then((data) => data.error, () => response.statusText);
  throw Object.assign(new Error(String(words).replaceAll("`", "")), { status: response.status });
}

function send(path, body, type) {
  const options = { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) };
  if (body) Object.assign(options, { method: "POST", body, headers: { "Content-Type": type } });
  return fetch(path, options).catch(() => { throw new Error("No contact with the server."); });
}

/** One request to a route of the explore page; throws an Error with the server's words. */
export async function call(run, route, params = {}, body = null, type = TYPE, outdated = undefined) {
  const response = await ask(run, route, params, body, type, outdated);
  return response.headers.get("content-type")?.startsWith("application/json")
    ? response.json() : unpack(await response.arrayBuffer());
}

/** The same for an answer that is a file. */
export async function callFile(run, route, params, body) {
  return (await ask(run, route, params, body, TYPE)).blob();
}

export class Asker {
  constructor(run) {
    this.run = run;
    this.waiting = new Map(); // channel -> request
    this.busy = false;
    this.gentle = false; // a run trains
    this.raw = null; // 1: raw weights instead of averaged ones
    this.ended = false;
  }

  /**
   * Ask when it is this channel's turn. `make()` is called then and returns {route, params, body},
   * or null when there is nothing to ask any more. Smaller ranks go first.
   */
  ask(channel, rank, make, done, failed) {
    this.waiting.set(channel, { rank, make, done, failed });
    if (!this.busy) this.work();
  }

  async work() {
    this.busy = true;
    while (this.waiting.size && !this.ended) {
      const [channel, next] = [...this.waiting].reduce((a, b) => (b[1].rank < a[1].rank ? b : a));
      this.waiting.delete(channel);
      const start = performance.now();
      try {
        const wanted = next.make();
        if (!wanted) continue;
        const outdated = () => this.ended || this.waiting.has(channel);
        const answer = await call(this.run, wanted.route, { ...wanted.params, raw: this.raw }, wanted.body, TYPE, outdated);
        if (!this.ended) next.done(answer);
      } catch (error) {
        if (!this.ended && !error.outdated) next.failed?.(error);
      }
      if (this.gentle) await rest(Math.max(MIN_REST, PACE - (performance.now() - start)));
    }
    this.busy = false;
  }
}
