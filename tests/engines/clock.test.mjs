// The clock of a launch in the browser: the vectors of engines/clock.py, and the class with a world of its own.
// Run by test_clock.py, or: node --test tests/engines/clock.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
// As text, because no package.json near the file tells Node that it is a module.
const source = read("../../everhall/realtime/static/realtime/clock.js");
const twin = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const vectors = JSON.parse(read("../vectors/clock.json"));
const { Clock, EMPTY, accept, estimate, nextPing, nextWait } = twin;

const sampleOf = ([sent, received, replied, arrived]) => ({ sent, received, replied, arrived });
const near = (found, wanted, within, name) => assert.ok(Math.abs(found - wanted) <= within, `${name}: ${found}, not ${wanted}`);

test("vectors", () => {
  assert.ok(vectors.cases.length > 20);
  for (const { name, samples, now, expected } of vectors.cases) {
    const window = samples.map(sampleOf).reduce((before, sample) => accept(before, sample, sample.arrived), EMPTY);
    const known = estimate(window, now);
    assert.deepEqual([window.doubted.length, window.steps], [expected.doubted, expected.steps], name);
    if (expected.offset === null) { assert.equal(known, null, name); continue; }
    near(known.offset, expected.offset, vectors.within, name);
    near(known.error, expected.error, vectors.within, name);
    near(known.roundTrip, expected.round_trip, vectors.within, name);
    assert.equal(known.samples, expected.samples, name);
  }
  for (const { name, sample, now } of vectors.refused) assert.equal(accept(EMPTY, sampleOf(sample), now), EMPTY, name);
  for (const [count, gap] of vectors.next_ping) assert.equal(nextPing(count), gap);
  for (const { name, target, now, expected } of vectors.next_wait) near(nextWait(target, now), expected, 1e-9, name);
  for (const [name, value] of Object.entries(vectors.constants)) assert.equal(twin[name], value, name);
});

test("what is no number changes nothing", () => {
  for (const wrong of [NaN, undefined, null, "0", {}]) {
    for (const name of ["sent", "received", "replied", "arrived"]) {
      const sample = { sent: 0, received: 100.05, replied: 100.05, arrived: 0.1, [name]: wrong };
      assert.equal(accept(EMPTY, sample, 0.1), EMPTY, `${name}: ${wrong}`);
    }
  }
});

/** Chance with a seed (mulberry32), so that a failure comes again. */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A page with its own time: timers, a steady clock wrong by `ahead`, and a server. `real` is the true time. */
class World {
  real = 0; asleep = 0; timers = new Map(); last = 0; listeners = {}; pings = []; online = true; jump = 0; cost = 1e-5;

  constructor({ seed = 1, ahead = 0, legs = [0.02, 0.15], late = 0.001 } = {}) {
    Object.assign(this, { random: chance(seed), ahead, legs, late });
    const on = (name, heard) => { this.listeners[name] = heard; };
    this.addEventListener = on;
    this.document = { hidden: false, addEventListener: on };
  }

  setTimeout(act, milliseconds) {
    this.last += 1;
    const seconds = milliseconds / 1000;
    this.timers.set(this.last, { act, at: this.real + seconds * 1.001 + this.random() * this.late });
    return this.last;
  }

  clearTimeout(id) { this.timers.delete(id); }

  // Reading it takes time, or whoever waits by reading it would wait for ever.
  steady = () => { this.real += this.cost; return this.real - this.asleep + this.ahead; };

  server() { return 1000 + this.real + this.jump; }

  leg() { return this.legs[0] + this.random() * (this.legs[1] - this.legs[0]); }

  ping = (sent) => new Promise((resolve, reject) => {
    this.pings.push({ sent, real: this.real });
    const arrives = (seconds, act) => { this.last += 1; this.timers.set(this.last, { act, at: this.real + seconds }); };
    if (!this.online) { reject(new Error("offline")); return; }
    arrives(this.leg(), () => {
      const t = this.server();
      arrives(this.leg(), () => resolve({ t1: t, t2: t }));
    });
  });

  clock() { return new Clock({ ping: this.ping, steady: this.steady, world: this }); }

  async run(until) {
    for (;;) {
      // Whatever promises have come true is done before time goes on.
      await new Promise(setImmediate);
      const [id, next] = [...this.timers].reduce((first, one) => (!first || one[1].at < first[1].at ? one : first), null) ?? [];
      if (id === undefined || next.at > until) break;
      this.timers.delete(id);
      this.real = Math.max(this.real, next.at);
      next.act();
    }
    this.real = Math.max(this.real, until);
  }

  /** Nothing happens for a while; `stopped`: the steady clock does not count it. What was due then comes late. */
  sleep(seconds, stopped) {
    this.real += seconds;
    if (!stopped) return;
    this.asleep += seconds;
    // A device that sleeps stops its timers with its steady clock.
    for (const timer of this.timers.values()) timer.at += seconds;
  }
}

