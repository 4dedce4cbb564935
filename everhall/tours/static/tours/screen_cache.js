// What a screen keeps of itself, so that it goes on without a network, through a reload and through a restart of its browser.
//
// In: CacheStorage, fetch, the path of the screen. Out: answers to the page's requests. The parts: one cache for each version of the
// contents, and a small one that says which version is current. What must stay true:
// - a version is current only when all of it is kept (page, scripts, styles, pictures, sounds) and was still the newest then;
// - the change to it is one write; what it replaces is deleted afterwards;
// - what is withdrawn is taken out of the current version as soon as it is known, before the new version is whole;
// - a network that is away changes nothing.

const AT_ONCE = 4;
//: So often a version that changes while it is fetched is fetched anew before it is left for the next time.
const ROUNDS = 3;

/** Addresses of what an item is shown with. */
export const mediaOf = (item) =>
  [item.small, item.large, item.zh?.sound, item.en?.sound].filter(Boolean);

/** All that a version of the contents needs beside the page and itself, without repeats. */
export const addressesOf = (contents) => [...new Set([...contents.files, ...contents.items.flatMap(mediaOf)])];

/** The contents that are kept, without what the new ones do not have any more. */
export function pruned(old, fresh) {
  const left = new Set(fresh.items.map((item) => item.key));
  return { ...old, items: old.items.filter((item) => left.has(item.key)), hours: old.hours?.filter((hour) => left.has(hour.code)) };
}

