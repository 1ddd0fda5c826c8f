// Networks as data (gan_core/export/web/network.py) and what is computed with them.

/** One example, without the axis of the batch. */
export interface Tensor {
  shape: number[];
  data: Float32Array;
}

/** A layer's settings, named as Keras names them. */
export type Params = Record<string, any>;

/** A layer's arrays by their names in Keras. */
export type Weights = Record<string, Float32Array>;

export type Layer = (params: Params, inputs: Tensor[], weights?: Weights) => Tensor;

export interface Plan {
  inputs: string[];
  layers: {
    name: string;
    kind: string;
    inputs: string[];
    params?: Params;
    weights?: Record<string, string>;
  }[];
  output: string;
}

/** Where an array lies: places in bytes (unpack.js). */
export interface Entry {
  key: string;
  type: "float16" | "steps" | "int8" | "float32";
  size: number;
  at: number;
  step?: number;
  bits?: number;
  scales?: number;
  count?: number;
  repeat?: number;
  half?: boolean;
}

/** A network as a function of its inputs by name. */
export type Draw = (inputs: Record<string, Tensor>) => Tensor;
