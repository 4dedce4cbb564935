// The launch ceremony in the browser: twin of engines/ceremony.py and engines/ceremony_events.py, on the JSON forms.
//
// In: a state as `state_json` writes it, events as `to_json` writes them, or a public view; `now` in UTC seconds since
// the epoch by the corrected clock. Out: the next state, phases, views. Must stay true: the same vectors as in Python
// (tests/vectors/ceremony.json); nothing given is changed; an event is version `state.version + 1` of its ceremony, and
// whoever gets another one fetches the state anew. A page that shows the public view needs `phaseOf` alone.

export const ITEMS = ["feed", "picture", "sound", "stage"];
//: Seconds before T0 from which on it cannot be taken back.
export const SEAL = 3;
const PHASES = { counting: "countdown", held: "held", launched: "launched" };

// ---------------------------------------------------------------- what events make of a state
const cleared = (p) => ({ ...p, done: [], vote: "none", reason: "", voted_by: "", voted_at: null });
const afresh = (s) => ({ ...s, parties: s.parties.map(cleared), t0: null, stop: null });
const changed = (s, e, change) => ({ ...s, parties: s.parties.map((p) => (p.key === e.party ? change(p) : p)) });
const voted = (p, e, vote, reason) => ({ ...p, vote, reason, voted_by: e.by, voted_at: e.at });
const stopped = (s, e, state, t0, party, reason) => (
  { ...s, state, t0: null, stop: { by: e.by, at: e.at, t0, party, reason } }
);
const counting = (s, e) => ({ ...s, state: "counting", t0: e.t0, stop: null });

const AFTER = {
  PartyAdded: (s, e) => ({
    ...s,
    parties: [...s.parties, cleared({ key: e.party, required: e.required, present: true, since: e.at })],
  }),
  PartyRemoved: (s, e) => ({ ...s, parties: s.parties.filter((p) => p.key !== e.party) }),
  PolicySet: (s, e) => changed(s, e, (p) => ({ ...p, required: e.required })),
  PartiesShown: (s, e) => ({ ...s, shown: e.shown }),
  PartyDropped: (s, e) => changed(s, e, (p) => ({ ...p, present: false, since: e.since })),
  PartyReturned: (s, e) => changed(s, e, (p) => ({ ...p, present: true, since: e.at })),
  ItemChecked: (s, e) => changed(s, e, (p) => (
    { ...p, done: ITEMS.filter((item) => item === e.item || p.done.includes(item)) }
  )),
  ItemUnchecked: (s, e) => changed(s, e, (p) => {
    const done = p.done.filter((item) => item !== e.item);
    return p.vote === "go" ? { ...voted(p, e, "none", p.reason), done } : { ...p, done };
  }),
  GoGiven: (s, e) => changed(s, e, (p) => voted(p, e, "go", "")),
  NoGoGiven: (s, e) => changed(s, e, (p) => voted(p, e, "no-go", e.reason)),
  RehearsalBegan: (s) => ({ ...afresh(s), state: "rehearsing", rehearsal: true }),
  RehearsalEnded: (s) => ({ ...afresh(s), state: "drafted", rehearsal: false }),
  ArmingBegan: (s) => ({ ...afresh(s), state: "arming" }),
  Armed: (s) => ({ ...s, state: "armed", stop: null }),
  Disarmed: (s, e) => stopped(s, e, "arming", null, e.party, e.reason),
  CountBegan: counting,
  Held: (s, e) => stopped(s, e, "held", e.t0, e.party, e.reason),
  CountResumed: counting,
  Launched: (s, e) => ({ ...s, state: "launched", t0: e.t0, stop: null }),
  Aborted: (s, e) => stopped(s, e, "aborted", e.t0, "", e.reason),
  Reopened: (s) => ({ ...afresh(s), state: s.rehearsal ? "rehearsing" : "drafted" }),
};

//: The kinds of events that are known here.
export const KINDS = Object.keys(AFTER);

/**
 * The state after the event, numbered.
 * @param {object} state @param {{kind: string, by: string, at: number}} event @returns {object}
 * @throws {Error} for a kind that this version of the page does not know: it is to be loaded again
 */
export function apply(state, event) {
  if (!Object.hasOwn(AFTER, event.kind)) throw new Error(`no such kind of event: ${event.kind}`);
  const after = { ...AFTER[event.kind](state, event), version: state.version + 1 };
  // Objects are made with their keys in one order, so texts compare them.
  if (JSON.stringify(publicContent(after)) !== JSON.stringify(publicContent(state))) after.public_version = after.version;
  if (after.state !== state.state || after.rehearsal !== state.rehearsal || after.t0 !== state.t0) {
    Object.assign(after, { turned: after.version, turned_by: event.by, turned_at: event.at });
  }
  return after;
}

// ---------------------------------------------------------------- time
const due = (state, now) => state.state === "counting" && now >= state.t0;

/** The state as it is at `now` (seconds UTC): a count that has reached T0 is launched. */
export const settled = (state, now) => (due(state, now) ? { ...state, state: "launched" } : state);

/** Whether T0 can no longer be taken back at `now` (seconds UTC). */
export const sealed = (state, now) => state.state === "counting" && now > state.t0 - SEAL;

// ---------------------------------------------------------------- what is shown
/** What consoles and displays of those who take part show, in a rehearsal too: "waiting", "countdown", "held" or
 * "launched". */
export const stagePhase = (state, now) => PHASES[settled(state, now).state] ?? "waiting";

/** What public pages show, from the state. A rehearsal is none of theirs. */
export const phase = (state, now) => (state.rehearsal ? "waiting" : stagePhase(state, now));

/** What public pages show at `now` (seconds UTC), from a public view of whatever age: T0 tells the moment itself. */
export const phaseOf = (view, now) => (view.phase === "countdown" && now >= view.t0 ? "launched" : view.phase);

/** T0 in seconds UTC while the public counts down to it, else null. */
export const countsDownTo = (state, now) => (phase(state, now) === "countdown" ? state.t0 : null);

const isReady = (party) => party.vote === "go" && party.present;

function publicContent(state) {
  const known = phase(state, -Infinity);
  return {
    phase: known,
    t0: known === "countdown" || known === "launched" ? state.t0 : null,
    parties: (state.shown ? state.parties : []).map((p) => ({ key: p.key, ready: isReady(p) && !state.rehearsal })),
  };
}

/** What the public may know at `now` (seconds UTC). */
export const publicView = (state, now) => (
  { version: state.public_version, ...publicContent(settled(state, now)) }
);

/** What consoles show at `now` (seconds UTC). */
export function staffView(state, now) {
  const at = settled(state, now);
  return {
    ...at,
    parties: at.parties.map((p) => ({ ...p, ready: isReady(p) })),
    phase: stagePhase(at, now),
    sealed: sealed(at, now),
    unready: at.parties.filter((p) => p.required && !isReady(p)).map((p) => p.key),
  };
}