/** A part of a kept answer (RFC 9110 §14): players ask for ranges. */
export async function ranged(response, range) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (!asked || !(asked[1] || asked[2])) return response;
  const bytes = await response.arrayBuffer();
  const size = bytes.byteLength;
  const first = asked[1] ? Number(asked[1]) : Math.max(0, size - Number(asked[2]));
  const last = asked[1] && asked[2] ? Math.min(Number(asked[2]), size - 1) : size - 1;
  if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${size}` } });
  const headers = new Headers(response.headers);
  headers.set("Content-Range", `bytes ${first}-${last}/${size}`);
  headers.set("Content-Length", String(last - first + 1));
  return new Response(bytes.slice(first, last + 1), { status: 206, headers });
}

export class Kept {
  #busy = null;

  constructor({ caches, fetch, base, origin, now }) {
    Object.assign(this, { caches, fetch, base, origin, now });
    this.prefix = `everhall-screen:${base}:`;
    this.meta = `${this.prefix}meta`;
    this.contents = `${base}screen.json`;
  }

  #at(path) { return new URL(path, this.origin).href; }

  /** `{version, cache, at}`: what is current, and when it was last known to be the newest; null: nothing is kept. */
  async current() {
    const found = await (await this.caches.open(this.meta)).match(this.#at(`${this.base}current`));
    return found ? found.json() : null;
  }

  async #point(current) {
    await (await this.caches.open(this.meta)).put(this.#at(`${this.base}current`), new Response(JSON.stringify(current)));
  }

  // ---------------------------------------------------------------- answering

  /** Whether a request is one of those that are answered here at all. */
  answers(request) {
    const { origin, pathname } = new URL(request.url);
    return request.method === "GET" && origin === this.origin && !/^\/(news|clock)/.test(pathname) && pathname !== `${this.base}worker.js`;
  }

  /** What is kept for a request; null: the network may answer. A page below the screen's path is the screen: there is no way out. */
  async answer(request) {
    const current = await this.current();
    if (!current) return null;
    const { pathname } = new URL(request.url);
    const wanted = request.mode === "navigate" ? this.#at(this.base) : this.#at(pathname);
    const found = await (await this.caches.open(current.cache)).match(wanted);
    if (!found) return null;
    const range = request.headers.get("range");
    return range ? ranged(found, range) : found;
  }

  // ---------------------------------------------------------------- keeping

  /** Look for news: "same", "new", "away" (no network), "gone" (there is no such screen any more). Twice at once is once. */
  refresh(asked = {}) {
    this.#busy ??= this.#refresh(asked).finally(() => { this.#busy = null; });
    return this.#busy;
  }

  async #refresh({ anew = false, onPruned = () => {} }) {
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const contents = await this.#newest();
        if (contents === null) return await this.#forget();
        const current = await this.current();
        if (current?.version === contents.version && !(anew && round === 0)) {
          await this.#point({ ...current, at: this.now() });
          if (round) return "new";
          await this.#sweep(current.cache);
          return "same";
        }
        if (current && (await this.#prune(current, contents))) await onPruned();
        const cache = `${this.prefix}${contents.version}${anew ? `-${this.now()}` : ""}`;
        if (!(await this.#fill(cache, contents))) continue;
        // It may have changed while it was fetched: what was withdrawn meanwhile must not become current.
        const still = await this.#newest();
        if (still?.version !== contents.version) continue;
        await this.#point({ version: contents.version, cache, at: this.now() });
        await this.#sweep(cache);
        return "new";
      }
      return "away";
    } catch {
      return "away";
    }
  }

  /** The newest contents; null: there is no such screen. Throws when the network or the server is away. */
  async #newest() {
    const answer = await this.fetch(this.#at(this.contents), { cache: "no-store" });
    if (answer.status === 404 || answer.status === 410) return null;
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  /** Everything that a version needs, in a cache of its own; false: page and contents are of different builds, ask again. */
  async #fill(name, contents) {
    const cache = await this.caches.open(name);
    const page = await this.fetch(this.#at(this.base), { cache: "no-store" });
    if (!page.ok) throw new Error(String(page.status));
    const text = await page.text();
    if (!text.includes(`data-shell="${contents.shell}"`)) {
      await this.caches.delete(name);
      return false;
    }
    const html = { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": page.headers.get("Content-Security-Policy") ?? "" } };
    await cache.put(this.#at(this.base), new Response(text, html));
    await this.#putContents(cache, contents);
    const needed = new Set(contents.files);
    const left = addressesOf(contents);
    const work = async () => {
      for (let address = left.shift(); address; address = left.shift()) await this.#keep(cache, address, needed.has(address));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return true;
  }

  // A part that is there already was fetched for this very version, before the worker was stopped.
  async #keep(cache, address, needed) {
    const url = this.#at(address);
    if (await cache.match(url)) return;
    const answer = await this.fetch(url, { cache: "no-cache" });
    if (answer.ok && answer.status === 200) return void (await cache.put(url, answer));
    // A picture whose file is damaged must not keep the news of all others away; a script must be whole.
    if (needed || answer.status >= 500) throw new Error(`${address} ${answer.status}`);
  }

  async #putContents(cache, contents) {
    const json = { headers: { "Content-Type": "application/json" } };
    await cache.put(this.#at(this.contents), new Response(JSON.stringify(contents), json));
  }

  /** Take out of the current version what the newest does not have; whether there was something. */
  async #prune(current, fresh) {
    const cache = await this.caches.open(current.cache);
    const found = await cache.match(this.#at(this.contents));
    if (!found) return false;
    const old = await found.json();
    const next = pruned(old, fresh);
    if (next.items.length === old.items.length) return false;
    await this.#putContents(cache, next);
    const left = new Set(addressesOf(next));
    for (const address of old.items.flatMap(mediaOf)) if (!left.has(address)) await cache.delete(this.#at(address));
    return true;
  }

  /** Delete all versions but one. */
  async #sweep(name) {
    for (const each of await this.caches.keys()) {
      if (each.startsWith(this.prefix) && each !== name && each !== this.meta) await this.caches.delete(each);
    }
  }

  async #forget() {
    for (const each of await this.caches.keys()) if (each.startsWith(this.prefix)) await this.caches.delete(each);
    return "gone";
  }
}
