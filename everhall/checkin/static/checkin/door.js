// The door itself, without a page: decides, keeps, sends. What it knows is the roster, what it has heard since, and what it did.
//
// In: texts of passes, people of the roster, what somebody at the door says. Out: verdicts, after they are on disk; events (`change`) when
// something else has changed. Must stay true: what was let in is kept before it is said; a decision is sent until the site has it; the
// order of this device's decisions is that of their sequence, whatever its clock does.
import { decide, withoutPass } from "./entry.js";
import { readPass } from "./pass.js";
import { Fault, openRoster } from "./roster.js";
import { Wire } from "./wire.js";

const BATCH = 200, EVERY = 20_000, SOON = 1200, JUMP = 5000, FRESH = 2 * 3_600_000, KEPT = 200;

export class Door extends EventTarget {
  static async open(store, identity, language) {
    const door = new Door();
    const kept = Object.fromEntries(await Promise.all(["sequence", "cursor", "offset", "epoch", "least", "number", "list", "stood", "direction", "heads", "found"].map(async (key) => [key, await store.get(key)])));
    Object.assign(door, { store, identity, sequence: kept.sequence || 0, cursor: kept.cursor || 0, offset: kept.offset ?? identity.offset ?? 0 });
    Object.assign(door, { epoch: (kept.epoch || 0) + 1, least: kept.least || 0, number: kept.number || 0, list: kept.list || 0, stood: kept.stood || "", direction: kept.direction || "in" });
    Object.assign(door, { heads: kept.heads || [], own: new Map(), news: new Map(), found: kept.found || [], online: false, contact: 0, fault: "" });
    for (const one of await store.all("passages")) door.own.set(one.sequence, one);
    for (const one of await store.all("news")) door.news.set(one.id, one);
    // A device whose disk is full decides nothing any more, but hands in what it has: so neither of these stops it. A number that was lost
    // is "repeated" to the site, and the next one is far ahead.
    await door.note({ epoch: door.epoch });
    const numbers = { get: async () => door.number, set: (value) => { door.number = value; return door.note({ number: value }); } };
    door.wire = new Wire(identity, language, numbers, (site, here) => door.heard(site, here));
    door.wire.clock = () => door.now();
    await door.load(await store.get("roster")).catch((fault) => { door.fault = fault; });
    door.count();
    return door;
  }

  begin() {
    this.base = Date.now() - performance.now();
    this.timers = [setInterval(() => this.watch(), 1000), setInterval(() => this.sync(), EVERY)];
    addEventListener("online", () => this.sync());
    addEventListener("offline", () => { this.online = false; this.say(); });
    this.sync();
  }

  /** Kept if it can be; what cannot is told on the page. */
  async note(values) {
    try { await this.store.put(values); this.cramped = ""; } catch (fault) { this.cramped = fault.name || String(fault); }
  }

  end() { for (const timer of this.timers || []) clearInterval(timer); clearTimeout(this.soon); this.ended = true; }
  say() { this.dispatchEvent(new Event("change")); }

  // ---- time
  now() { return Date.now() + this.offset; }
  heard(site, here) { this.offset = Math.round(site - here); this.contact = Date.now(); this.online = true; }

  watch() {
    const jumped = Date.now() - performance.now() - this.base;
    if (Math.abs(jumped) > JUMP) {
      this.base += jumped;
      this.epoch += 1;
      this.jumped = true;
      this.note({ epoch: this.epoch });
      this.say();
    }
    if (this.roster && this.roster.until < this.now()) this.drop();
  }

  drop() { this.fault = Object.assign(new Error("roster_old"), { code: "roster_old", values: { until: this.roster.until } }); this.roster = null; this.say(); }

  /** When something happened, by the site's clock: a decision of before a jump by what was believed then. */
  at(one) { return one.date + (one.epoch === this.epoch ? this.offset : one.offset); }

