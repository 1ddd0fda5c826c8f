// Does each chapter of Learn end as it is told, and does its way out heal it? On five seeds, in seconds of one core.
//
//     node tests/benchmark/chapters.mjs [chapter ...] [--seeds 5]
import { CHAPTERS, prepared, set } from "../../assets/components/learn/chapters.js";
import { Lesson } from "../../assets/components/learn/lesson.js";

const given = process.argv.slice(2),
  at = given.indexOf("--seeds");
const seeds = at < 0 ? 5 : Number(given.splice(at, 2)[1]);
const PATIENCE = 3000; // steps within which the goal is reached
let wrong = 0;
for (const chapter of CHAPTERS.filter(({ id }) => !given.length || given.includes(id))) {
  const seen = Array.from({ length: seeds }, (_, i) => one(chapter, i + 1));
  const [outcomes, answers] = ["outcome", "answer"].map(
    (name) => new Set(seen.map((each) => each[name])),
  );
  const agree = outcomes.size === 1 && answers.size === 1,
    healed = seen.filter((each) => each.healed !== null);
  wrong += !agree || healed.length < seeds;
  console.log(
    `${chapter.id.padEnd(14)} ${agree ? "same" : "DIFFERS"} on ${seeds}: ${[...outcomes]} / ${[...answers]}, ${Math.max(...seen.map((each) => each.seconds)).toFixed(1)} s of one core at most; healed ${healed.length} of ${seeds}, after ${healed.map((each) => each.healed).join(", ")} steps`,
  );
  for (const { text, because } of seen) console.log(`    ${text} ${because}`);
}
process.exitCode = wrong ? 1 : 0;

function one(chapter, seed) {
  const before = process.cpuUsage(),
    lesson = new Lesson(),
    start = prepared(lesson, chapter, seed);
  lesson.train(chapter.steps, chapter.only);
  const { value, text } = chapter.outcome(lesson, start.start, start.before),
    { user } = process.cpuUsage(before);
  const answer = chapter.check.answer(lesson, start.start),
    because = chapter.check.because(lesson, start.start);
  return {
    outcome: value,
    text,
    answer,
    because,
    seconds: user / 1e6,
    healed: heal(lesson, chapter.heal),
  };
}

/** Steps until the goal of "Try" is reached; null where it is not. */
function heal(lesson, way) {
  set(lesson, way);
  for (let steps = 0; steps < PATIENCE; steps += 50) {
    if (way.done(lesson)) return steps;
    lesson.train(50);
  }
  return null;
}
