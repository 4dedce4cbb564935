// Shows what the site tells this browser while no page is open, and leads to the page when it is touched.
//
// In: a push whose data is {title, body, url, tag, lang, urgent}. Must stay true: addresses lead to this site or to where an organiser
// linked by https; a new subscription takes the place of the old one with all that it follows.
const KEPT = "everhall-push";

self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data ? event.data.json() : {}; } catch { /* not ours */ }
  const { title = "Everhall", body = "", url = "/", tag = "", lang = "", urgent = false } = told;
  event.waitUntil(self.registration.showNotification(title, {
    body, lang, tag, renotify: Boolean(tag), requireInteraction: Boolean(urgent), data: { url },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/", self.location.origin);
  if (url.protocol !== "https:" && url.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = open.find((client) => new URL(client.url).pathname === url.pathname && url.origin === self.location.origin);
    return there ? there.focus() : self.clients.openWindow(url.href);
  })());
});

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil((async () => {
    const kept = await (await caches.open(KEPT)).match("/push/endpoint");
    const old = event.oldSubscription?.endpoint ?? (kept ? await kept.text() : "");
    if (!old) return;
    const { key } = await (await fetch("/push/key")).json();
    const fresh = event.newSubscription ?? await self.registration.pushManager.subscribe({
      userVisibleOnly: true, applicationServerKey: key,
    });
    const answer = await fetch("/push/renew", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ old, subscription: fresh.toJSON() }),
    });
    if (answer.ok) await (await caches.open(KEPT)).put("/push/endpoint", new Response(fresh.endpoint));
  })());
});
