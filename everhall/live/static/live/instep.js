// Playing in step: all players of a channel show the same moment of it at the same instant, so that a hall with ten
// screens does not echo.
//
// In: what a player shows (program-date-time), the server's clock with its bound, what could be shown. Out: how fast to
// play, where to seek, and how far from the others it is. Must stay true: all players of a channel wish for the same
// moment, `clock - hold-back of the playlist`, whatever the net of one of them is like; corrections cannot be heard
// (a twentieth at most) and do not swing; a seek is rare; whoever has gone back or paused is left alone.
//
// `decide` and `stalled` are pure. All times are seconds, moments are seconds since the epoch.

//: What may be wrong with the clock before it is better not to follow it.
export const MOST_BOUND = 0.1;
//: Part of the rate per second of error, and the most of it. Of an error no more than half is played away until the next
//: look, or a page whose looks are rare would swing.
export const GAIN = 0.8;
export const MOST_TURN = 0.05;
export const HALF = 0.5;
//: Rates are rounded to this, and a rate is kept while a better one is nearer than twice this: each change costs the sound
//: a splice.
export const GRAIN = 0.005;
//: An error from which on it is corrected, and at which that ends.
export const DEAD_BAND = 0.02;
export const STILL = 0.008;
//: An error that is sought away; at the beginning, where nobody minds, a smaller one, twice at the most: the first tells
//: what a seek costs on this machine.
export const FAR = 1;
export const FAR_AT_FIRST = [0.25, 0.5];
export const AT_FIRST = 11;
//: Between two seeks; if one did not help, twice as long before the next, and so on.
export const SEEK_PAUSE = 5;
export const MOST_PAUSE = 60;
//: An error that can neither be sought nor played away: another clock, a channel that was down.
export const ASTRAY = 10;
//: Media in hand without which nothing is played faster.
export const IN_HAND = 0.4;
//: So many stalls within so long, and this page plays so much later than the others; after calm it tries to come back,
//: after each time that this was wrong twice as late.
export const STALLS = 2;
export const STALLS_WITHIN = 30;
export const MORE = 0.5;
export const MOST_MORE = 4;
export const CALM = 30;
export const MOST_CALM = 600;
//: A stall with less than this ahead in the playlist is the channel's, and everybody has it.
export const CHANNELS_OWN = 0.5;

//: What is remembered between two decisions.
export const FRESH = Object.freeze({
  last: null, begun: null, opened: 0, turn: 0, far: 0, sought: -Infinity, pause: SEEK_PAUSE, landing: false, cost: 0.1,
  need: 0, stalls: Object.freeze([]), calm: 0, patience: CALM,
});

const within = (value, least, most) => Math.min(most, Math.max(least, value));
const covers = (range, moment) => Boolean(range) && moment >= range[0] + 0.05 && moment <= range[1] - 0.15;

/**
 * What to do now. `seen`: `at` (steady clock), `clock` and `bound` (the server's), `shown` (moment shown), `target`
 * (seconds behind the clock, the same for all), `follows` (false: the viewer is elsewhere by choice), `playing`,
 * `hidden`, `ahead` (seconds in hand), `loadable` and `held` ([from, until] of what the playlist has and of what is
 * buffered, as moments). Answers with { memory, state, offset, rate, seek }: `offset` from the common moment, `rate` null
 * where the player's own means are better, `seek` a moment or null.
 */
export function decide(memory, seen) {
  const { at, clock, bound, shown, target, ahead } = seen;
  const known = [clock, shown, target].every(Number.isFinite);
  const offset = known ? shown - (clock - target) : null;
  const rest = (state, rate = 1) => (
    { memory: { ...memory, last: at, turn: 0, far: 0 }, state, offset, rate, seek: null });

  if (!seen.follows) return rest("free");
  if (!known || !(bound <= MOST_BOUND)) return rest("waiting", null);
  // Timers of a page that nobody sees may come once a minute: a rate must not outlive them.
  if (!seen.playing || seen.hidden) return rest("resting");

  const next = { ...memory, last: at, begun: memory.begun ?? at };
  if (next.need > 0 && at - next.calm >= next.patience) Object.assign(next, { need: Math.max(0, next.need - MORE), calm: at });
  const error = offset + next.need;
  const size = Math.abs(error);
  if (next.landing) {
    // What the seek cost is added to the next one; and one that did not help is not repeated soon.
    next.cost = within(next.cost - error / 2, 0, 1);
    next.pause = size > FAR ? Math.min(2 * next.pause, MOST_PAUSE) : SEEK_PAUSE;
    next.landing = false;
  }

  const goal = clock - target - next.need + next.cost;
  const atFirst = at - next.begun <= AT_FIRST && size > (FAR_AT_FIRST[next.opened] ?? FAR);
  const sought = () => ({
    memory: { ...next, turn: 0, far: 0, opened: next.opened + 1, sought: at, landing: true },
    state: "finding", offset, rate: 1, seek: goal,
  });
  const maySeek = at - next.sought >= next.pause;
  if (atFirst && maySeek && covers(seen.held, goal)) return sought();
  if (size > FAR) {
    // Twice in a row: where the programme leaps, the moment shown may be wrong for an instant.
    next.far += 1;
    if (next.far >= 2 && maySeek && covers(seen.loadable, goal)) return sought();
    if (size > ASTRAY) return { memory: { ...next, turn: 0 }, state: "astray", offset, rate: null, seek: null };
  } else next.far = 0;

  next.turn = turned(memory.turn, error, at - (memory.last ?? at));
  const rate = next.turn > 0 && ahead < IN_HAND ? 1 : 1 + next.turn;
  const state = size > FAR ? "finding" : next.need > 0 ? "apart" : next.turn ? "steering" : "in step";
  return { memory: next, state, offset, rate, seek: null };
}

