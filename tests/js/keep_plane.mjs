// A lesson that trained some steps, as it is kept, and what it does next on given points and z.
// {settings, steps, z, rows: as in run_plane.mjs} in; {told, fake, losses, g, d} out.
import { readFileSync } from "node:fs";
import { told } from "../../assets/components/learn/kept.js";
import { Lesson } from "../../assets/components/learn/lesson.js";

const asked = JSON.parse(readFileSync(0, "utf8")),
  lesson = new Lesson(asked.settings);
lesson.train(asked.steps);
const { gan } = lesson,
  kept = told(gan, lesson.settings, lesson.source),
  numbers = (row, name) => (row[name] ? Float64Array.from(row[name]) : null);
const fake = [...gan.g.apply(Float64Array.from(asked.z), asked.z.length / gan.settings.latent_dim)],
  losses = [];
for (const row of asked.rows) {
  const count = row.real.length / 2;
  const d = gan.updateD(numbers(row, "real"), numbers(row, "z"), count, numbers(row, "shares")),
    g = gan.updateG(numbers(row, "z_g"), count, numbers(row, "real_g"));
  losses.push([d.d_loss, g.g_loss, d.penalty, d.d_grad_norm, g.g_grad_norm]);
}
process.stdout.write(
  JSON.stringify({
    told: kept,
    fake,
    losses,
    ...Object.fromEntries(["g", "d"].map((name) => [name, gan[name].variables.map((v) => [...v])])),
  }),
);
