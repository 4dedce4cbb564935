// A room on a page: its state, followed; and acting in it. One of each room, however many elements show it.
//
// In: the room's key. Out: events "chat", "questions", "poll", "reactions", "viewers", "settings" on the room, whose `state` has all of
// them; `act` and `join`. Must stay true: what was deleted goes from every element at once; a page that was asleep, or
// began with a state that was a second old, is put right by what is told on viewers.<room> every two seconds.
import { News, Replica } from "../realtime/news.js";
import { chatAfter, noChat, noReactions, noViewers, pollsAfter, questionsAfter, reactionsAfter, viewersAfter } from "./states.js";

const NAME = "everhall-name";

class Room extends EventTarget {
  #asked = null; #pass = null; #entering = null;

  constructor(key, { address = `/talk/${key}/state/`, news = News.here() } = {}) {
    super();
    Object.assign(this, { key, address, news, me: null, settings: null });
    this.state = { chat: noChat(), reactions: noReactions(), viewers: noViewers() };
    const follow = (kind, onNews) => news.follow(`${kind}.${key}`, { onNews, onGap: () => this.#whole() });
    follow("chat", (messages) => { for (const message of messages) this.#said(message); });
    follow("reactions", (messages) => { for (const one of messages) this.#set("reactions", reactionsAfter(this.state.reactions, one), one); });
    follow("viewers", (messages) => { for (const one of messages) this.#reminded(one); });
    this.questions = this.#replica("questions", questionsAfter);
    this.polls = this.#replica("poll", pollsAfter);
    this.#whole();
  }

  #replica(kind, apply) {
    return new Replica({
      news: this.news, topic: `${kind}.${this.key}`, apply, load: async () => (await this.#ask())[kind],
      onChange: (state, message) => this.#set(kind, state, message),
    });
  }

  /** The whole state; asked for twice at once, it is fetched once. */
  #ask() {
    this.#asked ??= fetch(this.address, { headers: { Accept: "application/json" }, cache: "no-store" })
      .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
      .finally(() => { setTimeout(() => { this.#asked = null; }, 300); });
    return this.#asked;
  }

  async #whole() {
    let whole;
    try {
      whole = await this.#ask();
    } catch {
      setTimeout(() => this.#whole(), 2000 + 3000 * Math.random());
      return;
    }
    // What was heard while the state was fetched stays: twice is once.
    const heard = this.state.chat;
    let chat = { ...whole.chat, gone: heard.gone, muted: heard.muted };
    chat = { ...chat, messages: chat.messages.filter((one) => !heard.gone.includes(one.id)) };
    for (const message of heard.messages) if (!whole.chat.messages.length || message.at >= whole.chat.messages[0].at) chat = chatAfter(chat, { kind: "shown", message });
    this.#set("chat", chat);
    let reactions = this.state.reactions;
    for (const [source, counts] of Object.entries(whole.reactions.by)) reactions = reactionsAfter(reactions, { source, counts });
    this.#set("reactions", reactions);
    this.#set("viewers", viewersAfter(this.state.viewers, whole.viewers));
    this.whole = whole;
    this.#settled(whole.room);
    this.dispatchEvent(new CustomEvent("whole", { detail: whole }));
  }

  #said(event) {
    this.#set("chat", chatAfter(this.state.chat, event), event);
    if (event.kind === "muted" && this.me?.who === event.who) {
      this.me.muted = event.muted;
      this.dispatchEvent(new Event("me"));
    }
  }

  #reminded(told) {
    this.#set("viewers", viewersAfter(this.state.viewers, told));
    if (told.settings) this.#settled(told.settings);
    if (told.gone?.length) this.#set("chat", chatAfter(this.state.chat, { kind: "deleted", ids: told.gone }));
    for (const [kind, replica] of [["questions", this.questions], ["poll", this.polls]]) {
      const known = replica.state?.version ?? 0;
      // News of it may be on its way; a moment later it has come or was missed.
      if ((told.versions?.[kind] ?? 0) > known) setTimeout(() => { if (told.versions[kind] > (replica.state?.version ?? 0)) replica.refresh(); }, 1500);
    }
  }

  #settled(settings) {
    const before = JSON.stringify(this.settings);
    this.settings = settings;
    if (before !== JSON.stringify(settings)) {
      this.dispatchEvent(new Event("settings"));
      if (before !== "null") this.#whole();
    }
  }

  #set(kind, state, message = null) {
    this.state[kind] = state;
    this.dispatchEvent(new CustomEvent(kind, { detail: message }));
  }

  // ---------------------------------------------------------------- acting

  /** Who one is here: asks once whether this browser is known. Promises null for nobody yet. */
  known() {
    this.#entering ??= this.#enter({ name: "", new: false }).catch(() => null);
    return this.#entering;
  }

  /** Take part, under this name or, without one, under the last or a made-up one. Throws a refusal. */
  join(name = localStorage.getItem(NAME) ?? "") {
    return this.#enter({ name, language: document.documentElement.lang.startsWith("en") ? "en" : "zh" });
  }

  async #enter(body) {
    const found = await this.#post(`/talk/${this.key}/join/`, body);
    if (!found.pass) return null;
    this.#pass = found.pass;
    this.me = found;
    try { localStorage.setItem(NAME, found.name); } catch { /* a browser that keeps nothing */ }
    this.dispatchEvent(new Event("me"));
    return found;
  }

  /** Do something; promises the answer, throws {code, wait} where it is refused. */
  async act(verb, values = {}) {
    if (!this.#pass) await this.join();
    const go = () => this.#post("/talk/act", { pass: this.#pass, room: this.key, verb, ...values });
    try {
      return await go();
    } catch (refusal) {
      if (refusal.code !== "join") throw refusal;
      // The pass has ended; whoever has it is known by the cookie.
      await this.join();
      return go();
    }
  }

  async #post(address, body) {
    let answer, found;
    try {
      answer = await fetch(address, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, signal: AbortSignal.timeout(12_000) });
      found = await answer.json();
    } catch {
      throw { code: "lost" };
    }
    if (!answer.ok) throw found;
    return found;
  }
}

const rooms = new Map();

/** The room of this key on this page. */
export function roomOf(key, options) {
  if (!rooms.has(key)) rooms.set(key, new Room(key, options));
  return rooms.get(key);
}
