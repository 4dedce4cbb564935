// The door of a device in node: what it hands in before it ends, and at which list it stands. Its disk and the site are stand-ins for what
// browsers and networks do; the modules are those of the page. Run by test_door_js.py, or: node --test tests/checkin/door.test.mjs
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

// As a folder of its own, because no package.json near the files tells Node that they are modules.
const folder = mkdtempSync(join(tmpdir(), "door-"));
cpSync(fileURLToPath(new URL("../../everhall/checkin/static/checkin/", import.meta.url)), folder, { recursive: true });
writeFileSync(join(folder, "package.json"), '{"type": "module"}');
const { Door } = await import(pathToFileURL(join(folder, "door.js")));

/** A disk. */
class Disk {
  constructor(passages) {
    this.kept = new Map();
    this.passages = new Map(passages.map((one) => [one.sequence, one]));
    this.news = new Map();
  }
  async get(key) { return this.kept.get(key); }
  async all(name) { return [...this[name].values()]; }
  async put(values) { for (const [key, value] of Object.entries(values)) this.kept.set(key, value); }
  async change(act) {
    const rows = (name, key) => ({ put: (one) => this[name].set(one[key], { ...one }), delete: (which) => this[name].delete(which) });
    act({ passages: rows("passages", "sequence"), news: rows("news", "id"), kept: { put: (value, key) => this.kept.set(key, value) } });
  }
}

/** A site for which this device is out of service: it keeps what it is told, and says so. */
function site({ fails = () => false } = {}) {
  const had = new Set();
  globalThis.fetch = async (path, { body }) => {
    const told = JSON.parse(new TextDecoder().decode(body));
    if (fails(path, had)) throw new TypeError("no network");
    for (const one of told.passages ?? []) had.add(one.sequence);
    return new Response(JSON.stringify({ code: "revoked", words: "", now: Date.now() }), { status: 410, headers: { "Content-Type": "application/json" } });
  };
  return had;
}

const passage = (sequence) => ({ sequence, list: "forum", row: sequence, code: "", direction: "in", people: 1, decision: "admit", reason: "ok", source: "scanner", override: false, text: "", undoes: 0, date: Date.now(), epoch: 1, offset: 0 });
const identity = { device: "aaaaaaaaaaaa", site: "", signing: (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])).privateKey };

async function ready(count) {
  const door = await Door.open(new Disk(Array.from({ length: count }, (_, at) => passage(at + 1))), identity, "zh");
  door.over = 0;
  door.addEventListener("over", () => { door.over += 1; door.end(); });
  return door;
}

const standing = (...keys) => ({ lists: keys.map((key) => ({ key })), passed: 0, passages: {}, gates: [], until: Infinity, mark: "m", cursor: 0, gate: { direction: "in" } });

test("a device without a roster that was taken out of service hands in what it has, before it forgets it", async () => {
  const had = site(), door = await ready(450);
  await door.sync();
  assert.deepEqual([had.size, door.over], [450, 1]);
});

test("more than one contact holds is handed in too", async () => {
  const had = site(), door = await ready(450);
  door.roster = standing("forum");
  await door.sync();
  assert.deepEqual([had.size, door.over], [450, 1]);
});

test("if the network ends meanwhile nothing is forgotten", async () => {
  let broken = true;
  const had = site({ fails: (path, so_far) => broken && so_far.size >= 200 }), door = await ready(450);
  await door.sync();
  assert.deepEqual([had.size, door.over, door.online], [200, 0, false]);
  broken = false;
  await door.sync();
  assert.deepEqual([had.size, door.over], [450, 1]);
});

// ---- the list at which it stands
const enrolled = await (async () => {
  const signing = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]), agreement = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const site = Buffer.from(await crypto.subtle.exportKey("raw", signing.publicKey)).toString("hex");
  return { ...identity, site, agreement: agreement.privateKey, theirs: signing.privateKey, own: agreement.publicKey };
})();

/** A roster of nobody with these lists, sealed as engines/door_seal.py has it. */
async function roster(...keys) {
  const text = new TextEncoder(), made = BigInt(Date.now()), once = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const told = text.encode(JSON.stringify({ ...standing(...keys), lists: keys.map((key) => ({ key, admissions: [] })), count: 0, keys: [], mark: keys.join() })), size = Buffer.alloc(4);
  size.writeUInt32LE(told.length);
  const plain = Buffer.concat([size, told, Buffer.alloc(20)]), packed = new Response(new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip")));
  const salt = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey)), nonce = crypto.getRandomValues(new Uint8Array(12)), head = Buffer.alloc(109);
  head.write(`EHR1${enrolled.device}`);
  head.writeBigUInt64BE(made, 16);
  head.writeBigUInt64BE(made + 3_600_000n, 24);
  head.set(salt, 32);
  head.set(nonce, 97);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: enrolled.own }, once.privateKey, 256), material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const secret = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info: text.encode(`everhall roster${enrolled.device}`) }, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const body = Buffer.concat([head, Buffer.from(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: head }, secret, await packed.arrayBuffer()))]);
  return Buffer.concat([body, Buffer.from(await crypto.subtle.sign("Ed25519", enrolled.theirs, Buffer.concat([text.encode("everhall roster"), body])))]);
}

/** A site whose gate shows these lists from now on. */
async function shows(...keys) {
  const sealed = await roster(...keys), lists = keys.map(() => ({ inside: 0, left: null }));
  globalThis.fetch = async (path) => path === "/door/roster" ? new Response(sealed, { headers: { "Content-Type": "application/octet-stream" } }) :
    new Response(JSON.stringify({ now: Date.now(), taken: 0, refused: [], news: [], cursor: 0, more: false, mark: keys.join(), lists }), { headers: { "Content-Type": "application/json" } });
}

const stands = (door) => door.roster.lists[door.list].key;

test("a device stays at its list when the gate gets other lists, and when its page is loaded anew", async () => {
  const disk = new Disk([]), door = await Door.open(disk, enrolled, "zh");
  await shows("morning", "noon", "evening");
  await door.sync();
  door.choose({ list: 1 });
  await shows("noon", "evening");
  await door.sync();
  assert.equal(stands(door), "noon");
  assert.equal(stands(await Door.open(disk, enrolled, "zh")), "noon");
  await shows("morning", "night", "noon", "evening");
  await door.sync();
  assert.equal(stands(door), "noon");
  await shows("morning", "evening");
  await door.sync();
  assert.ok(["morning", "evening"].includes(stands(door)), "one of those there are");
});