/** How much faster to play against an error, after so much, `gap` seconds after the last look. */
function turned(before, error, gap) {
  if (Math.abs(error) <= (before ? STILL : DEAD_BAND)) return 0;
  const gain = gap > 0 ? Math.min(GAIN, HALF / gap) : GAIN;
  const better = -within(Math.round((gain * error) / GRAIN) * GRAIN, -MOST_TURN, MOST_TURN);
  const near = before * better > 0 && Math.abs(better - before) < 1.9 * GRAIN && Math.abs(better) < MOST_TURN;
  return near ? before : better;
}

/** After a stall at `at`; `left`: seconds of media that the playlist told of and that had not come. */
export function stalled(memory, at, left) {
  if (left < CHANNELS_OWN) return memory;
  const stalls = [...memory.stalls.filter((one) => at - one < STALLS_WITHIN), at];
  if (stalls.length < STALLS) return { ...memory, stalls, calm: at };
  return {
    ...memory, stalls: [], calm: at, need: Math.min(memory.need + MORE, MOST_MORE),
    patience: Math.min(2 * memory.patience, MOST_CALM),
  };
}

// ---------------------------------------------------------------- what a playlist says (hls.js' LevelDetails)

/** Seconds behind the clock at which a channel is shown: the distance that its playlist asks of all players. */
export const targetOf = (details) => details?.partHoldBack || details?.holdBack || null;

/** Fragments with a date, also that in the air. */
const dated = (details) => [...(details?.fragments ?? []), details?.fragmentHint].filter((one) => Number.isFinite(one?.programDateTime));

/** [from, until] of a playlist as moments; null without dates. */
export function loadable(details) {
  const fragments = dated(details);
  if (!fragments.length) return null;
  const last = fragments.at(-1);
  return [fragments[0].programDateTime / 1000, last.programDateTime / 1000 + Math.max(0, details.edge - last.start)];
}

/** Where a moment is on the video's own timeline; null where the channel showed nothing at that moment. */
export function positionOf(details, moment) {
  const inIt = (one) => moment >= one.programDateTime / 1000 && one.start + moment - one.programDateTime / 1000 < Math.max(one.end, one === details.fragmentHint ? details.edge : 0);
  const found = dated(details).findLast(inIt);
  return found ? found.start + moment - found.programDateTime / 1000 : null;
}

// ---------------------------------------------------------------- one player

//: Milliseconds between two looks.
const LOOK = 250;
//: Seconds: a leap back by the viewer, one that is near enough to step to mean "live", a pause that is meant.
const BACK = 1;
const NEAR = 3;
const PAUSED = 1;
//: What hls.js does by itself where nothing better is known: a little faster, and a leap if it is this far behind.
const OWN_RATE = 1.1;
const OWN_LEAP = 6;

/**
 * Holds one `video` in step. The engine hands in each new hls.js with `attach`. The browser's own HLS (Safari without
 * ManagedMediaSource) is left alone: near the edge it plays at a rate of its own choosing, and there was none to measure.
 *
 * `clock()`: promises the page's clock ({ now(), error }). Tells "change" when `state` is another.
 */
export class InStep extends EventTarget {
  #memory = FRESH; #timer = 0; #follows = true; #ours = false; #last = 0; #paused = null; #began = false; #listening = null;

  constructor(video, clock = serversClock) {
    super();
    Object.assign(this, { video, ask: clock, hls: null, clock: null, state: "waiting", offset: null, target: null, seeks: 0, turns: 0 });
  }

  /** Seconds by which `offset` may be wrong for the clock's sake. */
  get bound() { return this.clock?.error ?? Infinity; }

