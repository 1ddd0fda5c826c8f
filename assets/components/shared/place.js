// Where the app is: at the root of its host, or below a path of which only the address of its files tells.

const FILES = "/assets/components/";

/**
 * The path of the app, with a last slash, from the address of one of its files.
 * @type {(address: string) => string}
 */
export function appRoot(address) {
  const { protocol, pathname } = new URL(address);
  const end = protocol.startsWith("http") ? pathname.lastIndexOf(FILES) : -1;
  return end < 0 ? "/" : pathname.slice(0, end + 1).replace(/^\/+/, "/"); // two slashes would name a host
}

const ROOT = appRoot(import.meta.url);

/**
 * The address of a page or route of the app: `urlOf("api/runs")`.
 * @type {(path: string) => string}
 */
export const urlOf = (path) => ROOT + path;

/**
 * Names and values as they stand in an address behind its question mark.
 * @type {(values: Record<string, unknown>) => URLSearchParams}
 */
export const queryOf = (values) =>
  new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)]));
