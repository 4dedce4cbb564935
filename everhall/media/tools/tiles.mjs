// A picture as tiles of the IIIF Image API 3 (level 0) and as whole pictures of given sizes.
//
// Asked by everhall/media/boards.py: `node tiles.mjs '{"from": …, "to": …, "tile": 512, "sizes": [[375, 250]], …}'`.
// One JSON line on standard output: {"width", "height"}, or {"fault", "detail"} and exit code 2. `tiles`, the
// folder of the tiles, must not exist; `to` is the folder of the whole pictures.
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

const wish = JSON.parse(process.argv[2]);
const how = { limitInputPixels: wish.pixels, failOn: "truncated", sequentialRead: true };

function say(what, code = 0) {
  process.stdout.write(JSON.stringify(what) + "\n");
  process.exitCode = code;
}

async function look() {
  const { width, height, orientation = 1, pages = 1 } = await sharp(wish.from, how).metadata();
  const turned = orientation >= 5;
  return { width: turned ? height : width, height: turned ? width : height, turned: orientation > 1, pages };
}

/** Upright, in sRGB, on white: what visitors see of a board is what its maker saw. */
function upright({ turned }) {
  // A picture that is to be turned cannot be read row by row.
  return sharp(wish.from, { ...how, sequentialRead: !turned }).autoOrient().flatten({ background: "#fff" }).toColourspace("srgb");
}

async function whole(picture, [width, height], name) {
  const folder = join(wish.to, "full", name, "0");
  await mkdir(folder, { recursive: true });
  const file = join(folder, "default.jpg");
  await picture.resize(width, height, { fit: "fill" }).jpeg({ quality: wish.quality, mozjpeg: true }).toFile(file);
  return folder;
}

async function make() {
  const facts = await look();
  if (wish.only === "look") return facts;
  // Cutting waits for the disk most of the time; the whole pictures come meanwhile.
  await Promise.all([cut(facts), wholes(facts)]);
  return facts;
}

async function cut(facts) {
  await upright(facts)
    .jpeg({ quality: wish.quality })
    .tile({ size: wish.tile, layout: "iiif3", depth: "onetile" })
    .toFile(wish.tiles);
}

/** The smaller whole pictures and the poster come of the largest, for which the file is read once more. */
async function wholes(facts) {
  const sizes = [...wish.sizes].sort((a, b) => b[0] - a[0]);
  const { data, info } = await upright(facts).resize(...sizes[0], { fit: "fill" }).raw().toBuffer({ resolveWithObject: true });
  const largest = () => sharp(data, { raw: info });
  for (const [n, size] of sizes.entries()) {
    const folder = await whole(largest(), size, size.join(","));
    if (n === 0) await cp(folder, join(wish.to, "full", "max", "0"), { recursive: true });
  }
  if (wish.poster) await poster(largest());
}

/** As good as its number of bytes allows. */
async function poster(picture) {
  const { width, height, bytes, to } = wish.poster;
  const small = await picture.resize(width, height, { fit: "inside", withoutEnlargement: true }).png({ compressionLevel: 1 }).toBuffer();
  for (const quality of [80, 65, 50, 35, 20]) {
    const { size } = await sharp(small).webp({ quality, effort: 5 }).toFile(to);
    if (size <= bytes) break;
  }
}

try {
  say(await make());
} catch (problem) {
  const text = String(problem.message ?? problem);
  const fault = /pixel limit/.test(text) ? "too-many-pixels" : /truncat|premature|corrupt|unexpected end/i.test(text) ? "cut-short" : "unreadable";
  say({ fault, detail: text.slice(0, 300) }, 2);
}
