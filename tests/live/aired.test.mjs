// What a player says of a slate, in node: by the moment that it shows, not by what is on now.
// Run by test_aired_js.py, or: node --test tests/live/aired.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../everhall/live/static/live/aired.js", import.meta.url), "utf8");
const { Aired, MOST, joined } = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);

const heard = (...states) => {
  const aired = new Aired();
  states.forEach((state) => aired.hear(state));
  return aired;
};

test("the words come when the slate is shown, not when it is aired, and go with it", () => {
  // A page in step shows what was aired three seconds ago; the line broke at 1000 and was back at 1010.
  const aired = new Aired();
  const said = [];
  for (let now = 996; now <= 1020; now += 1) {
    const slates = now <= 1000 ? [] : [[1000, Math.min(now, 1010)]];
    if (now % 3 === 0) aired.hear({ slates, until: now, kind: now > 1000 && now <= 1010 ? "slate" : "segment" });
    if (aired.interrupted(now - 3)) said.push(now - 3);
  }
  assert.deepEqual(said, [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009]);
});

test("who went back in the long window sees it said where it was, whatever is on now", () => {
  const aired = heard({ slates: [[1000, 1010], [2000, 2040]], until: 5000, kind: "segment" });
  assert.deepEqual([999.9, 1000, 1009.9, 1010, 2020, 4999].map((at) => aired.interrupted(at)), [false, true, true, false, true, false]);
  const now = heard({ slates: [[4990, 5000]], until: 5000, kind: "slate" });
  assert.equal(now.interrupted(3000), false);
});

test("what the server has let go stays known to the page", () => {
  const aired = heard({ slates: [[1000, 1010]], until: 1020, kind: "segment" }, { slates: [], until: 9000, kind: "segment" });
  assert.equal(aired.interrupted(1005), true);
});

test("between two answers what was newest goes on; a slate that is over does not", () => {
  const on = heard({ slates: [[1000, 1004]], until: 1004, kind: "slate" });
  assert.equal(on.interrupted(1006), true);
  on.hear({ slates: [[1000, 1006]], until: 1010, kind: "segment" });
  assert.equal(on.interrupted(1006), false);
  assert.equal(on.interrupted(1011), false);
});

test("an older answer that comes late takes nothing back", () => {
  const aired = heard({ slates: [[1000, 1010]], until: 1012, kind: "segment" }, { slates: [[1000, 1006]], until: 1006, kind: "slate" });
  assert.deepEqual([1009, 1011].map((at) => aired.interrupted(at)), [true, false]);
});

test("a slate that only bridges two sources is no interruption", () => {
  assert.equal(heard({ slates: [[1000, 1000.6]], until: 1010, kind: "segment" }).interrupted(1000.3), false);
  assert.equal(heard({ slates: [[1000, 1001]], until: 1001, kind: "slate" }).interrupted(1000.5), false);
});

test("a player that cannot tell what it shows goes by what is newest", () => {
  assert.equal(heard({ slates: [[1000, 1010]], until: 1010, kind: "slate" }).interrupted(null), true);
  assert.equal(heard({ slates: [[1000, 1010]], until: 1020, kind: "segment" }).interrupted(NaN), false);
  assert.equal(new Aired().interrupted(1000), false);
});

test("a page that is open for days does not grow without end", () => {
  const many = joined([], Array.from({ length: 2 * MOST }, (_, n) => [10 * n, 10 * n + 5]));
  assert.equal(many.length, MOST);
  assert.equal(many.at(-1)[0], 10 * (2 * MOST - 1));
});
