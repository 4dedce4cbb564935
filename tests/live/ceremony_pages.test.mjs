// Countdown numerals, and what a page shows of a launch, with a clock and news that the test moves itself.
import assert from "node:assert/strict";
import test from "node:test";
import { count, left } from "../../everhall/live/static/live/ceremony/numerals.js";
import { Shown } from "../../everhall/live/static/live/ceremony/shown.js";

class HandClock {
  time = 1000; jobs = [];
  now() { return this.time; }
  at(target, callback) {
    const job = { target, callback };
    this.jobs.push(job);
    return () => { this.jobs = this.jobs.filter((one) => one !== job); };
  }
  go(to) {
    for (;;) {
      const job = this.jobs.filter((one) => one.target <= to).sort((a, b) => a.target - b.target)[0];
      if (!job) break;
      this.jobs = this.jobs.filter((one) => one !== job);
      this.time = Math.max(this.time, job.target);
      job.callback(this.time - job.target);
    }
    this.time = to;
  }
}

const page = (view, load = async () => view) => {
  const clock = new HandClock();
  const seen = { views: [], moments: [], clock };
  const news = { clock, follow: (_, reader) => { seen.tell = (message) => reader.onNews([message]); seen.gap = reader.onGap; return () => {}; } };
  seen.shown = new Shown({ view, topic: "edition.2021", news, load, onChange: (one) => seen.views.push(one.phase), onMoment: (t0, late) => seen.moments.push([t0, late]) });
  return seen;
};
const turn = () => new Promise((resolve) => { setTimeout(resolve, 0); });
const counting = (version, t0) => ({ version, phase: "countdown", t0, parties: [] });

test("numerals are whole seconds that are begun", () => {
  const table = [[0, "0"], [0.2, "1"], [9.0000001, "9"], [59, "59"], [60, "01:00"], [59.5, "01:00"], [3599, "59:59"], [3600, "01:00:00"], [90061, "1 · 01:01:01"], [-5, "0"]];
  for (const [seconds, text] of table) assert.equal(left(seconds), text);
});

test("numerals change at the whole seconds before T0 and end at it", () => {
  const clock = new HandClock();
  const painted = [];
  clock.time = 997.3;
  count(clock, 1000, (text) => painted.push([text, clock.time]));
  clock.go(1005);
  assert.deepEqual(painted, [["3", 997.3], ["2", 998], ["1", 999], ["0", 1000]]);
  assert.equal(clock.jobs.length, 0);
});

test("a page turns at T0 by itself, once", async () => {
  const seen = page(counting(3, 1010));
  seen.clock.go(1009.9);
  assert.deepEqual(seen.views, ["countdown"]);
  seen.clock.go(1011);
  assert.deepEqual(seen.views, ["countdown", "launched"]);
  assert.deepEqual(seen.moments, [[1010, 0]]);
  // A cached answer, and the launch once it is written down.
  seen.tell(counting(3, 1010));
  seen.tell({ version: 4, phase: "launched", t0: 1010, parties: [] });
  seen.clock.go(1020);
  await turn();
  assert.deepEqual(seen.moments, [[1010, 0]]);
  assert.ok(seen.views.every((phase, n) => n === 0 || phase === "launched"));
});

test("a hold calls the moment off, an older view changes nothing", async () => {
  const seen = page(counting(3, 1010));
  seen.tell({ version: 4, phase: "held", t0: null, parties: [] });
  seen.tell(counting(3, 1010));
  seen.clock.go(1030);
  await turn();
  assert.deepEqual(seen.views, ["countdown", "held"]);
  assert.deepEqual(seen.moments, []);
});

test("who comes late sees the launched state and no moment", async () => {
  const seen = page({ version: 5, phase: "launched", t0: 900, parties: [] });
  seen.clock.go(1100);
  await turn();
  assert.deepEqual([seen.views, seen.moments], [["launched"], []]);
});

test("a gap is filled by asking, a net that is away is no matter", async () => {
  let answers = 0;
  const seen = page(counting(3, 1010), async () => {
    answers += 1;
    if (answers === 2) throw new Error("away");
    return answers === 1 ? counting(3, 1010) : { version: 9, phase: "held", t0: null, parties: [] };
  });
  await turn();
  seen.gap();
  await turn();
  seen.gap();
  await turn();
  assert.deepEqual(seen.views, ["countdown", "held"]);
});

test("a hold that was missed is found before T0", async () => {
  let held = false;
  const seen = page(counting(3, 1010), async () => (held ? { version: 4, phase: "held", t0: null, parties: [] } : counting(3, 1010)));
  await turn();
  held = true;
  seen.clock.go(1006);
  await turn();
  assert.deepEqual(seen.views, ["countdown"]);
  seen.clock.go(1009.5);
  await turn();
  seen.clock.go(1020);
  assert.deepEqual([seen.views, seen.moments], [["countdown", "held"], []]);
});
