// New rows are drawn once, also where they come faster than charts can be drawn.
import assert from "node:assert/strict";
import test from "node:test";
import { CurveData } from "../../assets/components/train/curves_data.js";

class Rows {
  constructor(length) { this.length = length; }
  get lastStep() { return this.length; }
  append({ count }) { this.length += count; return count; }
}

test("an answer that comes while another one is drawn is asked for again", async () => {
  const drawn = [[], []];
  let go;
  const gate = new Promise((resolve) => { go = resolve; });
  const data = Object.assign(new CurveData(), { Plotly: {}, prefs: {}, metrics: [], series: new Rows(10), drawLane() {}, showTable() {}, report() {} });
  Object.defineProperty(data, "drawn", { get: () => data.series });
  data.visible = drawn.map((list, i) => ({ spec: { series: [] }, extend: async (from) => { if (!i) await gate; list.push([from, data.series.length]); } }));
  const answer = (count) => ({ header: { last: data.series.length + count, metrics: [] }, count });
  data.asked = data.series;
  const first = data.take(answer(5));
  await data.take(answer(3));
  assert.equal(data.series.length, 15);
  go();
  await first;
  await data.take(answer(3));
  assert.deepEqual(drawn, [[[10, 15], [15, 18]], [[10, 15], [15, 18]]]);
});
