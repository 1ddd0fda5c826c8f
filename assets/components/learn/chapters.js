// Chapters on the plane: predict, watch a real training, check by its own numbers, try to heal it.
// `outcome` reads what happened off the lesson; questions are answered by it, never by this file.
import { whole } from "../shared/base.js";
import { sigmoid } from "../shared/network/activations.js";
import { SHOWN } from "./lesson.js";
import { t } from "../shared/words.js";
/** @import { Lesson } from "./lesson.js" */
/** @import { TwoSides } from "./engine/two_sides.js" */
/** @import { Chapter, Distribution, LessonSettings, Rows } from "./types" */

/** @type {Partial<LessonSettings>} */
const QUICK = {
  g_lr: 5e-3,
  d_lr: 5e-3,
  loss: "non_saturating",
  penalty: "r1",
  penalty_weight: 0.1,
  n_critic: 1,
  latent_dim: 2,
  hidden: 32,
  beta_1: 0.5,
  data: "ring",
  sides: null,
};

/**
 * Mean length of the arrows on the fakes.
 * @type {(lesson: Lesson) => number}
 */
function pushed(lesson) {
  const push = lesson.gan.push(lesson.fake, SHOWN, lesson.real);
  let sum = 0;
  for (let i = 0; i < push.length; i += 2) sum += Math.hypot(push[i], push[i + 1]);
  return sum / SHOWN;
}

/**
 * Share of steps after which G's loss was higher than before.
 * @type {(lesson: Lesson) => number}
 */
function rises(lesson) {
  const losses = lesson.history.map((row) => row.g_loss).filter(Number.isFinite);
  return (
    losses.slice(1).filter((loss, i) => loss > losses[i]).length / Math.max(1, losses.length - 1)
  );
}

/** @type {(lesson: Lesson, start: Rows) => number} */
const moved = (lesson, start) =>
  Math.hypot(...lesson.fake.map((v, i) => v - start[i])) / Math.sqrt(SHOWN);
/** @type {(counts: number) => string} */
const most = (counts) => (counts <= 2 ? "few" : counts < 8 ? "some" : "all");
/** @type {(lesson: Lesson) => number} */
const groupsOf = (lesson) => lesson.groups?.covered ?? 0;

/**
 * {id, title, question, so: what one must know before the first question, asks: {text, options: [[value, text]]}, settings, steps, only, outcome(lesson, start) -> {value, text},
 *  check: {text, options, answer(lesson, start) -> value, because(lesson, start) -> text}, heal: {text, set: settings that do what the text says, anew: whether from the beginning, goal, done(lesson)}, real}
 * @type {Chapter[]}
 */