  /** Seconds by which it plays later than the others, for the sake of its net. */
  get need() { return this.#memory.need; }

  /** Whether hls.js' own means are, or soon will be, switched off. */
  get steers() { return this.bound <= MOST_BOUND && this.state !== "astray"; }

  attach(hls) {
    this.detach();
    this.hls = hls;
    this.#memory = { ...FRESH, need: this.#memory.need, calm: this.#memory.calm, patience: this.#memory.patience };
    this.#follows = true;
    this.#began = false;
    this.#hand(null);
    // Without a clock the player goes by the playlist alone, as hls.js does.
    if (!this.clock) this.ask().then((known) => { this.clock = known; }, () => {});
    const { video } = this;
    video.preservesPitch = true;
    const heard = { signal: (this.#listening = new AbortController()).signal };
    video.addEventListener("seeking", () => this.#moved(), heard);
    video.addEventListener("waiting", () => this.#stalled(), heard);
    // Some browsers pause what is hidden; that is nobody's choice.
    video.addEventListener("pause", () => { if (this.#began && !document.hidden) this.#paused = now(); }, heard);
    video.addEventListener("playing", () => this.#plays(), heard);
    document.addEventListener("visibilitychange", () => this.#look(), heard);
    this.#timer = setInterval(() => this.#look(), LOOK);
  }

  detach() {
    clearInterval(this.#timer);
    this.#listening?.abort();
    this.#paused = null;
    if (this.hls) this.#set(1);
    this.hls = null;
    this.#tell("waiting", null);
  }

  /** In step again, also after going back; the position of it, or null. */
  rejoin() {
    this.#follows = true;
    const clock = this.clock?.now();
    if (!this.hls || !Number.isFinite(clock) || !this.target) return null;
    const there = positionOf(this.hls.latestLevelDetails, clock - this.target - this.#memory.need);
    this.#ours = there !== null;
    return there;
  }

  /** Moment that is shown at a position near the present one. */
  shownAt(position) {
    const date = this.hls?.playingDate;
    return date ? +date / 1000 + position - this.video.currentTime : null;
  }

  #see() {
    const { video, hls, clock } = this;
    const details = hls.latestLevelDetails;
    const at = video.currentTime;
    const shown = this.shownAt(at);
    let held = null;
    for (let n = 0; n < video.buffered.length; n += 1)
      if (video.buffered.start(n) <= at && at <= video.buffered.end(n)) held = [video.buffered.start(n), video.buffered.end(n)];
    this.target = targetOf(details) ?? this.target;
    return {
      at: now(), clock: clock?.now() ?? null, bound: this.bound, shown, target: this.target, follows: this.#follows,
      playing: this.#began && !video.paused && !video.seeking && video.readyState >= 3, hidden: document.hidden,
      ahead: held ? held[1] - at : 0, loadable: loadable(details), held: held && held.map((one) => shown + one - at),
    };
  }

  #look() {
    const { hls, video } = this;
    if (!hls?.latestLevelDetails?.live) return;
    this.#last = video.currentTime;
    const done = decide(this.#memory, this.#see());
    this.#memory = done.memory;
    this.#hand(done.rate);
    if (done.seek !== null) this.#seek(done.seek);
    this.#tell(done.state, done.offset);
  }

  /** Whose hands the speed is in: hls.js looks at its settings each time. */
  #hand(rate) {
    const { config } = this.hls;
    config.maxLiveSyncPlaybackRate = rate === null ? OWN_RATE : 1;
    config.liveMaxLatencyDuration = rate === null && this.#follows && this.target ? this.target + OWN_LEAP : undefined;
    if (rate !== null) this.#set(rate);
  }

  #set(rate) {
    if (this.video.playbackRate === rate) return;
    this.video.playbackRate = rate;
    this.turns += 1;
  }

  #seek(moment) {
    const position = positionOf(this.hls.latestLevelDetails, moment);
    if (position === null) return;
    this.#ours = true;
    this.seeks += 1;
    this.video.currentTime = position;
  }

  #tell(state, offset) {
    const before = this.state;
    Object.assign(this, { state, offset });
    if (state !== before) this.dispatchEvent(new Event("change"));
  }

  /** hls.js leaps over gaps, and only forward: whoever goes back wants to. */
  #moved() {
    const from = this.#last;
    const to = this.#last = this.video.currentTime;
    if (this.#ours) { this.#ours = false; return; }
    if (!this.hls || !this.#began) return;
    if (to < from - BACK) this.#follows = false;
    else if (!this.#follows) {
      const shown = this.shownAt(to);
      const clock = this.clock?.now();
      if (shown !== null && Number.isFinite(clock) && shown > clock - this.target - NEAR) this.#follows = true;
    }
    this.#look();
  }

  #plays() {
    if (this.#paused !== null && now() - this.#paused > PAUSED) this.#follows = false;
    this.#paused = null;
    this.#began = true;
  }

  #stalled() {
    const { video, hls } = this;
    if (!hls || !this.#began || video.seeking || video.paused || document.hidden || !this.#follows) return;
    const known = loadable(hls.latestLevelDetails);
    const shown = this.shownAt(video.currentTime);
    if (known && shown !== null) this.#memory = stalled(this.#memory, now(), known[1] - shown);
  }
}

const now = () => performance.now() / 1000;

/** That of the page's news; asked for only where it is needed, so that a page without plays too. */
const serversClock = () => import("../realtime/news.js").then(({ News }) => News.here().clock);
