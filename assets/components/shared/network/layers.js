// What each kind of layer makes of one example, without the axis of the batch; names and settings are Keras's.
// A layer is a function (params, inputs, weights) -> {shape, data}; inputs are {shape, data: Float32Array}.
import { activate } from "./activations.js";
import { convolve, convolveDepthwise, convolveTransposed, dense, reach } from "./convolutions.js";
/** @import { Layer, Tensor } from "./types" */

/** @type {(shape: number[]) => number} */
const size = (shape) => shape.reduce((a, b) => a * b, 1);
/** @type {(tensor: Tensor, change: (value: number, i: number) => number) => Tensor} */
const changed = ({ shape, data }, change) => ({ shape, data: data.map(change) });

/**
 * Scales and shifts each channel: data * gain[channel] + offset[channel].
 * @type {(tensor: Tensor, gain: Float32Array, offset: Float32Array) => Tensor}
 */
function affine({ shape, data }, gain, offset) {
  const c = gain.length,
    made = new Float32Array(data.length);
  for (let i = 0, j = 0; i < data.length; i++, j = j + 1 === c ? 0 : j + 1)
    made[i] = data[i] * gain[j] + offset[j];
  return { shape, data: made };
}

/** @type {Layer} */
function batchNormalization(
  { epsilon },
  [x],
  { gamma, beta, moving_mean: mean, moving_variance: variance },
) {
  const gain = Float32Array.from(
    variance,
    (v, i) => (gamma ? gamma[i] : 1) / Math.sqrt(v + epsilon),
  );
  return affine(
    x,
    gain,
    Float32Array.from(mean, (m, i) => (beta ? beta[i] : 0) - m * gain[i]),
  );
}

/**
 * Mean and variance of each group of channels over all places.
 * @type {(tensor: Tensor, c: number, groups: number) => { means: Float64Array, variances: Float64Array }}
 */
function groupMoments({ data }, c, groups) {
  const wide = c / groups,
    count = data.length / groups;
  const sums = new Float64Array(groups),
    squares = new Float64Array(groups);
  for (let i = 0; i < data.length; i++) sums[((i % c) / wide) | 0] += data[i];
  const means = sums.map((sum) => sum / count);
  for (let i = 0; i < data.length; i++) {
    const g = ((i % c) / wide) | 0;
    squares[g] += (data[i] - means[g]) ** 2;
  }
  return { means, variances: squares.map((sum) => sum / count) };
}

/**
 * Wu and He, 2018, arXiv 1803.08494; a group for each channel is instance normalisation.
 * @type {Layer}
 */
function groupNormalization({ groups, epsilon }, [x], { gamma, beta }) {
  const c = x.shape.at(-1),
    many = groups === -1 ? c : groups;
  const { means, variances } = groupMoments(x, c, many);
  /** @type {(i: number) => number} */
  const group = (i) => ((i * many) / c) | 0;
  const gain = Float32Array.from(
    { length: c },
    (_, i) => (gamma ? gamma[i] : 1) / Math.sqrt(variances[group(i)] + epsilon),
  );
  return affine(
    x,
    gain,
    gain.map((g, i) => (beta ? beta[i] : 0) - means[group(i)] * g),
  );
}

/**
 * Normalised, with the gain and the offset of a style: inputs are the image, gain [c] and offset [c].
 * @type {Layer}
 */
function styleNorm({ epsilon }, [x, gain, offset]) {
  return groupNormalization({ groups: -1, epsilon }, [x], { gamma: gain.data, beta: offset.data });
}

/** @type {Layer} */
function reshape({ target_shape }, [{ data }]) {
  /** @type {number[]} */
  const target = target_shape;
  const known = size(target.filter((n) => n !== -1));
  return { shape: target.map((n) => (n === -1 ? data.length / known : n)), data };
}

