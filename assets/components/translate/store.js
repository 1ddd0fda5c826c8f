// Where the Translate page is: run, step, direction, input. All its components share one store per run;
// it asks for the output and tells everybody what changed.
import { Following, storesOf } from "../shared/following.js";
import { bytesOf } from "../shared/canvas_draw.js";
import { el } from "../shared/base.js";
import { toNumbers } from "../shared/network/bytes.js";
import { changed, fitsIn, l1, sizeOf } from "./pixels.js";
import { address, readView } from "./view.js";
import { t } from "../shared/words.js";
/** @import { Answer, Failure, Given, Options, Params, Question } from "../shared/types" */
/** @import { KeptInput, Ranks, View, Way } from "./types" */

const AGAIN = 2000; // ms until a held-out picture is asked for again

class Store extends Following(Object) {
  /** @type {number} */
  ms = null;
  /** @type {Record<string, any>} */
  said = {}; // of the output
  withBack = false;
  /** @type {{ inputs: KeptInput[] }} */
  notes = { inputs: [] };
  /** @type {Ranks} */
  ranks = null;
  /** @type {Uint8Array} */
  input = null;
  /** @type {number[]} */
  size = null;
  name = "";
  edits = 0;
  missing = "";
  count = 0;
  turns = 0;
  /** @type {Uint8Array} */
  output = null;
  /** @type {Uint8Array} */
  back = null;
  /** @type {number} */
  index = null;
  /** @type {Uint8Array} */
  origin = null; // of a held-out picture
  /** @type {Uint8Array} */
  truth = null;
  label = "";

  /** @param {string} run */
  constructor(run) {
    const view = readView(run);
    super(run, "translate", view.step);
    this.view = view;
    this.wanted = view.towards;
    this.poll();
  }

  /**
   * Listeners may also have input() when another image goes in, output(), ranks().
   * @type {(listener: any) => void}
   */
  joined(listener) {
    if (this.input) listener.input?.();
    if (this.output) listener.output?.();
    if (this.output) listener.filled?.();
    if (this.input) listener.settled?.();
    listener.notes?.();
  }

  /**
   * Asked about the present direction.
   * @type {(route: string, params?: Params, body?: any, options?: Options) => Promise<any>}
   */
  ask(route, params = {}, ...rest) {
    return super.ask(route, { towards: this.towards, ...params }, ...rest);
  }

  get way() {
    /** @type {Way[]} */
    const ways = this.facts?.ways ?? [];
    return ways.find((way) => way.towards === this.wanted) ?? ways[0];
  }

  get towards() {
    return this.way?.towards;
  }
  /**
   * Whether there is this direction; b of pairs is their target.
   * @type {(towards: string) => boolean}
   */
  hasWay(towards) {
    return this.facts.ways.some(
      (/** @type {Way} */ way) =>
        way.towards === towards || (way.towards === "target" && towards === "b"),
    );
  }
  /** (H, W, C) of what goes in and comes out in training. */
  get inShape() {
    return this.way.input_shape;
  }
  get outShape() {
    return this.way.output_shape;
  }
  /** The same of the present image, which may be larger. */
  get shape() {
    return [...this.size, this.inShape[2]];
  }
  get madeShape() {
    return [...this.size, this.outShape[2]];
  }
  get isTrainedSize() {
    return this.size[0] === this.inShape[0] && this.size[1] === this.inShape[1];
  }
  get bothWays() {
    return (this.facts?.ways.length ?? 1) > 1;
  }
  /** Whether what should come out is known. */
  get known() {
    return Boolean(this.truth && this.output) && this.isTrainedSize;
  }
  get l1() {
    return l1(this.output, this.truth);
  }
  /** Share of the held-out pictures that were compared whose output is further from its truth; null: not known yet. */
  get betterThan() {
    const { ranks } = this;
    if (!this.known || ranks?.step !== this.shown || ranks.towards !== this.towards) return null;
    return ranks.l1.filter((other) => other > this.l1).length / ranks.l1.length;
  }

  // ---- which translator ----

  /** The view that the address names, else the first held-out picture. */
  async open() {
    this.opening = true;
    this.ready = true;
    this.tell("awake");
    this.readNotes();
    await this.show(this.view);
    this.opening = false;
  }

