// What the real TensorFlow.js makes of a folder: node run_tfjs.cjs PACKAGE FOLDER < {inputs: [array, ...]}
const fs = require("node:fs");
const path = require("node:path");

const tf = require(path.resolve(process.argv[2]));
const folder = process.argv[3];
const told = JSON.parse(fs.readFileSync(0, "utf8"));

async function main() {
  const model = JSON.parse(fs.readFileSync(path.join(folder, "model.json"), "utf8"));
  const groups = model.weightsManifest;
  const data = Buffer.concat(
    groups.flatMap((group) => group.paths.map((name) => fs.readFileSync(path.join(folder, name)))),
  );
  const handler = tf.io.fromMemory({
    modelTopology: model.modelTopology,
    weightSpecs: groups.flatMap((group) => group.weights),
    weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.length),
  });
  const network = await tf.loadLayersModel(handler);
  const inputs = told.inputs.map((rows) => tf.tensor2d(rows));
  const made = network.predict(inputs.length > 1 ? inputs : inputs[0]);
  process.stdout.write(JSON.stringify({ shape: made.shape, data: [...made.dataSync()] }));
}

main();
