// What a channel has aired, as `state.json` tells it: whether the moment that is shown was a slate. No page is needed here.
//
// Must stay true: what is told of a picture goes by the moment of that picture. A page shows the channel some seconds
// late, and a viewer who went back hours late; what is on by the server's clock is not what they see.

//: Seconds. A slate that is shorter than a segment bridges two sources; nobody sees an interruption in it.
export const SHORT = 1.9;
//: So many slates are remembered; the server tells those of the rows that it holds.
export const MOST = 500;

/** [[from, until], …] of `known` with what `heard` tells: a slate that has gone on is the same one, longer. */
export function joined(known, heard) {
  const found = new Map(known);
  for (const [from, until] of heard) found.set(from, Math.max(until, found.get(from) ?? until));
  return [...found].sort(([one], [other]) => one - other).slice(-MOST);
}

/** The slates of a channel, as far as this page has heard. */
export class Aired {
  constructor() { Object.assign(this, { slates: [], until: null, now: false }); }

  /** `state`: `slates`, `until` and `kind` of state.json. */
  hear({ slates = [], until = null, kind = "" }) {
    this.slates = joined(this.slates, slates);
    this.until = Math.max(until ?? -Infinity, this.until ?? -Infinity);
    this.now = kind === "slate";
  }

  /** Whether a slate stands at `moment` (seconds since the epoch). Where it is not known what a player shows (null), what is
   * newest counts; what is newer than anything that was heard is taken to go on as it was. */
  interrupted(moment) {
    if (!Number.isFinite(moment)) return this.now;
    return this.slates.some(([from, until]) => until - from >= SHORT && from <= moment && (moment < until || until >= this.until));
  }
}