export const CHAPTERS = [
  {
    id: "two-networks",
    terms: ["generator", "discriminator", "fake", "real"],
    title: t("What are the two networks?"),
    question: t("One makes points, one tells them from real ones."),
    so: t(
      "Two networks learn on this plane. *G*, the generator, makes the gold diamonds out of random numbers: fakes. The teal discs are real. *D*, the discriminator, gives every place a score from 0, surely fake, to 1, surely real: the background turns gold or teal where it is sure. Orange arrows show which way a fake’s score gets better.",
    ),
    asks: {
      text: t("Only D learns now, G does not. Where will the gold fakes go?"),
      options: [
        ["stay", t("They stay where they are.")],
        ["real", t("They move to the teal points.")],
        ["away", t("They fly off.")],
      ],
    },
    settings: QUICK,
    steps: 300,
    only: "d",
    outcome(lesson, start) {
      const far = moved(lesson, start);
      return {
        value: far < 1e-9 ? "stay" : groupsOf(lesson) > 4 ? "real" : "away",
        text: t("The fakes moved by {far}. Only G can move them, and G did not learn.", {
          far: far.toFixed(2),
        }),
      };
    },
    check: {
      text: t("What did D learn in the meantime?"),
      options: [
        ["real", t("Higher scores for real points than for fakes.")],
        ["fake", t("Higher scores for fakes.")],
        ["none", t("The same score for both.")],
      ],
      answer: ({ last }) =>
        last.real - last.fake > 0.1 ? "real" : last.fake - last.real > 0.1 ? "fake" : "none",
      because: ({ last }) =>
        t("D's mean score is {real} for real points and {fake} for fakes.", {
          real: last.real.toFixed(2),
          fake: last.fake.toFixed(2),
        }),
    },
    heal: {
      text: t("Let both learn (Both, then Play) until the fakes reach all eight groups."),
      goal: t("8 of 8 groups"),
      done: (lesson) => groupsOf(lesson) === 8,
    },
    real: t("On Train, *Step* can update only D or only G, too."),
  },
  {
    id: "no-rest",
    graphs: true,
    terms: ["loss", "step", "learning_rate"],
    title: t("Why do they not settle?"),
    question: t("Each step of one moves the goal of the other."),
    so: t(
      "Both networks learn in small *steps*. A *loss* is one number that says how badly a network does; each step makes its own a little smaller. D’s falls when it tells real from fake, G’s when D takes its fakes for real: what helps one hurts the other. Both are drawn while they learn.",
    ),
    asks: {
      text: t("Both learn for 600 steps. What will the losses do?"),
      options: [
        ["zero", t("Both fall to 0.")],
        ["swing", t("Neither: they swing around a balance.")],
        ["g", t("G's falls to 0, D's rises.")],
      ],
    },
    settings: QUICK,
    steps: 600,
    only: null,
    outcome({ last }) {
      const value = last.g_loss < 0.1 ? (last.d_loss < 0.1 ? "zero" : "g") : "swing";
      return {
        value,
        text: t(
          "After 600 steps G's loss is {g_loss} and D's {d_loss}. Where D cannot tell any more they are 0.69 and 1.39.",
          { g_loss: last.g_loss.toFixed(2), d_loss: last.d_loss.toFixed(2) },
        ),
      };
    },
    check: {
      text: t("After how many of the steps was G's loss higher than before?"),
      options: [
        ["few", t("Hardly any.")],
        ["half", t("About half.")],
        ["most", t("Nearly all.")],
      ],
      answer: (lesson) => (rises(lesson) < 0.3 ? "few" : rises(lesson) > 0.7 ? "most" : "half"),
      because: (lesson) =>
        t(
          "It rose after {rises} % of the steps. A GAN's loss is no thermometer: look at the points.",
          { rises: Math.round(100 * rises(lesson)) },
        ),
    },
    heal: {
      text: t(
        "Lower both learning rates to 0.0005 and Play: the swing gets small, and so does the progress.",
      ),
      set: { g_lr: 5e-4, d_lr: 5e-4 },
      goal: t("both rates at most 0.0005"),
      done: ({ settings, step }) => settings.g_lr <= 5e-4 && settings.d_lr <= 5e-4 && step > 650,
    },
    real: t("On Train the curves of a healthy run swing as well."),
  },
  {
    id: "collapse",
    terms: ["mode_collapse", "z"],
    title: t("Mode collapse"),
    question: t("Why does G make only some of the groups?"),
    so: t(
      "G starts from random numbers, called *z*: here two for each fake. The orange grid shows where G sends them all; a good G spreads them over all eight teal groups. How far a network moves in one step is its *learning rate*; a *regulariser* keeps D’s surface smooth.",
    ),
    asks: {
      text: t(
        "G learns ten times as fast as D, and nothing smooths D. How many of the eight groups will the fakes reach?",
      ),
      options: [
        ["few", t("At most two.")],
        ["some", t("Three to seven.")],
        ["all", t("All eight.")],
      ],
    },
    settings: { ...QUICK, g_lr: 1e-2, d_lr: 1e-3, penalty: null },
    steps: 600,
    only: null,
    outcome: (lesson) => ({
      value: most(groupsOf(lesson)),
      text: t("They reach {groupsOf} of 8.", { groupsOf: groupsOf(lesson) }),
    }),
    check: {
      text: t("Look at the grid of z. What has G done with most values of z?"),
      options: [
        ["together", t("Put them close together.")],
        ["spread", t("Spread them over all groups.")],
      ],
      answer: (lesson) => (groupsOf(lesson) <= 4 ? "together" : "spread"),
      because: () =>
        t(
          "Whatever z is drawn, it ends in about the same place: many z, few points. That is mode collapse.",
        ),
    },
    heal: {
      text: t("Let D keep up: both rates 0.005, regulariser R1 with 0.1. Play on."),
      set: { g_lr: 5e-3, d_lr: 5e-3, penalty: "r1", penalty_weight: 0.1 },
      goal: t("8 of 8 groups"),
      done: (lesson) => groupsOf(lesson) === 8,
    },
    real: t("The doctor on Train says *mode collapse* when classes or modes go missing."),
  },
  {
    id: "too-strong",
    graphs: true,
    terms: ["penalty", "score"],
    title: t("D too strong"),
    question: t("What can G learn from a D that is never wrong?"),
    so: t(
      "G never sees the real points. All it knows comes from D: each arrow points to where D’s score rises, and is longer where it rises steeply. A *regulariser* keeps D’s surface smooth.",
    ),
    asks: {
      text: t(
        "Only D learns, with nothing to smooth it and the least-squares loss. What happens to the arrows, which tell G where to go?",
      ),
      options: [
        ["shrink", t("They get much shorter.")],
        ["grow", t("They grow.")],
        ["same", t("They stay as they are.")],
      ],
    },
    settings: { ...QUICK, loss: "least_squares", penalty: null, d_lr: 1e-2, hidden: 64 },
    steps: 500,
    only: "d",
    before: (lesson) => {
      lesson.train(10, "d");
      return pushed(lesson);
    },
    outcome(lesson, _, before) {
      const share = pushed(lesson) / before;
      return {
        value: share < 0.67 ? "shrink" : share > 1.5 ? "grow" : "same",
        text: t("The mean arrow is {share} % as long as when D had just begun to see.", {
          share: Math.round(100 * share),
        }),
      };
    },
    check: {
      text: t("D's loss is now …"),
      options: [
        ["small", t("nearly 0: it is never wrong.")],
        ["large", t("large: it is often wrong.")],
      ],
      answer: ({ last }) => (last.d_loss < 0.05 ? "small" : "large"),
      because: ({ last }) =>
        t(
          "It is {d_loss}. Its surface is a cliff between flat land: where it is flat there is no slope to follow.",
          { d_loss: last.d_loss.toFixed(3) },
        ),
    },
    heal: {
      text: t(
        "Bring the slope back: loss Classic, regulariser R1, D's rate 0.005, then Both and Play.",
      ),
      set: { loss: "non_saturating", penalty: "r1", d_lr: 5e-3 },
      goal: t("8 of 8 groups"),
      done: (lesson) => groupsOf(lesson) === 8,
    },
    real: t("The doctor calls it *discriminator wins*; instance noise and R1 are its remedies."),
  },
  {
    id: "vanishing",
    graphs: true,
    terms: ["vanishing_gradient", "raw_score"],
    title: t("Vanishing gradient"),
    question: t("Which losses still tell G where to go when D is sure?"),
    so: t(
      "An arrow on a fake is a *gradient*: the way in which G’s loss falls, and how steeply. A loss turns D’s score into that slope, and there are several losses, which make different slopes of the same score.",
    ),
    asks: {
      text: t(
        "Only D learns, until it is sure of everything. The first loss of GANs told G: be called “fake” less. Classic tells it: be called “real” more. Which still gives G arrows to follow?",
      ),
      options: [
        ["both", t("Both.")],
        ["classic", t("Only Classic.")],
        ["none", t("Neither.")],
      ],
    },
    settings: { ...QUICK, penalty: null, d_lr: 1e-2 },
    steps: 200,
    only: "d",
    outcome(lesson) {
      const { first, classic, raw } = arrows(lesson),
        weak = (/** @type {number} */ length) => length < 0.1 * raw;
      return {
        value: !weak(first) ? "both" : weak(classic) ? "none" : "classic",
        text: t(
          "A mean arrow is {classic} long by Classic, and {first} by the first loss: its gradient has vanished.",
          { classic: classic.toFixed(2), first: first.toFixed(3) },
        ),
      };
    },
    check: {
      text: t("What does D say of the fakes by now?"),
      options: [
        ["sure", t("Below 0.01: surely fake.")],
        ["unsure", t("About 0.5: it cannot tell.")],
      ],
      answer: ({ last }) => (last.fake < 0.01 ? "sure" : "unsure"),
      because: (lesson) =>
        t(
          "Its mean score is {fake}. There the first loss is flat: a slightly better fake is still surely fake. Wasserstein takes the raw score, which is never flat: {raw}.",
          { fake: lesson.last.fake.toFixed(4), raw: arrows(lesson).raw.toFixed(2) },
        ),
    },
    heal: {
      text: t(
        "Take a loss that cannot go flat: *Wasserstein*, regulariser *Gradient of length 1*, its weight 1, D’s rate 0.005, 3 D steps per G step. Then Both and Play.",
      ),
      set: {
        loss: "wasserstein",
        penalty: "gradient_penalty",
        penalty_weight: 1,
        d_lr: 5e-3,
        n_critic: 3,
      },
      goal: t("6 of 8 groups by Wasserstein"),
      done: (lesson) => lesson.settings.loss === "wasserstein" && groupsOf(lesson) >= 6,
    },
    real: t(
      "On Train this is the recipe *wgan_gp*; the others take Classic or gentler losses, never the first one.",
    ),
  },
  {
    id: "divergence",
    graphs: true,
    terms: ["raw_score", "learning_rate"],
    title: t("Divergence"),
    question: t("From swinging to flying off, by one knob."),
    so: t(
      "Most losses take D’s score as a number from 0 to 1. *Wasserstein* lets it be any number, so something must limit how steep D gets. A *learning rate* says how far a network moves in one step: 0.005 is usual here.",
    ),
    asks: {
      text: t(
        "Wasserstein loss, nothing that limits D, and rates of 0.3. What happens within 300 steps?",
      ),
      options: [
        ["gone", t("The numbers fly off, and it stops.")],
        ["near", t("The fakes settle on the real points.")],
        ["middle", t("They stay in the middle.")],
      ],
    },
    settings: { ...QUICK, loss: "wasserstein", penalty: null, g_lr: 0.3, d_lr: 0.3 },
    steps: 300,
    only: null,
    outcome: (lesson) => ({
      value: lesson.flown ? "gone" : groupsOf(lesson) > 4 ? "near" : "middle",
      text: lesson.flown
        ? t("They flew off at step {step}.", { step: lesson.step })
        : t("They are still here at step {step}.", { step: lesson.step }),
    }),
    check: {
      text: t("How large was G's loss when it was stopped, with or without its sign?"),
      options: [
        ["small", t("Below 10, as in a healthy run.")],
        ["huge", t("Beyond 1,000.")],
      ],
      answer: ({ last }) => (Math.abs(last.g_loss) > 1000 ? "huge" : "small"),
      because: ({ last }) =>
        t(
          "It was {g_loss}. A Wasserstein D may give any score; without a limit both push it on and on.",
          { g_loss: whole(last.g_loss) },
        ),
    },
    heal: {
      text: t("Restart with rates of 0.005 and *Gradient of length 1* with weight 1, then Play."),
      set: { g_lr: 5e-3, d_lr: 5e-3, penalty: "gradient_penalty", penalty_weight: 1 },
      anew: true,
      goal: t("300 steps without flying off, 5 groups or more"),
      done: (lesson) => !lesson.flown && lesson.step >= 300 && groupsOf(lesson) >= 5,
    },
    real: t("The doctor says *training diverged*, and rewinds to the last healthy checkpoint."),
  },
  {
    id: "by-heart",
    terms: ["copies", "penalty"],
    title: t("D learns its data by heart"),
    question: t("What happens with very few real points?"),
    so: t(
      "D knows what is real from examples alone. From many of them it learns what they have in common. Few of them it could also simply remember, one by one.",
    ),
    asks: {
      text: t(
        "D knows only 12 real points of one large group, and nothing smooths it. Both learn. Where will the fakes gather?",
      ),
      options: [
        ["copies", t("Close to the 12 that D knows.")],
        ["all", t("All over the group.")],
      ],
    },
    settings: { ...QUICK, penalty: null, d_lr: 1e-2, g_lr: 2e-3, n_critic: 2, data: "blob" },
    steps: 800,
    only: null,
    few: 12,
    outcome(lesson) {
      const share = nearness(lesson);
      return {
        value: share < 0.5 ? "copies" : "all",
        text: t(
          "The middle fake is {share} % as far from the nearest of the 12 as a new real point is.",
          { share: Math.round(100 * share) },
        ),
      };
    },
    check: {
      text: t("Here is a new real point of the group that D never saw. How does D score it?"),
      options: [
        ["lower", t("Lower than the 12 it knows.")],
        ["same", t("The same, or higher.")],
      ],
      answer: (lesson) =>
        score(lesson, lesson.real) - score(lesson, lesson.unseen) > 0.02 ? "lower" : "same",
      because: (lesson) =>
        t("The 12 get {known}, new ones {unseen}. D learned places by heart, and G went there.", {
          known: score(lesson, lesson.real).toFixed(2),
          unseen: score(lesson, lesson.unseen).toFixed(2),
        }),
    },
    heal: {
      text: t(
        "More data heals it: under Real points choose *One group*, regulariser R1, then Play.",
      ),
      set: { data: "blob", penalty: "r1" },
      goal: t("fakes as close to new points as real ones are"),
      done: (lesson) =>
        lesson.settings.data !== "own" &&
        middle(lesson.unseen, lesson.fake) < 1.4 * middle(lesson.unseen, lesson.real),
    },
    real: t(
      "On Train the doctor says *D overfits*; augmentation of few images is the remedy there.",
    ),
  },
  {
    id: "cycle",
    terms: ["cycle", "generator"],
    title: t("There and back proves nothing"),
    question: t("For translators: why is a perfect cycle no proof?"),
    so: t(
      "A *translator* turns pictures of one kind into another kind, zebras into horses, without ever seeing a matching pair. So a second network leads back, and both learn that what comes home should be what left: a *cycle*. Here points stand for the pictures.",
    ),
    asks: {
      text: t(
        "G leads the grey points of side a to side b, a second network leads them back. Only one thing is trained: that each point comes home. Where will the gold points in the middle of the journey be?",
      ),
      options: [
        ["on", t("On the teal points: side b.")],
        ["off", t("Anywhere: hardly on side b.")],
      ],
    },
    settings: { ...QUICK, sides: "lines" },
    steps: 500,
    only: "cycle",
    outcome: (lesson) => ({
      value: arrived(lesson) > 0.5 ? "on" : "off",
      text: t("{arrived} % of them lie on a teal group.", {
        arrived: Math.round(100 * arrived(lesson)),
      }),
    }),
    check: {
      text: t("How well do points come home?"),
      options: [
        ["home", t("Nearly to where they began.")],
        ["lost", t("Not at all.")],
      ],
      answer: (lesson) => (away(lesson) < 0.1 ? "home" : "lost"),
      because: (lesson) =>
        t(
          "They miss it by {away} on average, on a plane 3 wide. Any detour that can be undone will do; only D knows what side b looks like.",
          { away: away(lesson).toFixed(3) },
        ),
    },
    heal: {
      text: t("Now D joins in: Both, then Play."),
      goal: t("5 of 8 groups, and home to within 0.1"),
      done: (lesson) =>
        Boolean(lesson.settings.sides) && groupsOf(lesson) >= 5 && away(lesson) < 0.1,
    },
    real: t(
      "On Train the doctor of translators says *Hides the input* when the way back is perfect and the middle is not.",
    ),
  },
];

