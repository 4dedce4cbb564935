// The twin in the browser on the cases of tests/vectors/audience.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
// By its text: node takes a .js without a package.json of its own for something else.
const source = read("everhall/audience/static/audience/states.js");
const { AFTER } = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
const frozen = (thing) => {
  if (thing && typeof thing === "object") Object.values(Object.freeze(thing)).forEach(frozen);
  return thing;
};

for (const { name, topic, state, event, fresh } of JSON.parse(read("tests/vectors/audience.json")))
  test(name, () => assert.deepEqual(AFTER[topic](frozen(state), frozen(event)), fresh));
