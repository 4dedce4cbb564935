// Who may pass a door: the twin of engines/entry.py on the same vectors (tests/vectors/entry.json).
//
// In: what a pass says (null: no pass of ours), what the roster knows of it (null: nothing), the list, direction, moment in seconds.
// Out: {decision, reason, people, left, warning}. Must stay true: no clock, no page, no network in here.
const NEAR = 0.9;
const verdict = (decision, reason, people = 0, left = 0, warning = "") => ({ decision, reason, people, left, warning });

export const room = (rule, seats, entered, inside) =>
  rule === "once" ? Math.max(0, seats - entered) : rule === "after_exit" ? Math.max(0, seats - inside) : seats;

const unfit = (shown, holder, now) => {
  if (holder && shown.issue < holder.issue) return "renewed";
  if (holder && holder.void) return holder.void;
  if (!(holder ? holder.listed : shown.here)) return "elsewhere";
  if (shown.until < now) return "ended";
  return (holder ? holder.way : shown.way) === "online" ? "online" : "";
};

const shut = ({ opens, closes }, now) => (opens && now < opens ? "not_open" : closes && now >= closes ? "closed" : "");

// Whoever is inside goes out, whatever has become of the pass since.
const out = (shown, holder, now, coming) => {
  const inside = holder ? holder.inside : 0, why = inside ? "" : unfit(shown, holder, now);
  if (why) return verdict("refuse", why);
  if (!inside) return verdict("ask", "not_in", coming || 1);
  if (coming > inside) return verdict("refuse", "too_many", coming, inside);
  if (inside > 1 && !coming) return verdict("ask", "group", inside, inside);
  return verdict("admit", "out", coming || inside, inside);
};

/** People whom no pass names; where they may come at all says the list's owner. */
export function withoutPass(list, direction, now, headcount = 0, coming = 1) {
  if (direction === "out") return headcount >= coming ? verdict("admit", "walk_in", coming) : verdict("ask", "not_in", coming);
  const why = shut(list, now);
  if (why) return verdict("refuse", why);
  const warning = list.capacity && headcount + coming >= NEAR * list.capacity ? "near" : "";
  if (list.capacity && headcount + coming > list.capacity) return verdict("ask", "full", coming, 0, warning);
  return verdict("admit", "walk_in", coming, 0, warning);
}

export function decide(shown, holder, list, direction, now, headcount = 0, coming = 0) {
  if (!shown) return verdict("refuse", "forged");
  if (direction === "out") return out(shown, holder, now, coming);
  const why = unfit(shown, holder, now) || shut(list, now);
  if (why) return verdict("refuse", why);
  const { seats, entered, inside } = holder || { seats: shown.seats, entered: 0, inside: 0 };
  const left = room(list.rule, seats, entered, inside);
  if (left <= 0) return verdict("refuse", "already");
  if (coming > left) return verdict("refuse", "too_many", coming, left);
  const people = coming || left;
  const warning = list.capacity && headcount + people >= NEAR * list.capacity ? "near" : "";
  if (holder && left > 1 && !coming) return verdict("ask", "group", people, left);
  if (list.capacity && headcount + people > list.capacity) return verdict("ask", "full", people, left, warning);
  if (!holder) return verdict(list.unknown, "unknown", people, left, warning);
  return verdict("admit", "ok", people, left, warning);
}
