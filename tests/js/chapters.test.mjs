// Chapters: complete, short, and answered by their own run; the teacher's link there and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { added, beneath, callsReal, rightOf, spread } from "../../assets/components/learn/beat.js";
import { CHAPTERS, kept, prepared, remember } from "../../assets/components/learn/chapters.js";
import { numberOf, onwards } from "../../assets/components/learn/apart.js";
import { drawnZ, found, howMany, likeness, places } from "../../assets/components/learn/digits.js";
import { TwoSides } from "../../assets/components/learn/engine/two_sides.js";
import {
  inkiest,
  mixed,
  nearStrokes,
  shuffled,
  verdict,
  weighed,
} from "../../assets/components/learn/sees.js";
import { told } from "../../assets/components/learn/question.js";
import { Lesson } from "../../assets/components/learn/lesson.js";
import { DISTRIBUTIONS, rows } from "../../assets/components/learn/points.js";
import { fixed, lessonAddress, readLesson } from "../../assets/components/learn/teacher.js";
import { random } from "../../assets/components/shared/random.js";
import terms from "../../assets/components/shared/terms.js";

const words = (text) => text.split(/\s+/).length;

test("each chapter has its four stages, at most 60 words each, and known words", () => {
  assert.equal(new Set(CHAPTERS.map(({ id }) => id)).size, CHAPTERS.length);
  for (const { id, asks, check, heal, real, terms: keys } of CHAPTERS) {
    for (const { text, options } of [asks, check]) {
      assert.ok(
        words([text, ...options.map(([, label]) => label)].join(" ")) <= 60,
        `${id}: ${text}`,
      );
      assert.ok(
        options.length > 1 && new Set(options.map(([value]) => value)).size === options.length,
        id,
      );
    }
    assert.ok(words(`${heal.text} ${heal.goal} ${real}`) <= 60, `${id}: try`);
    keys.forEach((key) => assert.ok(key in terms, `${id}: ${key}`));
  }
});

test("what happened and what is right are among the answers, whatever the run did", () => {
  for (const chapter of CHAPTERS) {
    const lesson = new Lesson(),
      { start, before } = prepared(lesson, chapter, 3);
    lesson.train(2, chapter.only);
    const { value, text } = chapter.outcome(lesson, start, before);
    assert.ok(
      chapter.asks.options.some(([option]) => option === value),
      `${chapter.id}: ${value}`,
    );
    assert.ok(
      chapter.check.options.some(([option]) => option === chapter.check.answer(lesson, start)),
      chapter.id,
    );
    assert.ok(!/NaN|undefined/.test(text + chapter.check.because(lesson, start)), text);
    assert.equal(chapter.heal.done(lesson), false, `${chapter.id} is healed before it is ill`);
  }
});

test("two networks: fakes stay while only D learns; what a teacher sets is trained instead", () => {
  const chapter = CHAPTERS[0],
    lesson = new Lesson(),
    { start } = prepared(lesson, chapter, 1, { d_lr: 0.01, latent_dim: 1 });
  lesson.train(60, chapter.only);
  assert.equal(chapter.outcome(lesson, start).value, "stay");
  assert.equal(chapter.check.answer(lesson, start), "real");
  assert.equal(lesson.gan.settings.d_lr, 0.01);
  assert.equal(lesson.gan.g.sizes[0], 1);
});

test("progress is kept, beside what was there; broken storage is no reason to stop", () => {
  const box = new Map(),
    storage = {
      getItem: (key) => box.get(key) ?? null,
      setItem: (key, value) => box.set(key, value),
    };
  remember(storage, "collapse", [1, 2]);
  remember(storage, "no-rest", [2, 2]);
  assert.deepEqual(kept(storage), { collapse: [1, 2], "no-rest": [2, 2] });
  assert.deepEqual(kept({ getItem: () => "{" }), {});
  remember(
    {
      getItem: () => null,
      setItem() {
        throw new Error("full");
      },
    },
    "collapse",
    [0, 2],
  );
});

test("a teacher's link says all, and is read as it was made", () => {
  const made = {
    chapter: "collapse",
    name: "Ms Okoye & 9b",
    locked: new Set(["g_lr", "loss"]),
    hidden: new Set(["loop"]),
    projector: true,
    settings: { g_lr: 0.01, penalty: null, latent_dim: 1 },
  };
  const href = lessonAddress("http://host:8501/learn?chapter=old&lock=d_lr&other=1", made);
  assert.deepEqual(readLesson(new URL(href).search), { ...made, stale: false });
  assert.equal(new URL(href).searchParams.get("other"), "1");
  assert.equal(
    new URL(lessonAddress(href, { ...readLesson(""), settings: {} })).search,
    "?other=1",
  );
});

