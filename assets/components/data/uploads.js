// Files on their way to the server: what was dropped, in which order and portions it is sent.
import { t, unmarked } from "../shared/words.js";
/** @import { Named, Placed } from "./types" */

const [MOST_BYTES, MOST_FILES] = [8 * 2 ** 20, 200]; // of one portion, unless one file is larger
const [HEAD, LENGTHS] = [12, [4, 8]]; // bytes before a name: its length, and that of the file

/**
 * Whether people see it in their folder; what the system hides is not sent.
 * @type {(path: string) => boolean}
 */
const seen = (path) => !path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");

/**
 * {title, named, single, files: [{name, file}]} of [{path, file}]: the folder that all are in gives the title
 * and is left out of the names; one file alone gives its own name; loose files are counted, which is no name.
 * @type {(found: Placed[]) => { title: string, named: boolean, single: boolean, files: Named[] }}
 */
export function arranged(found) {
  const files = found
    .filter(({ path }) => seen(path))
    .map(({ path, file }) => ({ name: path.replace(/^\/+/, ""), file }));
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (!files.length) return { title: "", named: false, single: false, files };
  const top = files[0].name.split("/")[0];
  if (files.every(({ name }) => name.startsWith(`${top}/`))) {
    return {
      title: top,
      named: true,
      single: false,
      files: files.map(({ name, file }) => ({ name: name.slice(top.length + 1), file })),
    };
  }
  const single = files.length === 1;
  return {
    title: single ? top : t("{files} files", { files: files.length.toLocaleString("en-US") }),
    named: single,
    single,
    files,
  };
}

/**
 * The same files in portions, each a request.
 * @type {(files: Named[], mostBytes?: number, mostFiles?: number) => Named[][]}
 */
export function portions(files, mostBytes = MOST_BYTES, mostFiles = MOST_FILES) {
  /** @type {Named[][]} */
  const made = [];
  let bytes = Infinity;
  for (const each of files) {
    if (bytes + each.file.size > mostBytes || made.at(-1).length >= mostFiles) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1).push(each);
    bytes += each.file.size;
  }
  return made;
}

/**
 * The parts of a request's body: of each file the lengths of its name and itself, little-endian, both.
 * @type {(files: Named[]) => BlobPart[]}
 */
export function packed(files) {
  return files.flatMap(({ name, file }) => {
    const text = new TextEncoder().encode(name);
    const head = new DataView(new ArrayBuffer(HEAD));
    head.setUint32(0, text.length, true);
    head.setBigUint64(LENGTHS[0], BigInt(file.size), true);
    return [head.buffer, text, file];
  });
}

/**
 * [{path, file}] of a list of files that were chosen.
 * @type {(list: Iterable<File> | FileList) => Placed[]}
 */
export function chosen(list) {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * The same of what was dropped, folders read to their ends; asks at once, for it is gone later.
 * @type {(transfer: DataTransfer) => Promise<Placed[]>}
 */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return chosen(transfer.files);
  /** @type {Placed[]} */
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

/** @type {(entry: any, found: Placed[]) => Promise<void>} */
async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    found.push({ path: entry.fullPath, file });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // a folder is told in pieces
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return;
    for (const each of some) await walk(each, found);
  }
}

/**
 * One portion; `told(bytes)` as they leave. Rejects with the server's words.
 * @type {(path: string, files: Named[], told: (bytes: number) => void, signal: AbortSignal) => Promise<void>}
 */
export function send(path, files, told, signal) {
  return /** @type {Promise<void>} */ (
    new Promise((done, failed) => {
      const asked = new XMLHttpRequest();
      asked.open("POST", path);
      asked.setRequestHeader("Content-Type", "application/octet-stream");
      asked.upload.addEventListener("progress", (event) => told(event.loaded));
      asked.addEventListener("load", () =>
        asked.status === 200 ? done() : failed(new Error(words(asked))),
      );
      for (const name of ["error", "abort"])
        asked.addEventListener(name, () => failed(new Error(t("No contact with the server."))));
      signal.addEventListener("abort", () => asked.abort());
      asked.send(new Blob(packed(files)));
    })
  );
}

/** @type {(asked: XMLHttpRequest) => string} */
function words(asked) {
  try {
    return unmarked(JSON.parse(asked.responseText).error);
  } catch {
    return t("The server answered with {status}.", { status: asked.status });
  }
}
