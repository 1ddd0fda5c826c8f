// Chapters: complete, short, and answered by their own run; the teacher's link there and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CHAPTERS, kept, prepared, remember } from "../../assets/components/learn/chapters.js";
import { Lesson } from "../../assets/components/learn/lesson.js";
import { fixed, lessonAddress, readLesson } from "../../assets/components/learn/teacher.js";
import terms from "../../assets/components/shared/terms.js";

const words = (text) => text.split(/\s+/).length;

test("each chapter has its four stages, at most 60 words each, and known words", () => {
  assert.equal(new Set(CHAPTERS.map(({ id }) => id)).size, CHAPTERS.length);
  for (const { id, asks, check, heal, real, terms: keys } of CHAPTERS) {
    for (const { text, options } of [asks, check]) {
      assert.ok(words([text, ...options.map(([, label]) => label)].join(" ")) <= 60, `${id}: ${text}`);
      assert.ok(options.length > 1 && new Set(options.map(([value]) => value)).size === options.length, id);
    }
    assert.ok(words(`${heal.text} ${heal.goal} ${real}`) <= 60, `${id}: try`);
    keys.forEach((key) => assert.ok(key in terms, `${id}: ${key}`));
  }
});

test("what happened and what is right are among the answers, whatever the run did", () => {
  for (const chapter of CHAPTERS) {
    const lesson = new Lesson(), { start, before } = prepared(lesson, chapter, 3);
    lesson.train(2, chapter.only);
    const { value, text } = chapter.outcome(lesson, start, before);
    assert.ok(chapter.asks.options.some(([option]) => option === value), `${chapter.id}: ${value}`);
    assert.ok(chapter.check.options.some(([option]) => option === chapter.check.answer(lesson, start)), chapter.id);
    assert.ok(!/NaN|undefined/.test(text + chapter.check.because(lesson, start)), text);
    assert.equal(chapter.heal.done(lesson), false, `${chapter.id} is healed before it is ill`);
  }
});

test("two networks: fakes stay while only D learns; what a teacher sets is trained instead", () => {
  const chapter = CHAPTERS[0], lesson = new Lesson(), { start } = prepared(lesson, chapter, 1, { d_lr: 0.01, latent_dim: 1 });
  lesson.train(60, chapter.only);
  assert.equal(chapter.outcome(lesson, start).value, "stay");
  assert.equal(chapter.check.answer(lesson, start), "real");
  assert.equal(lesson.gan.settings.d_lr, 0.01);
  assert.equal(lesson.gan.g.sizes[0], 1);
});

test("progress is kept, beside what was there; broken storage is no reason to stop", () => {
  const box = new Map(), storage = { getItem: (key) => box.get(key) ?? null, setItem: (key, value) => box.set(key, value) };
  remember(storage, "collapse", [1, 2]);
  remember(storage, "no-rest", [2, 2]);
  assert.deepEqual(kept(storage), { collapse: [1, 2], "no-rest": [2, 2] });
  assert.deepEqual(kept({ getItem: () => "{" }), {});
  remember({ getItem: () => null, setItem() { throw new Error("full"); } }, "collapse", [0, 2]);
});

test("a teacher's link says all, and is read as it was made", () => {
  const made = { chapter: "collapse", name: "Ms Okoye & 9b", locked: new Set(["g_lr", "loss"]), hidden: new Set(["loop"]), projector: true, settings: { g_lr: 0.01, penalty: null, latent_dim: 1 } };
  const href = lessonAddress("http://host:8501/learn?chapter=old&lock=d_lr&other=1", made);
  assert.deepEqual(readLesson(new URL(href).search), { ...made, stale: false });
  assert.equal(new URL(href).searchParams.get("other"), "1");
  assert.equal(new URL(lessonAddress(href, { ...readLesson(""), settings: {} })).search, "?other=1");
});

test("what a link says that there is not is left out, and an old chapter is told", () => {
  const read = readLesson("?chapter=gone&lock=g_lr,evil&hide=plane&g_lr=7&hidden=1e9&loss=__proto__&lesson=" + "x".repeat(500));
  assert.deepEqual(read.settings, {});
  assert.deepEqual([...read.locked], ["g_lr"]);
  assert.equal(read.hidden.size, 0);
  assert.ok(read.stale && read.chapter === null && read.name.length === 60);
  assert.equal(fixed(new Set(["g_lr", "d_lr", "loss"])), "G learning rate, D learning rate and Loss are fixed");
  assert.equal(fixed(new Set()), "");
});
