// What may be done about a verdict, in node, on a page that is a stand-in for a browser's. Run by test_door_js.py, or:
// node --test tests/checkin/verdict.test.mjs
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

/** An element, as far as a verdict needs one. */
class Element {
  constructor() { Object.assign(this, { children: [], attributes: {}, acts: [], dataset: {} }); }
  setAttribute(name, value) { this.attributes[name] = value; }
  toggleAttribute(name, on) { this.attributes[name] = on; }
  addEventListener(_kind, act) { this.acts.push(act); }
  append(...children) { this.children.push(...children); }
  replaceChildren(...children) { this.children = children; }
  click() { for (const act of this.acts) act(); }
  find(text) { return this.children.includes(text) ? this : this.children.filter((one) => one instanceof Element).map((one) => one.find(text)).find(Boolean); }
}
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
globalThis.document = { createElement: () => new Element() };

const folder = mkdtempSync(join(tmpdir(), "door-"));
cpSync(fileURLToPath(new URL("../../everhall/checkin/static/checkin/", import.meta.url)), folder, { recursive: true });
writeFileSync(join(folder, "package.json"), '{"type": "module"}');
const { showVerdict } = await import(pathToFileURL(join(folder, "verdict.js")));

function page() {
  const view = { panel: new Element(), results: new Element(), text: { focus() {} }, door: { direction: "in", list: 0, inside: () => 0 }, line: Promise.resolve(), english: true };
  return Object.assign(view, { say: (name) => name, named: () => "", clock: () => "", refreshSoon() {}, inLine: (act) => (view.line = view.line.then(act)) });
}

test("ten of a group are let in once, however often somebody touches", async () => {
  const view = page(), told = [], asked = { decision: "ask", reason: "group", people: 10, left: 40, about: {} };
  showVerdict(view, asked, async (people) => { told.push(people); return { decision: "admit", reason: "ok", people, left: 40, about: {}, passage: {} }; });
  const yes = view.panel.find("let_in"), no = view.panel.find("send_away");
  for (const one of [yes, yes, no]) one.click();
  await view.line;
  assert.deepEqual(told, [10]);
  assert.ok(view.panel.find("undo"), "what was let in can be taken back");
});

test("what was refused is let in all the same once", async () => {
  const view = page(), told = [];
  view.door.answer = async (verdict, yes, people = verdict.people) => { told.push(people); return { ...verdict, decision: "admit", passage: {} }; };
  showVerdict(view, { decision: "refuse", reason: "closed", people: 0, left: 0, about: {}, passage: {} });
  const all_the_same = view.panel.find("override");
  for (const _ of "12") all_the_same.click();
  await view.line;
  assert.deepEqual(told, [1]);
});
