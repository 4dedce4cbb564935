// Clashes of sessions, the twin of engines/clashes.py on the same vectors (tests/vectors/clashes.json): all of them, or those
// that a session has or would have where it is held. Moments are seconds of Unix time.
//
// A slot: { id, begins, ends, venue, stage (0: none), speakers, hosts, group, online, needs: [[equipment, count]] }.
// A clash: { kind, first, second, about, minutes }.

export const KINDS = ["stage", "speaker", "travel", "host", "equipment"];
/** Whether it cannot happen as planned; else it is a note, as in engines/clashes.py. */
export const severe = ({ kind }) => kind !== "host";
const MOST_OF_A_HOST = 12;
const EARTH_KM = 6371, DETOUR = 1.3, CITY_KMH = 30, CITY_KM = 60, TRAIN_KMH = 220, WALK_MINUTES = 15;

const radians = (degrees) => (degrees * Math.PI) / 180;

/** Along the great circle (haversine), in kilometres. */
export function kilometres([lat1, lon1], [lat2, lon2]) {
  const [a, b, c, d] = [lat1, lon1, lat2, lon2].map(radians);
  const chord = Math.sin((c - a) / 2) ** 2 + Math.cos(a) * Math.cos(c) * Math.sin((d - b) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Minutes between venues: `places` id -> [lat, lon], `ways` [[one, other, minutes]]. */
export class Travel {
  constructor(places = new Map(), ways = []) {
    this.places = places;
    this.known = new Map(ways.map(([one, other, minutes]) => [`${one} ${other}`, minutes]));
  }

  minutes(one, other) {
    if (one === other) return 0;
    const key = `${one} ${other}`;
    const said = this.known.get(key) ?? this.known.get(`${other} ${one}`);
    if (said !== undefined) return said;
    const minutes = this.#reckoned(one, other);
    this.known.set(key, minutes);
    return minutes;
  }

  #reckoned(one, other) {
    const from = this.places.get(one), to = this.places.get(other);
    if (!from || !to) return 0;
    const road = DETOUR * kilometres(from, to);
    const hours = Math.min(road, CITY_KM) / CITY_KMH + Math.max(0, road - CITY_KM) / TRAIN_KMH;
    return WALK_MINUTES + Math.ceil(hours * 60);
  }
}

const before = (one, other) => one.begins - other.begins || one.id - other.id;

/** What a slot uses, as [kind, about]. */
function uses(slot) {
  const found = [...slot.speakers.map((person) => ["speaker", person]), ...slot.hosts.map((host) => ["host", host])];
  if (slot.stage) found.push(["stage", slot.stage]);
  for (const [thing, count] of slot.needs) if (count > 0) found.push(["equipment", thing]);
  return found;
}

export class Board {
  constructor(slots, travel = new Travel(), stock = new Map()) {
    Object.assign(this, { travel, stock, slots: new Map(), used: new Map() });
    for (const slot of slots) this.put(slot);
  }

  put(slot) {
    this.drop(slot.id);
    this.slots.set(slot.id, slot);
    for (const [kind, about] of uses(slot)) {
      const key = `${kind} ${about}`;
      if (!this.used.has(key)) this.used.set(key, { kind, about, slots: new Set() });
      this.used.get(key).slots.add(slot);
    }
  }

  drop(id) {
    const slot = this.slots.get(id);
    if (!slot) return;
    this.slots.delete(id);
    for (const [kind, about] of uses(slot)) this.used.get(`${kind} ${about}`).slots.delete(slot);
  }

  /** Every clash once, by kind, then by beginning. */
  all() {
    const found = [];
    for (const { kind, about, slots } of this.used.values()) {
      const sorted = [...slots].sort(before);
      if (kind === "equipment") found.push(...this.#short(sorted, about));
      else if (kind !== "host" || sorted.length <= MOST_OF_A_HOST) this.#sweep(kind, about, sorted, found);
    }
    return this.#ranked(found);
  }

  /** Those of this slot as it is handed in, whether it is on the board, elsewhere on it, or not yet. */
  of(slot) {
    const found = [];
    for (const [kind, about] of uses(slot)) {
      const others = [...(this.used.get(`${kind} ${about}`)?.slots ?? [])].filter((other) => other.id !== slot.id);
      if (kind === "equipment") {
        const short = this.#short([...others, slot].sort(before), about);
        found.push(...short.filter((clash) => clash.first === slot.id || clash.second === slot.id));
      } else if (kind !== "host" || others.length < MOST_OF_A_HOST) {
        for (const other of others) this.#pair(kind, about, ...[slot, other].sort(before), found);
      }
    }
    return this.#ranked(found, slot);
  }

  #sweep(kind, about, sorted, found) {
    let back = 0;
    if (kind === "speaker") {
      const venues = [...new Set(sorted.filter((slot) => !slot.online).map((slot) => slot.venue))];
      venues.forEach((one, n) => venues.slice(n + 1).forEach((other) => { back = Math.max(back, 60 * this.#way(one, other)); }));
    }
    let running = [];
    for (const slot of sorted) {
      running = running.filter((other) => other.ends + back > slot.begins);
      for (const other of running) this.#pair(kind, about, other, slot, found);
      running.push(slot);
    }
  }

  #pair(kind, about, first, second, found) {
    const told = (kindOf, minutes = 0) => found.push({ kind: kindOf, first: first.id, second: second.id, about, minutes });
    if (first.ends > second.begins) {
      if (kind !== "host" || first.group !== second.group) told(kind);
    } else if (kind === "speaker" && !first.online && !second.online) {
      const missing = this.#way(first.venue, second.venue) - Math.floor((second.begins - first.ends) / 60);
      if (missing > 0) told("travel", missing);
    }
  }

  #way(one, other) { return one < other ? this.travel.minutes(one, other) : this.travel.minutes(other, one); }

  /** Where more of something is needed than there is; `sorted` by beginning. */
  #short(sorted, about) {
    const found = [], stock = this.stock.get(about) ?? 0;
    const need = (slot) => slot.needs.find(([thing]) => thing === about)[1];
    let running = [];
    sorted.forEach((slot, n) => {
      running = running.filter((other) => other.ends > slot.begins);
      running.push(slot);
      if (sorted[n + 1]?.begins === slot.begins) return;
      const missing = running.reduce((sum, other) => sum + need(other), 0) - stock;
      if (missing <= 0) return;
      for (const late of running.filter((other) => other.begins === slot.begins)) {
        const others = running.filter((other) => before(other, late) < 0);
        for (const other of others) found.push({ kind: "equipment", first: other.id, second: late.id, about, minutes: missing });
        if (!others.length && need(late) > stock) found.push({ kind: "equipment", first: late.id, second: late.id, about, minutes: missing });
      }
    });
    return found;
  }

  #ranked(found, moved) {
    const begins = (id) => (moved?.id === id ? moved : this.slots.get(id)).begins;
    return found.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || begins(a.first) - begins(b.first)
      || a.first - b.first || a.second - b.second || a.about - b.about);
  }
}
