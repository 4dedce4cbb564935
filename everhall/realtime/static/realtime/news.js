// News on a page: one socket for all that is followed, the clock by its pings, and a small poll where no socket goes.
//
// In: topics, each with what to do. Out: messages in order, once each; and word when some were missed. The frames are
// those of everhall/realtime/wire.py. Must stay true: whoever follows is told a message once or is told that some are
// missing (`gap`), never neither; a page that sleeps or loses its net comes back by itself, and not all at once with
// all others; nothing is asked of the server by a page that nobody sees, unless it must not miss a thing.
import { Clock } from "./clock.js";

//: Seconds before the first try to come back, and the longest; each is drawn from half of it to all of it.
const FIRST_PAUSE = 0.5;
const LONGEST_PAUSE = 20;
//: So many tries that never opened, and the socket is given up for polls; then it is tried again now and then.
const TRIES = 3;
const TRY_AGAIN = 60;
//: Seconds between two polls, and of silence after which a socket is believed dead (it pings every two).
const POLL = 2;
const DEAD = 10;

/** A topic that is followed: what is known of it, and whom on this page to tell. */
class Followed {
  constructor(topic, ticket, since) {
    Object.assign(this, { topic, ticket, id: since, readers: new Set() });
  }

  /** One frame about it, from the socket or a poll. */
  take(frame) {
    const known = this.id;
    this.id = frame.id;
    const missed = frame.gap || (known !== null && frame.after > known);
    // What is told twice after coming back is whole frames, whose last id is known.
    const fresh = frame.news?.length && (known === null || frame.id > known);
    for (const { onNews, onGap } of this.readers) {
      if (missed) onGap?.(frame.id);
      if (fresh) onNews(frame.news, frame);
    }
  }
}

export class News extends EventTarget {
  #followed = new Map(); #socket = null; #tries = 0; #timer = 0; #polls = 0; #heard = 0; #watch = 0; #ended = false; #opened = false;

