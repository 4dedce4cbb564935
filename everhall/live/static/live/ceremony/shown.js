// What a page or a display shows of a launch: a view that is fetched once, told anew by news, and launched by the clock.
//
// In: the news of the page (realtime/news.js), a view with `version`, `phase`, `t0` (engines/ceremony.py, `public_view`; queries/ceremonies.py, `screen_view`), a
// topic that tells whole views. Out: `onChange(view)`; `onMoment(t0, late)` once for each T0 that is seen to pass, by the
// corrected clock, `late` in seconds. Must stay true: an older view never replaces a newer one; a moment that has been
// shown is not shown again; who comes later is told of the launched state, and of no moment.

//: Seconds before T0 between which a page asks once more whether it holds: from SEAL (3) on nothing takes it back, and a
//: page that missed a hold (a bus that was away) must not open alone. Spread, so that not all ask at once.
const ASK_FROM = 2.9;
const ASK_TO = 0.8;

export class Shown {
  #fired = null; #off = () => {};

  /** `read(message)`: the view that a message holds, null if it holds none. `load()` promises one. */
  constructor({ view, topic, ticket = null, load, read = (message) => message, onChange, onMoment = () => {}, news }) {
    Object.assign(this, { view: null, load, onChange, onMoment, news });
    this.#take(view);
    this.end = news.follow(topic, {
      ticket,
      onNews: (messages) => { for (const view of messages.map(read)) if (view) this.#take(view); },
      onGap: () => this.refresh(),
    });
    // The page may have been made a while ago, on the server or in a cache.
    this.refresh();
    globalThis.document?.addEventListener("visibilitychange", () => { if (!document.hidden) this.refresh(); });
  }

  /** Fetches the view; a net that is away is no matter: news or the next look brings it. */
  async refresh() {
    try {
      this.#take(await this.load());
    } catch {
      // The same page goes on with what it knows: T0 is in it.
    }
  }

  #take(view) {
    if (this.view && view.version < this.view.version) return;
    // A cached answer may still count down to what this page has shown already.
    const known = view.phase === "countdown" && view.t0 === this.#fired ? { ...view, phase: "launched" } : view;
    const same = this.view && JSON.stringify(known) === JSON.stringify(this.view);
    this.view = known;
    if (same) return;
    this.#off();
    this.#off = () => {};
    if (known.phase === "countdown") this.#wait(known);
    this.onChange(known);
  }

  #wait(view) {
    const { clock } = this.news;
    const asks = view.t0 - ASK_TO - (ASK_FROM - ASK_TO) * Math.random();
    const jobs = [clock.at(asks, () => this.refresh()), clock.at(view.t0, (late) => this.#launch(view, late))];
    this.#off = () => { for (const off of jobs) off(); };
  }

  #launch(view, late) {
    this.#fired = view.t0;
    this.view = { ...view, phase: "launched" };
    this.onChange(this.view);
    this.onMoment(view.t0, late);
  }
}

/** A JSON answer; throws for any other status. */
export async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}
