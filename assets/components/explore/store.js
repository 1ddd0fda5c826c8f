// Where the explore page is: run, step, z, class. All its components share one store per run; it
// asks for the current image and its class row, and tells everybody what changed.
import { call } from "../shared/ask.js";
import { Following, storesOf } from "../shared/following.js";
import { Latent } from "./latent.js";
import { readView } from "../shared/link.js";
import { Trail } from "./trail.js";
import { t } from "../shared/words.js";
/** @import { Answer, ExploreView, Given, Params, Question } from "../shared/types" */
/** @import { Direction, Visited } from "./types" */
/** @import { Tensor } from "../shared/network/types" */

const [OTHERS, LONE] = [6, 60]; // further z of the matrix, with classes and without
const MAX_SEED = 2 ** 31 - 1;

export const randomSeed = () => Math.floor(Math.random() * 100000);

class Store extends Following(Latent) {
  /** @type {Direction[]} */
  axes = null; // of the map, as Directions last had them
  /** @type {Uint8Array} */
  current = null;
  /** @type {Uint8Array} */
  row = null;
  dragging = false;
  /** @type {number} */
  ms = null;

  /** @param {string} run */
  constructor(run) {
    const view = readView(run);
    super(run, "explore", view.step);
    this.view = view;
    this.notes = { favourites: [], directions: [] };
    this.trail = new Trail(this);
    this.window = { from: 0, count: 0 }; // of the classes, those whose images are made
    this.raw = view.raw === true;
    this.asker.raw = this.raw ? 1 : null;
    this.seed = view.seed ?? 1;
    this.psi = view.psi ?? 1;
    this.poll();
  }

  /**
   * Listeners may also have about(), images(), other(), locked(), axes(), trail(), judge(pixels), judged(words).
   * @type {(listener: any) => void}
   */
  joined(listener) {
    listener.about?.();
    if (this.current) listener.images?.();
    if (this.current) listener.filled?.();
    listener.settled?.();
    listener.notes?.();
    listener.trail?.();
  }

  end() {
    super.end();
    this.trail.end();
  }

  get classes() {
    return this.about?.num_classes ?? 0;
  }
  get sigma() {
    return this.about?.prior === "uniform" ? 1 / Math.sqrt(3) : 1;
  }
  get range() {
    return this.about?.prior === "uniform" ? 1 : 3;
  }
  get shape() {
    return this.about.image_shape;
  }
  /** Steps that can be shown: raw weights are only in full checkpoints. */
  get steps() {
    return (this.raw ? this.facts?.full : this.facts?.steps) ?? [];
  }

  // ---- which generator ----

  /** Load the first generator and restore the view that the address names. */
  async open() {
    this.opening = true;
    try {
      if (this.raw && !this.facts.full.length) this.raw = this.asker.raw = null;
      if (!this.follow) this.step = this.nearestStep(this.step);
      this.about = await call(this.run, "about", { step: this.at, raw: this.asker.raw });
      await this.restore();
      this.readNotes();
      if (this.ended) return;
      this.ready = true;
      this.tell("awake");
      this.tell("about");
      this.change();
    } catch (error) {
      if (!this.ended) this.problem(error.message);
      await new Promise((go) => setTimeout(go, 3000));
    }
    this.opening = false;
  }

  /**
   * Another view of this generator, by its address.
   * @type {(view: ExploreView) => Promise<void>}
   */
  async reopen(view) {
    this.view = view;
    this.seed = view.seed ?? 1;
    this.psi = view.psi ?? 1;
    this.moved = false;
    this.mixed = false;
    const step = view.step ?? null;
    this.raw = view.raw === true;
    this.step = step;
    this.follow = step === null;
    try {
      await this.restore();
      this.arrive();
    } catch (error) {
      this.problem(error.message);
    }
  }

  /**
   * A view as the trail keeps it.
   * @type {(view: Visited) => void}
   */
  show({ seed, psi, step, follow, raw, label, mixed, moved, base, z, weights, others }) {
    this.seed = seed;
    this.psi = psi;
    this.step = step;
    this.follow = follow;
    this.raw = raw;
    this.label = label;
    this.mixed = mixed;
    this.moved = moved;
    this.base = base;
    this.z = z;
    this.weights = weights;
    this.others = others;
    this.arrive();
  }

  arrive() {
    this.asker.raw = this.raw ? 1 : null;
    this.stays = false;
    this.tell("facts");
    this.turn();
    this.tell("other");
  }

