// Which charts a run gets, from what the table of metrics sends (gan_core/metric_table).
import test from "node:test";
import assert from "node:assert/strict";

const SPECS = [
  {
    id: "loss",
    title: "Loss",
    series: [
      { name: "g_loss", role: "g" },
      { name: "d_loss", role: "d" },
    ],
  },
  { id: "accuracy", title: "Accuracy", series: [{ name: "fake_accuracy", role: "fake" }] },
  { id: "penalties", title: "Penalties", prefix: "penalty/", role: "d" },
];
const OTHER = {
  aid: "Nothing is known of it.",
  role: "muted",
  known: ["g_loss", "d_loss", "fake_accuracy", "real_prob", "penalty/"],
};

const charts = async (metrics) =>
  (await import("../../assets/components/train/curves_look.js")).chartsOf(SPECS, OTHER, metrics);
const ids = (found) => found.map((chart) => chart.id);

test("a chart is offered where the run has its metrics, in the table's order", async () => {
  const found = await charts(["penalty/r1", "d_loss", "g_loss", "penalty/gradient_penalty"]);
  assert.deepEqual(ids(found), ["loss", "penalties"]);
  assert.deepEqual(
    found[1].series.map((line) => [line.name, line.short, line.role]),
    [
      ["penalty/r1", "r1", "d"],
      ["penalty/gradient_penalty", "GP", "d"],
    ],
  );
  assert.notEqual(found[1].series[0].dash, found[1].series[1].dash);
});

test("a metric that nobody knows has a chart of its own, in nobody's colour", async () => {
  const [, own] = await charts(["g_loss", "cycle_loss"]);
  assert.deepEqual([own.id, own.title, own.aid], ["metric/cycle_loss", "cycle_loss", OTHER.aid]);
  assert.deepEqual(own.series, [
    { name: "cycle_loss", label: "cycle_loss", short: "CL", role: "muted" },
  ]);
});

test("a known metric without a chart under this loss is not called unknown", async () => {
  assert.deepEqual(ids(await charts(["g_loss", "real_prob"])), ["loss"]);
});

test("a run without any metric has no chart", async () => {
  assert.deepEqual(await charts([]), []);
});
