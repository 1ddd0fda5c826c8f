// Makes tests/data/foreign/tfjs-VERSION/: tiny generators as TensorFlow.js writes them, with the
// answers of that very version. make_foreign_fixtures.py does the same for Keras. Run once a version:
//
//     npm install @tensorflow/tfjs@2.8.6      (then 4.22.0)
//     node make_foreign_fixtures.cjs node_modules/@tensorflow/tfjs tests/data/foreign
//
// For each model: NAME.json (as `model.save("downloads://NAME")` names it), NAME.weights.bin and
// NAME.answer.json {z, label, shape, images}.

const fs = require("node:fs");
const path = require("node:path");

const tf = require(path.resolve(process.argv[2]));
const FOLDER = path.join(process.argv[3], `tfjs-${tf.version.tfjs}`);
const Z = 4,
  K = 3,
  COUNT = 2;
const L = tf.layers;

// The layers of the ACGAN example: an embedding times z, then a Sequential that is called inside.
function acgan() {
  const inner = tf.sequential();
  inner.add(L.dense({ units: 2 * 2 * 3, inputShape: [Z], activation: "relu" }));
  inner.add(L.reshape({ targetShape: [2, 2, 3] }));
  inner.add(
    L.conv2dTranspose({
      filters: 3,
      kernelSize: 5,
      strides: 2,
      padding: "same",
      activation: "relu",
    }),
  );
  inner.add(L.batchNormalization());
  inner.add(
    L.conv2dTranspose({
      filters: 1,
      kernelSize: 5,
      strides: 2,
      padding: "same",
      activation: "tanh",
    }),
  );
  const z = tf.input({ shape: [Z] }),
    label = tf.input({ shape: [1] });
  const row = L.embedding({ inputDim: K, outputDim: Z }).apply(label);
  return tf.model({ inputs: [z, label], outputs: inner.apply(L.multiply().apply([z, row])) });
}

function sequential() {
  const model = tf.sequential();
  model.add(L.dense({ units: 2 * 2 * 2, inputShape: [Z], useBias: false }));
  model.add(L.batchNormalization());
  model.add(L.leakyReLU({ alpha: 0.2 }));
  model.add(L.reshape({ targetShape: [2, 2, 2] }));
  model.add(L.upSampling2d({ size: [2, 2] }));
  model.add(L.conv2d({ filters: 3, kernelSize: 3, padding: "same" }));
  model.add(L.reLU({ maxValue: 6 }));
  model.add(L.dropout({ rate: 0.3 }));
  model.add(
    L.conv2dTranspose({
      filters: 3,
      kernelSize: 4,
      strides: 2,
      padding: "same",
      activation: "sigmoid",
    }),
  );
  return model;
}

// Two branches, one ReLU used twice, padding and cropping.
function functional() {
  const z = tf.input({ shape: [Z] }),
    relu = L.reLU();
  const left = L.reshape({ targetShape: [2, 2, 2] }).apply(
    relu.apply(L.dense({ units: 8 }).apply(z)),
  );
  const right = L.reshape({ targetShape: [2, 2, 1] }).apply(L.dense({ units: 4 }).apply(z));
  let x = L.concatenate().apply([left, right]);
  x = relu.apply(
    L.conv2dTranspose({ filters: 2, kernelSize: 4, strides: 4, padding: "same" }).apply(x),
  );
  x = L.add().apply([x, L.conv2d({ filters: 2, kernelSize: 1 }).apply(x)]);
  x = L.prelu({ sharedAxes: [1, 2] }).apply(x);
  x = L.zeroPadding2d({
    padding: [
      [2, 1],
      [1, 2],
    ],
  }).apply(x);
  x = L.conv2d({ filters: 1, kernelSize: 3, activation: "tanh" }).apply(x);
  x = L.cropping2D({
    cropping: [
      [1, 0],
      [0, 1],
    ],
  }).apply(x);
  return tf.model({ inputs: z, outputs: x });
}

// Numbers in steps of 1/32 from a small generator of our own, so that every version has the same.
function numbers(count, seed) {
  let state = seed + 1;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return ((state % 49) - 24) / 32;
  });
}

function fill(model) {
  const made = model.getWeights().map((w, i) => {
    const values = numbers(w.size, 100 + i);
    return tf.tensor(w.rank === 1 ? values.map((v) => Math.abs(v) + 0.25) : values, w.shape);
  });
  model.setWeights(made);
}

async function write(name, model) {
  fill(model);
  const z = numbers(COUNT * Z, 7),
    label = [1, 2];
  const fed = [tf.tensor2d(z, [COUNT, Z])];
  if (model.inputs.length === 2) fed.push(tf.tensor2d(label, [COUNT, 1]));
  const made = model.predict(fed.length === 2 ? fed : fed[0]);
  const answer = {
    z,
    label: fed.length === 2 ? label : null,
    shape: made.shape,
    images: Array.from(made.dataSync()),
  };
  fs.writeFileSync(path.join(FOLDER, `${name}.answer.json`), JSON.stringify(answer));
  await model.save(
    tf.io.withSaveHandler(async (found) => {
      const text = {
        modelTopology: found.modelTopology,
        format: found.format,
        generatedBy: found.generatedBy,
        convertedBy: found.convertedBy || null,
        weightsManifest: [{ paths: [`./${name}.weights.bin`], weights: found.weightSpecs }],
      };
      fs.writeFileSync(path.join(FOLDER, `${name}.json`), JSON.stringify(text));
      fs.writeFileSync(path.join(FOLDER, `${name}.weights.bin`), Buffer.from(found.weightData));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }),
  );
}

async function main() {
  fs.mkdirSync(FOLDER, { recursive: true });
  for (const make of [acgan, sequential, functional]) await write(make.name, make());
}

main();
