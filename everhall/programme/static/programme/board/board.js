// <ever-board>: the programme of an edition on a grid of stages and hours. It shows what is done at once and tells the server; what
// the server refuses goes back to where it was, with the reason. What others do comes in every few seconds. On a narrow screen, and
// without this module, the list below it does the same by forms.
import { severe } from "./clashes.js";
import { make } from "./dom.js";
import { Grid } from "./grid.js";
import { Hold } from "./hold.js";
import { fillList, fillPanel, fillTray } from "./parts.js";
import { dayAt, nearest, onDay, sessionOf } from "./places.js";
import { Programme } from "./programme.js";
import { Server } from "./server.js";
import { say, then } from "./words.js";

const EACH = 10_000;
const WIDE = matchMedia("(min-width: 48rem)");
const HOUR = 3600;

class EverBoard extends HTMLElement {
  connectedCallback() {
    this.desk = this.closest(".board-desk");
    this.form = this.desk.querySelector(".board-choice");
    this.server = new Server(this.getAttribute("address"), this.desk.querySelector("[name=csrfmiddlewaretoken]").value);
    this.done = [];
    if (WIDE.matches) this.#begin();
    else WIDE.addEventListener("change", () => this.#begin(), { once: true });
  }

  async #begin() {
    this.status = this.querySelector(".status");
    try {
      this.programme = new Programme(await this.server.values());
    } catch {
      this.status.textContent = say("The board could not be loaded. The list below holds the day.");
      this.desk.classList.add("broken");
      return;
    }
    this.desk.classList.add("live");
    this.grid = new Grid(this.querySelector(".scroll"));
    this.hold = new Hold(this);
    this.byCode = new Map([...this.programme.index.venues.values()].filter((venue) => venue.mine).map((venue) => [venue.code, venue]));
    this.#listen();
    this.#choose(this.getAttribute("day"));
    this.grid.toBegin();
    this.say("");
    setInterval(() => this.#fresh(), EACH);
    document.addEventListener("visibilitychange", () => this.#fresh());
    this.dispatchEvent(new CustomEvent("ready"));
  }

  #listen() {
    this.addEventListener("click", (event) => {
      const card = event.target.closest(".card"), tab = event.target.closest("[data-day]"), button = event.target.closest("[data-do]");
      if (card) this.select(Number(card.dataset.id));
      else if (tab) this.showDay(Number(tab.dataset.day));
      else if (button) this[button.dataset.do]();
    });
    this.form.addEventListener("change", () => this.#choose(this.days[this.day][0]));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.querySelector(".find")?.addEventListener("input", (event) => this.#find(event.target.value));
    for (const button of this.form.querySelectorAll("[data-all]")) button.addEventListener("click", () => this.#all(button.dataset.all === "yes"));
    this.dialog = this.querySelector("dialog");
    this.dialog.querySelector("form").addEventListener("submit", (event) => { if (event.submitter?.value === "copy") this.copyDay(); });
    addEventListener("beforeprint", () => fillList(this));
    addEventListener("beforeunload", (event) => { if (this.pending) event.preventDefault(); });
  }

  // ---------------------------------------------------------------- what is shown
  /** The venues that are ticked; none is all. */
  #choose(date) {
    const ticked = [...this.form.querySelectorAll("[name=venue]:checked")].map((box) => this.byCode.get(box.value)).filter(Boolean);
    const venues = ticked.length ? ticked : [...this.byCode.values()];
    this.venues = new Set(venues.map((venue) => venue.id));
    const zones = new Set(venues.map((venue) => venue.zone));
    this.zone = zones.size === 1 ? [...zones][0] : this.programme.zone;
    this.days = this.programme.days[this.zone];
    this.columns = this.programme.columns(this.venues);
    this.form.querySelector("summary").textContent = ticked.length ? say("{count} venues", { count: ticked.length }) : say("All venues");
    this.showDay(Math.max(0, this.days.findIndex(([day]) => day === date)));
  }

  #find(text) {
    const wanted = text.trim().toLowerCase();
    for (const label of this.form.querySelectorAll(".venue-set label")) label.hidden = Boolean(wanted) && !label.textContent.toLowerCase().includes(wanted);
  }

  #all(yes) {
    for (const box of this.form.querySelectorAll(".venue-set label:not([hidden]) [name=venue]")) box.checked = yes;
    this.#choose(this.days[this.day][0]);
  }

