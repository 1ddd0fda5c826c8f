// Counts and sizes in words.
import { whole } from "../shared/base.js";

/** 7_300_000 -> "7.3 MB". */
export function bytes(count) {
  let [value, unit] = [count, 0];
  while (value >= 999.5 && unit < 4) [value, unit] = [value / 1000, unit + 1];
  const digits = unit > 1 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${["B", "kB", "MB", "GB", "TB"][unit]}`;
}

/** "1 file", "6,000 files"; of words that are no plain plural both are given. */
export function counted(count, one, many = `${one}s`) {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

/** "3.4 %" of small shares, "21 %" of others. */
export function percent(share) {
  const value = 100 * share;
  return `${value && value < 9.5 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** "a, b and c". */
export function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