/** @type {Layer} */
function relu({ max_value: most, negative_slope: slope, threshold }, [x]) {
  const top = most ?? Infinity,
    from = threshold ?? 0,
    below = slope ?? 0;
  return changed(x, (v) => (v >= top ? top : v >= from ? v : below * (v - from)));
}

/**
 * Any two shapes that NumPy would join: axes of 1 are repeated.
 * @type {(a: Tensor, b: Tensor, join: (a: number, b: number) => number) => Tensor}
 */
function joined(a, b, join) {
  if (size(a.shape) === size(b.shape))
    return { shape: a.shape, data: a.data.map((v, i) => join(v, b.data[i])) };
  const rank = Math.max(a.shape.length, b.shape.length);
  const padded = [a, b].map(({ shape }) => [...Array(rank - shape.length).fill(1), ...shape]);
  const shape = padded[0].map((n, i) => Math.max(n, padded[1][i]));
  const steps = padded.map((own) => own.map((n, i) => (n === 1 ? 0 : size(own.slice(i + 1)))));
  const data = new Float32Array(size(shape)),
    at = Array(rank).fill(0);
  for (let i = 0; i < data.length; i++) {
    const [p, q] = steps.map((step) => step.reduce((sum, s, axis) => sum + s * at[axis], 0));
    data[i] = join(a.data[p], b.data[q]);
    for (let axis = rank - 1; axis >= 0 && ++at[axis] === shape[axis]; axis--) at[axis] = 0;
  }
  return { shape, data };
}

/** @type {(join: (a: number, b: number) => number) => Layer} */
const merged = (join) => (_, inputs) => inputs.reduce((a, b) => joined(a, b, join));

/**
 * Side by side along the last axis.
 * @type {Layer}
 */
function concatenate(_, inputs) {
  const widths = inputs.map(({ shape }) => shape.at(-1)),
    width = widths.reduce((a, b) => a + b, 0);
  const rows = inputs[0].data.length / widths[0],
    data = new Float32Array(rows * width);
  let start = 0;
  inputs.forEach((input, k) => {
    for (let r = 0; r < rows; r++)
      data.set(input.data.subarray(r * widths[k], (r + 1) * widths[k]), r * width + start);
    start += widths[k];
  });
  return { shape: [...inputs[0].shape.slice(0, -1), width], data };
}

/**
 * Copies pixels: `source(row, column)` of the output, or -1 for zeros.
 * @type {(tensor: Tensor, height: number, width: number, row: (y: number) => number, column: (x: number) => number) => Tensor}
 */
function moved({ shape: [, w, c], data }, height, width, row, column) {
  const made = new Float32Array(height * width * c);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [i, j] = [row(y), column(x)];
      if (i >= 0 && j >= 0)
        made.set(data.subarray((i * w + j) * c, (i * w + j + 1) * c), (y * width + x) * c);
    }
  }
  return { shape: [height, width, c], data: made };
}

/** @type {Layer} */
function upSampling({ size: [a, b], interpolation }, [x]) {
  if ((interpolation ?? "nearest") !== "nearest")
    throw new Error(`UpSampling2D of ${interpolation} is not drawn here.`);
  return moved(
    x,
    x.shape[0] * a,
    x.shape[1] * b,
    (y) => Math.floor(y / a),
    (z) => Math.floor(z / b),
  );
}

/** @type {(n: number, most: number) => number} */
const inside = (n, most) => (n < most ? n : -1);
/** @type {(n: number, most: number) => number} */
const mirror = (n, most) => (n < 0 ? -n : n >= most ? 2 * most - 2 - n : n);

/** @type {Layer} */
function zeroPadding({ padding: [[top, bottom], [left, right]] }, [x]) {
  const [h, w] = x.shape;
  return moved(
    x,
    h + top + bottom,
    w + left + right,
    (y) => inside(y - top, h),
    (z) => inside(z - left, w),
  );
}

/** @type {Layer} */
function cropping({ cropping: [[top, bottom], [left, right]] }, [x]) {
  const [h, w] = x.shape;
  return moved(
    x,
    h - top - bottom,
    w - left - right,
    (y) => y + top,
    (z) => z + left,
  );
}

