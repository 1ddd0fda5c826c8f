// One request at a time for the whole page: what matters most goes first, and of the same kind only
// the newest waits. So a drag always shows the newest z, however slow the generator is.

const TYPE = "application/octet-stream";
const PATIENCE = 120000; // ms; the first answer waits for TensorFlow
const PACE = 160; // ms from one question to the next while a run trains, so that it is hardly slowed ...
const MIN_REST = 60; // ... and at least so many between an answer and the next question

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

/** One request to a route of the explore page; throws an Error with the server's words. */
export async function call(run, route, params = {}, body = null, type = TYPE) {
  const response = await ask(run, route, params, body, type);
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
        const answer = await call(this.run, wanted.route, { ...wanted.params, raw: this.raw }, wanted.body);
        if (!this.ended) next.done(answer);
      } catch (error) {
        if (!this.ended) next.failed?.(error);
      }
      if (this.gentle) {
        const rest = Math.max(MIN_REST, PACE - (performance.now() - start));
        await new Promise((go) => setTimeout(go, rest));
      }
    }
    this.busy = false;
  }
}
