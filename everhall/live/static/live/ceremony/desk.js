// Consoles of a ceremony, the director's and those of venues: the page that the server made, kept up to date by news.
//
// Every form works without this; with it, forms are sent without leaving the page, numerals run by the corrected clock,
// and lamps follow the events. Must stay true: what is shown comes from the state that the server stored, never from what
// somebody has just pressed.
import { News, Replica } from "../../realtime/news.js";
import { apply, staffView } from "../ceremony.js";
import { count } from "./numerals.js";
import { fragments, paint } from "./desk_paint.js";

//: Seconds between two signs of life of a venue's console, and between two looks of any console at the whole state: a
//: server of several processes without a common bus tells each page only what its own process did.
const ALIVE = 5;
const LOOK = 10;

const data = JSON.parse(document.getElementById("ceremony-data").textContent);
const news = News.here();
const say = document.getElementById("say");
let calls = [];
let shownVersion = data.state.version;

const now = () => news.clock.now() ?? data.now;
const view = () => staffView(replica.state ?? data.state, now());

const replica = new Replica({
  news, topic: data.topic, ticket: data.ticket,
  load: async () => {
    const answer = await fetch(data.addresses.state, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
    return answer.json();
  },
  apply: (state, message) => {
    try {
      return apply(state, message);
    } catch {
      // The server knows more than this page: it is to be loaded again.
      location.reload();
      return { ...state, version: message.version };
    }
  },
  onChange: turn,
});

/** After each event, and when time alone turns something. */
function turn() {
  for (const off of calls) off();
  calls = [];
  const shown = view();
  paint(shown, data);
  if (shown.state === "counting") {
    const numerals = document.querySelector("[data-count]");
    calls.push(count(news.clock, shown.t0, (text) => { numerals.textContent = text; }));
    if (!shown.sealed) calls.push(news.clock.at(shown.t0 - 2.99, turn));
    calls.push(news.clock.at(shown.t0 + 0.001, turn));
  }
  if (shown.version !== shownVersion) {
    shownVersion = shown.version;
    fragments(() => paint(view(), data));
  }
}

// ---------------------------------------------------------------- forms
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  send(form, event.submitter);
});

async function send(form, button) {
  const expected = form.querySelector("[data-expected]");
  if (expected) expected.value = (replica.state ?? data.state).version;
  if (button) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    told.ok ? hush() : complain(told.message ?? data.words["This was not done: the connection is lost. Try again."]);
    if (told.ok) form.closest("details")?.removeAttribute("open");
  } catch {
    complain(data.words["This was not done: the connection is lost. Try again."]);
  }
  if (button) button.disabled = false;
  await replica.refresh();
  turn();
}

function complain(words) {
  const line = document.createElement("p");
  line.textContent = words;
  say.replaceChildren(line);
}

function hush() { say.replaceChildren(); }

// ---------------------------------------------------------------- presence, the clock, the way
async function alive() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    await fetch(data.addresses.heard, { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token } });
  } catch {
    // Silence is what it is: the others are told after fifteen seconds.
  }
}

function clockLine() {
  const { error } = news.clock;
  const good = Number.isFinite(error);
  document.querySelector("[data-clock]").textContent = good
    ? data.words["clock good to {error} ms"].replace("{error}", (1000 * error).toFixed(error < 0.01 ? 1 : 0))
    : data.words["clock not known yet"];
  document.querySelector("[data-way]").textContent = data.words[{ socket: "Connected", poll: "by polls", away: "No connection" }[news.way]];
}

if (data.addresses.heard) {
  alive();
  setInterval(alive, 1000 * ALIVE);
}
setInterval(() => { replica.refresh(); }, 1000 * LOOK);
setInterval(clockLine, 1000);
news.addEventListener("way", clockLine);

// A console in a pocket falls silent and drops out: keep the phone awake while it is looked at.
const stayAwake = () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); };
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
