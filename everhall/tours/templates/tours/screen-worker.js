{% load static %}// The worker of one screen: answers from what it keeps, also without a network. What it does is told in screen_cache.js.
import { Kept } from "{% static 'tours/screen_cache.js' %}";

const base = new URL("./", self.location.href).pathname;
const kept = new Kept({ caches: self.caches, fetch: (...asked) => self.fetch(...asked), base, origin: self.location.origin, now: () => Date.now() });

// A page below the screen's path shows the screen as well (see Kept.answer): it is told like the screen itself.
async function tell(word) {
  for (const client of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (new URL(client.url).pathname.startsWith(base)) client.postMessage(word);
  }
}

async function refresh(anew = false) {
  const result = await kept.refresh({ anew, onPruned: () => tell({ kind: "changed" }) });
  await tell({ kind: result, current: await kept.current() });
}

// Nothing to show yet is no reason not to install: the page asks again.
self.addEventListener("install", (event) => { self.skipWaiting(); event.waitUntil(refresh()); });
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data?.kind === "refresh") event.waitUntil(refresh(event.data.anew === true));
  if (event.data?.kind === "state") event.waitUntil((async () => tell({ kind: "state", current: await kept.current() }))());
});
self.addEventListener("fetch", (event) => {
  if (!kept.answers(event.request)) return;
  event.respondWith((async () => (await kept.answer(event.request)) ?? self.fetch(event.request))());
});
