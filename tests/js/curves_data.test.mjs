// New rows are drawn once, also where they come faster than charts can be drawn.
import assert from "node:assert/strict";
import test from "node:test";
import { Pace } from "../../assets/components/shared/pace.js";
import { CurveData } from "../../assets/components/train/curves_data.js";

globalThis.requestAnimationFrame = (shown) => setTimeout(shown);

class Rows {
  constructor(length) {
    this.length = length;
  }
  get lastStep() {
    return this.length;
  }
  append({ count }) {
    this.length += count;
    return count;
  }
}

test("an answer that comes while another one is drawn is asked for again", async () => {
  const drawn = [[], []];
  let go;
  const gate = new Promise((resolve) => {
    go = resolve;
  });
  const pace = new Pace({ share: 1, least: 0, most: 0 });
  const data = Object.assign(new CurveData(), {
    pace,
    Plotly: {},
    prefs: {},
    metrics: [],
    series: new Rows(10),
    drawLane() {},
    showTable() {},
    report() {},
  });
  Object.defineProperty(data, "drawn", { get: () => data.series });
  data.visible = drawn.map((list, i) => ({
    spec: { series: [] },
    extend: async () => {
      if (!i) await gate;
      list.push(data.series.length);
    },
  }));
  const answer = (count) => ({ header: { last: data.series.length + count, metrics: [] }, count });
  data.asked = data.series;
  const first = data.take(answer(5));
  await data.take(answer(3));
  assert.equal(data.series.length, 15);
  go();
  await first;
  await data.take(answer(3));
  assert.deepEqual(drawn, [
    [15, 18],
    [15, 18],
  ]);
});
