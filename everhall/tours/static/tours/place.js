// Where somebody is on a tour, kept in this browser only: no cookie, nothing is sent.
//
// Must stay true: a blocked or damaged store counts as empty; the stop is remembered by its lasting name, because its number
// changes when stops before it come or go.

const KEY = "everhall.tours";
//: More tours than anybody walks; the oldest are forgotten.
const MOST = 50;

function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  } catch {
    return {};
  }
}

/** @returns {{number: number, key: string, name: string, at: number} | null} */
export function placeOn(tour) {
  const found = all()[tour];
  return found && Number.isInteger(found.number) && found.number > 0 && typeof found.name === "string" ? found : null;
}

export function remember(tour, { number, key, name }, now = Date.now()) {
  const kept = { ...all(), [tour]: { number, key, name, at: now } };
  const names = Object.keys(kept).sort((one, other) => (kept[other].at ?? 0) - (kept[one].at ?? 0));
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(names.slice(0, MOST).map((each) => [each, kept[each]]))));
  } catch {
    // private browsing: nothing is kept
  }
}

const WALK = "everhall.walk";

/** The group walk that this tab follows: `{address, tour}`. */
export function walking() {
  try {
    return JSON.parse(sessionStorage.getItem(WALK) ?? "null");
  } catch {
    return null;
  }
}

export function walkWith(walk) {
  try {
    if (walk) sessionStorage.setItem(WALK, JSON.stringify(walk));
    else sessionStorage.removeItem(WALK);
  } catch {
    // nothing is kept: the link in the code leads back
  }
}
