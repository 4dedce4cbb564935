// What a page remembers of a channel, and what it showed at a moment.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const source = readFileSync(new URL("../../everhall/live/static/live/aired.js", import.meta.url), "utf8");
const { isBreak, kindAt, remember } = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);

test("the moment that is seen decides, and not the newest", () => {
  const known = remember([], [[100, 110, "segment"], [110, 114, "slate"], [114, 120, "segment"]]);
  assert.deepEqual([109.9, 110, 113.9, 114, 119].map((moment) => kindAt(known, moment)), ["segment", "slate", "slate", "segment", "segment"]);
});
test("a slate that only makes way for the next source needs no word", () => {
  const known = remember([], [[100, 110, "segment"], [110, 111.5, "slate"], [111.5, 120, "segment"], [120, 124, "slate"]]);
  assert.deepEqual([109, 111, 112, 121].map((moment) => isBreak(known, moment)), [false, false, false, true]);
});
test("of what was not told nothing is known", () => {
  const known = remember([], [[100, 110, "segment"]]);
  assert.equal(kindAt(known, 99), null);
  assert.equal(kindAt(known, 111), null);
  assert.equal(kindAt([], 5), null);
});
test("what is no longer told stays known", () => {
  let known = remember([], [[100, 110, "segment"], [110, 114, "slate"], [114, 120, "segment"]]);
  known = remember(known, [[116, 130, "segment"], [130, 131, "slate"]]);
  assert.deepEqual(known, [[100, 110, "segment"], [110, 114, "slate"], [114, 130, "segment"], [130, 131, "slate"]]);
});
test("a later answer knows better what was in the air", () => {
  let known = remember([], [[100, 110, "segment"], [110, 111, "slate"]]);
  known = remember(known, [[102, 110, "segment"], [110, 112, "slate"], [112, 114, "segment"]]);
  assert.deepEqual(known, [[100, 110, "segment"], [110, 112, "slate"], [112, 114, "segment"]]);
});
test("a hole between two answers stays one", () => {
  const known = remember(remember([], [[100, 110, "segment"]]), [[400, 410, "segment"]]);
  assert.equal(kindAt(known, 200), null);
  assert.equal(kindAt(known, 105), "segment");
});
test("it does not grow for ever", () => {
  let known = [];
  for (let at = 0; at < 2000; at += 2) known = remember(known, [[at, at + 1, "slate"], [at + 1, at + 2, "segment"]]);
  assert.ok(known.length <= 500);
  assert.equal(kindAt(known, 1998.5), "slate");
});
