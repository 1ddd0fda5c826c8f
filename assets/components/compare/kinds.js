// Which measurements compare: the same measure on the same data. Each kind has a Fréchet chart of its own.
import { t, worded } from "../shared/words.js";
/** @import { ChartSpec } from "../shared/types" */
/** @import { ComparedRun, Kind, RunFacts } from "./types" */

/**
 * [{name, title, term, note, data, members: [index]}], in the order of the runs; `drawn` where a line can be drawn.
 * @type {(runs: ComparedRun[], facts: RunFacts[]) => Kind[]}
 */
export function kindsOf(runs, facts) {
  const found = new Map();
  facts.forEach((own, index) => {
    if (!own.distance) return;
    const key = `${runs[index].data}\n${own.distance.name}`;
    const kind = found.get(key) ?? {
      ...worded(own.distance),
      data: runs[index].data,
      members: [],
      drawn: false,
    };
    kind.members.push(index);
    kind.drawn ||= own.evals.length > 1; // single points are in the table
    found.set(key, kind);
  });
  return [...found.values()];
}

/**
 * What a chart of a kind is called and says; data sets are named where there are several.
 * @type {(kind: Kind, kinds: Kind[], index: number) => ChartSpec}
 */
export function described(kind, kinds, index) {
  const apart = new Set(kinds.map((each) => each.data)).size > 1;
  return {
    id: index ? `quality${index + 1}` : "quality",
    title: apart ? `${kind.title}, ${kind.data}` : kind.title,
    term: kind.term,
    note: kind.note,
    positive: true,
    marks: true,
    tall: true,
    guides: true,
  };
}

/**
 * What stands below the Fréchet charts.
 * @type {(kinds: Kind[]) => string}
 */
export function caption(kinds) {
  const apart =
    kinds.length > 1 ? t(" One chart a kind of measurement: their distances do not compare.") : "";
  return t(
    "Not comparable with a published FID. Measured beside training, or by the command evaluate.{apart}",
    { apart },
  );
}
