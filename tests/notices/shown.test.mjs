// What stands at the top of pages, and which pages look anew.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const source = read("everhall/notices/static/notices/shown.js");
const { after, concerns, touches } = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
const here = { venue: "3/", session: "" };
const notice = (id, more = {}) => ({ kind: "notice", id, version: 1, weight: "important", venue: "", session: "", until: 0, ...more });
const ids = (list) => list.map((one) => one.id);

for (const [at, { notice: one, page, is }] of JSON.parse(read("tests/vectors/notices.json")).concerns.entries())
  test(`concerns ${at}`, () => assert.equal(concerns(one, page), is));

test("urgent ones stand first, then the newest", () => {
  let list = [];
  for (const one of [notice(1), notice(2, { weight: "urgent" }), notice(3)]) list = after(list, one, here, 0);
  assert.deepEqual(ids(list), [2, 3, 1]);
});
test("a correction takes the place of the older one, never the other way round", () => {
  const list = after([notice(1, { version: 2, title_en: "new" })], notice(1, { title_en: "old" }), here, 0);
  assert.equal(list[0].title_en, "new");
  assert.deepEqual(ids(after(list, notice(1, { version: 3, weight: "info" }), here, 0)), []);
});
test("what is gone, over or of another place is not shown", () => {
  assert.deepEqual(ids(after([notice(1)], { kind: "notice-gone", id: 1 }, here, 0)), []);
  assert.deepEqual(ids(after([], notice(1, { until: 5 }), here, 6)), []);
  assert.deepEqual(ids(after([], notice(1, { venue: "4/" }), here, 0)), []);
});
test("a change of a session touches pages that show it, and lists into which it may come", () => {
  const told = { kind: "session", session: "a", days: ["2021-10-20", "2021-10-21"] };
  const page = { session: "", codes: [], days: [], open: false, lists: false };
  assert.equal(touches(told, page), false);
  assert.equal(touches(told, { ...page, session: "a" }), true);
  assert.equal(touches(told, { ...page, codes: ["b", "a"] }), true);
  assert.equal(touches(told, { ...page, days: ["2021-10-21"] }), true);
  assert.equal(touches(told, { ...page, open: true }), true);
  assert.equal(touches(notice(1), page), false);
  assert.equal(touches(notice(1), { ...page, lists: true }), true);
});
