// Notices on every public page: closes those that were read, hears new ones, looks anew at what a change of the programme
// touches. Everything can be read without this file.
//
// Must stay true: nothing is loaded before the page is (the socket's module comes when the browser is idle); a page that
// somebody reads keeps its focus and its place.
import { after, lasts, touches } from "./shown.js";
import { pick, say } from "./words.js";

//: Read in `closed.js` too, before the page is drawn.
const KEY = "everhall.notices.closed";
//: More than anybody closes; the oldest are forgotten.
const MOST = 200;
const bar = document.querySelector("[data-notices]");

/** "id.version" of what was closed on this device. A blocked or damaged store counts as empty. */
function closed() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

const nameOf = ({ id, version }) => `${id}.${version}`;
const isClosed = (notice) => closed().includes(nameOf(notice));

function close(notice, element) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...closed(), nameOf(notice)].slice(-MOST)));
  } catch {
    // private browsing: it is back on the next page
  }
  if (element.contains(document.activeElement)) document.querySelector("#content")?.focus({ preventScroll: true });
  element.remove();
}

const seconds = (text) => (text ? 1000 * Number(text) : 0);
const read = (element) => ({
  id: Number(element.dataset.id), version: Number(element.dataset.version), until: seconds(element.dataset.until),
  weight: element.classList.contains("is-urgent") ? "urgent" : "important", element,
});

function ready(notice, element) {
  const button = element.querySelector(".notice-close");
  button.hidden = false;
  button.addEventListener("click", () => close(notice, element));
}

function draw(notice) {
  const element = document.createElement("div");
  element.className = `notice-bar is-${notice.weight} is-new`;
  Object.assign(element.dataset, { id: notice.id, version: notice.version, until: notice.until ? notice.until / 1000 : "" });
  element.setAttribute("role", notice.weight === "urgent" ? "alert" : "status");
  const wrap = Object.assign(document.createElement("div"), { className: "wrap" });
  const line = document.createElement("p");
  const title = Object.assign(document.createElement("b"), { textContent: pick(notice.title_zh, notice.title_en) });
  const text = Object.assign(document.createElement("span"), { textContent: pick(notice.text_zh, notice.text_en) });
  const link = Object.assign(document.createElement("a"), { href: pick(notice.link_zh, notice.link_en), textContent: say("More") });
  link.append(Object.assign(document.createElement("span"), { className: "hidden-words", textContent: ` ${title.textContent}` }));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "notice-close" });
  button.setAttribute("aria-label", say("Close this notice"));
  line.append(title, " ", text, " ", link);
  wrap.append(line, button);
  element.append(wrap);
  ready(notice, element);
  return element;
}

function listen() {
  const place = { venue: bar.dataset.venue, session: bar.dataset.session };
  let notices = [];
  for (const element of bar.querySelectorAll(".notice-bar")) {
    const notice = read(element);
    if (isClosed(notice)) element.remove();
    else {
      ready(notice, element);
      notices.push(notice);
    }
  }

  function show(next) {
    for (const one of notices) if (!next.includes(one)) one.element.remove();
    notices = next.filter((one) => !isClosed(one));
    notices.forEach((one, at) => {
      one.element ??= draw(one);
      if (bar.children[at] !== one.element) bar.insertBefore(one.element, bar.children[at] ?? null);
    });
  }

  const look = async (number) => (await import("./fresh.js")).look(number);
  setInterval(() => { if (!notices.every((one) => lasts(one, Date.now()))) show(notices.filter((one) => lasts(one, Date.now()))); }, 5000);

  async function hear() {
    const { News } = await import("../realtime/news.js");
    const { pageOf } = await import("./fresh.js");
    News.here().follow(`edition.${bar.dataset.notices}`, {
      onNews: (messages) => {
        for (const message of messages) {
          if (message.kind.startsWith("notice")) show(after(notices, message, place, Date.now()));
          if (touches(message, pageOf(place))) look();
        }
      },
      onGap: () => look(),
    });
  }
  const idle = window.requestIdleCallback ?? ((then) => setTimeout(then, 200));
  const later = () => idle(() => hear(), { timeout: 2000 });
  if (document.readyState === "complete") later();
  else addEventListener("load", later, { once: true });
}

if (bar) listen();
if (document.querySelector("ever-bell")) import("./bell.js");
