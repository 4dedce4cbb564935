// Which notices stand at the top of a page: old list and message give the fresh list. No page is needed here.
//
// In: messages as `services.notices.message` and `services.changes.message` tell them; a place {venue, session} ("" for none).
// Must stay true: `concerns` is the twin of `rules.concerns` (tests/vectors/notices.json); an older version never takes
// the place of a newer one; nothing given is changed.

const AT_THE_TOP = ["important", "urgent"];

/** Whether a notice of this venue (a path) or session (a code) belongs on a page of that place. */
export const concerns = ({ venue, session }, place) => (session ? session === place.session : !venue || place.venue.startsWith(venue));

/** Whether it has not ended at `now` (milliseconds since the epoch). */
export const lasts = ({ until }, now) => !until || until > now;

/** The list after a message. */
export function after(notices, message, place, now) {
  const known = notices.find((one) => one.id === message.id);
  if (message.kind === "notice" && known && known.version > message.version) return notices;
  const others = notices.filter((one) => one.id !== message.id);
  const fits = message.kind === "notice" && AT_THE_TOP.includes(message.weight) && concerns(message, place) && lasts(message, now);
  return inOrder(fits ? [...others, message] : others);
}

/** Urgent ones first, then the newest. */
export const inOrder = (notices) => notices.toSorted(
  (one, other) => (other.weight === "urgent") - (one.weight === "urgent") || other.id - one.id,
);

/**
 * Whether a page has to be looked at anew. `page`: the code of its session, codes of sessions that it links to, days
 * that it shows, and whether it is a list into which a session may come.
 */
export function touches(message, page) {
  if (message.kind === "notice" || message.kind === "notice-gone") return page.lists;
  if (message.kind !== "session") return false;
  return page.session === message.session || page.codes.includes(message.session) || page.open || message.days.some((day) => page.days.includes(day));
}
