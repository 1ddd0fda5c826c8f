// A chapter whose run is trained on the server: what it asks for, what it says meanwhile, and where the keyboard is.
import { makeDocument } from "./dom.mjs";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

makeDocument();
const { OnServer } = await import("../../assets/components/learn/on_server.js");

const CHAPTER = {
  id: "sees",
  title: "A chapter",
  about: "of a test",
  question: "What?",
  so: "So.",
  terms: [],
  asks: {
    text: "Which?",
    options: [
      ["a", "This."],
      ["b", "That."],
    ],
  },
  cost: "a run",
  check: {
    text: "How many?",
    options: [
      ["one", "One."],
      ["two", "Two."],
    ],
  },
  heal: { text: "Mend it.", goal: "mended" },
  real: "the same:",
};
const RUN = "00001-fast_dcgan-mnist_5k";

class Chapter extends OnServer {
  async over() {
    this.happened("a", "It was this.");
    this.check(async () => ({ value: "two", text: "There are two." }));
  }
  try(done) {
    this.first = document.createElement("button");
    this.tries(done, this.first);
  }
}

let asked, answers, chapter;
const made = () =>
  new Chapter(CHAPTER, {
    number: 10,
    after: "On",
    start: (more) => asked.push(more),
    leave() {},
    next() {},
  });

beforeEach(() => {
  asked = [];
  globalThis.fetch = async () => answers.shift();
  chapter = made();
});

const says = (status) =>
  new Response(JSON.stringify({ step: 0, num_steps: 300, ...status }), {
    headers: { "content-type": "application/json" },
  });
const press = (node) => node.dispatchEvent(new Event("click"));
const choose = (value) =>
  chapter.node.find((node) => node.attributes.value === value).dispatchEvent(new Event("change"));
/** As many turns as it takes. */
async function until(test) {
  while (!test()) await new Promise((go) => setImmediate(go));
}
const named = (text) =>
  chapter.node.find((node) => node.tag === "button" && node.textContent === text);

/** Answers in turn, each as the chapter asks for it. */
async function looks(...given) {
  answers = given;
  while (answers.length) {
    await chapter.look();
    clearTimeout(chapter.timer);
  }
}

test("nothing is asked for before there is a prediction; then one run, whatever is pressed", () => {
  press(chapter.go);
  assert.deepEqual(asked, []);
  choose("b");
  press(chapter.go);
  press(chapter.go);
  assert.deepEqual(asked, [0]);
  assert.equal(chapter.go.getAttribute("aria-disabled"), "true", "and it keeps the keyboard");
});

test("its run waits, trains and ends in words; then both questions are judged", async () => {
  choose("b");
  press(chapter.go);
  chapter.known = { run: RUN };
  await looks(says({ state: "queued", queue_position: 1 }));
  assert.match(chapter.state.textContent, /^Another run is training: this one waits/);
  await looks(says({ state: "running", step: 20 }));
  assert.equal(chapter.state.textContent, "Running: step 20 of 300.");
  assert.equal(chapter.node.dataset.stage, "watch");
  await looks(says({ state: "finished", step: 300 }));
  assert.equal(chapter.node.dataset.stage, "check");
  assert.equal(chapter.live.textContent, "Not as you predicted. It was this.");
  choose("two");
  const go = named("Check my answer");
  go.focus();
  press(go);
  await until(() => chapter.first);
  assert.equal(chapter.live.textContent, "Right. There are two.");
  assert.equal(chapter.node.dataset.stage, "try");
  assert.equal(document.activeElement, chapter.first, "the keyboard goes on where it can be tried");
});

test("a run that came to nothing is said, and another one can be asked for", async () => {
  choose("a");
  press(chapter.go);
  chapter.known = { run: RUN };
  await looks(says({ state: "failed", step: 7, error: "The disk is full." }));
  assert.equal(chapter.state.textContent, "Failed: step 7 of 300. The disk is full.");
  press(chapter.go);
  assert.deepEqual(asked, [0, 0]);
  await looks(new Response(JSON.stringify({ error: "no run" }), { status: 404 }));
  assert.match(chapter.state.textContent, /was deleted/);
  chapter.follow({ problem: "There is no room left." });
  assert.equal(chapter.state.textContent, "There is no room left.");
});

test("the run that this session trained before is looked at, not trained again; one of a longer z is not it", async () => {
  answers = [says({ state: "running", step: 5 })];
  chapter.follow({ run: RUN });
  assert.equal(chapter.run, null, "not before somebody has predicted");
  choose("a");
  press(chapter.go);
  await until(() => chapter.timer);
  clearTimeout(chapter.timer);
  assert.deepEqual(asked, []);
  assert.equal(chapter.state.textContent, "Running: step 5 of 300.");
  const other = made();
  other.follow({ run: RUN, more: 16 });
  other.prediction = "a";
  other.go.setAttribute("aria-disabled", "false");
  press(other.go);
  assert.deepEqual(asked, [0]);
});
