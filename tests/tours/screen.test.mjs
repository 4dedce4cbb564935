// What a screen keeps and when it does what: with caches and a server in memory, and a network that can be cut anywhere.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const module = async (name) => {
  const source = readFileSync(new URL(`../../everhall/tours/static/tours/${name}.js`, import.meta.url), "utf8");
  return import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
};
const { Kept, ranged, pruned } = await module("screen_cache");
const clock = await module("screen_clock");
const { words } = await module("screen_words");

const ORIGIN = "http://hall.example";
const BASE = "/2021/screens/zones/";

/** CacheStorage in memory: a second implementation, for what is used of it. */
class MemoryCaches {
  all = new Map();
  async open(name) {
    if (!this.all.has(name)) this.all.set(name, new Map());
    const rows = this.all.get(name);
    const key = (asked) => (typeof asked === "string" ? asked : asked.url);
    return {
      match: async (asked) => rows.get(key(asked))?.clone(),
      put: async (asked, response) => { rows.set(key(asked), response); },
      delete: async (asked) => rows.delete(key(asked)),
      keys: async () => [...rows.keys()],
    };
  }
  async keys() { return [...this.all.keys()]; }
  async delete(name) { return this.all.delete(name); }
}

/** A site of which answers can be changed, and a network that can be cut after so many answers. */
class Site {
  asked = []; left = Infinity; broken = new Map(); meanwhile = null;
  constructor() { this.publish(["one", "two"]); }
  publish(keys, more = {}) {
    this.contents = {
      version: `v-${keys.join("-")}-${more.shell ?? "s1"}`, shell: "s1", files: ["/static/a.js", "/static/a.css"],
      items: keys.map((key) => ({ key, small: `/images/${key}-s/`, large: `/images/${key}-l/`, zh: { sound: `/files/${key}.mp3` }, en: { sound: "" } })), ...more,
    };
    this.built ??= "s1";
  }
  fetch = async (url) => {
    if (this.left <= 0) throw new TypeError("no network");
    this.left -= 1;
    const { pathname } = new URL(url);
    this.asked.push(pathname);
    this.meanwhile?.(pathname);
    if (this.broken.has(pathname)) return new Response("no", { status: this.broken.get(pathname) });
    if (pathname === BASE) return new Response(`<html data-shell="${this.built}">`, { headers: { "Content-Security-Policy": "default-src 'self'" } });
    if (pathname === `${BASE}screen.json`) return this.contents ? Response.json(this.contents) : new Response("", { status: 404 });
    const known = this.contents.files.includes(pathname) || this.contents.items.some((item) => pathname.includes(item.key));
    return known ? new Response(`bytes of ${pathname}`) : new Response("", { status: 404 });
  };
}

function made(time = 1000) {
  const site = new Site(), caches = new MemoryCaches();
  const world = { site, caches, time };
  world.kept = new Kept({ caches, fetch: site.fetch, base: BASE, origin: ORIGIN, now: () => world.time });
  world.restarted = () => new Kept({ caches, fetch: site.fetch, base: BASE, origin: ORIGIN, now: () => world.time });
  return world;
}

const request = (path, more = {}) => ({ url: ORIGIN + path, method: "GET", mode: "cors", headers: new Headers(more.headers), ...more });
const text = async (kept, path, more) => (await kept.answer(request(path, more)))?.text();
const versions = async (caches) => (await caches.keys()).filter((name) => !name.endsWith(":meta"));

test("everything is kept and goes on without a network, also for a worker that was restarted", async () => {
  const { kept, site, restarted } = made();
  assert.equal(await kept.answer(request(BASE)), null);
  assert.equal(await kept.refresh(), "new");
  site.left = 0;
  for (const worker of [kept, restarted()]) {
    assert.match(await text(worker, BASE, { mode: "navigate" }), /data-shell="s1"/);
    assert.equal(JSON.parse(await text(worker, `${BASE}screen.json`)).items.length, 2);
    for (const path of ["/static/a.js", "/static/a.css", "/images/one-s/", "/images/two-l/", "/files/two.mp3"]) assert.equal(await text(worker, path), `bytes of ${path}`);
    assert.equal(await worker.refresh(), "away");
  }
  assert.equal((await kept.answer(request(BASE, { mode: "navigate" }))).headers.get("Content-Security-Policy"), "default-src 'self'");
});