  /** `base`: where the three addresses are; `world`: timers and sockets, tests hand in their own. */
  constructor({ base = location.origin, world = globalThis, steady = () => performance.now() / 1000 } = {}) {
    super();
    this.base = base;
    this.world = world;
    this.steady = steady;
    this.clock = new Clock({ ping: (sent) => this.#ping(sent), steady, world });
    this.#connect();
  }

  /** The one of this page. */
  static here() {
    News.page ??= new News();
    return News.page;
  }

  /** "socket", "poll" or "away": for a mark that staff see. */
  get way() {
    if (this.#socket?.readyState === 1) return "socket";
    return this.#polls ? "poll" : "away";
  }

  /**
   * Tells of `topic`: `onNews(messages, frame)` for what comes, in order; `onGap(id)` when some were missed: get the
   * state anew. `since`: the id up to which all is known. Answers with a function that ends it.
   */
  follow(topic, { onNews, onGap, ticket = null, since = null }) {
    let followed = this.#followed.get(topic);
    const reader = { onNews, onGap };
    if (!followed) {
      followed = new Followed(topic, ticket, since);
      this.#followed.set(topic, followed);
      this.#subscribe([followed]);
    }
    followed.readers.add(reader);
    return () => {
      followed.readers.delete(reader);
      if (followed.readers.size || this.#followed.get(topic) !== followed) return;
      this.#followed.delete(topic);
      this.#say({ unsub: [topic] });
    };
  }

  /** Ends everything. */
  stop() {
    this.#ended = true;
    this.clock.stop();
    this.world.clearTimeout(this.#timer);
    this.world.clearInterval(this.#polls);
    this.world.clearInterval(this.#watch);
    this.#socket?.close();
  }

  // ---------------------------------------------------------------- the socket

  #connect() {
    if (this.#ended) return;
    this.world.clearTimeout(this.#timer);
    this.#opened = false;
    let socket;
    try {
      socket = new this.world.WebSocket(`${this.base.replace(/^http/, "ws")}/news/socket`);
    } catch {
      this.#lost();
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#open(socket);
    socket.onmessage = ({ data }) => this.#heardOf(JSON.parse(data));
    socket.onclose = () => { if (socket === this.#socket) this.#lost(); };
  }

  #open(socket) {
    if (socket !== this.#socket) return;
    this.#opened = true;
    this.#tries = 0;
    this.#heard = this.steady();
    this.world.clearInterval(this.#polls);
    this.#polls = 0;
    this.#subscribe([...this.#followed.values()]);
    this.clock.wake();
    this.world.clearInterval(this.#watch);
    this.#watch = this.world.setInterval(() => this.#listen(), 2000);
    this.#changed();
  }

  // A net that is gone does not always close the socket; pings come back every two seconds on one that lives.
  #listen() {
    if (this.#socket?.readyState !== 1 || this.world.document?.hidden) { this.#heard = this.steady(); return; }
    if (this.steady() - this.#heard <= DEAD) return;
    const dead = this.#socket;
    this.#socket = null;
    dead.onclose = dead.onmessage = null;
    dead.close();
    this.#lost();
  }

  #lost() {
    this.world.clearInterval(this.#watch);
    this.#socket = null;
    if (this.#ended) return;
    if (!this.#opened) this.#tries += 1;
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#tries);
    let pause = longest * (0.5 + Math.random() / 2);
    if (this.#tries >= TRIES) {
      this.#pollFromNow();
      pause = TRY_AGAIN * (0.5 + Math.random() / 2);
    }
    this.#timer = this.world.setTimeout(() => this.#connect(), 1000 * pause);
    this.#changed();
  }

  #say(told) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(told));
  }

  #subscribe(those) {
    if (!those.length) return;
    const tickets = those.filter((one) => one.ticket).map((one) => [one.topic, one.ticket]);
    this.#say({ sub: Object.fromEntries(those.map((one) => [one.topic, one.id])), ...(tickets.length && { tickets: Object.fromEntries(tickets) }) });
  }

  #heardOf(frame) {
    this.#heard = this.steady();
    if ("pong" in frame) {
      this.clock.feed({ sent: frame.pong, received: frame.received, replied: frame.replied, arrived: this.#heard });
    } else if ("subscribed" in frame) {
      const one = this.#followed.get(frame.subscribed);
      // Followed from now on; whoever came back is told what he missed, or of a gap, by the next frame.
      if (one && one.id === null) one.id = frame.id;
      this.dispatchEvent(new CustomEvent("subscribed", { detail: frame }));
    } else if ("refused" in frame) {
      this.dispatchEvent(new CustomEvent("refused", { detail: frame }));
    } else {
      this.#followed.get(frame.topic)?.take(frame);
    }
  }

  // ---------------------------------------------------------------- without a socket

  async #ping(sent) {
    if (this.#socket?.readyState === 1) { this.#say({ ping: sent }); return null; }
    if (!this.#polls) return null;
    const answer = await this.world.fetch(`${this.base}/clock`, { cache: "no-store" });
    const { received, replied } = await answer.json();
    return { t1: received, t2: replied };
  }

  #pollFromNow() {
    if (this.#polls) return;
    this.#polls = this.world.setInterval(() => { if (!this.world.document?.hidden) this.#poll(); }, 1000 * POLL);
    this.#poll();
    this.clock.wake();
  }

  async #poll() {
    for (const one of this.#followed.values()) {
      const query = new URLSearchParams({ topic: one.topic, since: one.id ?? "", ...(one.ticket && { ticket: one.ticket }) });
      try {
        const answer = await this.world.fetch(`${this.base}/news/poll?${query}`);
        if (answer.ok && this.#polls && this.#followed.get(one.topic) === one) one.take(await answer.json());
      } catch {
        // The net is away; the next poll is in two seconds.
      }
    }
  }

  #changed() { this.dispatchEvent(new Event("way")); }
}

/**
 * A state that the server keeps and the page follows: fetched once, then changed by news.
 *
 * `load()` promises the state with its `version`; `apply(state, message)` answers with the next one. Messages carry
 * `version`, one more than the state they change. What is older is passed over; what is newer than the next means that
 * something was missed, and the state is fetched again. So it does not matter what comes first.
 */
export class Replica {
  #loading = null; #early = [];

  constructor({ news, topic, ticket = null, load, apply, onChange = () => {} }) {
    Object.assign(this, { load, apply, onChange, state: null });
    this.end = news.follow(topic, { ticket, onNews: (messages) => this.#take(messages), onGap: () => this.refresh() });
    this.refresh();
  }

  /** Fetches the state. Twice at once is once. */
  refresh() {
    this.#loading ??= this.#load().finally(() => { this.#loading = null; });
    return this.#loading;
  }

  async #load() {
    const early = (this.#early = []);
    for (let pause = 500; ; pause = Math.min(2 * pause, 10_000)) {
      try {
        const state = await this.load();
        if (!this.state || state.version >= this.state.version) this.#set(state);
        break;
      } catch {
        await new Promise((resolve) => { setTimeout(resolve, pause * (0.5 + Math.random() / 2)); });
      }
    }
    this.#early = [];
    this.#loading = null;
    this.#take(early);
  }

  #take(messages) {
    for (const message of messages) {
      if (this.#loading || !this.state) this.#early.push(message);
      else if (message.version === this.state.version + 1) this.#set(this.apply(this.state, message), message);
      else if (message.version > this.state.version) { this.#early = [message]; this.refresh(); }
    }
  }

  #set(state, message = null) {
    this.state = state;
    this.onChange(state, message);
  }
}
