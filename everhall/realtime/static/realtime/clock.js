// The clock of a launch: what the server's clock says at this instant, so that all browsers fire as one. The twin of
// engines/clock.py, which tells the formulas, their sources and the rule for samples that contradict each other;
// tests/vectors/clock.json holds both to the same numbers.
//
// In: pings with four stamps, a steady clock. Out: the server's time with a bound of its error; calls at an instant.
// All times are seconds. Must stay true: the wall clock of the device is never asked; what is due is called once, at
// once if the instant has passed while the page slept, and never before the server's time is known.

export const DRIFT = 100e-6;
export const GRAIN = 0.001;
export const MOST_SAMPLES = 32;
export const MOST_AGE = 60;
export const UNDENIABLE = 3;
export const MOST_ROUND_TRIP = 5;
export const FARTHEST = 1e11;
export const QUICK_PINGS = 8;
export const QUICK_GAP = 0.25;
export const FILLING_GAP = 1;
export const LASTING_GAP = 2;
export const EARLY = 0.05;
export const SPIN = 0.004;
export const SLACK = 0.005;
export const LONGEST_WAIT = 86_400;
//: Seconds by which a timer is late when the page, or the whole device, has slept.
export const SLEPT = 2;
//: So often the clock is read over and over, at most: one that stands still while a script runs (virtual time) or
//: shows tenths of a second only must not hold the page up. Then it fires up to SPIN too early.
export const MOST_READINGS = 500_000;
//: Seconds between two bursts of quick pings: a visitor who leafs through tabs is no reason for more.
export const BURST_GAP = 10;

/** What is remembered of the pings. Samples are { sent, received, replied, arrived }. */
export const EMPTY = Object.freeze({ trusted: Object.freeze([]), doubted: Object.freeze([]), steps: 0 });

const roundTrip = (sample) => (sample.arrived - sample.sent) - (sample.replied - sample.received);

function plausible(sample, now) {
  const { sent, received, replied, arrived } = sample;
  return [sent, received, replied, arrived, now].every(Number.isFinite)
    && -FARTHEST <= sent && sent <= arrived && arrived <= now && now <= FARTHEST
    && -FARTHEST <= received && received <= replied && replied <= FARTHEST
    && arrived - sent <= MOST_ROUND_TRIP && now - arrived <= MOST_AGE
    && agree([sample], arrived);
}

function envelope(samples, now) {
  let lower = -Infinity;
  let upper = Infinity;
  for (const { sent, received, replied, arrived } of samples) {
    lower = Math.max(lower, replied - arrived - DRIFT * (now - arrived));
    upper = Math.min(upper, received - sent + DRIFT * (now - sent));
  }
  return [lower - GRAIN, upper + GRAIN];
}

function agree(samples, now) {
  const [lower, upper] = envelope(samples, now);
  return lower <= upper;
}

function newestAgreeing(samples, now) {
  let first = 0;
  while (!agree(samples.slice(first), now)) first += 1;
  return samples.slice(first);
}

/** The window after one more sample, at `now` by the client's steady clock. */
export function accept(window, sample, now) {
  if (!plausible(sample, now)) return window;
  const { steps } = window;
  const recent = (one) => now - one.arrived <= MOST_AGE;
  const trusted = window.trusted.filter(recent);
  const doubted = window.doubted.filter(recent);
  const supported = doubted.length > 0 && agree([doubted.at(-1), sample], now);
  if (agree([...trusted, sample], now)) {
    return { trusted: [...trusted, sample].slice(-MOST_SAMPLES), doubted: supported ? doubted : [], steps };
  }
  const against = [...doubted, sample];
  if (!supported && against.length < UNDENIABLE) return { trusted, doubted: against, steps };
  const everything = [...trusted, ...against].sort((one, other) => one.arrived - other.arrived);
  return { trusted: newestAgreeing(everything.slice(-MOST_SAMPLES), now), doubted: [], steps: steps + 1 };
}

/** { offset, error, roundTrip, samples } at `now` by the client's steady clock; null before the first sample. */
export function estimate(window, now) {
  const { trusted } = window;
  if (!trusted.length) return null;
  const [lower, upper] = envelope(trusted, Math.max(now, ...trusted.map((sample) => sample.arrived)));
  return { offset: (lower + upper) / 2, error: (upper - lower) / 2, roundTrip: Math.min(...trusted.map(roundTrip)), samples: trusted.length };
}

/** Seconds between ping number `count` and the next. */
export function nextPing(count) {
  if (count <= 0) return 0;
  if (count < QUICK_PINGS) return QUICK_GAP;
  return count < MOST_SAMPLES ? FILLING_GAP : LASTING_GAP;
}

/** Seconds to sleep before looking at the clock again; 0: due, or so near that only reading the clock is exact. */
export function nextWait(target, now) {
  const rest = target - now;
  if (rest <= SPIN) return 0;
  if (rest <= 2 * EARLY) return rest - SPIN;
  return Math.min(rest - Math.max(EARLY, rest * SLACK), LONGEST_WAIT);
}