test("a page below the screen is the screen, and other addresses are the network's", async () => {
  const { kept } = made();
  await kept.refresh();
  assert.match(await text(kept, `${BASE}seen/`, { mode: "navigate" }), /data-shell/);
  assert.equal(await kept.answer(request("/2021/")), null);
  assert.equal(kept.answers(request("/news/poll?topic=x")), false);
  assert.equal(kept.answers(request(`${BASE}worker.js`)), false);
  assert.equal(kept.answers(request(`${BASE}seen/`, { method: "POST" })), false);
  assert.equal(kept.answers({ ...request("/"), url: "http://elsewhere.example/" }), false);
});

test("a cut at any point leaves the old version whole", async () => {
  for (let cut = 0; cut < 14; cut += 1) {
    const { kept, site, caches } = made();
    await kept.refresh();
    site.publish(["one", "two", "three"]);
    site.left = cut;
    const result = await kept.refresh();
    assert.equal(result, "away", `cut after ${cut}`);
    const current = await kept.current();
    assert.equal(current.version, "v-one-two-s1");
    assert.equal(JSON.parse(await text(kept, `${BASE}screen.json`)).items.length, 2);
    for (const path of ["/images/one-s/", "/images/two-l/", "/static/a.js"]) assert.ok(await text(kept, path), path);
    site.left = Infinity;
    assert.equal(await kept.refresh(), "new");
    assert.equal((await kept.current()).version, "v-one-two-three-s1");
    assert.deepEqual(await versions(caches), [`everhall-screen:${BASE}:v-one-two-three-s1`]);
  }
});

test("what was fetched before a cut is not fetched again", async () => {
  const { kept, site } = made();
  site.left = 8;
  assert.equal(await kept.refresh(), "away");
  const before = site.asked.filter((path) => path.startsWith("/images/")).length;
  site.left = Infinity;
  assert.equal(await kept.refresh(), "new");
  assert.equal(site.asked.filter((path) => path.startsWith("/images/")).length, 4);
  assert.ok(before > 0);
});

test("what is withdrawn vanishes at once, before the new version is whole", async () => {
  const { kept, site } = made();
  await kept.refresh();
  site.publish(["two", "three"]);
  site.broken.set("/images/three-l/", 503);
  let told = 0;
  assert.equal(await kept.refresh({ onPruned: () => { told += 1; } }), "away");
  assert.equal(told, 1);
  assert.deepEqual(JSON.parse(await text(kept, `${BASE}screen.json`)).items.map((item) => item.key), ["two"]);
  assert.equal(await kept.answer(request("/images/one-s/")), null);
  assert.equal(await kept.answer(request("/files/one.mp3")), null);
  assert.ok(await text(kept, "/images/two-s/"));
});

test("what is withdrawn while a version is fetched does not become current", async () => {
  const { kept, site } = made();
  site.meanwhile = (path) => { if (path === "/images/two-l/") { site.meanwhile = null; site.publish(["one"]); } };
  assert.equal(await kept.refresh(), "new");
  assert.equal((await kept.current()).version, "v-one-s1");
  assert.equal(await kept.answer(request("/images/two-s/")), null);
});

test("a page of another build than its contents is not kept", async () => {
  const { kept, site, caches } = made();
  await kept.refresh();
  site.publish(["one", "two"], { shell: "s2" });
  assert.equal(await kept.refresh(), "away");
  assert.match(await text(kept, BASE, { mode: "navigate" }), /data-shell="s1"/);
  site.built = "s2";
  assert.equal(await kept.refresh(), "new");
  assert.match(await text(kept, BASE, { mode: "navigate" }), /data-shell="s2"/);
  assert.equal((await versions(caches)).length, 1);
});

test("a damaged picture keeps no news away, a missing script does", async () => {
  const { kept, site } = made();
  site.broken.set("/images/one-l/", 404);
  assert.equal(await kept.refresh(), "new");
  assert.equal(await kept.answer(request("/images/one-l/")), null);
  site.publish(["one"]);
  site.broken.set("/static/a.js", 404);
  assert.equal(await kept.refresh(), "away");
});

test("a screen that is no more forgets all, and only its own", async () => {
  const { kept, site, caches } = made();
  await kept.refresh();
  await (await caches.open("everhall-push")).put("x", new Response("y"));
  await (await caches.open("everhall-screen:/2021/screens/other/:v1")).put("x", new Response("y"));
  site.contents = null;
  assert.equal(await kept.refresh(), "gone");
  assert.deepEqual((await caches.keys()).sort(), ["everhall-push", "everhall-screen:/2021/screens/other/:v1"]);
});

