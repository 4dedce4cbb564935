// What a channel has shown, as its state tells it again and again, and what it showed at the moment that is seen now. A
// player is seconds behind the channel, or hours: words beside the picture go by what is seen.
//
// In: spans [airtime, airtime at its end, kind] in order, in seconds since the epoch. Pure. Must stay true: what was heard
// once is not forgotten because a later answer tells only the last two minutes; it does not grow for ever.

const MOST = 500;
const SAME = 0.001;
//: Seconds. A slate that is shorter than a segment makes way for a source that comes on; nobody sees a break in it.
const SHORT = 1.9;

/** What is known, and what was told now: later answers know better from their beginning on. */
export function remember(known, told) {
  if (!told.length) return known;
  const from = told[0][0];
  const before = known.filter(([begins]) => begins < from - SAME).map(([begins, ends, kind]) => [begins, Math.min(ends, from), kind]);
  const last = before.at(-1);
  const joined = last && last[2] === told[0][2] && from - last[1] < SAME;
  return (joined ? [...before.slice(0, -1), [last[0], told[0][1], last[2]], ...told.slice(1)] : [...before, ...told]).slice(-MOST);
}

/** The kind that was aired at this moment; null if that is not known. */
export function kindAt(known, moment) {
  return spanAt(known, moment)?.[2] ?? null;
}

/** Whether something else than the show was seen at this moment for so long that it needs a word. */
export function isBreak(known, moment) {
  const [begins, ends, kind] = spanAt(known, moment) ?? [];
  return kind === "slate" && ends - begins >= SHORT;
}

const spanAt = (known, moment) => known.find(([begins, ends]) => begins - SAME <= moment && moment < ends - SAME);
