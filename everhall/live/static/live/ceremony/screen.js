// The big screen of a hall: numerals, the opening, the theme. It fires at T0 by its corrected clock, and tells the server
// once how exactly it did. It is left alone for days: it comes back by itself after a lost net or a night of sleep.
import { News } from "../../realtime/news.js";
import { count } from "./numerals.js";
import { play } from "./opening.js";
import { fetched, Shown } from "./shown.js";

//: Seconds after T0 from which on a page that was asleep shows the open door at once, without the opening.
const TOO_LATE = 5;

const data = JSON.parse(document.getElementById("ceremony-data").textContent);
const news = News.here();
const $ = (selector) => document.querySelector(selector);
const still = matchMedia("(prefers-reduced-motion: reduce)");
let stop = () => {};
let endOpening = () => {};

const here = (path) => `${location.pathname}${path}${location.search}`;

function paint(view) {
  stop();
  stop = () => {};
  const turned = document.body.dataset.phase !== view.phase;
  document.body.dataset.phase = view.phase;
  document.body.toggleAttribute("data-rehearsal", Boolean(view.rehearsal));
  $("[data-rehearsal-note]").hidden = !view.rehearsal;
  if (view.phase !== "launched") { endOpening(); delete document.body.dataset.fresh; }
  if (view.phase === "countdown") stop = count(news.clock, view.t0, paintNumerals);
  if (turned) $("[data-say]").textContent = $(`[data-when="${view.phase}"]`).innerText;
  $("[data-parties]").replaceChildren(...(view.parties ?? []).map((party) => {
    const item = document.createElement("li");
    item.textContent = data.names[party.key] ?? party.key;
    item.dataset.tone = party.ready ? "go" : "none";
    return item;
  }));
}

function paintNumerals(text, rest) {
  $("[data-count]").textContent = text;
  $("[data-count]").dataset.length = text.length;
  document.body.dataset.near = rest <= 10.02 ? "near" : "far";
  const hand = $(".hand");
  // One round a minute, and in the last minute one that ends at T0.
  hand.style.strokeDashoffset = String(1 - Math.min(1, (rest > 60 ? rest % 60 : rest) / 60));
}

function moment(t0, late) {
  if (late < TOO_LATE && !still.matches) {
    document.body.dataset.fresh = "";
    endOpening = play($("#sky"), { lights: Math.max(3, Math.min(12, Object.keys(data.names).length)), late });
  }
  // The frame that holds the change is painted now; what matters is when it is.
  requestAnimationFrame(() => { if (data.topicTicket) tell(t0, news.clock.now() - t0, news.clock.error); });
}

async function tell(t0, late, error) {
  const body = JSON.stringify({ display: display(), t0, late, error });
  for (const pause of [0, 3, 15]) {
    // Spread: all halls have just seen the same instant.
    await new Promise((resolve) => { setTimeout(resolve, 1000 * (pause + 2 * Math.random())); });
    try {
      if ((await fetch(here("measured/"), { method: "POST", body })).ok) return;
    } catch {
      // Once more, then it is missing in the certificate.
    }
  }
}

function display() {
  let name = sessionStorage.getItem("display");
  if (!name) {
    name = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("display", name);
  }
  return name;
}

new Shown({
  view: data.view, topic: data.topic, ticket: data.topicTicket, news, load: () => fetched(here("state.json")),
  // The public topic tells of other things too.
  read: (message) => {
    if (data.topicTicket) return message;
    return message.kind === "launch" && message.ceremony === data.ceremony ? message : null;
  },
  onChange: paint, onMoment: moment,
});

// A display must not go dark; where the browser refuses, the system's own setting decides.
const stayAwake = () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); };
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