/**
 * Mean length of the arrows on the fakes by three losses of G at the same D: log(1 - D) of the first paper, -log D, and the raw score.
 * @type {(lesson: Lesson) => { first: number, classic: number, raw: number }}
 */
function arrows({ gan, fake }) {
  const seen = gan.d.forward(fake, SHOWN),
    slope = gan.d.backward(seen, new Float64Array(SHOWN).fill(1), null),
    beliefs = seen.output.map(sigmoid);
  /** @type {(factor: (belief: number) => number) => number} */
  const mean = (factor) =>
    beliefs.reduce((sum, b, i) => sum + factor(b) * Math.hypot(slope[2 * i], slope[2 * i + 1]), 0) /
    SHOWN;
  return { first: mean((b) => b), classic: mean((b) => 1 - b), raw: mean(() => 1) };
}

/**
 * Share of the fakes within four spreads of a group.
 * @type {(lesson: Lesson) => number}
 */
function arrived({ source, fake }) {
  const { groups, spread } = /** @type {Distribution} */ (source);
  /** @type {(i: number) => boolean} */
  const near = (i) =>
    groups.some(([x, y]) => Math.hypot(fake[2 * i] - x, fake[2 * i + 1] - y) < 4 * spread);
  return Array.from({ length: SHOWN }, (_, i) => near(i)).filter(Boolean).length / SHOWN;
}

