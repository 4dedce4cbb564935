// The programme that the board holds: sessions by id, their clashes, and how they are told in words. In: the values of
// board_values.py. Must stay true: what a session is to clashes (`slotOf`) is what queries.board_of makes of it.
import { Board, Travel, severe } from "./clashes.js";
import { columnsOf, indexed, keyOf, sessionOf } from "./places.js";
import { joined, say, then } from "./words.js";

const CLASHES = {
  stage: "One stage, two sessions: {other}", speaker: "{person} speaks in two places: {other}",
  travel: "{person} is {minutes} min short on the way: {other}", host: "{host} at two activities: {other}",
  equipment: "{thing}: {minutes} short with {other}",
};

export class Programme {
  constructor(values) {
    Object.assign(this, { now: values.now, count: values.count, days: values.days, zone: values.zone });
    this.index = indexed(values);
    this.names = Object.fromEntries(Object.entries(values.names).map(([kind, rows]) => [kind, new Map(rows)]));
    this.things = new Map(values.equipment.map(([id, name]) => [id, name]));
    this.sessions = new Map(values.sessions.map((row) => [row[0], sessionOf(row)]));
    const places = new Map([...this.index.venues.values()].filter((venue) => venue.place).map((venue) => [venue.id, venue.place]));
    const stock = new Map(values.equipment.map(([id, , count]) => [id, count]));
    this.board = new Board([...this.sessions.values()].filter(this.#counts).map((one) => this.slotOf(one)), new Travel(places, values.ways), stock);
    this.formats = new Map();
    this.judge();
  }

  #counts = (session) => session.status !== "cancelled";

  /** A session as clashes see it, where it is or at another spot. */
  slotOf(session, spot = session) {
    const venue = this.index.stages.get(spot.stage)?.venue ?? session.home;
    return {
      id: session.id, begins: spot.begins, ends: spot.begins + spot.lasts, venue, stage: spot.stage, speakers: session.speakers,
      hosts: this.index.hosts.get(session.activity) ?? [], group: session.activity, needs: session.needs,
      online: session.mode === "online" || Boolean(this.index.venues.get(venue)?.online),
    };
  }

  /** All clashes anew, by the session that has them. */
  judge() {
    this.clashes = new Map();
    for (const clash of this.board.all()) {
      for (const id of new Set([clash.first, clash.second])) this.clashes.set(id, [...(this.clashes.get(id) ?? []), clash]);
    }
  }

  /** Of a session: what cannot happen, and what is worth a look. */
  clashesOf(id) { return (this.clashes.get(id) ?? []).filter(severe); }
  notesOf(id) { return (this.clashes.get(id) ?? []).filter((clash) => !severe(clash)); }

  clashesAt(session, spot) { return this.#counts(session) ? this.board.of(this.slotOf(session, spot)) : []; }

  /** A session stands elsewhere, or is new. */
  set(session) {
    this.sessions.set(session.id, session);
    if (this.#counts(session)) this.board.put(this.slotOf(session));
    else this.board.drop(session.id);
    this.judge();
  }

  remove(id) {
    this.sessions.delete(id);
    this.board.drop(id);
    this.judge();
  }

  /** Activities that have no session yet, at these venues. */
  waiting(chosen) {
    const placed = new Set([...this.sessions.values()].map((session) => session.activity));
    return [...this.index.activities.values()].filter((one) => one.waiting && chosen.has(one.venue) && !placed.has(one.id));
  }

  columns(chosen) { return columnsOf(this.index, chosen); }
  keyOf(session) { return keyOf(this.index, session); }

  // ---------------------------------------------------------------- words
  nameOf(session) {
    if (session.name === null) return say("a session not yet published");
    return session.name || this.index.activities.get(session.activity)?.name || say("a session not yet published");
  }

  zoneOf(session) { return this.index.venues.get(session.home)?.zone ?? this.zone; }

  clock(moment, zone) { return this.format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment * 1000); }

  /** Kept, because making one takes longer than using it a thousand times. */
  format(timeZone, options) {
    const key = timeZone + JSON.stringify(options);
    if (!this.formats.has(key)) this.formats.set(key, new Intl.DateTimeFormat(document.documentElement.lang, { timeZone, ...options }));
    return this.formats.get(key);
  }

  when(session, spot = session) {
    const zone = this.zoneOf(session);
    return `${this.clock(spot.begins, zone)}–${this.clock(spot.begins + spot.lasts, zone)}`;
  }

  dayOf(moment, zone) { return this.format(zone, { month: "numeric", day: "numeric", weekday: "short" }).format(moment * 1000); }

  where(session, spot = session) {
    const stage = this.index.stages.get(spot.stage);
    const venue = this.index.venues.get(stage?.venue ?? session.home);
    return `${venue?.name ?? ""} · ${stage?.name ?? say("no stage")}`;
  }

  told(session, spot = session) {
    const when = `${this.dayOf(spot.begins, this.zoneOf(session))} ${this.when(session, spot)}`;
    return say("{name}, {when}, {where}", { name: this.nameOf(session), when, where: this.where(session, spot) });
  }

  clashTold(clash, id) {
    const other = this.sessions.get(clash.first === id ? clash.second : clash.first);
    if (clash.kind === "equipment" && clash.first === clash.second) return say("{thing}: {minutes} short", { thing: this.things.get(clash.about), minutes: clash.minutes });
    return say(CLASHES[clash.kind], {
      other: `${this.nameOf(other)} ${this.when(other)} (${this.where(other)})`, minutes: clash.minutes, thing: this.things.get(clash.about),
      person: this.names.speaker.get(clash.about) ?? say("somebody"), host: this.names.host.get(clash.about) ?? say("a host"),
    });
  }

  clashesTold(clashes, id) {
    const bad = clashes.filter(severe), notes = clashes.filter((clash) => !severe(clash));
    const some = (its) => ({ count: its.length, what: joined(its.slice(0, 3).map((clash) => this.clashTold(clash, id))) });
    const told = bad.length ? say("{count} clashes: {what}", some(bad)) : say("No clash.");
    return notes.length ? then(told, say("{count} notes: {what}", some(notes))) : told;
  }
}
