// Does each chapter of Learn end as it is told, and can it be healed? On five seeds, in seconds of one core.
//
//     node tests/benchmark/chapters.mjs [chapter ...] [--seeds 5]
import { CHAPTERS, prepared } from "../../assets/components/learn/chapters.js";
import { Lesson } from "../../assets/components/learn/lesson.js";

const given = process.argv.slice(2), at = given.indexOf("--seeds");
const seeds = at < 0 ? 5 : Number(given.splice(at, 2)[1]);
let wrong = 0;
for (const chapter of CHAPTERS.filter(({ id }) => !given.length || given.includes(id))) {
  const seen = Array.from({ length: seeds }, (_, i) => one(chapter, i + 1));
  const [outcomes, answers] = ["outcome", "answer"].map((name) => new Set(seen.map((each) => each[name])));
  const agree = outcomes.size === 1 && answers.size === 1;
  wrong += !agree;
  console.log(`${chapter.id.padEnd(14)} ${agree ? "same" : "DIFFERS"} on ${seeds}: ${[...outcomes]} / ${[...answers]}, ${Math.max(...seen.map((each) => each.seconds)).toFixed(1)} s of one core at most`);
  for (const { text, because } of seen) console.log(`    ${text} ${because}`);
}
process.exitCode = wrong ? 1 : 0;

function one(chapter, seed) {
  const before = process.cpuUsage(), lesson = new Lesson(), start = prepared(lesson, chapter, seed);
  lesson.train(chapter.steps, chapter.only);
  const { value, text } = chapter.outcome(lesson, start.start, start.before), { user } = process.cpuUsage(before);
  return { outcome: value, text, answer: chapter.check.answer(lesson, start.start), because: chapter.check.because(lesson, start.start), seconds: user / 1e6 };
}