test("the same version is known to be the newest again; asked anew, all is fetched", async () => {
  const world = made(1000);
  await world.kept.refresh();
  world.time = 61_000;
  world.site.asked = [];
  assert.equal(await world.kept.refresh(), "same");
  assert.equal((await world.kept.current()).at, 61_000);
  assert.deepEqual(world.site.asked, [`${BASE}screen.json`]);
  world.site.asked = [];
  assert.equal(await world.kept.refresh({ anew: true }), "new");
  assert.ok(world.site.asked.includes("/images/one-s/"));
  assert.equal((await versions(world.caches)).length, 1);
});

test("two who ask at once are one", async () => {
  const { kept, site } = made();
  const [one, other] = await Promise.all([kept.refresh(), kept.refresh()]);
  assert.deepEqual([one, other], ["new", "new"]);
  assert.equal(site.asked.filter((path) => path === BASE).length, 1);
});

test("a player gets the part that it asks for", async () => {
  const sound = () => new Response("0123456789", { headers: { "Content-Type": "audio/mpeg" } });
  for (const [range, status, body, said] of [
    ["bytes=0-", 206, "0123456789", "bytes 0-9/10"], ["bytes=2-4", 206, "234", "bytes 2-4/10"], ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=5-99", 206, "56789", "bytes 5-9/10"], ["bytes=20-", 416, "", "bytes */10"], ["lines=1-2", 200, "0123456789", null],
  ]) {
    const part = await ranged(sound(), range);
    assert.deepEqual([part.status, await part.text(), part.headers.get("Content-Range")], [status, body, said], range);
  }
});

test("hours of what is withdrawn go with it", () => {
  const old = { items: [{ key: "a" }, { key: "b" }], hours: [{ from: 1, code: "a" }, { from: 2, code: "b" }] };
  assert.deepEqual(pruned(old, { items: [{ key: "b" }] }), { items: [{ key: "b" }], hours: [{ from: 2, code: "b" }] });
});

test("nobody is sent away while they touch, and everybody is warned", () => {
  assert.equal(clock.idleness(0, 0, 60).state, "busy");
  assert.equal(clock.idleness(0, 49_000, 60).state, "busy");
  assert.deepEqual(clock.idleness(0, 50_000, 60), { state: "warning", left: 10 });
  assert.deepEqual(clock.idleness(0, 59_500, 60), { state: "warning", left: 1 });
  assert.equal(clock.idleness(0, 60_000, 60).state, "over");
  assert.equal(clock.idleness(0, 9_000, 20).state, "busy");
});

test("an hour follows the other, and the last one stays without a network", () => {
  const hours = [{ from: 0, code: "a" }, { from: 3600, code: "b" }];
  assert.equal(clock.ofTheHour(hours, 10).code, "a");
  assert.equal(clock.ofTheHour(hours, 3600).code, "b");
  assert.equal(clock.ofTheHour(hours, 10 ** 9).code, "b");
  assert.equal(clock.ofTheHour([], 5), null);
});

test("a loop goes round, also when it became shorter", () => {
  assert.equal(clock.next(2, 3), 0);
  assert.equal(clock.next(0, 3, -1), 2);
  assert.equal(clock.next(9, 3, 0), 0);
  assert.equal(clock.next(0, 0), 0);
});

test("a wall is filled, and covers never become too small to touch", () => {
  for (const [count, width, height] of [[12, 1920, 930], [110, 3840, 1860], [110, 1080, 1650], [3, 390, 720], [60, 1920, 930]]) {
    const { columns, rows } = clock.wall(count, width, height);
    assert.ok(width / columns >= 120 && height / rows >= 80, `${count} on ${width}`);
    assert.ok(columns * rows >= Math.min(count, 60) || width / columns < 270, `${count} on ${width}: ${columns} × ${rows}`);
  }
});

test("age is told in minutes, then in hours", () => {
  assert.deepEqual(clock.age(0, 30_000), { n: 0, unit: "now" });
  assert.deepEqual(clock.age(0, 61 * 60_000), { n: 61, unit: "minutes" });
  assert.deepEqual(clock.age(0, 5 * 3_600_000), { n: 5, unit: "hours" });
  assert.deepEqual(clock.age(10, 0), { n: 0, unit: "now" });
});

test("a screen's name is made of letters that the server takes", () => {
  assert.match(clock.screenName(Uint8Array.from({ length: 12 }, (_, n) => 251 * n)), /^[a-z0-9]{12}$/);
});

test("both languages say the same words", () => {
  assert.deepEqual(Object.keys(words.zh).sort(), Object.keys(words.en).sort());
});
