// A 3D model for visitors: checked by Khronos' validator, then written twice, for screens and for phones.
//
// Asked by everhall/media/making/models3d.py: `node model.mjs '{"from": …, "to": …, "phone": {…}}'`. JSON lines on standard
// output: {"progress": 0…1} and at the end {"facts": …}; or {"fault", …} and exit code 2. `to` is a folder that is there.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getBounds, Logger, NodeIO, Verbosity } from "@gltf-transform/core";
import { ALL_EXTENSIONS } from "@gltf-transform/extensions";
import { cloneDocument, dedup, dequantize, flatten, join as joinMeshes, meshopt, prune, resample, simplify, textureCompress, weld } from "@gltf-transform/functions";
import draco3d from "draco3dgltf";
import validator from "gltf-validator";
import { MeshoptDecoder, MeshoptEncoder, MeshoptSimplifier } from "meshoptimizer";
import sharp from "sharp";

const wish = JSON.parse(process.argv[2]);
/** The validator reads neither; such a master is read by the decoders instead, which refuse what they cannot read. */
const PACKED = ["KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_meshopt_compression"];
const MAY_BE_LOST = ["TANGENT"];

class Fault extends Error {
  constructor(kind, values) {
    super(kind);
    this.told = { fault: kind, ...values };
  }
}

const quiet = new Logger(Verbosity.SILENT);
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");

async function validated(bytes) {
  const report = await validator.validateBytes(bytes, { maxIssues: 0, ignoredIssues: ["BUFFER_VIEW_TARGET_MISSING"] });
  const packed = (report.info?.extensionsUsed ?? []).some((name) => PACKED.includes(name));
  const errors = report.issues.messages.filter((issue) => issue.severity === 0);
  if (errors.length && !packed) {
    const first = errors.slice(0, 5).map(({ code, message, pointer }) => ({ code, message: message.slice(0, 200), pointer }));
    throw new Fault("invalid", { count: report.issues.numErrors, errors: first });
  }
  return { errors: packed ? null : report.issues.numErrors, warnings: report.issues.numWarnings, validator: report.validatorVersion };
}

function trianglesOf(document) {
  let found = 0;
  for (const node of document.getRoot().listNodes())
    for (const primitive of node.getMesh()?.listPrimitives() ?? []) {
      const count = (primitive.getIndices() ?? primitive.getAttribute("POSITION"))?.getCount() ?? 0;
      found += primitive.getMode() === 4 ? Math.floor(count / 3) : primitive.getMode() > 4 ? Math.max(0, count - 2) : 0;
    }
  return found;
}

function drawsOf(document) {
  return document.getRoot().listNodes().reduce((n, node) => n + (node.getMesh()?.listPrimitives().length ?? 0), 0);
}

const textures = (side) => textureCompress({ encoder: sharp, targetFormat: "webp", resize: [side, side], quality: 82 });
const packed = () => meshopt({ encoder: MeshoptEncoder, level: "medium" });

async function written(io, document, name) {
  const bytes = await io.writeBinary(document);
  await writeFile(join(wish.to, name), bytes);
  return { bytes: bytes.length, triangles: trianglesOf(document), draws: drawsOf(document) };
}

/** Smaller step by step until a phone can bear it; what does not fit after the last step is told, not hidden. */
async function forPhones(io, tidy) {
  const most = wish.phone;
  let triangles = most.triangles;
  let made;
  for (const [side, error] of [[2048, 0.001], [2048, 0.005], [1024, 0.01], [1024, 0.02], [512, 0.05]]) {
    const document = cloneDocument(tidy);
    const have = trianglesOf(document);
    if (have > triangles) await document.transform(simplify({ simplifier: MeshoptSimplifier, ratio: triangles / have, error }), prune());
    await document.transform(textures(side), packed());
    made = await written(io, document, "phone.glb");
    if (made.bytes <= most.bytes && made.triangles <= most.triangles) return { ...made, fits: true };
    if (made.bytes > most.bytes) triangles = Math.floor(triangles * 0.7);
  }
  return { ...made, fits: false };
}

async function make() {
  await Promise.all([MeshoptDecoder.ready, MeshoptEncoder.ready, MeshoptSimplifier.ready]);
  const io = new NodeIO().setLogger(quiet).registerExtensions(ALL_EXTENSIONS).registerDependencies({
    "draco3d.decoder": await draco3d.createDecoderModule(),
    "meshopt.decoder": MeshoptDecoder,
    "meshopt.encoder": MeshoptEncoder,
  });
  let bytes;
  if (wish.from.endsWith(".gltf")) {
    bytes = await io.writeBinary(await io.read(wish.from));
    await writeFile(join(wish.to, "master.glb"), bytes);
  } else bytes = new Uint8Array(await readFile(wish.from));
  const checked = await validated(bytes);
  say({ progress: 0.2 });
  if (wish.only === "check") return { checked };
  const tidy = await io.readBinary(bytes);
  const animated = tidy.getRoot().listAnimations().length > 0;
  await tidy.transform(dedup(), prune({ keepAttributes: false, keepExtras: false }), weld(), ...(animated ? [resample()] : [flatten(), joinMeshes()]), prune());
  for (const mesh of tidy.getRoot().listMeshes())
    for (const primitive of mesh.listPrimitives()) for (const name of MAY_BE_LOST) primitive.setAttribute(name, null);
  say({ progress: 0.4 });
  // For the poster, which is drawn by a program that reads neither compression nor WebP.
  const plain = cloneDocument(tidy);
  await plain.transform(dequantize(), textureCompress({ encoder: sharp, targetFormat: "png", resize: [1024, 1024] }));
  await written(io, plain, ".plain.glb");
  const full = cloneDocument(tidy);
  await full.transform(textures(4096), packed());
  const screen = await written(io, full, "full.glb");
  say({ progress: 0.6 });
  const phone = await forPhones(io, tidy);
  const { min, max } = getBounds(tidy.getRoot().getDefaultScene() ?? tidy.getRoot().listScenes()[0]);
  return { checked, screen, phone, animated, sides: max.map((high, n) => high - min[n]), master: { bytes: bytes.length, triangles: trianglesOf(tidy) } };
}

try {
  say({ facts: await make() });
} catch (problem) {
  say(problem.told ?? { fault: "unreadable", detail: String(problem.message ?? problem).slice(0, 300) });
  process.exitCode = 2;
}
