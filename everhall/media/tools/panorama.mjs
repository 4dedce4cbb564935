// A picture of all directions, upright and in sRGB, as plain pixels on the disk (`to`, libvips' own format: 64 bytes, then RGB row
// by row) and as one picture within the limits of phones (`flat`, WebP).
//
// Asked by everhall/media/making/panoramas.py: `node panorama.mjs '{"from": …, "to": …, "width": …, "height": …, "flat": …,
// "flatWidth": …, "pixels": …}'`. One JSON line on standard output: {"width", "height"}, or {"fault", "detail"} and exit code 2.
// The picture is never in memory as a whole, unless it has to be turned.
import sharp from "sharp";

const wish = JSON.parse(process.argv[2]);
const how = { limitInputPixels: wish.pixels, failOn: "truncated" };

function say(what, code = 0) {
  process.stdout.write(JSON.stringify(what) + "\n");
  process.exitCode = code;
}

async function upright() {
  const { orientation = 1 } = await sharp(wish.from, how).metadata();
  return sharp(wish.from, { ...how, sequentialRead: orientation === 1 }).autoOrient().flatten({ background: "#000" }).toColourspace("srgb");
}

async function make() {
  const { width, height } = wish;
  await (await upright()).resize(width, height, { fit: "fill" }).removeAlpha().toFile(wish.to);
  const small = Math.min(wish.flatWidth, width);
  await (await upright()).resize(small, Math.round(small / 2), { fit: "fill" }).webp({ quality: 80, effort: 4 }).toFile(wish.flat);
  return { width, height };
}

try {
  say(await make());
} catch (problem) {
  const text = String(problem.message ?? problem);
  const fault = /pixel limit/.test(text) ? "too-many-pixels" : /truncat|premature|corrupt|unexpected end/i.test(text) ? "cut-short" : "unreadable";
  say({ fault, detail: text.slice(0, 300) }, 2);
}
