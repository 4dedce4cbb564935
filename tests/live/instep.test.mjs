// Playing in step, in node: what is decided for players of a model whose net stalls, whose clocks step, who come late;
// and one player whose viewer goes back, pauses, comes back.
// Run by test_instep_js.py, or: node --test tests/live/instep.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../everhall/live/static/live/instep.js", import.meta.url), "utf8");
const step = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
const { FRESH, InStep, decide, loadable, positionOf, stalled, targetOf } = step;

const TARGET = 3;
const near = (value, wanted, by) => assert.ok(Math.abs(value - wanted) <= by, `${value} is not ${wanted} ± ${by}`);

/** Numbers that are the same in each run. */
const chance = (seed) => () => {
  seed = (seed * 1664525 + 1013904223) % 2 ** 32;
  return seed / 2 ** 32;
};

/** What a player that is well sees, `offset` seconds from the common moment. */
const seen = (offset, more = {}) => ({
  at: 100, clock: 5000, bound: 0.005, shown: 5000 - TARGET + offset, target: TARGET, follows: true, playing: true, hidden: false,
  ahead: 2, loadable: [4960, 4999], held: [4990, 4998.5], ...more,
});
const later = (memory) => ({ ...memory, begun: 50, opened: 1 });

/** A player whose decisions are taken four times a second; time goes by in twentieths. */
class Model {
  constructor({ random = chance(1), shown = null, delay = 0.45, joins = 0, frozen = () => false, wrong = () => 0, noise = 0.004, every = 0.25 } = {}) {
    Object.assign(this, { random, delay, joins, frozen, wrong, noise, every, memory: FRESH, rate: 1, seeks: [], rates: [], offsets: [], states: [], held: null, stuck: false, next: joins, shown });
  }
  /** End of the playlist: parts of a second, `delay` after they ended. */
  edge(t) { return Math.floor(t - this.delay); }
  tick(t, dt) {
    if (t < this.joins) return;
    const edge = this.edge(t);
    if (this.shown === null) { this.shown = edge - TARGET; this.held = edge; }
    if (!this.frozen(t)) this.held = Math.max(this.held, edge);
    if (this.landing > t) return;
    const ahead = this.held - this.shown;
    if (this.stuck && ahead > 0.3) this.stuck = false;
    else if (!this.stuck && ahead < 0.02) {
      this.stuck = true;
      this.memory = stalled(this.memory, t, edge - this.shown);
    }
    if (!this.stuck) this.shown += this.rate * dt;
    this.offsets.push([t, this.shown - (t - TARGET), this.memory.need, t - (this.changed ?? 0)]);
    if (t < this.next) return;
    this.next += this.every;
    const done = decide(this.memory, {
      at: t + 17, clock: t + this.wrong(t), bound: 0.01, shown: this.shown + (this.random() - 0.5) * 2 * this.noise, target: TARGET, follows: true,
      playing: !this.stuck, hidden: false, ahead, loadable: [edge - 30, edge], held: [this.shown - 1, this.held],
    });
    if (done.memory.need !== this.memory.need) this.changed = t;
    this.memory = done.memory;
    this.states.push(done.state);
    if (done.rate !== null) this.rate = done.rate;
    this.rates.push([t, this.rate]);
    if (done.seek !== null) {
      this.seeks.push(t);
      this.landing = t + (done.seek > this.held ? 0.6 : 0.15);
      this.shown = done.seek;
    }
  }
  after(t) { return this.offsets.filter(([at]) => at >= t).map(([, offset]) => offset); }
}

function play(models, seconds, dt = 0.05) {
  for (let n = 0; n * dt < seconds; n += 1) for (const model of models) model.tick(1000 + n * dt, dt);
  for (const { rates, seeks } of models) {
    for (const [, rate] of rates) assert.ok(Math.abs(rate - 1) <= 0.05 + 1e-9, `rate ${rate}`);
    for (let n = 1; n < seeks.length; n += 1) assert.ok(seeks[n] - seeks[n - 1] >= 5, `seeks ${seeks}`);
  }
}

