// One request at a time for the whole page: what matters most goes first, and of the same kind only
// the newest waits. So a drag always shows the newest z, however slow the generator is.

const TYPE = "application/octet-stream";
const PATIENCE = 120000; // ms; the first answer waits for TensorFlow
const PACE = 160; // ms from one question to the next while a run trains, so that it is hardly slowed ...
const MIN_REST = 60; // ... and at least so many between an answer and the next question
const BUSY = 503; // others use the generators: ask again, calmly
const [FIRST_WAIT, LONGEST_WAIT, TRIES] = [250, 4000, 6]; // ms, ms, until it is said

const sleep = (ms) => new Promise((go) => setTimeout(go, ms));
/** How long to wait after so many busy answers in a row; spread, so that tabs do not ask in step. */
export const backOff = (times) => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** times) * (0.75 + 0.5 * Math.random());

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

async function ask(run, route, params, body, type) {
  const query = new URLSearchParams(Object.entries(params).filter(([, v]) => v !== null && v !== undefined));
  const path = `/api/explore/${encodeURIComponent(run)}/${route}?${query}`;
  const options = { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) };
  if (body) Object.assign(options, { method: "POST", body, headers: { "Content-Type": type } });
  const response = await fetch(path, options).catch(() => { throw new Error("No contact with the server."); });
  if (response.ok) return response;
  const words = await response.json().then((data) => data.error, () => response.statusText);
  throw Object.assign(new Error(String(words).replaceAll("`", "")), { status: response.status });
}

/** Again while the server is busy, at growing distances; its last words where that does not help. */
async function patiently(request) {
  for (let times = 0; ; times++) {
    try {
      return await request();
    } catch (error) {
      if (error.status !== BUSY || times + 1 >= TRIES) throw error;
      await sleep(backOff(times));
    }
  }
}

/** One request to a route of the explore page; throws an Error with the server's words. */
export const call = (...request) => patiently(() => once(...request));

async function once(run, route, params = {}, body = null, type = TYPE) {
  const response = await ask(run, route, params, body, type);
  return response.headers.get("content-type")?.startsWith("application/json")
    ? response.json() : unpack(await response.arrayBuffer());
}

/** The same for an answer that is a file. */
export async function callFile(run, route, params, body) {
  return (await patiently(() => ask(run, route, params, body, TYPE))).blob();
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
    let refused = 0; // busy answers in a row
    while (this.waiting.size && !this.ended) {
      const [channel, next] = [...this.waiting].reduce((a, b) => (b[1].rank < a[1].rank ? b : a));
      this.waiting.delete(channel);
      const start = performance.now();
      try {
        const wanted = next.make();
        if (!wanted) continue;
        const answer = await once(this.run, wanted.route, { ...wanted.params, raw: this.raw }, wanted.body);
        refused = 0;
        if (!this.ended) next.done(answer);
      } catch (error) {
        if (error.status === BUSY) await this.again(channel, next, refused++, error);
        else if (!this.ended) next.failed?.(error);
      }
      if (this.gentle) await sleep(Math.max(MIN_REST, PACE - (performance.now() - start)));
    }
    this.busy = false;
  }

  /** Put a refused question back, unless a newer one of its channel waits; nothing is asked meanwhile. */
  async again(channel, question, times, error) {
    if (!this.waiting.has(channel)) this.waiting.set(channel, question);
    if (times + 1 === TRIES && !this.ended) question.failed?.(error); // said once; it goes on trying
    await sleep(backOff(times));
  }
}
