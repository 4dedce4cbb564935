// The director's desk: one question a second, and its answer given to the parts of the page.
import { $, options, put } from "./dom.js";
import { keys } from "./keys.js";
import { Order } from "./order.js";
import { Programme } from "./programme.js";
import { Server } from "./server.js";
import { linkWords, Talk } from "./talk.js";
import { Wall } from "./wall.js";
import { clock, length, say } from "./words.js";

const CHOSEN = "everhall-desk-channel";
const root = $("director");
const server = new Server(JSON.parse($("desk-addresses").textContent), root.querySelector("[name=csrfmiddlewaretoken]").value);
const programme = new Programme(server, root.dataset.library);
const order = new Order(server);
const talk = new Talk(server);
const wall = new Wall({ take: (feed) => programme.take(feed), foresee: (feed) => programme.foresee(feed) });
let state = null;

function kept(value) {
  try {
    if (value !== undefined) sessionStorage.setItem(CHOSEN, value);
    return sessionStorage.getItem(CHOSEN);
  } catch { return null; }
}

function draw() {
  if (!state) return;
  const own = state.channels.filter((channel) => channel.mine);
  const first = !$("channel").told;
  options($("channel"), [["", own.map((channel) => [String(channel.id), `${channel.name} · ${channel.venue_name}`])]]);
  if (first && own.some((channel) => String(channel.id) === kept())) $("channel").value = kept();
  const channel = own.find((one) => String(one.id) === $("channel").value) ?? null;
  programme.update(state, channel);
  order.update(channel, server.now, (source) => programme.named(source));
  wall.update(state, channel, server.now);
  talk.update(state, channel);
  programme.tick();
}

function refused(why) {
  put($("foresee"), say("This was not done: {why}", { why: why || say("the connection is lost") }));
  $("foresee").classList.add("bad");
  programme.said = Date.now() + 6000;
}

server.addEventListener("state", (event) => {
  state = event.detail;
  root.classList.remove("lost");
  linkWords($("link"), say("Connected"), true);
  if (Date.now() > (programme.said ?? 0)) $("foresee").classList.remove("bad");
  draw();
});
server.addEventListener("lost", (event) => {
  // One question that went wrong is no news.
  if (event.detail && Date.now() - event.detail < 3000) return;
  root.classList.add("lost");
  linkWords($("link"), say("No connection. What you see is {age} old; trying again …", { age: event.detail ? length((Date.now() - event.detail) / 1000) : "–" }), false);
});
server.addEventListener("signed-out", () => {
  root.classList.add("lost");
  linkWords($("link"), say("You are signed out. Sign in again in another tab; this page goes on by itself."), false);
});
server.addEventListener("refused", (event) => refused(event.detail));
$("channel").addEventListener("change", () => { kept($("channel").value); draw(); });

keys({
  digit: (n) => { const feed = wall.nth(n); if (feed?.enabled) programme.take(feed); },
  a: () => programme.cut("auto"), s: () => programme.cut("slate"), h: () => programme.cut("hold"),
  ",": () => wall.turn(-1), ".": () => wall.turn(1),
});
setInterval(() => { put($("clock"), clock(server.now)); if (!document.hidden) programme.tick(); }, 250);
server.soon();
