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
