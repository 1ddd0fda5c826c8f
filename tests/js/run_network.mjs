// Draws what a network makes of inputs: {plan, entries, weights (base64), inputs: [{name: {shape, data}}]} in, outputs out;
// with `levels` as bytes, as the pages show them; with `plain` without WebAssembly. The milliseconds of an image go to
// standard error with `rounds`: so many are drawn, and the median counts.
import { readFileSync } from "node:fs";
import { toBytes } from "../../assets/components/shared/network/bytes.js";
import { network } from "../../assets/components/shared/network/network.js";
import { unpacked } from "../../assets/components/shared/network/unpack.js";

const told = JSON.parse(readFileSync(0, "utf8"));
const bytes = Buffer.from(told.weights, "base64");
const draw = network(
  told.plan,
  unpacked(told.entries, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
  !told.plain,
);
const numbers = ({ shape, data }) => ({ shape, data: Float32Array.from(data) });
const inputs = told.inputs.map((given) =>
  Object.fromEntries(Object.entries(given).map(([name, array]) => [name, numbers(array)])),
);
const made = inputs.map(draw);
if (told.rounds) process.stderr.write(`${median(told.rounds)}\n`);

/** Milliseconds of processor time an image. */
function median(rounds) {
  const times = Array.from({ length: rounds }, () => {
    const start = process.cpuUsage();
    draw(inputs[0]);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b)[rounds >> 1];
}
process.stdout.write(
  JSON.stringify(
    made.map(({ shape, data }) => ({ shape, data: [...(told.levels ? toBytes(data) : data)] })),
  ),
);
