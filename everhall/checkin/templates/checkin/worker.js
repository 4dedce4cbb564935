// Has the page of the door ready without a network: version {{ version }}. What stands below /door/ only; what devices say and hear is never kept.
const KEPT = "door-{{ version }}";
const PAGES = [{% for page in pages %}"{{ page|escapejs }}", {% endfor %}];
const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const kept = await caches.open(KEPT);
  await kept.addAll([...PAGES, ...FILES].map((address) => new Request(address, { cache: "no-cache" })));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("door-") && name !== KEPT) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || !(PAGES.includes(pathname) || FILES.includes(pathname))) return;
  event.respondWith(caches.open(KEPT).then(async (kept) => (await kept.match(pathname)) || fetch(event.request)));
});