  /**
   * A view: its step (null: stays as it is), direction, held-out picture, and what goes in in its place
   * (bytes, or a PNG): of a link, or one that was kept.
   * @type {(view: View & { png?: string | null }) => Promise<void>}
   */
  async show({ step = null, towards = null, held = null, pixels = null, png = null, bad = false }) {
    this.stays = false;
    this.wanted = towards ?? this.wanted;
    if (step !== null) {
      this.step = this.nearestStep(step);
      this.follow = false;
    }
    this.leaveWay();
    this.turn();
    const [drawn, size] = png ? await this.unpacked(png) : [pixels, this.inShape.slice(0, 2)];
    await this.take(held ?? 0);
    if (towards !== null && !this.hasWay(towards)) {
      this.problem(
        t("This translator does not go towards {towards}. Shown is {from} → {to}.", {
          towards: towards.slice(0, 20),
          from: this.way.from,
          to: this.way.to,
        }),
        { stays: true },
      );
    }
    if (bad || (drawn && !fitsIn(drawn, size, this.inShape))) {
      this.problem(
        t("The drawing in the address does not fit this translator. Shown is a held-out picture."),
        { stays: true },
      );
    } else if (drawn && this.input) {
      if (held === null) this.leaveHeldOut();
      this.set(drawn, size);
    }
  }

  /**
   * A PNG in base64 as [bytes, [H, W]] of what goes in.
   * @type {(png: string) => Promise<[pixels: Uint8Array, size: number[]]>}
   */
  async unpacked(png) {
    const picture = el("img", { src: `data:image/png;base64,${png}`, alt: "" });
    await picture.decode();
    const canvas = el("canvas", { width: picture.naturalWidth, height: picture.naturalHeight });
    const brush = canvas.getContext("2d");
    brush.drawImage(picture, 0, 0);
    return [
      bytesOf(brush.getImageData(0, 0, canvas.width, canvas.height).data, this.inShape[2]),
      [canvas.height, canvas.width],
    ];
  }

  renewed() {
    this.tell("facts");
    this.change();
  }

  /** What was of another direction is nothing of this one. */
  leaveWay() {
    this.input = null;
    this.output = null;
    this.back = null;
    this.ranks = null;
  }

  /**
   * The other direction, with its own held-out picture of the same number.
   * @type {(towards: string) => Promise<void>}
   */
  async setWay(towards) {
    if (towards === this.towards) return;
    this.wanted = towards;
    this.leaveWay();
    this.tell("facts");
    await this.take(this.index ?? 0);
  }

  /** What came out goes in, the other way. */
  swap() {
    if (!this.bothWays || !this.output) return;
    const [pixels, size] = [this.output, this.size];
    this.wanted = this.way.home;
    this.leaveWay();
    this.leaveHeldOut(t("what came out"));
    this.tell("facts");
    this.set(pixels, size);
  }

  // ---- what goes in ----

  /**
   * The answer to the newest of these questions; null where another one was asked meanwhile.
   * @type {<A>(question: Promise<A>) => Promise<A | null>}
   */
  async newestOf(question) {
    const turn = (this.turns += 1);
    try {
      const answer = await question;
      return turn === this.turns && !this.ended ? answer : null;
    } catch (error) {
      if (turn === this.turns) throw error;
      return null;
    }
  }

  /**
   * Held-out picture number `index`; an empty one where the data are not here.
   * @type {(index: number) => Promise<void>}
   */
  async take(index) {
    const size = this.inShape.slice(0, 2);
    this.stays = false;
    try {
      const found = await this.newestOf(this.ask("held_out", { index }));
      if (!found) return;
      const { header, parts } = found;
      this.index = header.index;
      this.count = header.count;
      this.label = header.label;
      this.truth = parts[1] ?? null;
      this.origin = parts[0];
      this.name = "";
      this.missing = "";
      this.set(parts[0].slice(), size);
    } catch (error) {
      if (index > 0 && error.status === 400) return this.take(0);
      if (!error.status) return this.missed(index, error);
      this.leaveHeldOut("empty");
      this.index = null;
      this.count = 0;
      this.missing = error.message;
      this.set(new Uint8Array(sizeOf(this.inShape)), size);
    }
  }