test("what a link says that there is not is left out, and an old chapter is told", () => {
  const read = readLesson(
    "?chapter=gone&lock=g_lr,evil&hide=plane&g_lr=7&hidden=1e9&loss=__proto__&lesson=".concat(
      "x".repeat(500),
    ),
  );
  assert.deepEqual(read.settings, {});
  assert.deepEqual([...read.locked], ["g_lr"]);
  assert.equal(read.hidden.size, 0);
  assert.ok(read.stale && read.chapter === null && read.name.length === 60);
  assert.equal(
    fixed(new Set(["g_lr", "d_lr", "loss"])),
    "G learning rate, D learning rate and Loss are fixed",
  );
  assert.equal(fixed(new Set()), "");
});

test("chapters that are not on the plane can be linked to, too", () => {
  for (const chapter of ["digits", "sees", "beat"])
    assert.deepEqual(readLesson(`?chapter=${chapter}`).chapter, chapter);
  assert.equal(numberOf("digits"), CHAPTERS.length + 1);
  assert.equal(onwards("cycle"), "Go on: 9. From points to digits");
  assert.equal(onwards("beat"), "All chapters");
});

test("there and back: points come home by the cycle alone, and nobody told G where side b is", () => {
  const chapter = CHAPTERS.find(({ id }) => id === "cycle"),
    lesson = new Lesson();
  const { start } = prepared(lesson, chapter, 2),
    before = lesson.gan.away(lesson.z, 240),
    d = lesson.gan.d.variables.map((v) => v.slice());
  lesson.train(200, "cycle");
  assert.ok(lesson.gan.away(lesson.z, 240) < before / 4);
  assert.deepEqual(lesson.gan.d.variables, d);
  assert.equal(chapter.outcome(lesson, start).value, "off");
  lesson.restart({ ...lesson.settings, sides: null, latent_dim: 1 });
  assert.equal(lesson.z.length, 240);
});

test("the cycle's gradient is the slope of its own loss", () => {
  const gan = new TwoSides({ hidden: 4, g_lr: 1e-3 }, random(4)),
    points = rows(DISTRIBUTIONS.lines, 6, random(5)),
    kernel = gan.g.layers[1].kernel,
    step = 1e-6;
  const at = (value) => {
    kernel[3] = value;
    return gan.away(points, 6);
  };
  const here = kernel[3],
    slope = (at(here + step) - at(here - step)) / (2 * step);
  kernel[3] = here;
  gan.cycle(points, 6);
  assert.ok(Math.abs(slope) > 1e-6, "this weight counts");
  assert.equal(Math.sign(kernel[3] - here), -Math.sign(slope));
});

test("the game: D calls real what beats more fakes than real images beat it; scores add up", () => {
  assert.equal(callsReal({ beats_real: 0.5, beats_fake: 0.9 }), true);
  assert.equal(callsReal({ beats_real: 0.05, beats_fake: 0.5 }), false);
  assert.equal(rightOf([true, false, true], [true, true, true]), 2);
  assert.deepEqual(added({ you: 3, d: "x", of: -1 }, { you: 1, d: 2, of: 10 }), {
    you: 4,
    d: 2,
    of: 10,
  });
  assert.deepEqual(added(null, { you: 1, d: 2, of: 10 }), { you: 1, d: 2, of: 10 });
});

test("the map: 20 by 14 places, upwards is more; a smooth map is told from a torn one", () => {
  const z = places();
  assert.deepEqual([...z.slice(0, 2), ...z.slice(-2)], [-2, 2, 2, -2]);
  const smooth = Uint8Array.from({ length: 280 }, (_, i) => 10 * (i % 20) + Math.floor(i / 20)),
    next = random(1);
  assert.ok(likeness(smooth, 1).share < 0.3);
  assert.ok(
    likeness(
      Uint8Array.from({ length: 280 }, () => 255 * next()),
      1,
    ).share > 0.7,
  );
  assert.equal(likeness(new Uint8Array(280), 1).share, 1);
});

test("a digit is on the map where the judge is sure of one tile; longer z are drawn as in training", () => {
  assert.deepEqual(found([7, 1, 7, 3], [0.2, 0.95, 0.9, 0.89]), [1, 7]);
  assert.deepEqual([0, 2, 3, 9, 10].map(howMany), ["few", "few", "some", "some", "all"]);
  const z = drawnZ(16),
    mean = z.reduce((sum, v) => sum + v, 0) / z.length;
  assert.equal(z.length, 280 * 16);
  assert.ok(Math.abs(mean) < 0.05);
  assert.ok(Math.abs(z.reduce((sum, v) => sum + v * v, 0) / z.length - 1) < 0.1);
  assert.deepEqual(z, drawnZ(16), "the same for everybody");
});