  // ---- what is known
  async load(content) {
    if (!content) return;
    const roster = await openRoster(content, this.identity, this.now(), this.least);
    this.roster = roster;
    this.fault = "";
    // Its list may have another place among those of the gate by now.
    const place = roster.lists.findIndex((one) => one.key === this.stood);
    this.list = place >= 0 ? place : Math.min(this.list, Math.max(0, roster.lists.length - 1));
    this.stood = roster.lists[this.list]?.key || "";
    if (roster.gate.direction !== "both") this.direction = roster.gate.direction;
    this.count();
  }

  /** Everybody's passages, by row or code. */
  count() {
    this.passed = new Map();
    const { roster } = this;
    if (!roster) return;
    const p = roster.passages;
    for (let at = 0; at < roster.passed; at += 1) {
      if (!this.news.has(p.id[at])) this.add({ list: p.list[at], row: p.row[at], direction: p.out[at] ? "out" : "in", people: p.people[at], at: 1000 * p.at[at], where: roster.gates[p.gate[at]] });
    }
    for (const one of this.news.values()) if (one.counted) this.add({ ...one, people: one.counted });
    for (const one of this.own.values()) if (one.decision === "admit" && !one.undone && !one.told) this.add(this.asPassed(one));
  }

  asPassed(one) { return { list: this.placeOf(one.list), row: one.row, code: one.code, direction: one.direction, people: one.people, at: this.at(one), own: one.sequence, where: null }; }
  placeOf(key) { return this.roster ? this.roster.lists.findIndex((list) => list.key === key) : -1; }

  add(one) {
    const key = `${one.list}/${one.row || one.code}`;
    if (!one.row && !one.code) return;
    if (!this.passed.has(key)) this.passed.set(key, []);
    this.passed.get(key).push(one);
  }

  passedBy(row, code) { return this.passed.get(`${this.list}/${row || code}`) || []; }

  inside(list = this.list) {
    let count = this.heads[list]?.inside ?? this.roster?.lists[list]?.inside ?? 0;
    for (const one of this.own.values()) {
      if (one.decision === "admit" && !one.undone && !one.sent && this.placeOf(one.list) === list) count += one.direction === "out" ? -one.people : one.people;
    }
    return Math.max(0, count);
  }

  waiting() { return [...this.own.values()].filter((one) => !one.sent).sort((a, b) => a.sequence - b.sequence); }

  // ---- deciding
  /** A pass that was shown. Gives the verdict with whom it is about; what is final is on disk then. */
  async scan(text, source = "scanner", coming = 0) {
    const { roster } = this;
    if (!roster) return { decision: "refuse", reason: "old_roster", people: 0 };
    const facts = await readPass(text, roster.keys);
    const shown = facts && { ...facts, here: roster.admissions[this.list].has(facts.admission) };
    const index = facts ? roster.find(facts.code) : -1;
    return this.judge({ shown, index, code: facts?.code || "", text: facts && index < 0 ? text : "", source, admission: facts?.admission }, coming);
  }

  /** Somebody whom the roster names. */
  byHand(index, source = "name", coming = 0) {
    const { roster } = this, shown = { issue: roster.issues[index], seats: roster.seats[index], way: "onsite", until: Infinity, here: true };
    return this.judge({ shown, index, code: roster.codeAt(index), text: "", source }, coming);
  }

  async judge(about, coming = 0) {
    const { roster } = this, { shown, index, code } = about, row = index >= 0 ? roster.rows[index] : 0;
    const before = shown ? this.passedBy(row, code) : [], sum = (way) => before.filter((one) => one.direction === way).reduce((all, one) => all + one.people, 0);
    const entered = sum("in"), left = sum("out");
    let holder = index >= 0 ? { ...roster.holder(index, this.list), entered, inside: Math.max(0, entered - left) } : null;
    // One that the roster does not know, but this device has seen.
    if (!holder && shown && before.length) holder = { issue: shown.issue, seats: shown.seats, way: shown.way, void: "", listed: shown.here, entered, inside: Math.max(0, entered - left) };
    const verdict = decide(shown, holder, roster.lists[this.list], this.direction, this.now() / 1000, this.inside(), coming);
    const person = index >= 0 ? roster.person(index) : null;
    const first = before.filter((one) => one.direction === "in").sort((a, b) => a.at - b.at)[0];
    const full = { ...verdict, about: { ...about, row }, person, first, elsewhere: verdict.reason === "elsewhere" ? this.listsOf(about) : [], until: shown?.until };
    if (verdict.decision === "ask") return full;
    return { ...full, passage: await this.keep(full, verdict.decision) };
  }

