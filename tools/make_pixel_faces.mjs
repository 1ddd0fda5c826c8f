// Draws the bundled faces; tools/make_pixel_faces.py packs them. Run once by a maintainer, see there.
//
//     node make_pixel_faces.mjs OUT_FOLDER [COUNT]
//
// Face i has glasses where i is odd and a hat where i & 2, so that the four classes are equal. `faces.raw` holds
// uint8 [COUNT, 32, 32, 3], `twins.raw` the same faces, each with its glasses off or put on, `faces.json` what
// each shows. Same seeds, same versions: same bytes.
import { createAvatar } from "@dicebear/core";
import { pixelArt } from "@dicebear/collection";
import { Resvg } from "@resvg/resvg-js";
import fs from "node:fs";
import path from "node:path";

const SIDE = 32;
const DRAWN = { fitTo: { mode: "width", value: SIDE }, font: { loadSystemFonts: false } };
const GROUNDS = ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf"];

function face(i, glasses) {
  const avatar = createAvatar(pixelArt, {
    seed: `face ${i}`,
    size: SIDE,
    backgroundColor: GROUNDS,
    glassesProbability: glasses ? 100 : 0,
    hatProbability: i & 2 ? 100 : 0,
  });
  const pixels = new Resvg(avatar.toString(), DRAWN).render().pixels;
  const rgb = Buffer.alloc(SIDE * SIDE * 3);
  for (let p = 0; p < SIDE * SIDE; p++) {
    if (pixels[4 * p + 3] !== 255) throw new Error(`face ${i} is not opaque`);
    for (let c = 0; c < 3; c++) rgb[3 * p + c] = pixels[4 * p + c];
  }
  return { rgb, shows: avatar.toJson().extra };
}

const [out, count] = [process.argv[2], Number(process.argv[3] ?? 5000)];
const faces = [],
  twins = [],
  shows = [];
for (let i = 0; i < count; i++) {
  const it = face(i, i & 1),
    twin = face(i, !(i & 1));
  faces.push(it.rgb);
  twins.push(twin.rgb);
  shows.push({ ...it.shows, glasses: (i & 1 ? it : twin).shows.glasses });
}
fs.writeFileSync(path.join(out, "faces.raw"), Buffer.concat(faces));
fs.writeFileSync(path.join(out, "twins.raw"), Buffer.concat(twins));
fs.writeFileSync(path.join(out, "faces.json"), JSON.stringify(shows));
