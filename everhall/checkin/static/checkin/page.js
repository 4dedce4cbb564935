// The page of a device at a door: what it needs, its enrolment, one window at a time, the worker; then <ever-door> (view.js) takes over.
//
// Without this module the page says that it needs JavaScript, and where check-in works without: the desk. Must stay true: a device that was
// taken out of service keeps nothing; a browser that cannot do it all is told what is missing, and let in no half.
import { Door } from "./door.js";
import { Fault } from "./roster.js";
import * as stores from "./store.js";
import "./view.js";
import { enrol, missing } from "./wire.js";

const root = document.querySelector("ever-door"), words = JSON.parse(document.querySelector("#door-words").textContent);
const language = root.dataset.language;
root.words = words;

async function begin() {
  const lack = await missing();
  if (lack) return root.stop(lack === "https" ? words.insecure : words.old_browser.replace("{what}", lack));
  worker();
  const first = await navigator.locks.request("everhall-door", { ifAvailable: true }, (lock) => (lock ? held() : "taken"));
  if (first !== "taken") return undefined;
  root.stop(words.second);
  return navigator.locks.request("everhall-door", held);
}

/** In the one window that holds the door; it goes on in the next one when that is closed. */
async function held() {
  let store;
  try { store = await stores.open(); } catch (fault) { return root.stop(words.no_space.replace("{what}", fault.name || String(fault))); }
  navigator.storage?.persist?.();
  await identify(store).catch(told);
  // Until the window closes.
  return new Promise(() => {});
}

const told = (fault) => root.stop(fault instanceof Fault ? words[fault.code] || fault.code : words.went_wrong.replace("{what}", fault.name || String(fault)));

async function identify(store) {
  const identity = await store.get("identity"), link = /^#([\w-]{20,60})\.([0-9a-f]{16})$/.exec(location.hash);
  if (identity) {
    history.replaceState(null, "", location.pathname);
    return start(store, identity);
  }
  if (!link) return root.stop(words.no_device);
  return root.enrolling(async (name) => {
    const made = await enrol(link[1], link[2], name, language);
    await store.put({ identity: made, offset: made.offset });
    history.replaceState(null, "", location.pathname);
    await start(store, made);
  });
}

async function start(store, identity) {
  const door = await Door.open(store, identity, language);
  door.addEventListener("over", async ({ fault }) => {
    door.end();
    if (fault.code === "revoked") { store.close(); await stores.forget(); }
    root.stop(fault.code === "revoked" ? words.revoked : fault.words || fault.code, fault.code !== "revoked" && (() => leave(door, store)));
  });
  root.show(door, () => leave(door, store));
  door.begin();
}

async function leave(door, store) {
  if (!confirm(words.wipe_sure.replace("{count}", door.waiting().length))) return;
  door.end();
  store.close();
  await stores.forget();
  root.stop(words.no_device);
}

function worker() {
  navigator.serviceWorker?.register("/door/worker.js", { scope: "/door/" }).then((registration) => {
    const had = Boolean(navigator.serviceWorker.controller);
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh?.addEventListener("statechange", () => { if (fresh.state === "activated" && had) root.newer(); });
    });
  }).catch(() => {});
}

begin().catch(told);