/**
 * How far points of side a end from home.
 * @type {(lesson: Lesson) => number}
 */
const away = (lesson) =>
  lesson.settings.sides ? /** @type {TwoSides} */ (lesson.gan).away(lesson.z, SHOWN) : Infinity;

/**
 * How far the middle fake is from the nearest known point, as a share of what new real points are.
 * @type {(lesson: Lesson) => number}
 */
function nearness(lesson) {
  const [fakes, fresh] = [lesson.fake, lesson.unseen].map((points) => middle(points, lesson.real));
  return fakes / fresh;
}

/**
 * The median distance of points to the nearest of the known ones.
 * @type {(points: Rows, known: Rows) => number}
 */
function middle(points, known) {
  const near = Array.from({ length: points.length / 2 }, (_, i) => {
    let least = Infinity;
    for (let j = 0; j < known.length; j += 2)
      least = Math.min(
        least,
        Math.hypot(points[2 * i] - known[j], points[2 * i + 1] - known[j + 1]),
      );
    return least;
  });
  return near.sort((a, b) => a - b)[near.length >> 1];
}

/**
 * D's mean score of points, 0 to 1.
 * @type {(lesson: Lesson, points: Rows) => number}
 */
function score(lesson, points) {
  const beliefs = lesson.gan.beliefs(lesson.gan.d.apply(points, points.length / 2));
  return beliefs.reduce((sum, b) => sum + b, 0) / beliefs.length;
}

