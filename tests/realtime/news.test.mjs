// News on a page against a server of a few lines: what is told once, what is told as missed, and how a page comes back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../everhall/realtime/static/realtime/", import.meta.url);
const module = (text) => `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
const clock = module(readFileSync(new URL("clock.js", folder), "utf8"));
const { News, Replica } = await import(module(readFileSync(new URL("news.js", folder), "utf8").replace("./clock.js", clock)));

/** A window whose time stands until it is moved, whose sockets are in the test's hand. */
class World {
  sockets = []; timers = []; now = 100; asked = []; answers = {}; open = true;
  constructor() {
    const world = this;
    this.WebSocket = class {
      readyState = 0; said = [];
      constructor(address) { this.address = address; world.sockets.push(this); if (!world.open) queueMicrotask(() => this.close()); }
      send(text) { this.said.push(JSON.parse(text)); }
      close() { this.readyState = 3; this.onclose?.(); }
      opens() { this.readyState = 1; this.onopen(); }
      tells(frame) { this.onmessage({ data: JSON.stringify(frame) }); }
    };
  }
  setTimeout = (act, ms) => { const timer = { act, at: this.now + ms / 1000 }; this.timers.push(timer); return timer; };
  setInterval = (act, ms) => { const timer = { act, at: this.now + ms / 1000, each: ms / 1000 }; this.timers.push(timer); return timer; };
  clearTimeout = (timer) => { this.timers = this.timers.filter((one) => one !== timer); };
  clearInterval = this.clearTimeout;
  fetch = async (address) => {
    this.asked.push(address);
    const path = new URL(address).pathname;
    return { ok: true, json: async () => this.answers[path] };
  };
  async passes(seconds) {
    const end = this.now + seconds;
    for (;;) {
      const next = this.timers.filter((one) => one.at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.now = next.at;
      if (next.each) next.at += next.each; else this.clearTimeout(next);
      next.act();
      await new Promise(setImmediate);
    }
    this.now = end;
  }
  get socket() { return this.sockets.at(-1); }
  news() { return new News({ base: "http://hall", world: this, steady: () => this.now }); }
}

const subs = (socket) => socket.said.filter((one) => one.sub).map((one) => one.sub);

test("what is followed is subscribed when the socket opens, and told in order", () => {
  const world = new World();
  const news = world.news();
  const told = [];
  news.follow("chat.a", { onNews: (messages) => told.push(...messages) });
  assert.deepEqual(subs(world.socket), []);
  world.socket.opens();
  assert.deepEqual(subs(world.socket), [{ "chat.a": null }]);
  world.socket.tells({ subscribed: "chat.a", id: 5 });
  world.socket.tells({ topic: "chat.a", after: 5, id: 7, news: ["one", "two"] });
  world.socket.tells({ topic: "chat.b", after: 5, id: 7, news: ["not ours"] });
  assert.deepEqual(told, ["one", "two"]);
  assert.equal(news.way, "socket");
  news.stop();
});

test("a page that comes back says up to where it knows, and is told the rest once", async () => {
  const world = new World();
  const news = world.news();
  const told = [];
  const gaps = [];
  news.follow("chat.a", { onNews: (messages) => told.push(...messages), onGap: (id) => gaps.push(id) });
  world.socket.opens();
  world.socket.tells({ subscribed: "chat.a", id: 5 });
  world.socket.tells({ topic: "chat.a", after: 5, id: 7, news: ["one"] });
  const first = world.socket;
  first.close();
  assert.equal(news.way, "away");
  await world.passes(2);
  assert.notEqual(world.socket, first);
  world.socket.opens();
  assert.deepEqual(subs(world.socket), [{ "chat.a": 7 }]);
  world.socket.tells({ subscribed: "chat.a", id: 9 });
  world.socket.tells({ topic: "chat.a", after: 7, id: 9, news: ["two"] });
  assert.deepEqual(told, ["one", "two"]);
  assert.deepEqual(gaps, []);
  world.socket.tells({ topic: "chat.a", id: 20, gap: true });
  world.socket.tells({ topic: "chat.a", after: 30, id: 31, news: ["late"] });
  assert.deepEqual(gaps, [20, 31]);
  news.stop();
});

test("a socket that has died without a word is given up, unless the page is hidden", async () => {
  const world = new World();
  const news = world.news();
  world.socket.opens();
  world.document = { hidden: true, addEventListener() {} };
  await world.passes(30);
  assert.equal(world.sockets.length, 1);
  world.document.hidden = false;
  await world.passes(14);
  assert.equal(world.sockets.length, 2);
  news.stop();
});

test("where no socket goes, the page polls, keeps the time, and tries a socket again now and then", async () => {
  const world = new World();
  world.open = false;
  world.answers = { "/clock": { received: 500, replied: 500 }, "/news/poll": { topic: "chat.a", after: 0, id: 3, news: ["polled"] } };
  const news = world.news();
  const told = [];
  news.follow("chat.a", { onNews: (messages) => told.push(...messages), since: 0 });
  await world.passes(20);
  assert.equal(news.way, "poll");
  assert.ok(world.asked.some((address) => address === "http://hall/news/poll?topic=chat.a&since=0"));
  // The same answer again is known.
  assert.deepEqual(told, ["polled"]);
  assert.ok(Math.abs(news.clock.now() - (500 + (world.now - 100))) < 500);
  const tries = world.sockets.length;
  world.open = true;
  await world.passes(70);
  assert.equal(world.sockets.length, tries + 1);
  world.socket.opens();
  assert.equal(news.way, "socket");
  const before = world.asked.length;
  await world.passes(5);
  assert.equal(world.asked.length, before);
  news.stop();
});

test("two on a page may follow one topic; the last to leave ends it", () => {
  const world = new World();
  const news = world.news();
  const one = [];
  const two = [];
  const ends = [one, two].map((told) => news.follow("chat.a", { onNews: (messages) => told.push(...messages) }));
  world.socket.opens();
  world.socket.tells({ subscribed: "chat.a", id: 1 });
  world.socket.tells({ topic: "chat.a", after: 1, id: 2, news: ["x"] });
  ends[0]();
  world.socket.tells({ topic: "chat.a", after: 2, id: 3, news: ["y"] });
  assert.deepEqual([one, two], [["x"], ["x", "y"]]);
  ends[1]();
  assert.deepEqual(world.socket.said.at(-1), { unsub: ["chat.a"] });
  news.stop();
});

// ---------------------------------------------------------------- a state that is followed

class Server {
  version = 1; items = ["a"]; loads = 0; waiting = [];
  load = () => { this.loads += 1; return new Promise((resolve) => { this.waiting.push(resolve); }); };
  async answers() { this.waiting.shift()({ version: this.version, items: [...this.items] }); await new Promise(setImmediate); }
  adds(item) { this.version += 1; this.items.push(item); return { version: this.version, item }; }
}
const apply = (state, message) => ({ version: message.version, items: [...state.items, message.item] });
function replica(server) {
  const hands = {};
  const one = new Replica({ news: { follow: (_topic, options) => Object.assign(hands, options) }, topic: "x.y", load: server.load, apply });
  return [one, hands];
}

test("whatever comes first, state or news, the page ends with the server's state", async () => {
  const server = new Server();
  const [one, hands] = replica(server);
  hands.onNews([server.adds("b")]);
  await server.answers();
  assert.deepEqual(one.state, { version: 2, items: ["a", "b"] });
  hands.onNews([server.adds("c"), server.adds("d")]);
  assert.deepEqual(one.state.items, ["a", "b", "c", "d"]);
  assert.equal(server.loads, 1);
  hands.onNews([{ version: 2, item: "old" }]);
  assert.deepEqual(one.state.items, ["a", "b", "c", "d"]);
});

test("a hole in the versions or a gap has the state fetched anew, and what came meanwhile applied", async () => {
  const server = new Server();
  const [one, hands] = replica(server);
  await server.answers();
  server.adds("missed");
  hands.onNews([server.adds("c")]);
  assert.deepEqual(one.state.items, ["a"]);
  const stale = server.adds("d");
  hands.onNews([stale]);
  await server.answers();
  assert.deepEqual(one.state.items, ["a", "missed", "c", "d"]);
  hands.onGap(9);
  hands.onGap(9);
  assert.equal(server.loads, 3);
  await server.answers();
  assert.deepEqual(one.state, { version: 4, items: ["a", "missed", "c", "d"] });
});

test("an answer from before a piece of news does not take it back", async () => {
  const server = new Server();
  const [one, hands] = replica(server);
  await server.answers();
  one.refresh();
  const old = { version: 1, items: ["a"] };
  hands.onNews([server.adds("b")]);
  server.waiting.shift()(old);
  await new Promise(setImmediate);
  assert.deepEqual(one.state.items, ["a", "b"]);
});
