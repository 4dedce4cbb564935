// Pieces of this page ([data-fresh]) as the server has them now, put in place of the old ones.
//
// Must stay true: the site forgets its kept page a moment after it tells of the change, so who sees nothing new asks again;
// thousands of pages do not ask in the same instant; the focus stays on the same link.

//: Milliseconds after the news at which it is asked, until something is new; each a little later by chance.
const ASKS = [30, 500, 2000];
const SPREAD = 200;
let running = 0;

const pieces = (where) => new Map([...where.querySelectorAll("[data-fresh]")].map((piece) => [piece.dataset.fresh, piece]));
const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** What this page shows, for `touches`. */
export function pageOf({ session }) {
  const found = [...document.querySelectorAll("[data-fresh]")];
  const codes = [...document.querySelectorAll("[data-fresh] a[href*='/sessions/']")]
    .map((link) => /\/sessions\/([a-z0-9-]+)\/$/.exec(link.getAttribute("href"))?.[1]).filter(Boolean);
  return {
    session, codes, days: found.flatMap((piece) => (piece.dataset.days ? [piece.dataset.days] : [])),
    open: found.some((piece) => ["list", "now"].includes(piece.dataset.fresh)), lists: found.some((piece) => piece.dataset.fresh === "notices"),
  };
}

/** Parts that scripts have changed since are no news. */
const told = (piece) => {
  const copy = piece.cloneNode(true);
  for (const star of copy.querySelectorAll("ever-star, ever-bell")) star.replaceChildren();
  return copy.innerHTML;
};

function put(old, piece) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const href = held?.getAttribute("href");
  old.replaceWith(piece);
  if (!held) return;
  const again = href ? [...piece.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === href) : null;
  const target = again ?? piece;
  if (target === piece) piece.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** Ask for the page and put in place what is new; whether anything was. */
async function exchange() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) return false;
  const fresh = pieces(new DOMParser().parseFromString(await answer.text(), "text/html"));
  let changed = false;
  for (const [name, old] of pieces(document)) {
    const piece = fresh.get(name);
    if (!piece || told(piece) === told(old)) continue;
    put(old, document.adoptNode(piece));
    changed = true;
  }
  return changed;
}

/** Look at the page anew: now, or when somebody looks at it again. */
export async function look() {
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => look(), { once: true });
    return;
  }
  const mine = (running += 1);
  for (const pause of ASKS) {
    await wait(pause + Math.random() * SPREAD);
    if (mine !== running) return;
    try {
      if (await exchange()) return;
    } catch {
      // The net is away; asked again.
    }
  }
}