  listsOf({ index, admission }) {
    const { roster } = this;
    return roster.lists.filter((list, place) => (index >= 0 ? roster.bits[index] & (1 << place) : roster.admissions[place].has(admission)));
  }

  /** Somebody at the door says yes or no to what was asked, or lets in what was refused. */
  async answer(verdict, yes, people = verdict.people) {
    const passage = await this.keep({ ...verdict, people }, yes ? "admit" : "refuse", yes && verdict.reason !== "group");
    return { ...verdict, people, decision: yes ? "admit" : "refuse", passage };
  }

  /** Somebody whom no pass names comes, or goes. */
  async walkIn(people = 1) {
    const about = { row: 0, code: "", text: "", source: "walk-in" }, list = this.roster.lists[this.list];
    const verdict = { ...withoutPass(list, this.direction, this.now() / 1000, this.inside(), people), about, person: null };
    return verdict.decision === "ask" ? verdict : { ...verdict, passage: await this.keep(verdict, verdict.decision) };
  }

  async keep(verdict, decision, override = false, undoes = 0) {
    const { about } = verdict;
    const one = {
      sequence: this.sequence + 1, list: this.roster.lists[this.list].key, row: about.row || 0, code: about.code, direction: this.direction,
      people: decision === "admit" ? Math.max(1, verdict.people) : 0, decision, reason: verdict.reason, source: about.source, override, text: about.text || "",
      undoes, date: Date.now(), epoch: this.epoch, offset: this.offset,
    };
    this.sequence = one.sequence;
    try {
      await this.store.change(({ passages, kept }) => {
        passages.put(one);
        kept.put(one.sequence, "sequence");
        if (undoes) passages.put({ ...this.own.get(undoes), undone: true });
      });
    } catch (fault) {
      throw Object.assign(new Error("not_stored"), { code: "not_stored", what: fault.name || String(fault) });
    }
    this.own.set(one.sequence, one);
    if (undoes) { this.own.get(undoes).undone = true; this.news.forEach((news) => { if (news.own === undoes) news.counted = 0; }); this.count(); }
    else if (decision === "admit") this.add(this.asPassed(one));
    this.hurry();
    return one;
  }

  undo(passage) {
    const about = { row: passage.row, code: passage.code, text: "", source: passage.source };
    return this.keep({ about, reason: "undone", people: 0 }, "refuse", false, passage.sequence);
  }

  choose(values) {
    Object.assign(this, values);
    this.stood = this.roster?.lists[this.list]?.key || this.stood;
    this.note({ ...values, stood: this.stood });
    this.say();
  }

  // ---- sending
  hurry() { clearTimeout(this.soon); this.soon = setTimeout(() => this.sync(), SOON); this.say(); }

  async sync() {
    if (this.busy || this.ended) return;
    this.busy = true;
    try {
      await this.contactSite();
    } catch (fault) {
      if (["revoked", "unknown_device", "unsigned"].includes(fault.code)) this.dispatchEvent(Object.assign(new Event("over"), { fault }));
      // What the site has told and the disk did not take comes again.
      else if (fault instanceof Fault) this.online = false;
      else this.cramped = fault.name || String(fault);
    } finally {
      this.busy = false;
      this.say();
    }
  }

  async contactSite() {
    try {
      if (!this.roster) await this.renew();
      let more = true;
      while (more && !this.ended) more = await this.exchange();
      await this.renew();
    } catch (fault) {
      if (fault.code === "revoked") await this.handIn();
      throw fault;
    }
  }