test("rates go against the error, in proportion, never beyond a twentieth; a dead band; a seek beyond a second", () => {
  assert.equal(decide(later(FRESH), seen(0.015)).rate, 1);
  assert.equal(decide(later(FRESH), seen(0.015)).state, "in step");
  near(decide(later(FRESH), seen(0.05)).rate, 0.96, 1e-9);
  near(decide(later(FRESH), seen(-0.05)).rate, 1.04, 1e-9);
  near(decide(later(FRESH), seen(0.9)).rate, 0.95, 1e-9);
  near(decide(later(FRESH), seen(-0.9)).rate, 1.05, 1e-9);
  // Once it corrects, it goes on below the dead band.
  near(decide({ ...later(FRESH), turn: -0.03 }, seen(0.015)).rate, 0.99, 1e-9);
  // A rate that is nearly right is kept; looks that are rare correct less at a time.
  near(decide({ ...later(FRESH), turn: -0.015 }, seen(0.015)).rate, 0.985, 1e-9);
  near(decide({ ...later(FRESH), last: 98 }, seen(0.1)).rate, 0.975, 1e-9);
  let done = decide(later(FRESH), seen(-1.4));
  assert.equal(done.seek, null);
  done = decide(done.memory, seen(-1.4));
  near(done.seek, 5000 - TARGET + FRESH.cost, 1e-9);
  assert.equal(decide(done.memory, seen(-1.4, { at: 104 })).seek, null);
});

test("at the beginning less is sought away, twice at the most, the second time with what the first has cost", () => {
  let done = decide(FRESH, seen(-0.4));
  near(done.seek, 5000 - TARGET + FRESH.cost, 1e-9);
  done = decide(done.memory, seen(-0.6, { at: 101 }));
  assert.deepEqual([done.seek, done.state], [null, "steering"]);
  near(done.memory.cost, FRESH.cost + 0.3, 1e-9);
  done = decide(done.memory, seen(-0.6, { at: 105 }));
  near(done.seek, 5000 - TARGET + FRESH.cost + 0.3, 1e-9);
  assert.equal(decide(done.memory, seen(-0.9, { at: 110.5 })).seek, null);
  assert.equal(decide({ ...FRESH, begun: 80 }, seen(-0.4)).seek, null);
  // What is not buffered yet is not worth a stall.
  assert.equal(decide(FRESH, seen(-0.4, { held: [4990, 4996.7] })).seek, null);
});

test("nothing is played faster on the last of what is in hand, and nothing sought that is not there", () => {
  assert.equal(decide(later(FRESH), seen(-0.3, { ahead: 0.2 })).rate, 1);
  near(decide(later(FRESH), seen(0.3, { ahead: 0.2 })).rate, 0.95, 1e-9);
  const late = { loadable: [4960, 4996.5], held: [4990, 4996.5] };
  let done = decide({ ...later(FRESH), far: 5 }, seen(-2, late));
  assert.deepEqual([done.seek, done.state], [null, "finding"]);
  // The programme of another clock: hands off.
  done = decide({ ...later(FRESH), far: 5 }, seen(-3600, { loadable: [1300, 1399], held: [1390, 1398] }));
  assert.deepEqual([done.seek, done.rate, done.state], [null, null, "astray"]);
});

test("left alone: whoever has gone back; handed to hls.js: a clock that is not known, or not well enough", () => {
  const free = decide(later(FRESH), seen(-40, { follows: false }));
  assert.deepEqual([free.state, free.rate, free.seek], ["free", 1, null]);
  for (const unknown of [{ clock: null }, { bound: 0.2 }, { bound: Infinity }, { shown: null }, { target: null }, { clock: NaN }]) {
    const done = decide(later(FRESH), seen(-2, unknown));
    assert.deepEqual([done.state, done.rate, done.seek], ["waiting", null, null]);
  }
  assert.equal(decide(later(FRESH), seen(-2, { hidden: true })).rate, 1);
  assert.equal(decide(later(FRESH), seen(-2, { playing: false })).seek, null);
});

test("four players, one late, one with a slow net: in step within ten seconds of joining, and quiet from then on", () => {
  const models = [0, 0.3, 0.8, 20.4].map((joins, n) => new Model({ random: chance(n + 5), joins: 1000 + joins, delay: n === 2 ? 0.9 : 0.45 }));
  play(models, 90);
  for (const model of models) {
    for (const offset of model.after(model.joins + 12)) near(offset, 0, 0.035);
    assert.ok(model.seeks.length <= 2, `seeks ${model.seeks}`);
  }
});

