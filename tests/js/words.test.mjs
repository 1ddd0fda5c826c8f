// Texts of a page in its language: looked up, filled, counted, and recognised where the server made them.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { makeDocument } from "./dom.mjs";

import { language, t, take, tn, told, worded } from "../../assets/components/shared/words.js";

const TEXTS = { "Loading {what}.": "{what} 불러오는 중.", "{n} file": "파일 {n}개" };
const ENGINE = {
  Loss: "손실",
  "{n1} of {n2}": "{n1} / {n2}",
  "Only {probes} of points lie near a mode so far.":
    "지금까지 점의 {probes}만 모드 근처에 있습니다.",
  "{part}, mean of both": "{part}, 둘의 평균",
};

afterEach(() => take("en", { texts: {}, engine: {} }));

test("English stands in the code", () => {
  assert.equal(t("Loading {what}.", { what: "z" }), "Loading z.");
  assert.equal(tn("{n} file", "{n} files", 1), "1 file");
  assert.equal(tn("{n} file", "{n} files", 6000, { n: "6,000" }), "6,000 files");
  assert.equal(
    told("Only 3% of points lie near a mode so far."),
    "Only 3% of points lie near a mode so far.",
  );
});

test("another language comes from its catalogue; what it lacks stays English", () => {
  take("ko", { texts: TEXTS, engine: ENGINE });
  assert.equal(language(), "ko");
  assert.equal(t("Loading {what}.", { what: "z" }), "z 불러오는 중.");
  assert.equal(tn("{n} file", "{n} files", 6000, { n: "6,000" }), "파일 6,000개");
  assert.equal(t("Nobody translated this"), "Nobody translated this");
});

test("a chapter's step has a name for the style sheet that no language changes", async () => {
  makeDocument();
  take("ko", { texts: { Try: "해 보기" }, engine: {} });
  const { stages } = await import("../../assets/components/learn/question.js"),
    bar = stages(),
    panel = document.createElement("section");
  bar.stage(3, panel);
  assert.equal(panel.dataset.stage, "try");
  assert.equal(bar.node.children[3].textContent, "4 해 보기");
  assert.equal(bar.node.children[3].getAttribute("aria-current"), "step");
});

test("a sentence of the server is known by its template, and so is what stands in its gaps", () => {
  take("ko", { texts: TEXTS, engine: ENGINE });
  assert.equal(
    told("Only 3% of points lie near a mode so far."),
    "지금까지 점의 3%만 모드 근처에 있습니다.",
  );
  assert.equal(told("Loss, mean of both"), "손실, 둘의 평균");
  assert.equal(told("2 of 3"), "2 / 3");
  assert.equal(told("a sort of noise"), "a sort of noise"); // where a number is wanted, words do not fit
});

test("of a chart only its words are translated", () => {
  take("ko", { texts: TEXTS, engine: ENGINE });
  const spec = {
    id: "Loss",
    title: "Loss",
    series: [{ name: "Loss", label: "Loss", role: "g" }],
    range: null,
  };
  const wanted = {
    id: "Loss",
    title: "손실",
    series: [{ name: "Loss", label: "손실", role: "g" }],
    range: null,
  };
  assert.deepEqual(worded(spec), wanted);
});

test("what somebody else wrote is given up soon, and is never a part of JavaScript", () => {
  const engine = {
    "Only {count} of {total} {kinds} {count2} made so far.": "{kinds} {count}/{total} {count2}",
  };
  take("ko", { texts: {}, engine });
  const hostile = `Only ${"1 of 1 ".repeat(20000)}`; // tried at every place for every gap, this would not end
  assert.equal(told(hostile), hostile);
  assert.equal(told("Only 2 of 10 classes are made so far."), "classes 2/10 are");
  for (const word of ["constructor", "toString", "__proto__"])
    assert.deepEqual([told(word), t(word)], [word, word]);
});

test("a text of several sentences is known by each of them, with a hint or without", () => {
  take("ko", {
    texts: {},
    engine: {
      "It has no `x`. Allowed: {what}.{hint}": "`x`가 없습니다. 허용: {what}.{hint}",
      "Keep it.": "두세요.",
      "{where} cannot be used. {problem}{hint}": "{where}: 쓸 수 없습니다. {problem}{hint}",
    },
  });
  assert.equal(told("It has no `x`. Allowed: y."), "`x`가 없습니다. 허용: y.");
  assert.equal(told("It has no `x`. Allowed: y. Keep it."), "`x`가 없습니다. 허용: y. 두세요.");
  assert.equal(
    told("A cannot be used. Keep it. Nobody knows this."),
    "A: 쓸 수 없습니다. 두세요. Nobody knows this.",
  );
  assert.equal(told("A. ".repeat(20000)), "A. ".repeat(20000));
});