/** @type {Layer} */
function reflectPad({ width }, [x]) {
  const [h, w] = x.shape;
  return moved(
    x,
    h + 2 * width,
    w + 2 * width,
    (y) => mirror(y - width, h),
    (z) => mirror(z - width, w),
  );
}

/** @type {Record<string, (n: number, most: number) => number>} */
const PADDED = { reflect: mirror, constant: inside };

/**
 * Of keras.ops.pad: the axis of the batch comes first and is not padded.
 * @type {Layer}
 */
function pad({ pad_width: [, [top, bottom], [left, right]], mode }, [x]) {
  const [h, w] = x.shape,
    at = PADDED[mode];
  if (!at) throw new Error(`Padding by ${mode} is not drawn here.`);
  return moved(
    x,
    h + top + bottom,
    w + left + right,
    (y) => at(y - top, h),
    (z) => at(z - left, w),
  );
}

/** @type {Layer} */
function globalAverage(
  { keepdims },
  [
    {
      shape: [, , c],
      data,
    },
  ],
) {
  const sums = new Float64Array(c);
  for (let i = 0, j = 0; i < data.length; i++, j = j + 1 === c ? 0 : j + 1) sums[j] += data[i];
  return {
    shape: keepdims ? [1, 1, c] : [c],
    data: Float32Array.from(sums, (sum) => (sum * c) / data.length),
  };
}

/** @type {Layer} */
function averagePooling(
  { pool_size: [a, b], strides, padding },
  [
    {
      shape: [h, w, c],
      data,
    },
  ],
) {
  const [sh, sw] = strides ?? [a, b],
    same = padding === "same";
  const { count: height, before: top } = reach(h, a, sh, same),
    { count: width, before: left } = reach(w, b, sw, same);
  const made = new Float32Array(height * width * c);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let count = 0;
      const out = (y * width + x) * c;
      for (let i = Math.max(y * sh - top, 0); i < Math.min(y * sh - top + a, h); i++) {
        for (let j = Math.max(x * sw - left, 0); j < Math.min(x * sw - left + b, w); j++, count++) {
          for (let q = 0; q < c; q++) made[out + q] += data[(i * w + j) * c + q];
        }
      }
      for (let q = 0; q < c; q++) made[out + q] /= count;
    }
  }
  return { shape: [height, width, c], data: made };
}

/** @type {Layer} */
const same = (_, [x]) => x;

/** @type {Record<string, Layer>} */
export const LAYERS = {
  Activation: ({ activation }, [x]) => ({
    shape: x.shape,
    data: activate(x.data.slice(), activation),
  }),
  Add: merged((a, b) => a + b),
  AveragePooling2D: averagePooling,
  BatchNormalization: batchNormalization,
  Concatenate: concatenate,
  Conv2D: convolve,
  Conv2DTranspose: convolveTransposed,
  Cropping2D: cropping,
  Dense: dense,
  DepthwiseConv2D: convolveDepthwise,
  Dropout: same,
  Flatten: (_, [x]) => ({ shape: [x.data.length], data: x.data }),
  GlobalAveragePooling2D: globalAverage,
  GroupNormalization: groupNormalization,
  LeakyReLU: ({ negative_slope: slope }, [x]) => changed(x, (v) => (v > 0 ? v : slope * v)),
  Multiply: merged((a, b) => a * b),
  Pad: pad,
  ReLU: relu,
  ReflectPad: reflectPad,
  Rescaling: ({ scale, offset }, [x]) => changed(x, (v) => v * scale + offset),
  Reshape: reshape,
  StyleNorm: styleNorm,
  Subtract: merged((a, b) => a - b),
  Twice: (_, [x]) => upSampling({ size: [2, 2] }, [x]),
  UpSampling2D: upSampling,
  ZeroPadding2D: zeroPadding,
};
