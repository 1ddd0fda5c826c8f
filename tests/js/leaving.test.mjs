// What a component says to Streamlit waits while a pressed link to another page is on its way.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { leads, patient, watchLinks } from "../../assets/components/shared/leaving.js";

const place = { isConnected: true };
let said = [];

function link(href, attributes = {}) {
  const url = new URL(href, "http://here/train?run=7");
  const node = {
    origin: url.origin,
    pathname: url.pathname,
    target: attributes.target ?? "",
    hasAttribute: (name) => name in attributes,
  };
  return { closest: (what) => (what === "a[href]" ? node : null) };
}

const click = (target, how = {}) => ({ target, button: 0, ...how });
const pressed = (target) =>
  document.dispatchEvent(
    Object.defineProperty(Object.assign(new Event("click"), { button: 0 }), "target", {
      value: target,
    }),
  );

beforeEach(() => {
  said = [];
  place.isConnected = true;
  globalThis.window = { location: new URL("http://here/train?run=7") };
  globalThis.document = new EventTarget();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  watchLinks();
});

test("only a plain click on another page of the app leads away", () => {
  assert.ok(leads(click(link("/runs"))));
  assert.ok(!leads(click(link("/train"))), "the page that is shown");
  assert.ok(!leads(click(link("http://elsewhere/runs"))));
  assert.ok(!leads(click(link("/runs", { target: "_blank" }))));
  assert.ok(!leads(click(link("/api/run.zip", { download: "" }))));
  assert.ok(!leads(click(link("/runs"), { ctrlKey: true })), "another tab");
  assert.ok(!leads(click({ closest: () => null })), "no link");
});

const component = () =>
  patient({
    parentElement: place,
    data: 3,
    setStateValue: (...words) => said.push(words),
    setTriggerValue: () => said.push("trigger"),
  });

test("nothing waits where no link was pressed", () => {
  component().setStateValue("signature", "a");
  component().setTriggerValue("kept", 1);
  assert.deepEqual(said, [["signature", "a"], "trigger"]);
  assert.equal(component().data, 3);
});

test("a question waits for the link, and is dropped with the page that asked", () => {
  pressed(link("/runs"));
  component().setStateValue("signature", "b");
  mock.timers.tick(1000);
  assert.deepEqual(said, []);
  place.isConnected = false;
  window.location = new URL("http://here/runs");
  mock.timers.tick(1000);
  assert.deepEqual(said, []);
});

test("a part that is there on the new page, too, is heard as soon as that has come", () => {
  pressed(link("/runs"));
  component().setStateValue("signature", "c");
  window.location = new URL("http://here/runs");
  mock.timers.tick(200);
  assert.deepEqual(said, [["signature", "c"]]);
});

test("a link that led nowhere is forgotten", () => {
  const now = mock.method(performance, "now", () => 0);
  pressed(link("/runs"));
  component().setStateValue("signature", "d");
  mock.timers.tick(500);
  assert.deepEqual(said, []);
  now.mock.mockImplementation(() => 20_000);
  mock.timers.tick(200);
  assert.deepEqual(said, [["signature", "d"]]);
  now.mock.restore();
});
