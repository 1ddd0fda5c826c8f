// Which measurements compare: the same measure on the same data. Each kind has a Fréchet chart of its own.

/** The Fréchet distance that was measured of a run; null without one. */
export function qualityOf(facts) {
  return Object.keys(facts?.evals.at(-1)?.values ?? {}).find((name) => name.startsWith("fd_") && !name.endsWith("_error")) ?? null;
}

/** [{name, data, members: [index]}], in the order of the runs; `drawn` where a line can be drawn. */
export function kindsOf(runs, facts) {
  const found = new Map();
  facts.forEach((own, index) => {
    const name = qualityOf(own);
    if (!name) return;
    const key = `${runs[index].data}\n${name}`;
    const kind = found.get(key) ?? { name, data: runs[index].data, members: [], drawn: false };
    kind.members.push(index);
    kind.drawn ||= own.evals.length > 1; // single points are in the table
    found.set(key, kind);
  });
  return [...found.values()];
}

/** What a chart of a kind is called and says; data sets are named where there are several. */
export function described(kind, kinds, index) {
  const [, features, count] = kind.name.split("_");
  const what = features === "points" ? `${count} points` : `${features} features, ${count} fakes`;
  const apart = new Set(kinds.map((each) => each.data)).size > 1;
  return {
    id: index ? `quality${index + 1}` : "quality", title: apart ? `Fréchet distance, ${kind.data}` : "Fréchet distance",
    note: `${what}, lower is closer to the data`, positive: true, marks: true, tall: true, guides: true,
  };
}

/** What stands below the Fréchet charts. */
export function caption(kinds) {
  const apart = kinds.length > 1 ? " One chart a kind of measurement: their distances do not compare." : "";
  return `Not comparable with a published FID. Measured beside training, or by the command evaluate.${apart}`;
}
