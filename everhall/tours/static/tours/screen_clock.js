// What a screen does when: pure, tested by tests/tours/screen.test.mjs.

//: Seconds of the count before a screen begins anew.
export const WARNING = 10;
//: Milliseconds after which a screen that hears nothing is called offline.
export const SILENCE = 70_000;

/** What nobody's touch means: "busy", "warning" (with the seconds left) or "over". Moments in milliseconds, `idle` in seconds. */
export function idleness(touched, now, idle) {
  const left = Math.ceil(idle - (now - touched) / 1000);
  if (left <= 0) return { state: "over", left: 0 };
  return left <= Math.min(WARNING, idle / 2) ? { state: "warning", left } : { state: "busy", left };
}

/** Which exhibit has this hour; of hours that are over the last one, so that a screen without a network never stands empty. */
export function ofTheHour(hours, now) {
  let found = hours[0] ?? null;
  for (const hour of hours) if (hour.from <= now) found = hour;
  return found;
}

/** The next place in a loop; also when the loop has become shorter meanwhile. */
export const next = (at, count, step = 1) => (count ? (((at + step) % count) + count) % count : 0);

/** Minutes and hours since a moment: `{n, unit}` with unit "now", "minutes", "hours". */
export function age(since, now) {
  const minutes = Math.floor(Math.max(0, now - since) / 60_000);
  if (minutes < 1) return { n: 0, unit: "now" };
  return minutes < 120 ? { n: minutes, unit: "minutes" } : { n: Math.floor(minutes / 60), unit: "hours" };
}

/** Columns and rows of a wall that shows `count` covers of 3:2 at the most in a box, as large as can be; more than fit go to pages. */
export function wall(count, width, height, { least = 180, most = 60 } = {}) {
  const shown = Math.max(1, Math.min(count, most));
  let best = { columns: 1, rows: 1, size: 0, worth: 0 };
  for (let columns = 1; columns <= shown; columns += 1) {
    const rows = Math.ceil(shown / columns);
    const size = Math.min(width / columns, (height / rows) * 1.5);
    // A hole in the last row counts against it: a wall is looked at from far away.
    const worth = size * (1 - (0.8 * (columns * rows - shown)) / (columns * rows));
    if (worth > best.worth) best = { columns, rows, size, worth };
  }
  if (best.size >= least) return { columns: best.columns, rows: best.rows };
  return { columns: Math.max(1, Math.floor(width / least)), rows: Math.max(1, Math.floor(height / (least / 1.5))) };
}

/** A word for this screen that says nothing about anybody. */
export function screenName(random) {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  return Array.from(random, (each) => letters[each % letters.length]).join("");
}
