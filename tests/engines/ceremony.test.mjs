// The twin in the browser on the stories of tests/vectors/ceremony.json, and on those in the file that STORIES names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const read = (path) => readFileSync(path, "utf8");
const root = new URL("../../", import.meta.url);
// By its text: node takes a .js without a package.json of its own for something else.
const source = read(new URL("everhall/live/static/live/ceremony.js", root));
const { KINDS, apply, countsDownTo, phase, phaseOf, publicView, sealed, settled, stagePhase, staffView } =
  await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);

const known = JSON.parse(read(new URL("tests/vectors/ceremony.json", root))).stories;
const more = process.env.STORIES ? JSON.parse(read(process.env.STORIES)).stories : [];
const DRAFT = {
  state: "drafted", rehearsal: false, parties: [], t0: null, stop: null, shown: false,
  version: 0, turned: 0, turned_by: "", turned_at: null, public_version: 0,
};
const frozen = (thing) => {
  if (thing && typeof thing === "object") Object.values(Object.freeze(thing)).forEach(frozen);
  return thing;
};
const ends = new Map([[null, DRAFT]]);

for (const story of [...known, ...more]) {
  test(story.name, () => {
    let state = ends.get(story.start);
    for (const event of story.steps.flatMap((step) => step.events ?? [])) state = apply(frozen(state), event);
    assert.deepEqual(state, story.state);
    ends.set(story.name, frozen(state));
    for (const { now, public: view, staff, counts_down_to: to } of story.views) {
      assert.deepEqual(publicView(state, now), view);
      assert.deepEqual(staffView(state, now), staff);
      assert.equal(countsDownTo(state, now), to);
      assert.equal(phase(state, now), view.phase);
      assert.equal(stagePhase(state, now), staff.phase);
      assert.equal(settled(state, now).state, staff.state);
      assert.equal(sealed(settled(state, now), now), staff.sealed);
      // A page that has heard nothing since the count began turns at the same moment.
      assert.equal(phaseOf(publicView(state, -Infinity), now), view.phase);
    }
  });
}

test("every kind of event has its story", () => {
  const told = new Set(known.flatMap((s) => s.steps.flatMap((step) => (step.events ?? []).map((e) => e.kind))));
  assert.deepEqual([...told].sort(), [...KINDS].sort());
});

test("a kind that is not known is an error", () => {
  assert.throws(() => apply(DRAFT, { kind: "toString", by: "x", at: 0 }));
});