  async restore() {
    const { z, mix, label, badZ } = this.view;
    const further = Array.from(
      { length: this.classes ? OTHERS : LONE },
      (_, i) => (this.seed + 1 + i) % MAX_SEED,
    );
    const seeds = [this.seed, ...further];
    const drawn = await this.draw(seeds);
    [this.base, ...this.others] = drawn.map((values, i) => ({ seed: seeds[i], z: values }));
    this.z = this.base.z.slice();
    if (badZ || (z && z.length !== this.z.length)) {
      this.problem(
        t(
          "The z in the address does not fit: this generator takes {z} numbers{badZ}. Shown is the z of seed {seed}.",
          {
            z: this.z.length,
            badZ: badZ ? "" : t(", it has {z}", { z: z.length }),
            seed: this.seed,
          },
        ),
        { stays: true },
      );
    } else if (z) {
      this.z = z.slice();
      this.moved = true;
    }
    this.label = Math.min(label ?? 0, Math.max(0, this.classes - 1));
    this.weights = this.oneHot(this.label);
    if (mix && mix.length === this.classes) [this.weights, this.mixed] = [mix.slice(), true];
  }

  /** @type {(seeds: number[]) => Promise<Float32Array[]>} */
  async draw(seeds) {
    const { parts } = await call(this.run, "z", { step: this.at, seeds: seeds.join(",") });
    const size = this.about.latent_dim;
    return seeds.map((_, i) => parts[0].slice(i * size, (i + 1) * size));
  }

  /** @type {(raw: boolean) => void} */
  setRaw(raw) {
    this.raw = raw;
    this.asker.raw = raw ? 1 : null;
    if (!this.follow) this.step = this.nearestStep(this.step);
    this.tell("facts");
    this.turn();
  }

  /** Another generator: its facts, and everything anew. */
  renewed() {
    const ask = () => ({ route: "about", params: { step: this.at } });
    this.asker.ask(
      "about",
      1,
      ask,
      (about) => {
        this.about = about;
        this.tell("about");
      },
      () => {},
    );
    this.change();
  }

  // ---- the image ----

  /**
   * Which of the classes have an image of their own now: `count` of them, with the chosen one.
   * @type {(count: number, from?: number | null) => boolean}
   */
  setWindow(count, from = null) {
    const most = Math.min(count, this.classes);
    const start =
      from ??
      (this.inWindow(this.label, most)
        ? this.window.from
        : Math.floor(this.label / Math.max(1, most)) * most);
    const next = { from: Math.max(0, Math.min(start, this.classes - most)), count: most };
    if (next.from === this.window.from && most === this.window.count) return false;
    this.window = next;
    return true;
  }

  /** @type {(label: number, count?: number) => boolean} */
  inWindow(label, count = this.window.count) {
    return label >= this.window.from && label < this.window.from + count;
  }

  /** The classes of the window, first to last. */
  get windowed() {
    return Array.from({ length: this.window.count }, (_, i) => this.window.from + i);
  }

  /** @type {(dragging?: boolean) => void} */
  change(dragging = false) {
    if (!this.z) return;
    this.dragging = dragging;
    const make = () => {
      this.making = this.window;
      const rows = [this.line(), ...this.windowed.map((k) => this.line(this.z, this.oneHot(k)))];
      return { route: "images", params: { step: this.at }, body: this.body(rows) };
    };
    this.asker.ask(
      "live",
      0,
      make,
      (a) => this.arrived(a),
      (e) => this.problem(e.message),
    );
    this.settle(() => {
      this.trail.settled();
      this.tell("settled");
    }, dragging);
  }

  /**
   * What the generator is given for a question of images, whatever part asks it (drawn_here.js).
   * @type {(wanted: Question) => { params: Params, inputs: Given[] } | null}
   */
  inputsOf({ route, params, body }) {
    if (route !== "images" || this.about?.image_shape.length !== 3) return null;
    const { latent_dim: size, num_classes: classes } = this.about,
      width = size + classes;
    /** @type {(start: number, count: number) => Tensor} */
    const row = (start, count) => ({ shape: [count], data: body.slice(start, start + count) });
    const inputs = Array.from({ length: body.length / width }, (_, i) => ({
      z: row(i * width, size),
      ...(classes ? { classes: row(i * width + size, classes) } : {}),
    }));
    return { params: { step: params.step }, inputs };
  }

  /** @type {(answer: Answer) => void} */
  arrived({ header, parts }) {
    const size = this.shape.reduce((a, b) => a * b, 1);
    this.current = parts[0].subarray(0, size);
    this.row = parts[0].subarray(size);
    this.rowFrom = this.making.from;
    this.shown = header.step;
    this.ms = header.ms / (parts[0].length / size); // of one image
    this.solved();
    this.tell("images");
    this.tell("filled");
  }
}

export const storeOf = storesOf(Store);
