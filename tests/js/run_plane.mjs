// Trains the plane's GAN on given weights, points and z: {settings, g, d, rows: [{real, z, shares, z_g, real_g}]} in, states out.
import { readFileSync } from "node:fs";
import { PlaneGAN } from "../../assets/components/learn/engine/gan.js";

const told = JSON.parse(readFileSync(0, "utf8"));
const gan = new PlaneGAN(told.settings, () => 0.5);
for (const name of ["g", "d"])
  gan[name].variables.forEach((variable, i) => variable.set(told[name][i]));
const losses = [];
for (const row of told.rows) {
  const count = row.real.length / 2;
  const rows = (name) => (row[name] ? Float64Array.from(row[name]) : null);
  const d = gan.updateD(rows("real"), rows("z"), count, rows("shares"));
  const g = gan.updateG(rows("z_g"), count, rows("real_g"));
  losses.push([d.d_loss, g.g_loss, d.penalty, d.d_grad_norm, g.g_grad_norm]);
}
const states = Object.fromEntries(
  ["g", "d"].map((name) => [name, gan[name].variables.map((variable) => [...variable])]),
);
process.stdout.write(JSON.stringify({ losses, ...states }));
