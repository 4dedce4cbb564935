// The grid of the board: heads of stages, hours, cards. Only what is seen is drawn, with a margin; an element stays while its
// session is seen. In: the programme, the columns, the axis of a day. Out: elements; it changes no session.
import { severe } from "./clashes.js";
import { make } from "./dom.js";
import { AFTER, COLUMN, HEAD, HOURS, LOWEST, lanes, px, seconds, snap } from "./places.js";
import { say } from "./words.js";

/** Pixels around what is seen that are drawn too. */
const MARGIN = 300;
const WIDEST = 300;

export class Grid {
  constructor(scroll) {
    this.scroll = scroll;
    this.layers = Object.fromEntries(["heads", "hours", "cards"].map((name) => [name, scroll.querySelector(`.${name}`)]));
    this.sheet = scroll.querySelector(".sheet");
    this.known = { heads: new Map(), hours: new Map(), cards: new Map() };
    scroll.addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => { if (this.programme && !this.held) this.show(this.programme, this.columns, this.axis, this.zone); }).observe(scroll);
  }

  /** Another day, other columns, or another place of a session. `axis`: [begins, ends] of the day. */
  show(programme, columns, axis, zone) {
    const before = this.known.shows;
    Object.assign(this, { programme, columns, axis, zone, until: axis[1] + AFTER });
    this.numbers = new Map(columns.map((column, n) => [column.key, n]));
    // Few columns share the width there is; many scroll.
    this.wide = Math.max(COLUMN, Math.min(WIDEST, Math.floor((this.scroll.clientWidth - HOURS) / Math.max(columns.length, 1))));
    this.sheet.style.setProperty("--column", `${this.wide}px`);
    this.sheet.style.width = `${HOURS + columns.length * this.wide}px`;
    this.sheet.style.height = `${HEAD + px(this.until - axis[0])}px`;
    this.known.shows = `${columns.map((column) => column.key)} ${axis[0]} ${this.wide}`;
    if (before !== this.known.shows) for (const kind of ["heads", "hours"]) this.#clear(kind);
    this.place();
  }

  #clear(kind) {
    this.layers[kind].replaceChildren();
    this.known[kind].clear();
  }

  /** Sessions of the day by column, and beside each other where they overlap. */
  place() {
    const byColumn = new Map();
    for (const session of this.programme.sessions.values()) {
      const key = this.programme.keyOf(session), ends = session.begins + Math.max(session.lasts, seconds(LOWEST));
      if (!this.numbers.has(key) || ends <= this.axis[0] || session.begins >= this.until) continue;
      if (!byColumn.has(key)) byColumn.set(key, []);
      byColumn.get(key).push(session);
    }
    this.boxes = [];
    for (const [key, sessions] of byColumn) {
      const found = lanes(sessions), column = this.numbers.get(key);
      for (const session of sessions) this.boxes.push({ session, column, ...found.get(session.id) });
    }
    this.#withHeld();
    this.boxes.sort((a, b) => a.column - b.column || a.session.begins - b.session.begins || a.session.id - b.session.id);
    this.paint();
  }

  /** What is held has a card on whatever day is shown. */
  #withHeld() {
    const { held } = this;
    if (held && !this.boxes.some((box) => box.session.id === held.session.id)) this.boxes.push({ session: held.session, column: held.column, lane: 0, of: 1 });
  }

  soon() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = null; if (this.programme) this.paint(); });
  }

  /** What is seen, in pixels of the sheet. */
  get view() {
    const { scrollLeft: left, scrollTop: top, clientWidth: width, clientHeight: height } = this.scroll;
    return { left: left - MARGIN, right: left + width + MARGIN, top: top - MARGIN, bottom: top + height + MARGIN };
  }

  boxOf({ session, column, lane, of }, spot = session) {
    const from = Math.max(spot.begins, this.axis[0]), width = (this.wide - 8) / of;
    return {
      left: HOURS + column * this.wide + 3 + lane * width, top: HEAD + px(from - this.axis[0]), width: width - 2,
      height: Math.max(px(spot.begins + spot.lasts - from) - 2, LOWEST - 2),
    };
  }

  paint() {
    const seen = this.view;
    const within = (box) => box.left < seen.right && box.left + box.width > seen.left && box.top < seen.bottom && box.top + box.height > seen.top;
    const first = Math.max(0, Math.floor((seen.left - HOURS) / this.wide)), last = Math.min(this.columns.length - 1, Math.floor((seen.right - HOURS) / this.wide));
    const columns = [];
    for (let n = first; n <= last; n += 1) columns.push(n);
    this.#bring("heads", columns, (n) => n, (n) => this.#head(n));
    const hours = [];
    for (let moment = this.axis[0]; moment < this.until; moment += 3600) hours.push(moment);
    this.#bring("hours", hours, (moment) => moment, (moment) => this.#hour(moment));
    // What is held is as high as where it is held, which may be another day than its own.
    const boxAt = (one) => (one.session.id === this.held?.session.id ? this.boxOf({ ...one, column: this.held.column, lane: 0, of: 1 }, this.held.spot) : this.boxOf(one));
    const boxes = this.boxes.map((one) => [one, boxAt(one)]).filter(([one, box]) => within(box) || one.session.id === this.tab || one.session.id === this.held?.session.id);
    this.#bring("cards", boxes, ([{ session }]) => session.id, () => this.#card(), (card, [{ session }, box]) => this.#fill(card, session, box));
    this.#lift();
  }

  /** Elements of a layer as the rows say, in their order; those that stay are not replaced. */
  #bring(kind, rows, id, create, fill) {
    const known = this.known[kind], layer = this.layers[kind], wanted = new Set(rows.map(id));
    const focused = layer.contains(document.activeElement) ? document.activeElement : null;
    for (const [key, element] of known) if (!wanted.has(key)) { element.remove(); known.delete(key); }
    rows.forEach((row, n) => {
      let element = known.get(id(row));
      if (!element) known.set(id(row), (element = create(row)));
      if (layer.children[n] !== element) layer.insertBefore(element, layer.children[n] ?? null);
      fill?.(element, row);
    });
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  #head(n) {
    const { venue, stage, name, may } = this.columns[n], zone = venue.zone === this.zone ? "" : ` (${venue.zone.split("/").pop().replace("_", " ")})`;
    const head = make("div", { class: may ? "head" : "head foreign" }, make("b", {}, venue.name + zone),
      make("span", {}, [name, stage?.seats ? `(${stage.seats})` : ""].join(" ")));
    head.style.left = `${HOURS + n * this.wide}px`;
    head.classList.toggle("first", n === 0 || this.columns[n - 1].venue !== venue);
    return head;
  }

  #hour(moment) {
    const next = moment >= this.axis[1];
    const hour = make("div", { class: next ? "hour next" : "hour" }, make("span", {}, this.programme.clock(moment, this.zone)));
    if (moment === this.axis[1]) hour.append(make("small", {}, say("next day")));
    hour.style.top = `${HEAD + px(moment - this.axis[0])}px`;
    return hour;
  }

  #card() {
    return make("button", { type: "button", class: "card", tabindex: -1 }, make("span", { class: "time" }), make("span", { class: "name" }), make("span", { class: "more" }), make("span", { class: "w-sr-only" }), make("i", { class: "grip" }));
  }

  #fill(card, session, box) {
    const { programme } = this, clashes = programme.clashesOf(session.id).length, notes = this.quiet ? 0 : programme.notesOf(session.id).length, short = box.height < 44;
    for (const name of ["left", "top", "width", "height"]) card.style[name] = `${box[name]}px`;
    const written = [session.version, session.begins, session.lasts, session.stage, session.status, clashes, notes, session.id === this.chosen, session.id === this.tab, short, session.busy].join(" ");
    if (card.written === written) return;
    card.written = written;
    card.dataset.id = session.id;
    card.tabIndex = session.id === this.tab ? 0 : -1;
    card.className = ["card", session.status, session.may ? "" : "foreign", clashes ? "clashing" : notes ? "noted" : "", session.id === this.chosen ? "is-chosen" : "", short ? "short" : "", session.busy ? "busy" : ""].filter(Boolean).join(" ");
    const [time, name, more, where] = card.children;
    time.textContent = programme.when(session);
    name.textContent = programme.nameOf(session);
    more.textContent = [session.status === "cancelled" ? say("cancelled") : "", clashes ? `⚠ ${say("{count} clashes", { count: clashes })}` : "", notes ? `ⓘ ${say("{count} notes", { count: notes })}` : ""].filter(Boolean).join(" · ");
    where.textContent = `${programme.dayOf(session.begins, programme.zoneOf(session))}, ${programme.where(session)}`;
    card.title = programme.nameOf(session);
    card.setAttribute("aria-pressed", String(session.id === this.chosen));
  }

  /** The card that is held stands where it would be put. */
  #lift() {
    for (const card of this.layers.cards.querySelectorAll(".lifted")) card.classList.remove("lifted", "wrong");
    const card = this.held && this.known.cards.get(this.held.session.id);
    if (!card) return;
    const { session, spot, column, clashes } = this.held;
    card.written = null;
    card.classList.add("lifted");
    card.classList.toggle("wrong", clashes.some(severe));
    const box = this.boxOf({ session, column, lane: 0, of: 1 }, spot);
    for (const name of ["left", "top", "width", "height"]) card.style[name] = `${box[name]}px`;
    card.children[0].textContent = this.programme.when(session, spot);
  }

  /** Hold a session at a spot of a column; null: none. A session that has no card yet (from the tray) gets one. */
  hold(held) {
    const before = this.held;
    this.held = held;
    this.#withHeld();
    if (!held && before) { const card = this.known.cards.get(before.session.id); if (card) card.written = null; this.place(); } else this.paint();
  }

  cardOf(id) { return this.known.cards.get(id); }

  /** Where a point of the window lies: a column and a moment; null outside of the columns. */
  at(x, y) {
    const edge = this.scroll.getBoundingClientRect();
    if (x < edge.left + HOURS || x > edge.right || y < edge.top + HEAD - 20 || y > edge.bottom) return null;
    const left = x - edge.left + this.scroll.scrollLeft - HOURS, top = y - edge.top + this.scroll.scrollTop - HEAD;
    const column = Math.floor(left / this.wide);
    return column < 0 || column >= this.columns.length ? null : { column, moment: this.axis[0] + seconds(top) };
  }

  /** Scroll so that the box of a column and moment is seen. */
  reveal(column, begins, lasts) {
    const left = column * this.wide, top = px(begins - this.axis[0]), { scroll } = this;
    const [width, height] = [scroll.clientWidth - HOURS, scroll.clientHeight - HEAD];
    if (left < scroll.scrollLeft) scroll.scrollLeft = left;
    else if (left + this.wide > scroll.scrollLeft + width) scroll.scrollLeft = left + this.wide - width;
    if (top < scroll.scrollTop) scroll.scrollTop = Math.max(0, top - 20);
    else if (top + Math.min(px(lasts), height) > scroll.scrollTop + height) scroll.scrollTop = top + Math.min(px(lasts), height) - height + 20;
    this.paint();
  }

  /** Begin the day where its first session is, or at eight. */
  toBegin() {
    const first = Math.min(...this.boxes.map(({ session }) => session.begins), this.axis[0] + 8 * 3600);
    this.scroll.scrollTop = Math.max(0, px(snap(first) - this.axis[0]) - 20);
    this.scroll.scrollLeft = 0;
    this.paint();
  }
}
