// Decisions at a door in the browser: the vectors of engines/entry.py. Passes: what engines/passes.py has signed.
// Run by test_entry.py, or: node --test tests/engines/entry.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
// As text, because no package.json near the file tells Node that it is a module.
const module = (name) => import(`data:text/javascript,${encodeURIComponent(read(`../../everhall/checkin/static/checkin/${name}.js`))}`);
const { decide, withoutPass } = await module("entry");
const { keysOf, readPass, unbase45 } = await module("pass");
const vectors = JSON.parse(read("../vectors/entry.json"));

test("vectors", () => {
  assert.ok(vectors.cases.length > 40);
  for (const { name, shown, holder, listing, direction, now, headcount, coming, expected } of vectors.cases) {
    const { decision, reason, people, left, warning } = decide(shown, holder, listing, direction, now, headcount, coming);
    assert.deepEqual([decision, reason, people, left, warning], expected, name);
  }
});

test("people without a pass", () => {
  for (const { name, listing, direction, now, headcount, coming, expected } of vectors.without_pass) {
    const { decision, reason, people, left, warning } = withoutPass(listing, direction, now, headcount, coming);
    assert.deepEqual([decision, reason, people, left, warning], expected, name);
  }
});

test("passes that the site signed are read, and no others", async () => {
  const { key, good, facts, bad } = JSON.parse(process.env.PASSES);
  const keys = await keysOf([key]);
  const found = await readPass(good, keys);
  assert.deepEqual([found.admission, found.code, found.issue, found.seats, found.way, found.until], facts);
  for (const text of bad) assert.equal(await readPass(text, keys), null, text);
});

test("base45 of RFC 9285", () => {
  assert.deepEqual([...unbase45("QED8WEX0")], [...new TextEncoder().encode("ietf!")]);
  for (const wrong of ["A", "::::", "GGW", "a b"]) assert.equal(unbase45(wrong), null, wrong);
});