  showDay(day) {
    this.day = Math.min(Math.max(day, 0), this.days.length - 2);
    const address = new URL(location.href), codes = [...this.form.querySelectorAll("[name=venue]:checked")].map((box) => box.value);
    address.searchParams.set("day", this.days[this.day][0]);
    if (codes.length) address.searchParams.set("venue", codes.join(","));
    else address.searchParams.delete("venue");
    history.replaceState(null, "", address);
    this.refresh();
  }

  /** All of it as the programme stands. */
  refresh() {
    const [begins, ends] = [this.days[this.day][1], this.days[this.day + 1][1]];
    const here = this.#here();
    if (!here.some((session) => session.id === this.grid.tab)) this.grid.tab = here[0]?.id;
    this.grid.show(this.programme, this.columns, [begins, ends], this.zone);
    this.#tabs();
    this.tray = fillTray(this, begins, ends);
    fillPanel(this);
  }

  /** Sessions of the day in the columns, in reading order. */
  #here() {
    const keys = new Set(this.columns.map((column) => column.key)), [begins, ends] = [this.days[this.day][1], this.days[this.day + 1][1]];
    return [...this.programme.sessions.values()].filter((one) => one.begins >= begins && one.begins < ends && keys.has(this.programme.keyOf(one)))
      .sort((a, b) => this.columnOf(a) - this.columnOf(b) || a.begins - b.begins || a.id - b.id);
  }

  /** Days with how many of their sessions clash. */
  #tabs() {
    const keys = new Set(this.columns.map((column) => column.key)), counts = this.days.slice(0, -1).map(() => 0);
    const noted = new Set();
    for (const id of this.programme.clashes.keys()) {
      const session = this.programme.sessions.get(id);
      if (!session || !keys.has(this.programme.keyOf(session))) continue;
      if (this.programme.clashesOf(id).length) counts[dayAt(this.days, session.begins)] += 1;
      for (const note of this.programme.notesOf(id)) noted.add(note);
    }
    const button = this.querySelector("[data-do=notes]");
    button.textContent = `ⓘ ${say("{count} notes", { count: noted.size })}`;
    button.hidden = !noted.size;
    const row = this.querySelector(".days");
    if (row.childElementCount !== counts.length) row.replaceChildren(...counts.map((_, day) => make("button", { type: "button", "data-day": day })));
    counts.forEach((count, day) => {
      const tab = row.children[day];
      tab.setAttribute("aria-pressed", String(day === this.day));
      tab.replaceChildren(make("span", {}, this.programme.dayOf(this.days[day][1] + 12 * HOUR, this.zone)),
        ...(count ? [make("b", { "aria-label": say("{count} clashes", { count }) }, `⚠ ${count}`)] : []));
    });
  }

  /** Show marks of notes, or not: severe ones are always shown. */
  notes() {
    this.grid.quiet = !this.grid.quiet;
    this.querySelector("[data-do=notes]").setAttribute("aria-pressed", String(!this.grid.quiet));
    this.refresh();
  }

  say(words, wrong = false) {
    this.status.textContent = words;
    this.status.classList.toggle("wrong", wrong);
  }

  // ---------------------------------------------------------------- sessions
  sessionOf(id) { return this.programme.sessions.get(id) ?? this.tray?.find((one) => one.id === id); }
  columnOf(session) { return this.grid.numbers?.get(this.programme.keyOf(session)) ?? -1; }

  /** Where a session of the tray is held first. */
  firstColumnOf(session) {
    const own = this.columns.findIndex((column) => column.may && column.venue.id === session.home);
    return own < 0 ? Math.max(0, this.columns.findIndex((column) => column.may)) : own;
  }

  sameTime(moment, from, to) { return onDay(this.days, moment, from, to); }

  select(id) {
    this.grid.chosen = id;
    if (this.programme.sessions.has(id)) this.grid.tab = id;
    this.grid.paint();
    fillPanel(this);
  }

  focusOn(session) {
    if (!this.programme.sessions.has(session.id) || this.columnOf(session) < 0) {
      (this.querySelector(`.tray [data-id="${session.id}"]`) ?? this.querySelector(".card"))?.focus();
      return;
    }
    this.grid.tab = session.id;
    this.grid.reveal(this.columnOf(session), session.begins, session.lasts);
    this.grid.cardOf(session.id)?.focus({ preventScroll: true });
  }

  focusNext(session, arrow) {
    const next = nearest(this.#here(), session, (one) => this.columnOf(one), arrow);
    if (next) { this.focusOn(next); this.select(next.id); }
  }

  // ---------------------------------------------------------------- deeds
  /** Put a session there: shown at once, sent, and taken back if it is refused. */
  async put(session, spot, byKey = false) {
    const from = { begins: session.begins, lasts: session.lasts, stage: session.stage };
    const same = from.begins === spot.begins && from.lasts === spot.lasts && from.stage === spot.stage;
    if (same && session.id > 0) { this.say(say("Put back: {what}", { what: this.programme.told(session) })); if (byKey) this.focusOn(session); return; }
    const day = dayAt(this.days, spot.begins);
    if (session.id < 0) { await this.#place(session, spot, byKey); return; }
    this.done.push({ id: session.id, from, to: spot });
    const sent = this.#send(session, spot, from);
    if (day !== this.day) this.showDay(day);
    if (byKey) this.focusOn(session);
    const refused = await sent;
    if (refused) this.done = this.done.filter((one) => one.id !== session.id);
    if (refused && byKey && this.sessionOf(session.id)) this.focusOn(this.sessionOf(session.id));
  }

  /** Why it was refused, or "". One after the other for a session, each with the version that the one before got; after a refusal
   * what was done on top of it is gone too. */
  async #send(session, spot, from) {
    const { programme } = this, former = session.sending;
    let settle;
    const mine = session.sending = new Promise((done) => { settle = done; });
    Object.assign(session, spot, { busy: true });
    programme.set(session);
    this.pending = (this.pending ?? 0) + 1;
    this.refresh();
    const clashes = programme.clashes.get(session.id) ?? [];
    this.say(then(say("Moved: {what}", { what: programme.told(session) }), programme.clashesTold(clashes, session.id)), clashes.some(severe));
    if (former && !(await former)) { this.pending -= 1; settle(false); return say("Nothing to take back."); }
    const answer = await this.server.deed("move", { id: session.id, version: session.version, ...spot });
    this.pending -= 1;
    if (session.sending === mine || !answer.ok) session.busy = session.sending = null;
    settle(answer.ok);
    if (answer.ok) session.version = answer.version;
    else if (answer.overtaken) this.#taken(session.id, answer.sessions ?? []);
    else programme.set(Object.assign(session, from));
    if (!answer.ok) {
      const stands = programme.sessions.get(session.id);
      this.say(stands ? say("Back where it was: {what}. {why}", { what: programme.told(stands), why: answer.message }) : answer.message, true);
    }
    this.refresh();
    return answer.ok ? "" : answer.message;
  }

  /** How a session of somebody else's stands; none if it is gone. */
  #taken(id, rows) {
    if (!rows.length) this.programme.remove(id);
    for (const row of rows) this.programme.set(sessionOf(row));
  }

  async #place(waiting, spot, byKey) {
    this.say(say("Moved: {what}", { what: this.programme.told(waiting, spot) }));
    const answer = await this.server.deed("place", { activity: waiting.activity, ...spot });
    if (!answer.ok) { this.say(answer.message, true); this.refresh(); return; }
    this.#made(answer);
    const [session] = answer.sessions.map((row) => this.programme.sessions.get(row[0]));
    const day = dayAt(this.days, session.begins);
    if (day !== this.day) this.showDay(day);
    this.select(session.id);
    if (byKey) this.focusOn(session);
    const clashes = this.programme.clashes.get(session.id) ?? [];
    this.say(then(say("Moved: {what}", { what: this.programme.told(session) }), this.programme.clashesTold(clashes, session.id)), clashes.some(severe));
  }

  #made({ sessions, word }) {
    for (const row of sessions) this.programme.set(sessionOf(row));
    this.programme.count += sessions.length;
    this.done.push({ word, ids: sessions.map((row) => row[0]) });
    this.refresh();
  }

  async undo() {
    const last = this.done.pop();
    if (!last) { this.say(say("Nothing to take back.")); return; }
    if (last.word) {
      const versions = Object.fromEntries(last.ids.map((id) => [id, this.programme.sessions.get(id)?.version ?? 0]));
      const answer = await this.server.deed("take-back", { word: last.word, versions });
      await this.#again();
      this.say(answer.ok ? say("Taken back.") : answer.message, !answer.ok);
      return;
    }
    const session = this.programme.sessions.get(last.id);
    if (!session) { this.say(say("Nothing to take back.")); return; }
    const now = { begins: session.begins, lasts: session.lasts, stage: session.stage };
    const sent = this.#send(session, last.from, now);
    const day = dayAt(this.days, session.begins);
    if (day !== this.day) this.showDay(day);
    this.select(session.id);
    if (!(await sent)) this.say(`${say("Taken back.")} ${this.programme.told(session)}`);
  }

  copy() {
    const { dialog } = this;
    dialog.querySelector("h2 span").textContent = this.programme.dayOf(this.days[this.day][1] + 12 * HOUR, this.zone);
    dialog.querySelector("select").replaceChildren(...this.days.slice(0, -1).flatMap(([date, begins], day) =>
      (day === this.day ? [] : [make("option", { value: date }, this.programme.dayOf(begins + 12 * HOUR, this.zone))])));
    dialog.showModal();
  }

  async copyDay() {
    const to = this.dialog.querySelector("select").value;
    const answer = await this.server.deed("copy", { from: this.days[this.day][0], to, venues: [...this.venues] });
    if (!answer.ok) { this.say(answer.message, true); return; }
    const { left, sessions: { length: count } } = answer;
    if (count) this.#made(answer);
    this.showDay(this.days.findIndex(([date]) => date === to));
    if (!count) this.say(say("Nothing was copied: the day has all of it already."));
    else this.say(say(left ? "{count} sessions copied, {left} left out: they are there already, or their stage is not yours." : "{count} sessions copied.", { count, left }));
  }

  printed() { print(); }

  // ---------------------------------------------------------------- what others do
  async #fresh() {
    if (document.hidden || this.asking || this.pending) return;
    this.asking = true;
    const told = await this.server.fresh(this.programme.now);
    this.asking = false;
    if (!told || this.pending) return;
    this.programme.now = told.now;
    const changed = told.sessions.filter(([id, version]) => this.programme.sessions.get(id)?.version !== version);
    if (told.count !== this.programme.count + changed.filter(([id]) => !this.programme.sessions.has(id)).length) { await this.#again(); return; }
    this.programme.count = told.count;
    if (!changed.length) return;
    if (this.hold.held && changed.some(([id]) => id === this.hold.held.session.id)) this.hold.cancel();
    for (const row of changed) this.programme.set(sessionOf(row));
    this.refresh();
    const names = changed.slice(0, 3).map(([id]) => this.programme.told(this.programme.sessions.get(id)));
    this.say(say("Somebody else changed: {what}", { what: names.join(" · ") }));
  }

  /** All of it anew: something was taken away. */
  async #again() {
    if (this.hold.held) this.hold.cancel();
    try {
      this.programme = new Programme(await this.server.values());
    } catch {
      return;
    }
    this.#choose(this.days[this.day][0]);
  }
}

customElements.define("ever-board", EverBoard);
