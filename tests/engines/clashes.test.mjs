// Clashes in the browser: the vectors of engines/clashes.py, and where things stand on the board.
// Run by test_clash_twins.py, or: node --test tests/engines/clashes.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
// As text, because no package.json near the file tells Node that it is a module.
const module = (name) => import(`data:text/javascript,${encodeURIComponent(read(`../../everhall/programme/static/programme/board/${name}.js`))}`);
const { Board, KINDS, Travel, severe } = await module("clashes");
const places = await module("places");
const vectors = JSON.parse(read("../vectors/clashes.json"));
const where = new Map(vectors.places.map(([id, lat, lon]) => [id, [lat, lon]]));
const told = (clashes) => clashes.map(({ kind, first, second, about, minutes }) => [kind, first, second, about, minutes]);

test("vectors", () => {
  assert.ok(vectors.cases.length > 50);
  for (const [one, other, minutes] of vectors.minutes) assert.equal(new Travel(where).minutes(one, other), minutes);
  for (const { name, slots, stock, ways, expected, moved, of } of vectors.cases) {
    const board = new Board(slots, new Travel(where, ways), new Map(stock));
    assert.deepEqual(told(board.all()), expected, name);
    if (moved) {
      assert.deepEqual(told(board.of(moved)), of, name);
      assert.deepEqual(told(board.all()), expected, `${name}: asking changes nothing`);
      board.put(moved);
      const anew = new Board([...slots.filter((slot) => slot.id !== moved.id), moved], new Travel(where, ways), new Map(stock));
      assert.deepEqual(told(board.all()), told(anew.all()), `${name}: put`);
      board.drop(moved.id);
      assert.ok(board.all().every((clash) => clash.first !== moved.id && clash.second !== moved.id), name);
    }
  }
});

test("a host with two activities is a note, all else is severe", () => {
  assert.deepEqual(KINDS.filter((kind) => !severe({ kind })), ["host"]);
});

test("sessions that overlap stand beside each other, others do not", () => {
  const one = (id, begins, lasts) => ({ id, begins: begins * 60, lasts: lasts * 60 });
  const found = places.lanes([one(1, 0, 60), one(2, 30, 60), one(3, 60, 30), one(4, 100, 30)]);
  assert.deepEqual([...found].sort((a, b) => a[0] - b[0]).map(([id, { lane, of }]) => [id, lane, of]), [[1, 0, 2], [2, 1, 2], [3, 0, 2], [4, 0, 1]]);
  // A card of five minutes is as high as one of seventeen, so the next one makes room.
  assert.equal(places.lanes([one(1, 0, 5), one(2, 10, 30)]).get(2).of, 2);
});

test("days are as long as they are", () => {
  // Berlin, 30 and 31 October 2021: the second has 25 hours.
  const days = [["2021-10-30", 1635544800], ["2021-10-31", 1635631200], ["2021-11-01", 1635721200]];
  assert.equal(places.dayAt(days, 1635631199), 0);
  assert.equal(places.dayAt(days, 1635631200), 1);
  assert.equal(places.dayAt(days, 1), 0);
  assert.equal(places.dayAt(days, 2e9), 1);
  assert.equal(places.onDay(days, 1635544800 + 3600, 0, 1), 1635631200 + 3600);
});

test("a session without a stage is in the tray only where there are stages", () => {
  const values = {
    venues: [[1, "a", "A", "UTC", 1, 2, false, true], [2, "b", "B", "UTC", null, null, true, true]], stages: [[5, 1, "S", 90, true]], activities: [], hosts: [],
  };
  const index = places.indexed(values);
  assert.equal(places.keyOf(index, { home: 1, stage: 0 }), null);
  assert.equal(places.keyOf(index, { home: 2, stage: 0 }), "v2");
  assert.equal(places.keyOf(index, { home: 2, stage: 5 }), "s5");
  assert.deepEqual(places.columnsOf(index, new Set([1, 2])).map((column) => column.key), ["s5", "v2"]);
});
