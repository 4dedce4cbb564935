// What a player tells of how long it plays.
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
globalThis.setInterval = () => 0;
const { Watched } = await import("../../everhall/live/static/live/watched.js");

const playing = () => {
  const video = Object.assign(new EventTarget(), { paused: false, seeking: false });
  const said = [];
  return { video, said, watched: new Watched(video, "2021/channel/main", (words) => said.push(words)) };
};
const look = (watched, from, to) => { for (let at = from; at <= to; at += 0.25) watched.look(at); };

test("it begins once two seconds were seen, and sums up what follows", () => {
  const { said, watched } = playing();
  look(watched, 10, 11);
  assert.deepEqual(said, []);
  look(watched, 11.25, 40);
  watched.tell();
  assert.deepEqual(said, ["2021/channel/main/1/2", "2021/channel/main/0/28"]);
});

test("what never began is not told", () => {
  const { said, watched } = playing();
  look(watched, 0, 1);
  watched.stop();
  assert.deepEqual(said, []);
});

test("a pause, and a machine that slept, count nothing", () => {
  const { video, said, watched } = playing();
  look(watched, 0, 10);
  video.dispatchEvent(new Event("pause"));
  look(watched, 100, 110);
  look(watched, 5000, 5005);
  watched.tell();
  assert.equal(said.reduce((sum, words) => sum + Number(words.split("/").at(-1)), 0), 25);
});

test("fractions of a second wait for the next time", () => {
  const { said, watched } = playing();
  look(watched, 0, 3.5);
  watched.tell();
  look(watched, 3.75, 4.5);
  watched.tell();
  assert.deepEqual(said, ["2021/channel/main/1/2", "2021/channel/main/0/1", "2021/channel/main/0/1"]);
});

test("a page that is hidden tells at once", () => {
  const { said, watched } = playing();
  look(watched, 0, 10);
  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  document.visibilityState = "visible";
  assert.equal(said.length, 2);
  watched.stop();
  assert.equal(said.length, 2);
});

test("who watches is told only with the seal of somebody who wants it noted", () => {
  const { said, watched } = playing();
  look(watched, 0, 10);
  watched.seal = () => "sealed";
  watched.tell();
  watched.seal = () => "";
  look(watched, 10.25, 20);
  watched.tell();
  assert.deepEqual(said.map((words) => words.split(" ")[1] ?? ""), ["", "sealed", ""]);
});