/**
 * The server's clock on a page.
 *
 * `ping(sent)` asks the server and promises { t1, t2 }, its clock at receipt and at reply; or it only sends, and who
 * reads the socket hands the sample to `feed`. Without `ping` nothing is asked. `steady()` are seconds that never go
 * back. `world` has timers, document and events of the window; tests hand in their own.
 */
export class Clock {
  #steady; #ask; #world; #window = EMPTY; #jobs = new Set(); #gone = new AbortController();
  #count = 0; #pinged = -Infinity; #burst = -Infinity; #pinging = null;

  constructor({ ping = null, steady = () => performance.now() / 1000, world = globalThis } = {}) {
    this.#steady = steady;
    this.#ask = ping;
    this.#world = world;
    const wake = () => { if (!world.document?.hidden) this.wake(); };
    for (const name of ["visibilitychange", "resume"]) world.document?.addEventListener(name, wake, { signal: this.#gone.signal });
    for (const name of ["pageshow", "online"]) world.addEventListener?.(name, wake, { signal: this.#gone.signal });
    this.wake();
  }

  /** The server's time; null as long as nothing is known of it. */
  now() {
    const now = this.#steady();
    const known = estimate(this.#window, now);
    return known && now + known.offset;
  }

  /** Seconds by which `now()` may be wrong. */
  get error() { return estimate(this.#window, this.#steady())?.error ?? Infinity; }

  /** How often one of the two clocks was seen to jump. */
  get steps() { return this.#window.steps; }

  /** A ping that came back: { sent, received, replied, arrived }. */
  feed(sample) {
    const before = this.#window;
    this.#window = accept(before, sample, this.#steady());
    if (this.#window === before) return;
    // What is waited for by timers was reckoned with an older estimate.
    for (const job of this.#jobs) this.#arm(job);
    if (this.#window.steps > before.steps) this.#again();
    else if (this.#window.doubted.length > before.doubted.length) this.#pingSoon();
  }

  /** Asks the server anew and looks at what is due: for a page that slept, a socket that is open again. */
  wake() {
    this.#again();
    for (const job of this.#jobs) this.#arm(job);
  }

  /**
   * Calls `callback(late)` once when the server's clock says `target`; `late` are the seconds after it. If it has
   * passed already, in the next turn. Answers with a function that calls it off.
   */
  at(target, callback) {
    const job = { target, callback, timer: undefined };
    this.#jobs.add(job);
    this.#arm(job);
    return () => this.#drop(job);
  }

  /** Ends all pings and calls off all that is waited for. */
  stop() {
    this.#gone.abort();
    this.#world.clearTimeout(this.#pinging);
    for (const job of this.#jobs) this.#drop(job);
  }

  #again() {
    const now = this.#steady();
    if (now - this.#burst >= BURST_GAP) {
      this.#burst = now;
      this.#count = 0;
    }
    this.#pingSoon();
  }

  #pingSoon() {
    const rest = this.#pinged + QUICK_GAP - this.#steady();
    if (rest > 0) this.#pingIn(rest);
    else this.#ping();
  }

  #ping() {
    if (!this.#ask || this.#gone.signal.aborted) return;
    this.#pinged = this.#steady();
    this.#count += 1;
    this.#pingIn(nextPing(this.#count));
    // A ping that is lost is one sample fewer, and nothing else.
    this.#sample(this.#pinged).catch(() => {});
  }

  async #sample(sent) {
    const reply = await this.#ask(sent);
    const arrived = this.#steady();
    if (reply && !this.#gone.signal.aborted) this.feed({ sent, received: reply.t1, replied: reply.t2, arrived });
  }

  #pingIn(seconds) {
    if (!this.#ask || this.#gone.signal.aborted) return;
    this.#world.clearTimeout(this.#pinging);
    this.#pinging = this.#later(seconds, (slept) => (slept ? this.wake() : this.#ping()));
  }

  #arm(job) {
    this.#world.clearTimeout(job.timer);
    const now = this.now();
    if (now === null) return;
    job.timer = this.#later(nextWait(job.target, now), (slept) => {
      if (slept) this.wake();
      this.#look(job);
    });
  }

  #look(job) {
    const rest = job.target - this.now();
    if (rest > SPIN) { this.#arm(job); return; }
    this.#drop(job);
    const due = this.#steady() + rest;
    let now = this.#steady();
    for (let left = MOST_READINGS; now < due && left > 0; left -= 1) now = this.#steady();
    job.callback(now - due);
  }

  #drop(job) {
    this.#jobs.delete(job);
    this.#world.clearTimeout(job.timer);
  }

  #later(seconds, act) {
    const due = this.#steady() + seconds;
    return this.#world.setTimeout(() => act(this.#steady() - due > SLEPT), 1000 * seconds);
  }
}