test("random stalls: it comes back each time, without swinging, with few seeks", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = chance(seed);
    const freezes = [];
    for (let t = 1020; t < 1200; t += 25 + 20 * random()) freezes.push([t, t + 1 + 4 * random()]);
    const model = new Model({ random, frozen: (t) => freezes.some(([from, to]) => t >= from && t < to) });
    play([model], 300);
    // It comes back from its need in halves of a second, ten seconds each.
    for (const [t, offset, need, since] of model.offsets) if (t > 1250 && since > 15) near(offset + need, 0, 0.035);
    // Between two freezes the rate leans one way, then rests: no more than one turn to the other side.
    for (let n = 0; n < freezes.length; n += 1) {
      const until = freezes[n + 1]?.[0] ?? 1300;
      const signs = model.rates.filter(([t]) => t > freezes[n][1] + 1 && t < until).map(([, rate]) => Math.sign(Math.round((rate - 1) * 1000)));
      const moved = signs.filter((sign) => sign !== 0);
      const turns = moved.filter((sign, at) => at && sign !== moved[at - 1]).length;
      assert.ok(turns <= 1, `seed ${seed}: ${turns} turns: ${signs}`);
    }
  }
});

test("a page on a bad net plays later, by itself, says so, and comes back after calm", () => {
  let bad = true;
  // Each part comes 1.9 s late, every now and then.
  const models = [new Model({ random: chance(3) }), new Model({ random: chance(4), frozen: (t) => bad && t > 1010 && (t % 8) < 3.4 })];
  play(models, 90);
  const [good, slow] = models;
  assert.ok(slow.memory.need >= 0.5, `need ${slow.memory.need}`);
  assert.equal(good.memory.need, 0);
  for (const offset of good.after(1012)) near(offset, 0, 0.035);
  assert.ok(slow.states.includes("apart"));
  bad = false;
  let t = 1090;
  slow.next = t;
  for (; t < 4000; t += 0.05) slow.tick(t, 0.05);
  assert.equal(slow.memory.need, 0);
  for (const offset of slow.after(3900)) near(offset, 0, 0.035);
});

test("a stall of the channel itself is nobody's need", () => {
  let memory = FRESH;
  for (const at of [1, 2, 3, 4]) memory = stalled(memory, at, 0.1);
  assert.equal(memory.need, 0);
  for (const at of [5, 6]) memory = stalled(memory, at, 2);
  assert.equal(memory.need, 0.5);
  // Two that lie far from each other are two accidents.
  for (const at of [100, 200, 300]) memory = stalled(memory, at, 2);
  assert.equal(memory.need, 0.5);
  for (let at = 400; at < 500; at += 1) memory = stalled(memory, at, 2);
  assert.equal(memory.need, 4);
});

test("clocks that step: a little is played away, more is sought, and the other players are in step throughout", () => {
  for (const by of [0.3, -0.4, 2.2, -2.2]) {
    const models = [new Model({ random: chance(8) }), new Model({ random: chance(9), wrong: (t) => (t < 1030 || t > 1060 ? 0 : by) })];
    play(models, 100);
    const [steady, stepped] = models;
    for (const offset of steady.after(1015)) near(offset, 0, 0.035);
    for (const offset of stepped.after(1085)) near(offset, 0, 0.035);
    const during = stepped.offsets.filter(([t]) => t > 1050 && t < 1060).map(([, offset]) => offset);
    if (by < 1) for (const offset of during) near(offset, by, 0.04);
    if (Math.abs(by) < 1) assert.ok(stepped.seeks.length <= 1, `seeks ${stepped.seeks}`);
  }
});

test("decisions that come once a second, as on a page whose processor is busy, do not swing either", () => {
  const model = new Model({ random: chance(11), every: 1, noise: 0.015 });
  play([model], 90);
  for (const offset of model.after(1025)) near(offset, 0, 0.06);
});

test("what a playlist says: the distance, what can be loaded, where a moment is; nothing where the programme leapt", () => {
  const fragment = (start, date, duration = 2) => ({ start, end: start + duration, duration, programDateTime: date * 1000 });
  const details = {
    partHoldBack: 3.001, holdBack: 6, edge: 27,
    fragments: [fragment(10, 5000), fragment(12, 5002), { start: 14, end: 16, duration: 2, programDateTime: null }, fragment(22, 5060), fragment(24, 5062)],
    fragmentHint: fragment(26, 5064, 1),
  };
  assert.equal(targetOf(details), 3.001);
  assert.equal(targetOf({ partHoldBack: 0, holdBack: 6 }), 6);
  assert.equal(targetOf({ partHoldBack: 0, holdBack: 0 }), null);
  assert.equal(targetOf(null), null);
  assert.deepEqual(loadable(details), [5000, 5065]);
  assert.equal(loadable({ fragments: [] }), null);
  near(positionOf(details, 5003.5), 13.5, 1e-9);
  near(positionOf(details, 5064.5), 26.5, 1e-9);
  assert.equal(positionOf(details, 5030), null);
  assert.equal(positionOf(details, 4999), null);
  assert.equal(positionOf(details, 5070), null);
});