test("rounds of the game go through the checkpoints from the first to the last", () => {
  assert.deepEqual(spread([10, 20, 30]), [10, 20, 30]);
  const many = spread(Array.from({ length: 50 }, (_, i) => 50 * (i + 1)));
  assert.equal(many.length, 8);
  assert.deepEqual([many[0], many.at(-1)], [50, 2500]);
});

test("what D sees: pixels near a stroke are told from those far away, by shares of its slope", () => {
  const shape = [9, 9],
    pixels = new Uint8Array(81);
  pixels[4 * 9 + 4] = 255;
  const near = nearStrokes(pixels, shape);
  assert.equal(near.filter(Boolean).length, 13, "a diamond of two pixels around one");
  const slope = (inside, outside) => Float32Array.from(near, (is) => (is ? inside : -outside));
  assert.equal(weighed([{ pixels, saliency: slope(3, 1) }], shape).value, "near");
  assert.equal(weighed([{ pixels, saliency: slope(1, 3) }], shape).value, "far");
  const { near: a, far: b, value } = weighed([{ pixels, saliency: slope(2, 2) }], shape);
  assert.deepEqual([a, b, value], [2, 2, "alike"]);
});

test("a patch is shuffled where the ink is, and only there; scores are compared with how far real and fake are apart", () => {
  const shape = [14, 14],
    pixels = new Uint8Array(196).fill(9);
  pixels[10 * 14 + 3] = 255;
  assert.deepEqual(inkiest(pixels, shape), [7, 0]);
  assert.notDeepEqual(inkiest(pixels, shape, ["7,0"]), [7, 0]);
  assert.deepEqual(inkiest(pixels, shape, ["0,0", "0,7", "7,0", "7,7"]), [7, 0], "all again");
  const made = mixed(pixels, shape, [7, 0]),
    at = made.indexOf(255);
  assert.ok(Math.floor(at / 14) >= 7 && at % 14 < 7, "still in its patch");
  assert.deepEqual([...made].sort(), [...pixels].sort(), "the same pixels");
  assert.notEqual(
    mixed(pixels, shape, [7, 0], 1).indexOf(255),
    at,
    "and elsewhere in another turn",
  );
  assert.deepEqual(mixed(pixels, shape, [-3, 11]), pixels, "an even patch stays as it is");
  const other = shuffled(Uint8Array.from({ length: 64 }, (_, i) => i));
  assert.deepEqual(
    [...other].sort((a, b) => a - b),
    Array.from({ length: 64 }, (_, i) => i),
  );
  assert.ok(other.filter((v, i) => v === i).length < 8);
  assert.equal(verdict([2, 3], [1, 2], 4).value, "falls");
  assert.equal(verdict([1, 1], [2, 2], 4).value, "rises");
  assert.equal(verdict([1, 1], [1.1, 0.9], 4).value, "same");
});

test("a run that a chapter asked for is told in words, also where it waits for another one", () => {
  assert.equal(
    told({ state: "queued", step: 0, num_steps: 2500 }),
    "Another run is training: this one waits in the queue and begins by itself.",
  );
  assert.equal(
    told({ state: "running", step: 1200, num_steps: 2500 }),
    "Running: step 1,200 of 2,500.",
  );
  const queued = { state: "queued", step: 0, num_steps: 400 };
  assert.equal(
    told({ ...queued, queue_position: 3 }),
    "Other runs come first: this one is number 3 in the queue and begins by itself.",
  );
  assert.equal(
    told({ ...queued, queue_position: 1, held: "00007-lsgan" }),
    "00007-lsgan is paused and holds the queue: this run begins when it goes on or ends.",
  );
  assert.equal(
    told({ state: "ready", step: 0, num_steps: 400, phase: "importing TensorFlow" }),
    "It is being prepared: importing TensorFlow.",
  );
  assert.equal(
    told({ state: "failed", step: 3, num_steps: 400, error: "The disk is full." }),
    "Failed: step 3 of 400. The disk is full.",
  );
});

test("labels of equal scores stand beneath each other", () => {
  assert.deepEqual(beneath([40, 40, 90]), [40, 53, 90]);
  assert.deepEqual(beneath([50, 45, 45]), [71, 45, 58]);
});