  /** Out of service, it forgets everything: before that the site has what is left, which it takes while it says so again and again. */
  async handIn() {
    for (let waiting = this.waiting(); waiting.length; waiting = this.waiting()) {
      const batch = waiting.slice(0, BATCH);
      try { await this.tell(batch, waiting.length - batch.length); } catch (fault) {
        if (["lost", "too_fast", "repeated"].includes(fault.code)) throw fault;
      }
      for (const one of batch) one.sent = true;
    }
  }

  tell(batch, queue) {
    const passages = batch.map(({ sequence, list, row, code, direction, people, decision, reason, source, override, text, undoes, ...one }) =>
      ({ sequence, list, row, code, direction, people, decision, reason, source, override, text, undoes, at: this.at(one) }));
    return this.wire.ask("/door/sync", { passages, cursor: this.cursor, queue, offset: -this.offset });
  }

  async exchange() {
    const waiting = this.waiting(), batch = waiting.slice(0, BATCH), before = this.offset;
    const told = await this.tell(batch, waiting.length - batch.length);
    // What the site's clock has just said is better than what was believed while this was sent; the site puts times right itself.
    if (Math.abs(before - this.offset) < 2000) this.jumped = false;
    await this.learn(told, batch);
    return told.more || this.waiting().length > 0;
  }

  async learn(told, batch) {
    const fresh = told.news.map((one) => ({ ...one, row: one.row || 0 }));
    for (const one of batch) if (one.sequence <= told.taken || told.refused.includes(one.sequence)) one.sent = true;
    for (const one of batch) if (told.refused.includes(one.sequence)) one.told = true;
    for (const one of fresh) {
      const mine = one.own && this.own.get(one.own);
      if (mine) mine.told = true;
      this.notice(one);
      this.news.set(one.id, one);
    }
    this.cursor = told.cursor;
    this.heads = told.lists;
    const last = this.sequence - KEPT, gone = [...this.own.values()].filter((one) => one.sent && one.told && one.sequence <= last);
    await this.store.change(({ passages, news, kept }) => {
      for (const one of batch) passages.put(one);
      for (const one of fresh) { news.put(one); if (this.own.get(one.own)) passages.put(this.own.get(one.own)); }
      for (const one of gone) passages.delete(one.sequence);
      kept.put(this.cursor, "cursor");
      kept.put(this.offset, "offset");
      kept.put(this.heads, "heads");
      kept.put(this.found, "found");
    });
    for (const one of gone) this.own.delete(one.sequence);
    this.wanted = told.mark;
    this.count();
  }

  /** What somebody here should hear of: a double, or what the site knew better. */
  notice(one) {
    const known = this.news.get(one.id), same = known && known.standing === one.standing && known.found === one.found && known.first?.at === one.first?.at;
    if (same) return;
    const own = one.own > 0, double = one.standing === "double" && (own || one.first?.own);
    if (double || (own && one.found && one.found !== "pending") || (own && one.standing === "apart")) this.found = [one, ...this.found.filter((other) => other.id !== one.id)].slice(0, 500);
  }

  async renew() {
    if (this.ended) return;
    const { roster } = this, stale = !roster || roster.until - this.now() < FRESH;
    if (roster && !stale && (!this.wanted || this.wanted === roster.mark)) return;
    const content = await this.wire.ask("/door/roster", { mark: stale ? "" : roster.mark });
    if (!content) return;
    try {
      await this.load(content);
    } catch (fault) {
      this.fault = fault;
      return;
    }
    const old = [...this.news.values()].filter((one) => one.change <= this.roster.cursor);
    this.least = this.roster.made;
    // A device that has done nothing yet has nothing to hear of what stands in its roster.
    if (!this.sequence && !this.cursor) this.cursor = this.roster.cursor;
    await this.store.change(({ kept, news }) => { kept.put(content, "roster"); kept.put(this.least, "least"); kept.put(this.stood, "stood"); for (const one of old) news.delete(one.id); });
    for (const one of old) this.news.delete(one.id);
    this.count();
  }
}
