// A plan in the browser: what part of it is seen, and what it becomes while somebody draws.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const module = async (name) => {
  const source = readFileSync(new URL(`../../everhall/exhibition/static/exhibition/${name}.js`, import.meta.url), "utf8");
  return import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
};
const view = await module("view"), drawing = await module("drawing");
const whole = { left: -15, top: -15, width: 600, height: 300 };
const plan = () => ({
  width: 20, depth: 10, up: 0, walls: [[[0, 0], [20, 0], [20, 10], [0, 10], [0, 0]]], doors: [[10, 10]],
  areas: [{ code: "a", outline: drawing.rectangle({ x: 0, y: 0, width: 20, depth: 10 }) }],
  booths: [{ code: "A-01", outline: drawing.rectangle({ x: 2, y: 2, width: 3, depth: 3 }), front: [3.5, 6.5] }],
});

test("what is seen stays within the whole and keeps its shape", () => {
  assert.deepEqual(view.box("-15 -15 600 300"), whole);
  assert.deepEqual(view.shown({ left: -900, top: 900, width: 100, height: 5 }, whole), { left: -15, top: 235, width: 100, height: 50 });
  assert.equal(view.shown({ ...whole, width: 9000 }, whole).width, 600);
  assert.equal(view.shown({ ...whole, width: 1 }, whole).width, 600 / view.CLOSEST);
});
test("the point that is zoomed at stays where it is", () => {
  const closer = view.scaled(whole, 3, 0.25, 0.5);
  assert.equal(closer.left + closer.width * 0.25, whole.left + whole.width * 0.25);
  assert.equal(view.moved(closer, 0.5, 0).left, closer.left + 100);
});
test("a booth moves on the grid, with its front, and not out of the hall", () => {
  const moved = drawing.movedTo(plan(), "booths", plan().booths[0], 5.3, 3.1);
  assert.deepEqual(moved.outline[0], [5.5, 3]);
  assert.deepEqual(moved.front, [7, 7.5]);
  const far = drawing.movedTo(plan(), "booths", plan().booths[0], 99, 99);
  assert.deepEqual(far.outline[2], [20, 10]);
  assert.equal(far.front, undefined);
  assert.deepEqual(drawing.movedTo(plan(), "doors", [10, 10], 4.2, 99), [4, 10]);
});
test("a change gives another plan, and the old one is as it was", () => {
  const before = plan(), copy = JSON.stringify(before);
  const next = drawing.put(before, "booths", 0, drawing.resized(before, before.booths[0], 6.2, 0));
  drawing.withRow(before, { first: "B-01", count: 3, width: 3, depth: 3 });
  drawing.sized(before, 10, 5);
  drawing.put(before, "booths", 0);
  assert.equal(JSON.stringify(before), copy);
  assert.deepEqual(drawing.bounds(next.booths[0].outline), { x: 2, y: 2, width: 6, depth: 0.5 });
  assert.equal(next.booths[0].front, undefined);
});
test("numbers go on as wide as they are, and none is given twice", () => {
  assert.deepEqual(["A-09", "A-99", "B7", "x", "3a"].map(drawing.following), ["A-10", "A-100", "B8", "x-2", "4a"]);
  assert.equal(drawing.free(plan(), "A-01"), "A-02");
  const row = drawing.withRow(plan(), { first: "A-01", count: 4, width: 3, depth: 2 });
  assert.deepEqual(row.booths.map((booth) => booth.code), ["A-01", "A-02", "A-03", "A-04", "A-05"]);
  for (const booth of row.booths) {
    const at = drawing.bounds(booth.outline);
    assert.ok(at.x >= 0 && at.y >= 0 && at.x + at.width <= 20 && at.y + at.depth <= 10);
  }
});
test("the open side is where the front is", () => {
  for (const side of ["up", "right", "down", "left"]) assert.equal(drawing.sideOf(drawing.facing(plan().booths[0], side)), side);
  assert.equal(drawing.sideOf(drawing.facing(plan().booths[0], "")), "");
});
test("a smaller hall keeps its walls at its edge and everything inside", () => {
  const small = drawing.sized({ ...plan(), booths: [{ code: "A", outline: drawing.rectangle({ x: 15, y: 6, width: 3, depth: 3 }) }] }, 12, 8);
  assert.deepEqual(small.walls[0][2], [12, 8]);
  assert.deepEqual(small.doors, [[10, 8]]);
  assert.deepEqual(drawing.bounds(small.booths[0].outline), { x: 9, y: 5, width: 3, depth: 3 });
});
