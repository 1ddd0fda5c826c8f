// How typical the length of a z is, against tables of the chi-square and the normal distribution.
import assert from "node:assert/strict";
import { test } from "node:test";

import { gammaP, lengths, sentence } from "../../assets/components/explore/prior.js";

const near = (found, wanted, by = 1e-6) =>
  assert.ok(Math.abs(found - wanted) < by, `${found}, not ${wanted}`);

test("squared lengths of a normal z follow the chi-square distribution", () => {
  for (const [freedom, quantile] of [
    [1, 3.841459],
    [2, 5.991465],
    [10, 18.307038],
    [100, 124.342113],
  ]) {
    near(gammaP(freedom / 2, quantile / 2), 0.95);
    near(lengths("normal", freedom).share(Math.sqrt(quantile)), 0.95);
  }
  assert.equal(gammaP(3, 0), 0);
});

test("squared lengths of a uniform z are normal with mean Z / 3 and variance 4 Z / 45", () => {
  const { share } = lengths("uniform", 180);
  near(share(Math.sqrt(60)), 0.5);
  near(share(Math.sqrt(60 + 1.6448536 * 4)), 0.95);
});

test("the sentence names what is rare", () => {
  assert.match(sentence(0.5, "normal"), /^Typical: 50 % of the prior N\(0, I\)/);
  assert.match(sentence(0.01, "uniform"), /^Rare/);
  assert.match(sentence(0.999, "normal"), /^Unusual.*longer/);
});