/**
 * A lesson set to a chapter's case, with what a teacher's link sets instead; what is known before it runs.
 * @type {(lesson: Lesson, chapter: Chapter, seed?: number, instead?: Partial<LessonSettings>) => { start: Rows, before: any }}
 */
export function prepared(lesson, chapter, seed = 1, instead = {}) {
  lesson.restart({ ...lesson.settings, ...chapter.settings, ...instead, seed });
  if (chapter.few) lesson.know(chapter.few);
  const start = lesson.fake.slice(),
    before = chapter.before?.(lesson);
  return { start, before };
}

/**
 * Does what the text of a chapter's way out says, but for Both and Play.
 * @type {(lesson: Lesson, heal: { set?: Record<string, unknown>, anew?: boolean }) => void}
 */
export function set(lesson, { set: settings = {}, anew = false }) {
  for (const [name, value] of Object.entries(settings)) lesson.set(name, value);
  if (anew) lesson.restart();
}

/** Chapters that this browser has finished, with how many answers were right; [id] -> [right, of]. */
const DONE = "ganscope-learn";
/** @type {(storage: Storage) => Record<string, number[]>} */
export function kept(storage) {
  try {
    const found = JSON.parse(storage.getItem(DONE) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

/**
 * Keeps what came of a chapter; a browser that keeps nothing is no reason to stop.
 * @type {(storage: Storage, id: string, result: number[]) => void}
 */
export function remember(storage, id, result) {
  try {
    storage.setItem(DONE, JSON.stringify({ ...kept(storage), [id]: result }));
  } catch {
    // full, or forbidden: the cards then say less
  }
}
