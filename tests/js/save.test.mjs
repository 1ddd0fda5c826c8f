// Giving the person a file: what the browser is asked to save, and that nothing is kept for ever.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { resolveObjectURL } from "node:buffer";

import { saveFile, saveText } from "../../assets/components/shared/save.js";

let clicked, body;
beforeEach(() => {
  [clicked, body] = [[], []];
  globalThis.document = {
    body: { append: (node) => body.push(node) },
    createElement: (tag) => ({
      tag,
      append() {},
      setAttribute(name, value) {
        this[name] = value;
      },
      click() {
        assert.deepEqual(body, [this]);
        clicked.push(this);
      },
      remove() {
        body.splice(body.indexOf(this), 1);
      },
    }),
  };
});

test("text becomes a file of its name and type, whose address is given back later", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  saveText("run,step", "compare.csv", "text/csv");
  const [{ tag, href, download }] = clicked;
  assert.deepEqual([tag, download, body.length], ["a", "compare.csv", 0]);
  const blob = resolveObjectURL(href);
  assert.deepEqual([blob.type, await blob.text()], ["text/csv", "run,step"]);
  t.mock.timers.tick(9000);
  assert.ok(resolveObjectURL(href));
  t.mock.timers.tick(2000);
  assert.equal(resolveObjectURL(href), undefined);
});

test("an address is saved as it is, and is not ours to give back", () => {
  const revoke = mock.method(URL, "revokeObjectURL");
  saveFile("data:image/png;base64,AAAA", "compare.png");
  assert.deepEqual(
    [clicked[0].href, clicked[0].download],
    ["data:image/png;base64,AAAA", "compare.png"],
  );
  assert.equal(revoke.mock.callCount(), 0);
});
