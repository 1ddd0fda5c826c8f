// Which measurements share a chart on the Compare page.
import test from "node:test";
import assert from "node:assert/strict";

const kinds = () => import("../../assets/components/compare/kinds.js");
const distance = (name) => ({
  name,
  title: "Fréchet distance",
  term: "frechet",
  note: `by ${name}`,
});
const facts = (name, evals) => ({ distance: name && distance(name), evals: Array(evals).fill({}) });

test("the same measure on the same data is one kind; a run without a measurement is in none", async () => {
  const { kindsOf } = await kinds();
  const runs = [{ data: "mnist" }, { data: "mnist" }, { data: "cats" }, { data: "mnist" }];
  const found = kindsOf(runs, [
    facts("fd_judge_2k", 1),
    facts("fd_judge_2k", 3),
    facts("fd_judge_2k", 1),
    facts(null, 0),
  ]);
  assert.deepEqual(
    found.map((kind) => [kind.data, kind.members, kind.drawn]),
    [
      ["mnist", [0, 1], true],
      ["cats", [2], false],
    ],
  );
});

test("a chart says what the table says, and names the data where there are several", async () => {
  const { described, kindsOf } = await kinds();
  const [one] = kindsOf([{ data: "mnist" }], [facts("fd_judge_2k", 2)]);
  const alone = described(one, [one], 0);
  assert.deepEqual(
    [alone.id, alone.title, alone.note, alone.term],
    ["quality", "Fréchet distance", "by fd_judge_2k", "frechet"],
  );
  const both = kindsOf(
    [{ data: "mnist" }, { data: "cats" }],
    [facts("fd_judge_2k", 2), facts("fd_judge_2k", 2)],
  );
  assert.deepEqual(
    both.map((kind, i) => described(kind, both, i).title),
    ["Fréchet distance, mnist", "Fréchet distance, cats"],
  );
});
