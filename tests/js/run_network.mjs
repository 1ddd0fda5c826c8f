// Draws what a network makes of inputs: {plan, entries, weights (base64), inputs: [{name: {shape, data}}]} in, outputs out;
// with `levels` as bytes, as the pages show them.
import { readFileSync } from "node:fs";
import { toBytes } from "../../assets/components/shared/network/bytes.js";
import { network } from "../../assets/components/shared/network/network.js";
import { unpacked } from "../../assets/components/shared/network/unpack.js";

const told = JSON.parse(readFileSync(0, "utf8"));
const bytes = Buffer.from(told.weights, "base64");
const draw = network(told.plan, unpacked(told.entries, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
const numbers = ({ shape, data }) => ({ shape, data: Float32Array.from(data) });
const made = told.inputs.map((given) => draw(Object.fromEntries(Object.entries(given).map(([name, array]) => [name, numbers(array)]))));
process.stdout.write(JSON.stringify(made.map(({ shape, data }) => ({ shape, data: [...(told.levels ? toBytes(data) : data)] }))));
