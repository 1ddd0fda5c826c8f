// Viewers are shown nothing that would be refused: what keeps or removes is marked, and hidden for them.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../assets/components/", import.meta.url);
const read = (name) => readFileSync(new URL(name, root), "utf8");

test("the root of a component says whether a viewer looks", async () => {
  globalThis.window = { location: new URL("http://here/") };
  globalThis.document = new EventTarget();
  const { mounted } = await import("../../assets/components/shared/base.js");
  const marks = new Map();
  const gs = { classList: { toggle: (name, on) => marks.set(name, on) } };
  const place = { querySelector: (what) => (what === ".gs" ? gs : null), isConnected: true };
  const show = mounted(() => ({ update() {}, dispose() {} }));
  const say = { parentElement: place, setStateValue() {}, setTriggerValue() {} };
  show({ ...say, data: { viewer: true } });
  assert.equal(marks.get("viewer"), true);
  show({ ...say, data: { viewer: false } });
  assert.equal(marks.get("viewer"), false);
  show({ ...say, data: undefined });
  assert.equal(marks.get("viewer"), false);
});

test("a style sheet hides what is marked", () => {
  assert.match(read("shared/base.css"), /\.gs\.viewer \.changes \{ display: none !important; \}/);
});

/** Every call of a function in a text, from its name to the bracket that ends it. */
function calls(text, name) {
  return [...text.matchAll(new RegExp(`\\b${name.replace("(", "\\(")}`, "g"))].map(({ index }) => {
    let open = 0;
    for (let i = index; i < text.length; i++) {
      if (text[i] === "(") open++;
      else if (text[i] === ")" && --open === 0) return text.slice(index, i + 1);
    }
    return text.slice(index);
  });
}

test("every button that keeps or removes is marked", () => {
  const keeps = /this\.(?:store\.)?(?:keep|remover?)\(/;
  const pages = ["explore", "translate", "style"];
  const names = pages.flatMap((page) =>
    readdirSync(new URL(page, root)).map((name) => `${page}/${name}`),
  );
  const open = ["explore/between.js"]; // its z are kept in the page alone
  const found = [];
  for (const name of names.filter((n) => n.endsWith(".js") && !open.includes(n))) {
    for (const call of calls(read(name), "button(").filter((text) => keeps.test(text))) {
      found.push(name);
      assert.match(call, /class: "[^"]*\bchanges\b/, `${name}: ${call}`);
    }
  }
  assert.ok(found.length >= 5, found.join());
});

/** The calls of button() in a text, each with all that it is given. */
function buttons(text) {
  return [...text.matchAll(/\bbutton\(/g)].map(({ index }) => {
    let [depth, end] = [0, index + "button".length];
    do {
      depth += { "(": 1, ")": -1 }[text[end]] ?? 0;
      end += 1;
    } while (depth > 0);
    return text.slice(index, end);
  });
}

test("what the Data page would take or fetch is marked", () => {
  const command = /\(\) => (?:acts\.(?:fetch|stop|discard)|this\.(?:drop\.\w+|bring|act))\(/;
  const calls = ["data/list.js", "data/cards.js"].flatMap((name) => buttons(read(name)));
  const found = calls.filter((call) => command.test(call));
  assert.ok(found.length >= 8, String(found.length));
  for (const call of found) assert.match(call, /class: "[^"]*\bchanges\b/, call);
  assert.match(read("data/drop.js"), /class: "drop changes"/);
});
