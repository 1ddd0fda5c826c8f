// What the file carries, read: bytes out of text (gan_core/export/web/pack.py), checked, inflated, JSON and weights.
/** @import { Entry, Plan } from "../components/shared/network/types" */

const [BASE, GROUP, DIGITS] = [94, 9, 11];

/**
 * `count` bytes; 11 characters hold 9 of them, a number whose lowest digit comes first.
 * @type {(text: string, count: number) => Uint8Array<ArrayBuffer>}
 */
export function bytesOf(text, count) {
  if (text.length !== Math.ceil(count / GROUP) * DIGITS) throw new Error(`${text.length}`);
  const made = new Uint8Array(Math.ceil(count / GROUP) * GROUP);
  for (let at = 0, out = 0; at < text.length; at += DIGITS, out += GROUP) {
    let high = 0,
      middle = 0,
      low = 0; // 24 bits each
    for (let i = DIGITS - 1; i >= 0; i--) {
      const code = text.charCodeAt(at + i),
        digit = code - (code > 60 ? 33 : 32);
      low = low * BASE + digit;
      middle = middle * BASE + Math.floor(low / 2 ** 24);
      high = high * BASE + Math.floor(middle / 2 ** 24);
      low %= 2 ** 24;
      middle %= 2 ** 24;
    }
    [high, middle, low].forEach((three, k) => {
      for (let j = 0; j < 3; j++) made[out + 3 * k + j] = three >> (16 - 8 * j);
    });
  }
  return made.subarray(0, count);
}

/**
 * SHA-256; nothing where the browser has none for such a page.
 * @type {(data: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer> | ArrayBuffer}
 */
const digest = (data) => globalThis.crypto?.subtle?.digest("SHA-256", data) ?? new ArrayBuffer(0);

/**
 * {plans, entries, buffer}; throws where a byte is not what was written.
 * @param {HTMLElement} element
 * @returns {Promise<{ plans: Plan[], entries: Entry[], buffer: ArrayBuffer }>}
 */
export async function carried(element) {
  const packed = bytesOf(element.textContent, Number(element.dataset.bytes));
  const found = [...new Uint8Array(await digest(packed))]
    .map((b) => b.toString(16).padStart(2, "0"))
    .join("");
  if (found && found !== element.dataset.sha256) throw new Error("SHA-256");
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const whole = await new Response(stream).arrayBuffer(),
    length = new DataView(whole).getUint32(0, true);
  const told = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, length)));
  return { ...told, buffer: whole.slice(4 + length) };
}