  /**
   * The server was away: what is there stays, and where nothing is it is asked again.
   * @type {(index: number, error: Failure) => void}
   */
  missed(index, error) {
    this.problem(error.message);
    setTimeout(() => {
      if (!this.ended && !this.input) this.take(index);
    }, AGAIN);
  }

  /**
   * A picture's file, made to fit by the server, or `large`; null where something else was asked for meanwhile.
   * @type {(file: File, large: boolean) => Promise<any>}
   */
  async load(file, large) {
    const found = await this.newestOf(
      this.ask("picture", { large: large ? 1 : 0 }, await file.arrayBuffer()),
    );
    if (!found) return null;
    const { header, parts } = found;
    this.leaveHeldOut(file.name);
    this.set(parts[0].slice(), header.parts[0][2].slice(0, 2));
    return header;
  }

  /**
   * Another image goes in, of size [H, W].
   * @type {(pixels: Uint8Array, size: number[]) => void}
   */
  set(pixels, size) {
    this.input = pixels;
    this.size = size;
    this.back = null;
    this.stays = false;
    this.countEdits();
    this.tell("input");
    this.change();
  }

  countEdits() {
    this.edits =
      this.origin && this.isTrainedSize ? changed(this.input, this.origin, this.inShape[2]) : 0;
  }

  /**
   * What goes in is no held-out picture any more.
   * @type {(name?: string) => void}
   */
  leaveHeldOut(name = t("your drawing")) {
    this.origin = null;
    this.truth = null;
    this.label = "";
    this.name = name;
  }

  /**
   * The hand has changed the image that goes in.
   * @type {(pixels: Uint8Array, drawing: boolean) => void}
   */
  edit(pixels, drawing) {
    if (pixels.length !== sizeOf(this.shape)) return; // of another direction
    this.input = pixels;
    this.stays = false;
    this.turns += 1; // who draws does not wait for a picture any more
    this.countEdits();
    this.change(drawing);
  }

  // ---- what comes out ----

  /** @type {(drawing?: boolean) => void} */
  change(drawing = false) {
    if (!this.input) return;
    const make = () => {
      if (!this.input) return null;
      const [h, w] = this.size;
      this.asked = { towards: this.towards, size: this.size, start: performance.now() };
      return {
        route: "image",
        params: {
          towards: this.towards,
          step: this.at,
          h,
          w,
          back: this.withBack && this.bothWays ? 1 : null,
        },
        body: this.input,
      };
    };
    this.asker.ask(
      "live",
      0,
      make,
      (a) => this.arrived(a),
      (e) => this.problem(e.message),
    );
    this.settle(() => this.settled(), drawing);
  }

  /**
   * What the network is given for a question of one image of the trained size (drawn_here.js).
   * @type {(wanted: Question) => { params: Params, inputs: Given[] } | null}
   */
  inputsOf({ route, params, body }) {
    if (
      route !== "image" ||
      params.back ||
      !this.isTrainedSize ||
      body.length !== sizeOf(this.inShape)
    )
      return null;
    return {
      params: { step: params.step, towards: params.towards },
      inputs: [{ image: { shape: this.inShape, data: toNumbers(body) } }],
    };
  }

  /** @type {(answer: Answer) => void} */
  arrived({ header, parts }) {
    const { towards, size, start } = this.asked;
    if (towards !== this.towards || size !== this.size) return;
    // The first answer also waits for the network to be built.
    this.output = parts[0];
    this.back = parts[1] ?? null;
    this.shown = header.step;
    this.said = header;
    this.ms = this.output ? performance.now() - start : header.ms;
    this.solved();
    this.tell("output");
    this.tell("filled");
  }

  settled() {
    const named = new URLSearchParams(window.location.search).get("run");
    if (!named || named === this.run)
      window.history.replaceState(window.history.state, "", address(this));
    if (this.input) this.tell("settled");
  }

  /** @type {(on: boolean) => void} */
  setBack(on) {
    this.withBack = on;
    this.back = null;
    this.tell("facts");
    this.change();
  }

  /**
   * How far the held-out outputs are from their truth, at a step in a direction.
   * @type {(ranks: Ranks) => void}
   */
  rank(ranks) {
    this.ranks = ranks;
    this.tell("ranks");
  }
}

export const storeOf = storesOf(Store);