// ---------------------------------------------------------------- one player

globalThis.document = Object.assign(new EventTarget(), { hidden: false });

/** A video and an hls.js of a few lines, at 4,997 of the programme, with the clock at 5,000. */
function stage() {
  const world = { time: 5000, timers: [] };
  const clock = { now: () => world.time, error: 0.002 };
  const video = Object.assign(new EventTarget(), { position: 97, paused: false, seeking: false, readyState: 4, playbackRate: 1,
    buffered: { length: 1, start: () => 60, end: () => 99 } });
  Object.defineProperty(video, "currentTime", { get: () => video.position, set: (to) => { video.position = to; video.dispatchEvent(new Event("seeking")); } });
  const details = { live: true, partHoldBack: 3, edge: 99.5, fragments: Array.from({ length: 50 }, (_, n) => ({ start: 2 * n, end: 2 * n + 2, programDateTime: (4900 + 2 * n) * 1000 })) };
  const hls = { config: {}, latestLevelDetails: details, get playingDate() { return new Date((4900 + video.position) * 1000); } };
  const real = { set: globalThis.setInterval, clear: globalThis.clearInterval };
  globalThis.setInterval = (act) => world.timers.push(act);
  const player = new InStep(video, async () => clock);
  player.attach(hls);
  Object.assign(globalThis, { setInterval: real.set, clearInterval: real.clear });
  video.dispatchEvent(new Event("playing"));
  return { world, video, hls, player, look: async () => { await null; await null; world.timers.forEach((act) => act()); } };
}

test("hls.js' own means are off while in step, and on again without a clock", async () => {
  const { world, video, hls, player, look } = stage();
  const states = [];
  player.addEventListener("change", () => states.push(player.state));
  assert.equal(hls.config.maxLiveSyncPlaybackRate, 1.1);
  await look();
  assert.deepEqual([player.state, video.playbackRate, hls.config.maxLiveSyncPlaybackRate], ["in step", 1, 1]);
  near(player.offset, 0, 0.002);
  world.time += 0.1;
  await look();
  assert.deepEqual([player.state, player.turns], ["steering", 1]);
  near(video.playbackRate, 1.05, 1e-9);
  player.clock.error = 0.5;
  await look();
  assert.deepEqual([hls.config.maxLiveSyncPlaybackRate, hls.config.liveMaxLatencyDuration], [1.1, 9]);
  assert.deepEqual(states, ["in step", "steering", "waiting"]);
  player.detach();
  assert.equal(video.playbackRate, 1);
});

test("a viewer who goes back or pauses is left alone until the live button; small leaps of hls.js are none of his", async () => {
  const { world, video, hls, player, look } = stage();
  await look();
  video.currentTime = 97.2;
  await look();
  assert.equal(player.state, "steering");
  video.currentTime = 57;
  await look();
  assert.deepEqual([player.state, video.playbackRate, hls.config.maxLiveSyncPlaybackRate, hls.config.liveMaxLatencyDuration], ["free", 1, 1, undefined]);
  assert.equal(player.seeks, 0);
  video.currentTime = 70;
  await look();
  assert.equal(player.state, "free");
  near(player.rejoin(), 97, 0.01);
  video.currentTime = player.rejoin();
  await look();
  assert.equal(player.state, "in step");
  // Forward to the end of the bar is live too.
  video.currentTime = 57;
  video.currentTime = 98.5;
  await look();
  assert.notEqual(player.state, "free");
  const real = performance.now;
  let skipped = 0;
  performance.now = () => real.call(performance) + skipped;
  video.dispatchEvent(new Event("pause"));
  skipped = 5000;
  world.time += 5;
  video.dispatchEvent(new Event("playing"));
  await look();
  performance.now = real;
  assert.equal(player.state, "free");
});
