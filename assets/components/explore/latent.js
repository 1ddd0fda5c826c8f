// Where the page is in latent space: z, class weights, seed, truncation, locks; and rows of requests.
/** @import { About, Latents } from "./types" */

/** Subclasses have change(dragging), tell(...), draw(seeds), problem(words), `about` and `classes`. */
export class Latent {
  /** @type {About} */
  about = null;
  /** @type {Float32Array} */
  z = null;
  /** @type {Latents} */
  base = null;
  /** @type {Latents[]} */
  others = [];
  /** @type {Set<number>} */
  locks = new Set();
  /** @type {Float32Array} */
  weights = null;
  label = 0;
  moved = false;
  mixed = false;
  psi = 1;
  seed = 1;
  stays = false; // what is wrong, until something else is asked for

  /** How many classes there are; 0 without labels. */
  get classes() {
    return 0;
  }

  /**
   * Another image is wanted.
   * @type {(dragging?: boolean) => void}
   */
  change() {}
  /** @type {(what: string, ...values: any[]) => void} */
  tell() {}
  /** @type {(words: string, more?: { stays?: boolean }) => void} */
  problem() {}
  /**
   * The z of seeds.
   * @type {(seeds: number[]) => Promise<Float32Array[]>}
   */
  async draw() {
    return [];
  }

  /** @type {(label: number) => Float32Array} */
  oneHot(label) {
    const row = new Float32Array(this.classes);
    if (label < row.length) row[label] = 1;
    return row;
  }

  /**
   * z (truncated) and class weights as one row of a request.
   * @type {(z?: Float32Array, weights?: Float32Array) => Float32Array}
   */
  line(z = this.z, weights = this.weights) {
    const row = new Float32Array(z.length + this.classes);
    row.set(z.map((v) => v * this.psi));
    if (this.classes) row.set(weights, z.length);
    return row;
  }

  /**
   * Many rows as one body.
   * @type {(rows: Float32Array[]) => Float32Array}
   */
  body(rows) {
    const all = new Float32Array(rows.length * rows[0].length);
    rows.forEach((row, i) => all.set(row, i * row.length));
    return all;
  }

  /** @type {(z: Float32Array, more?: { dragging?: boolean }) => void} */
  setZ(z, { dragging = false } = {}) {
    this.stays = false;
    const limit = this.about.prior === "uniform" ? 1 : Infinity;
    this.z = z.map((v, i) =>
      this.locks.has(i) ? this.z[i] : Math.min(limit, Math.max(-limit, v)),
    );
    this.moved = this.z.some((v, i) => v !== this.base.z[i]);
    this.change(dragging);
  }

  /**
   * Coordinate of z along a unit direction.
   * @type {(direction: Float32Array) => number}
   */
  along(direction) {
    return direction.reduce((sum, d, i) => sum + d * this.z[i], 0);
  }

  /** @type {(direction: Float32Array, value: number, options?: { dragging?: boolean }) => void} */
  moveTo(direction, value, options) {
    const by = value - this.along(direction);
    this.setZ(
      this.z.map((v, i) => v + by * direction[i]),
      options,
    );
  }

  /** End of a drag. */
  drop() {
    this.change();
  }

  /** @type {(seed: number) => Promise<void>} */
  async setSeed(seed) {
    try {
      const [z] = await this.draw([seed]);
      this.seed = seed;
      this.base = { seed, z };
      this.setZ(z);
    } catch (error) {
      this.problem(error.message);
    }
  }

  reset() {
    this.setZ(this.base.z.slice());
  }

  /**
   * Change places with one of the other z of the matrix.
   * @type {(index: number) => void}
   */
  swap(index) {
    const other = this.others[index];
    this.others[index] = { seed: this.seed, z: this.z.slice(), base: this.base.z };
    this.seed = other.seed;
    this.base = { seed: other.seed, z: other.base ?? other.z };
    this.setZ(other.z);
    this.tell("other");
  }

  /** @type {(label: number) => void} */
  setLabel(label) {
    this.label = label;
    this.weights = this.oneHot(label);
    this.mixed = false;
    this.change();
  }

  /** @type {(weights: Float32Array, dragging?: boolean) => void} */
  setWeights(weights, dragging = false) {
    const best = weights.reduce((top, w, i) => (w > weights[top] ? i : top), 0);
    const one = this.oneHot(best);
    const mixed = weights.some((w, i) => Math.abs(w - one[i]) > 1e-6);
    this.weights = Float32Array.from(weights);
    this.label = best;
    this.mixed = mixed;
    this.change(dragging);
  }

  /** @type {(psi: number, dragging?: boolean) => void} */
  setPsi(psi, dragging = false) {
    this.psi = psi;
    this.change(dragging);
  }

  /** @type {(index: number, locked: boolean) => void} */
  lock(index, locked) {
    if (locked) this.locks.add(index);
    else this.locks.delete(index);
    this.tell("locked");
  }

  /** @type {(z: Float32Array, weights?: Float32Array | null) => void} */
  goTo(z, weights = null) {
    if (weights?.length) {
      const best = weights.reduce((top, w, i) => (w > weights[top] ? i : top), 0);
      this.weights = Float32Array.from(weights);
      this.label = best;
      this.mixed = weights[best] < 0.999;
    }
    this.setZ(Float32Array.from(z, (v) => v / (this.psi || 1)));
  }
}
