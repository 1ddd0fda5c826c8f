// A multi-layer perceptron on rows of numbers, forwards and backwards; Float64Array throughout.
// Kernels are [inputs, outputs] as in Keras; hidden layers have LeakyReLU of slope `slope` (0: ReLU), the last none.
/** @import { Layer, Passed, Rows } from "../types" */

/**
 * U(-1 / sqrt(inputs), 1 / sqrt(inputs)), as the engine's networks of points start.
 * @type {(count: number, inputs: number, next: () => number) => Rows}
 */
function uniform(count, inputs, next) {
  const limit = 1 / Math.sqrt(inputs);
  return Float64Array.from({ length: count }, () => limit * (2 * next() - 1));
}

export class Perceptron {
  /**
   * @param {number[]} sizes numbers of inputs, of each hidden layer, and of outputs
   * @param {number} slope of hidden layers below 0
   * @param {() => number} next numbers in [0, 1), for the start; biases start at 0
   */
  constructor(sizes, slope, next) {
    this.sizes = sizes;
    this.slope = slope;
    this.layers = sizes.slice(1).map((outputs, i) => ({
      kernel: uniform(sizes[i] * outputs, sizes[i], next),
      bias: new Float64Array(outputs),
      inputs: sizes[i],
      outputs,
    }));
  }

  /** Kernels and biases in turn: what an optimiser moves. */
  get variables() {
    return this.layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  }

  /**
   * Rows [count, inputs] through all layers; what `backward` needs stays in the answer.
   * @type {(rows: Rows, count: number) => Passed}
   */
  forward(rows, count) {
    const values = [rows];
    /** @type {Rows[]} */
    const masks = [];
    this.layers.forEach((layer, l) => {
      const made = affine(values[l], count, layer),
        last = l === this.layers.length - 1;
      if (!last) masks.push(activated(made, this.slope));
      values.push(made);
    });
    return { count, values, masks, output: values.at(-1) };
  }

  /**
   * Outputs [count, outputs] alone.
   * @type {(rows: Rows, count: number) => Rows}
   */
  apply(rows, count) {
    return this.forward(rows, count).output;
  }

  /**
   * Gradients of a scalar, from its gradient at the outputs [count, outputs].
   * @param {Passed} passed
   * @param {Rows} upstream
   * @param {Rows[] | null} into gradients by variable that are added to; null where only the inputs' is wanted
   * @returns {Rows} gradient at the inputs [count, inputs]
   */
  backward({ count, values, masks }, upstream, into) {
    let gradient = upstream;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layers[l];
      if (into) {
        addOuter(into[2 * l], values[l], gradient, count, layer);
        addColumns(into[2 * l + 1], gradient, count);
      }
      gradient = back(gradient, count, layer);
      if (l > 0) multiply(gradient, masks[l - 1]);
    }
    return gradient;
  }

  zeros() {
    return this.variables.map((variable) => new Float64Array(variable.length));
  }
}

/** @type {(rows: Rows, count: number, layer: Layer) => Rows} */
function affine(rows, count, { kernel, bias, inputs, outputs }) {
  const made = new Float64Array(count * outputs);
  for (let r = 0; r < count; r++) {
    const to = r * outputs,
      from = r * inputs;
    for (let j = 0; j < outputs; j++) made[to + j] = bias[j];
    for (let i = 0; i < inputs; i++) {
      const value = rows[from + i],
        k = i * outputs;
      if (value !== 0) for (let j = 0; j < outputs; j++) made[to + j] += value * kernel[k + j];
    }
  }
  return made;
}

/**
 * LeakyReLU in place; returns its slope at each number.
 * @type {(data: Rows, slope: number) => Rows}
 */
function activated(data, slope) {
  const mask = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    mask[i] = data[i] > 0 ? 1 : slope;
    data[i] *= mask[i];
  }
  return mask;
}

/**
 * gradient [count, outputs] times the kernel turned over: [count, inputs].
 * @type {(gradient: Rows, count: number, layer: Layer) => Rows}
 */
function back(gradient, count, { kernel, inputs, outputs }) {
  const made = new Float64Array(count * inputs);
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      const k = i * outputs,
        g = r * outputs;
      for (let j = 0; j < outputs; j++) sum += gradient[g + j] * kernel[k + j];
      made[r * inputs + i] = sum;
    }
  }
  return made;
}

/**
 * into += the rows' products values^T gradient, [inputs, outputs].
 * @type {(into: Rows, values: Rows, gradient: Rows, count: number, layer: Layer) => void}
 */
function addOuter(into, values, gradient, count, { inputs, outputs }) {
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < inputs; i++) {
      const value = values[r * inputs + i],
        k = i * outputs,
        g = r * outputs;
      if (value !== 0) for (let j = 0; j < outputs; j++) into[k + j] += value * gradient[g + j];
    }
  }
}

/** @type {(into: Rows, gradient: Rows, count: number) => void} */
function addColumns(into, gradient, count) {
  const width = into.length;
  for (let r = 0; r < count; r++)
    for (let j = 0; j < width; j++) into[j] += gradient[r * width + j];
}

/** @type {(data: Rows, by: Rows) => void} */
function multiply(data, by) {
  for (let i = 0; i < data.length; i++) data[i] *= by[i];
}

export const parts = { back, addOuter, multiply };
