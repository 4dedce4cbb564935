// Who is on the badges that a device prints. Run by test_badge_js.py, or: node --test tests/checkin/badge.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../everhall/checkin/static/checkin/badge.js", import.meta.url), "utf8");
const { placesOf, wordsOf } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const along = "companion of Grace Hopper";

test("a pass for one is one badge", () => {
  assert.deepEqual(placesOf({ person: { seats: 1 }, people: 1, left: 1 }), [0]);
});

test("a group that comes in two parts gets each badge once", () => {
  const first = placesOf({ person: { seats: 40 }, people: 25, left: 40 }), rest = placesOf({ person: { seats: 40 }, people: 15, left: 15 });
  assert.deepEqual([...first, ...rest], Array.from({ length: 40 }, (_, at) => at));
});

test("somebody who was let in all the same gets a badge of the pass, and no more than it has seats", () => {
  assert.deepEqual(placesOf({ person: { seats: 3 }, people: 1, left: 0 }), [2]);
  assert.deepEqual(placesOf({ person: { seats: 2 }, people: 5, left: 2 }), [0, 1]);
});

test("companions are named where they are known", () => {
  const person = { name: "Grace Hopper", group: "", organisation: "", companions: "Mary Ward、Joan Clarke", seats: 4 };
  assert.deepEqual([0, 1, 2, 3].map((place) => wordsOf(person, place, along)), [["Grace Hopper", ""], ["Mary Ward", along], ["Joan Clarke", along], [along, ""]]);
});

test("those of a group bear its name", () => {
  const person = { name: "Grace Hopper", group: "Middle School 1", organisation: "", companions: "", seats: 40 };
  assert.deepEqual([0, 1].map((place) => wordsOf(person, place, along)), [["Grace Hopper", "Middle School 1"], ["Middle School 1", along]]);
});

test("a group that has told the names of all its members has a badge for each of them", () => {
  const person = { name: "Grace Hopper", group: "Middle School 1", organisation: "", companions: "Mary Ward、Joan Clarke", seats: 2 };
  assert.deepEqual([0, 1].map((place) => wordsOf(person, place, along)), [["Mary Ward", "Middle School 1"], ["Joan Clarke", "Middle School 1"]]);
});
