// Where things are on the board: columns of stages, days on an axis of minutes, sessions beside each other where they overlap.
// Pure: values in, values out. Moments are seconds of Unix time; an axis is as long as its day, so a day on which clocks change
// has 23 or 25 hours.

export const STEP = 5 * 60;
export const PX_PER_MINUTE = 1.5;
export const COLUMN = 168;
export const HOURS = 64;
export const HEAD = 60;
/** What is shown of the next day, because nights are long. */
export const AFTER = 4 * 3600;
/** A card is never lower than this, or nobody could touch it. */
export const LOWEST = 26;

export const snap = (moment) => Math.round(moment / STEP) * STEP;
export const px = (seconds) => (seconds / 60) * PX_PER_MINUTE;
export const seconds = (pixels) => (pixels / PX_PER_MINUTE) * 60;

const FIELDS = ["id", "version", "begins", "lasts", "activity", "home", "stage", "status", "mode", "may", "name", "speakers", "needs"];

/** A row of the server as an object; `home`: the venue of its activity. */
export const sessionOf = (row) => Object.fromEntries(FIELDS.map((field, n) => [field, row[n]]));

/** Venues and stages by id, with what belongs to them. */
export function indexed(values) {
  const venues = new Map(values.venues.map(([id, code, name, zone, lat, lon, online, mine]) =>
    [id, { id, code, name, zone, online, mine, place: lat === null || lon === null ? null : [lat, lon], stages: [] }]));
  const stages = new Map(values.stages.map(([id, venue, name, seats, may]) => [id, { id, venue, name, seats, may }]));
  for (const stage of stages.values()) venues.get(stage.venue)?.stages.push(stage);
  const activities = new Map(values.activities.map(([id, name, venue, kind, waiting]) => [id, { id, name, venue, kind, waiting }]));
  return { venues, stages, activities, hosts: new Map(values.hosts) };
}

/** Columns of the chosen venues in their order: each stage, or the venue itself where it has none. */
export function columnsOf({ venues }, chosen) {
  const columns = [];
  for (const venue of venues.values()) {
    if (!chosen.has(venue.id)) continue;
    if (!venue.stages.length) columns.push({ key: `v${venue.id}`, venue, stage: null, name: "", may: venue.mine });
    for (const stage of venue.stages) columns.push({ key: `s${stage.id}`, venue, stage, name: stage.name, may: stage.may });
  }
  return columns;
}

/** In which column a session stands; null: in the tray. */
export function keyOf({ venues }, session) {
  if (session.stage) return `s${session.stage}`;
  return venues.get(session.home)?.stages.length ? null : `v${session.home}`;
}

/** Sessions of one column, each with its lane and how many lanes there are beside it. */
export function lanes(sessions) {
  const shortest = seconds(LOWEST);
  const sorted = [...sessions].sort((a, b) => a.begins - b.begins || b.lasts - a.lasts || a.id - b.id);
  const placed = new Map();
  let group = [], ends = [], until = -Infinity;
  const close = () => { for (const id of group) placed.get(id).of = ends.length; group = []; ends = []; };
  for (const session of sorted) {
    if (session.begins >= until) close();
    const lane = ends.findIndex((end) => end <= session.begins);
    const end = session.begins + Math.max(session.lasts, shortest);
    const at = lane < 0 ? ends.length : lane;
    ends[at] = end;
    until = Math.max(group.length ? until : -Infinity, end);
    group.push(session.id);
    placed.set(session.id, { lane: at, of: 1 });
  }
  close();
  return placed;
}

/** The day of a list [[date, begins], …, [after the last, ends]] in which a moment lies; the first or last beyond them. */
export function dayAt(days, moment) {
  const found = days.findLastIndex(([, begins]) => begins <= moment);
  return Math.min(Math.max(found, 0), days.length - 2);
}

/** The same time by the clock on another day, as far as both days have it. */
export const onDay = (days, moment, from, to) => moment - days[from][1] + days[to][1];

/** The nearest session in a direction: [dx, dy] columns and time. */
export function nearest(all, from, columnOf, [dx, dy]) {
  const here = columnOf(from);
  let best = null, least = Infinity;
  for (const other of all) {
    if (other === from) continue;
    const across = columnOf(other) - here, down = (other.begins - from.begins) / 60;
    if (dx ? Math.sign(across) !== dx : across !== 0 || (Math.sign(down) || Math.sign(other.id - from.id)) !== dy) continue;
    const far = dx ? Math.abs(across) * 600 + Math.abs(down) : Math.abs(down) + Math.abs(other.id - from.id) * 1e-9;
    if (far < least) [best, least] = [other, far];
  }
  return best;
}
