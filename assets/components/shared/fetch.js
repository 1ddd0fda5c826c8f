// Asking the server: with a time-out, again while it is busy, and with its own words where it refuses.
import { BYTES, unpack } from "./packed.js";
import { t, unmarked } from "./words.js";
/** @import { Options } from "./types" */

const PATIENCE = 10000; // ms that one answer may take
const BUSY = 40000; // ms for which a server that is busy (503) is asked again ...
const [SOON, LATE] = [300, 3000]; // ... after so many ms at first, and at most; shared among many pages
const NO_CONTACT = t("No contact with the server.");

/** @type {(ms: number) => Promise<unknown>} */
export const rest = (ms) => new Promise((go) => setTimeout(go, ms));

/**
 * The Response of one question. Options: `body` makes it a POST, of the media type `type`; `patience`
 * and `busy` in ms (0: a busy server is not asked again); `outdated()`: whether somebody waits with a
 * newer question, so that this one is not asked again.
 *
 * Throws an Error with the server's words, and its `status`; one without `status` where the server
 * did not answer (`late` where it took too long); one that is `outdated`.
 * @type {(path: string, options?: Options) => Promise<Response>}
 */
export async function request(path, { busy = BUSY, outdated = () => false, ...options } = {}) {
  const end = performance.now() + busy;
  let response = await once(path, options);
  for (
    let wait = SOON;
    response.status === 503 && performance.now() < end;
    wait = Math.min(LATE, 2 * wait)
  ) {
    await rest(wait * (0.5 + Math.random()));
    if (outdated()) throw Object.assign(new Error("outdated"), { outdated: true });
    response = await once(path, options);
  }
  if (response.ok) return response;
  throw Object.assign(new Error(await words(response)), { status: response.status });
}

/**
 * The same, read: what JSON says, or {header, parts, columns} of a binary answer (packed.js).
 * @type {(path: string, options?: Options) => Promise<any>}
 */
export async function get(path, options) {
  const response = await request(path, options);
  const json = response.headers.get("content-type")?.startsWith("application/json");
  const body = await (json ? response.text() : response.arrayBuffer()).catch(failed);
  try {
    return json
      ? JSON.parse(/** @type {string} */ (body))
      : unpack(/** @type {ArrayBuffer} */ (body));
  } catch (cause) {
    throw new Error(t("The answer of the server cannot be read."), { cause }); // somebody between may have answered
  }
}

/**
 * The same for an answer that is a file.
 * @type {(path: string, options?: Options) => Promise<Blob>}
 */
export async function getFile(path, options) {
  const response = await request(path, options);
  return response.blob().catch(failed);
}

/** @type {(path: string, options: Options) => Promise<Response>} */
function once(path, { body = null, type = BYTES, patience = PATIENCE }) {
  /** @type {RequestInit} */
  const options = { credentials: "same-origin", signal: AbortSignal.timeout(patience) };
  if (body) Object.assign(options, { method: "POST", body, headers: { "Content-Type": type } });
  return fetch(path, options).catch(failed);
}

/**
 * No answer, or one that broke off.
 * @type {(error: Error) => never}
 */
function failed(error) {
  const late = error.name === "TimeoutError";
  throw Object.assign(
    new Error(late ? t("The server took too long to answer.") : NO_CONTACT, { cause: error }),
    { late },
  );
}

/**
 * What the server says is wrong; its status in words where it says nothing.
 * @type {(response: Response) => Promise<string>}
 */
async function words(response) {
  const said = await response.json().then(
    (data) => data?.error,
    () => "",
  );
  return unmarked(
    String(
      said ||
        response.statusText ||
        t("The server answered with {status}.", { status: response.status }),
    ),
  );
}