test("thirty pages fire within a frame, however wrong their clocks are", async () => {
  const fired = [];
  for (let seed = 1; seed <= 30; seed += 1) {
    const world = new World({ seed, ahead: (chance(seed)() - 0.5) * 172_800, late: 0.003 });
    const clock = world.clock();
    clock.at(1030, (late) => { fired.push(world.server() - 1030); assert.ok(late >= 0 && late < 0.001, `late by ${late}`); });
    await world.run(32);
    assert.ok(Math.abs(clock.now() - world.server()) <= clock.error);
    clock.stop();
  }
  assert.equal(fired.length, 30);
  fired.sort((one, other) => one - other);
  assert.ok(fired.at(-2) - fired[1] <= 0.0167, `${fired[1]} to ${fired.at(-2)}`);
  assert.ok(fired[0] > -0.02 && fired.at(-1) < 0.02);
});

test("pings are quick at first, then rare, and end", async () => {
  const world = new World();
  const clock = world.clock();
  await world.run(1.9);
  assert.equal(world.pings.length, 8);
  await world.run(60);
  assert.ok(world.pings.length > 45 && world.pings.length < 55, String(world.pings.length));
  const before = world.pings.length;
  clock.stop();
  await world.run(120);
  assert.equal(world.pings.length, before);
  assert.equal(world.timers.size, 0);
});

test("nothing is known and nothing fires before the first answer; then what has passed fires", async () => {
  const world = new World();
  world.online = false;
  const clock = world.clock();
  const late = [];
  clock.at(1005, (seconds) => late.push(seconds));
  await world.run(20);
  assert.deepEqual([clock.now(), clock.error, late.length], [null, Infinity, 0]);
  world.online = true;
  await world.run(23);
  assert.equal(late.length, 1);
  near(late[0], 16, 2, "late");
});

test("what is called off does not fire, and what has passed does not fire inside `at`", async () => {
  const world = new World();
  const clock = world.clock();
  await world.run(3);
  const fired = [];
  const off = clock.at(1004, () => fired.push("called off"));
  clock.at(990, () => fired.push("passed"));
  assert.deepEqual(fired, []);
  off();
  await world.run(6);
  assert.deepEqual(fired, ["passed"]);
});

test("a page that slept over the instant fires when a timer tells it, and asks anew", async () => {
  const world = new World();
  const clock = world.clock();
  await world.run(30);
  const fired = [];
  clock.at(1060, (late) => fired.push(late));
  world.sleep(100, false);
  const before = world.pings.length;
  await world.run(131);
  assert.equal(fired.length, 1);
  near(fired[0], 70, 0.2, "late");
  assert.ok(world.pings.length - before >= 4, "a burst of pings");
});

test("a device whose steady clock stood still is right again within two pings of its waking", async () => {
  const world = new World();
  const clock = world.clock();
  await world.run(30);
  const fired = [];
  clock.at(1060, (late) => fired.push(late));
  world.sleep(100, true);
  world.listeners.visibilitychange();
  assert.deepEqual(fired, []);
  await world.run(131);
  assert.equal(clock.steps, 1);
  assert.equal(fired.length, 1);
  near(fired[0], 70.4, 0.4, "late");
  near(clock.now(), world.server(), 0.1, "now");
});

test("nobody tells that it slept: the next pings find out", async () => {
  const world = new World();
  const clock = world.clock();
  await world.run(30);
  world.sleep(100, true);
  await world.run(133);
  near(clock.now(), world.server(), 0.1, "now");
});

test("a server's clock that is corrected moves what is waited for", async () => {
  const world = new World({ legs: [0.02, 0.05] });
  const clock = world.clock();
  await world.run(30);
  const fired = [];
  clock.at(1060, () => fired.push(world.server()));
  world.jump = -7;
  await world.run(80);
  near(fired[0], 1060, 0.02, "fired");
});

test("leafing through tabs does not ask without end", async () => {
  const world = new World();
  const clock = world.clock();
  await world.run(40);
  const before = world.pings.length;
  for (let n = 0; n < 200; n += 1) {
    world.listeners.visibilitychange();
    await world.run(40 + n / 100);
  }
  assert.ok(world.pings.length - before <= 10, String(world.pings.length - before));
  world.document.hidden = true;
  world.real += 1;
  const hidden = world.pings.length;
  world.listeners.visibilitychange();
  assert.equal(world.pings.length, hidden);
  clock.stop();
});

test("a clock that stands still while a script runs does not hold the page up", async () => {
  const world = new World({ legs: [0.02, 0.021] });
  world.cost = 0;
  const clock = world.clock();
  await world.run(5);
  const fired = [];
  clock.at(1007, () => fired.push(world.server()));
  await world.run(8);
  near(fired[0], 1007, 0.006, "fired");
});

test("samples may come from a socket instead", async () => {
  const world = new World();
  const clock = new Clock({ steady: world.steady, world });
  const now = world.steady();
  clock.feed({ sent: now - 0.1, received: 1000 + now - 0.05, replied: 1000 + now - 0.05, arrived: now });
  near(clock.now(), world.server(), 0.06, "now");
  let fired = 0;
  clock.at(world.server() + 3, () => { fired += 1; });
  await world.run(4);
  assert.equal(fired, 1);
});

test("the wall clock of the device is never asked", () => {
  assert.doesNotMatch(source, /\bDate\b/);
  assert.doesNotMatch(source, /^\s*import\b/m);
});
