// A trained network as a function: layers, shapes and weights come as data (gan_core/export/web), one example at a time.
import { FAST, memory } from "./fast.js";
import { LAYERS } from "./layers.js";
/** @import { Draw, Plan, Tensor, Weights } from "./types" */

/**
 * @param {Plan} plan
 * @param {Weights} arrays by their keys in the plan, laid out as Keras has them
 * @param {boolean} [fast] with WebAssembly, where there is any
 * @returns {Draw} inputs by name to the output
 */
export function network(plan, arrays, fast = true) {
  const room = fast ? memory() : null;
  const steps = plan.layers.map(({ name, kind, inputs, params, weights }) => {
    if (!Object.hasOwn(LAYERS, kind)) throw new Error(`A layer ${kind} is not known here.`);
    const own = Object.fromEntries(
      Object.entries(weights ?? {}).map(([part, key]) => [part, arrayOf(arrays, key)]),
    );
    /** @type {(given: Tensor[]) => Tensor} */
    const plain = (given) => LAYERS[kind](params ?? {}, given, own);
    return {
      name,
      inputs,
      layer: room && Object.hasOwn(FAST, kind) ? FAST[kind](params, own, room) : plain,
    };
  });
  const last = lastUses(plan);
  return (given) => {
    const made = new Map(plan.inputs.map((name) => [name, given[name]]));
    for (const { name, layer, inputs } of steps) {
      made.set(name, layer(inputs.map((input) => made.get(input))));
      for (const input of inputs) if (last.get(input) === name) made.delete(input);
    }
    return made.get(plan.output);
  };
}

/** @type {(arrays: Weights, key: string) => Float32Array} */
function arrayOf(arrays, key) {
  if (!Object.hasOwn(arrays, key)) throw new Error(`The weights ${key} are missing.`);
  return arrays[key];
}

/**
 * The layer that needs each value last: it can be forgotten then. The output is kept.
 * @type {(plan: Plan) => Map<string, string>}
 */
function lastUses({ layers, output }) {
  const last = new Map();
  for (const { name, inputs } of layers) for (const input of inputs) last.set(input, name);
  last.delete(output);
  return last;
}
