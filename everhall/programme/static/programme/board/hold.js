// Holding a session: by pointer (mouse, pen; on touch what was chosen by a tap) or by keys. In: the board. What must stay true: while
// something is held its clashes are told at every step; Escape puts it back; nothing is sent before it is dropped.
import { severe } from "./clashes.js";
import { STEP, snap } from "./places.js";
import { say, then } from "./words.js";

const STILL = 5;
const EDGE = 48;
const OVER_A_DAY = 450;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LONGEST = 24 * 3600;

export class Hold {
  constructor(board) {
    this.board = board;
    board.addEventListener("pointerdown", (event) => this.#down(event));
    board.addEventListener("pointermove", (event) => this.#move(event));
    board.addEventListener("pointerup", () => this.#up());
    board.addEventListener("pointercancel", () => this.cancel());
    board.addEventListener("click", (event) => { if (this.dragged) { event.stopPropagation(); event.preventDefault(); this.dragged = false; } }, true);
    board.addEventListener("keydown", (event) => this.#key(event));
    board.addEventListener("focusout", (event) => { if (this.held && !this.pointer && !this.moving && !board.contains(event.relatedTarget)) this.cancel(); });
  }

  // ---------------------------------------------------------------- what is held
  /** `way`: "key" or "pointer". */
  take(session, way) {
    const { board } = this;
    if (!session.may) { board.say(say("This cannot be moved by you.")); return false; }
    const column = board.columnOf(session);
    const spot = { begins: session.begins, lasts: session.lasts, stage: session.stage };
    this.held = { session, way, spot, column: column < 0 ? board.firstColumnOf(session) : column, day: board.day };
    if (column < 0) this.#stageOf(this.held);
    this.#told(say("Picked up: {what}", { what: this.board.programme.told(session) }));
    return true;
  }

  #stageOf(held) { held.spot = { ...held.spot, stage: this.board.columns[held.column]?.stage?.id ?? 0 }; }

  /** Hold it elsewhere; clashes are told. */
  to(column, spot) {
    const { held } = this;
    if (held.column === column && held.spot.begins === spot.begins && held.spot.lasts === spot.lasts && !held.tray) return;
    Object.assign(held, { column, spot, tray: false });
    if (this.board.columns[column]) this.#stageOf(held);
    this.#told("");
  }

  #told(before) {
    const { held, board } = this, { programme } = board;
    held.clashes = programme.clashesAt(held.session, held.spot);
    this.moving = true;
    board.grid.hold(held);
    if (held.way === "key") {
      board.grid.reveal(held.column, held.spot.begins, held.spot.lasts);
      board.grid.cardOf(held.session.id)?.focus({ preventScroll: true });
    }
    this.moving = false;
    const where = before || programme.told(held.session, held.spot);
    board.say(then(where, programme.clashesTold(held.clashes, held.session.id)), held.clashes.some(severe));
  }

  /** Whether somebody may put a session there; a venue without stages takes its own only. */
  #fits(column, session) { return Boolean(column?.may && (column.stage || column.venue.id === session.home)); }

  drop() {
    const { held, board } = this;
    if (!held) return;
    const column = board.columns[held.column];
    if (!held.tray && !this.#fits(column, held.session) && board.columnOf(held.session) !== held.column) { this.cancel(say("Sessions cannot be put here.")); return; }
    this.#end();
    board.put(held.session, held.tray ? { ...held.spot, begins: held.session.begins, stage: 0 } : held.spot, held.way === "key");
  }

  cancel(why = "") {
    const { held, board } = this;
    this.#end();
    if (!held) return;
    if (held.way === "key" && board.day !== held.day) board.showDay(held.day);
    board.say(`${say("Put back: {what}", { what: board.programme.told(held.session) })} ${why}`);
    if (held.way === "key") board.focusOn(held.session);
  }

  #end() {
    clearTimeout(this.overDay);
    cancelAnimationFrame(this.rolling);
    this.overDay = this.rolling = null;
    this.held = this.pointer = null;
    this.moving = true;
    this.board.grid.hold(null);
    this.moving = false;
    this.board.classList.remove("dragging", "to-tray");
  }

  // ---------------------------------------------------------------- pointer
  #down(event) {
    // A click follows a drag or not, as the browser likes; the next press is no part of it.
    this.dragged = false;
    const card = event.target.closest(".card");
    if (!card || event.button || this.held) return;
    const session = this.board.sessionOf(Number(card.dataset.id));
    // A finger that has not chosen the card yet scrolls.
    if (!session || (event.pointerType === "touch" && !card.classList.contains("is-chosen"))) return;
    const at = this.board.grid.at(event.clientX, event.clientY);
    this.pointer = {
      id: event.pointerId, x: event.clientX, y: event.clientY, session, sizing: event.target.classList.contains("grip"),
      offset: at && !card.closest(".tray") ? at.moment - session.begins : 0,
    };
  }

  #move(event) {
    const { pointer, board } = this;
    if (!pointer || event.pointerId !== pointer.id) return;
    if (!this.held) {
      if (Math.hypot(event.clientX - pointer.x, event.clientY - pointer.y) < STILL) return;
      this.dragged = true;
      if (!this.take(pointer.session, "pointer")) { this.pointer = null; return; }
      board.setPointerCapture(pointer.id);
      board.classList.add("dragging");
    }
    event.preventDefault();
    Object.assign(pointer, { x: event.clientX, y: event.clientY });
    this.#follow();
  }

  /** Where the pointer is now; again while the grid rolls below it. */
  #follow() {
    const { pointer, held, board } = this;
    const below = document.elementFromPoint(pointer.x, pointer.y);
    this.#over(below?.closest("[data-day]"));
    const tray = below?.closest(".tray");
    board.classList.toggle("to-tray", Boolean(tray));
    if (tray) { if (!held.tray) { held.tray = true; board.say(say("no stage")); } return; }
    const at = board.grid.at(pointer.x, pointer.y);
    if (!at) return;
    if (pointer.sizing) this.to(held.column, { ...held.spot, lasts: Math.min(LONGEST, Math.max(STEP, snap(at.moment) - held.spot.begins)) });
    else this.to(at.column, { ...held.spot, begins: snap(at.moment - pointer.offset) });
    this.#roll();
  }

  /** Held over a day, that day is shown after a moment. */
  #over(tab) {
    if (tab?.dataset.day === this.overTab?.dataset.day) return;
    clearTimeout(this.overDay);
    this.overTab = tab;
    if (tab) this.overDay = setTimeout(() => this.#toDay(Number(tab.dataset.day)), OVER_A_DAY);
  }

  #toDay(day) {
    const { held, board } = this;
    if (!held || day === board.day || day < 0 || day >= board.days.length - 1) return;
    const begins = board.sameTime(held.spot.begins, board.day, day);
    this.moving = true;
    board.showDay(day);
    this.moving = false;
    this.to(held.column, { ...held.spot, begins });
  }

  #roll() {
    if (this.rolling) return;
    const roll = () => {
      this.rolling = null;
      if (!this.held || !this.pointer) return;
      const { scroll } = this.board.grid, edge = scroll.getBoundingClientRect(), { x, y } = this.pointer;
      const step = (here, low, high) => (here < low + EDGE ? -14 : here > high - EDGE ? 14 : 0);
      const across = step(x, edge.left + 64, edge.right), down = step(y, edge.top + 60, edge.bottom);
      const [left, top] = [scroll.scrollLeft, scroll.scrollTop];
      if (!across && !down) return;
      scroll.scrollBy(across, down);
      if (scroll.scrollLeft !== left || scroll.scrollTop !== top) this.#follow();
    };
    this.rolling = requestAnimationFrame(roll);
  }

  #up() {
    if (this.held && this.pointer) {
      const tab = this.overTab;
      if (tab && Number(tab.dataset.day) !== this.board.day) this.#toDay(Number(tab.dataset.day));
      this.drop();
    }
    this.pointer = this.overTab = null;
  }

  // ---------------------------------------------------------------- keys
  #key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !this.held) { event.preventDefault(); this.board.undo(); return; }
    const card = event.target.closest(".card");
    if (event.key === "Escape" && this.held) { event.preventDefault(); this.cancel(); return; }
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.held) this.#heldKey(event);
    else this.#idleKey(event, this.board.sessionOf(Number(card.dataset.id)), card);
  }

  #idleKey(event, session, card) {
    const arrow = ARROWS[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.board.select(session.id);
      this.take(session, "key");
    } else if (arrow && !card.closest(".tray")) {
      event.preventDefault();
      this.board.focusNext(session, arrow);
    }
  }

  #heldKey(event) {
    const { held, board } = this, { spot } = held, arrow = ARROWS[event.key];
    const later = (seconds) => this.to(held.column, { ...spot, begins: snap(spot.begins + seconds) });
    const longer = (seconds) => this.to(held.column, { ...spot, lasts: Math.min(LONGEST, Math.max(STEP, spot.lasts + seconds)) });
    const deeds = {
      Enter: () => this.drop(), " ": () => this.drop(), Tab: () => this.cancel(), PageUp: () => later(-3600), PageDown: () => later(3600),
      "+": () => longer(STEP), "=": () => longer(STEP), "-": () => longer(-STEP), n: () => this.#toDay(board.day + 1), p: () => this.#toDay(board.day - 1),
      Delete: () => { held.tray = true; this.drop(); }, Backspace: () => { held.tray = true; this.drop(); },
    };
    const deed = arrow ? () => (arrow[0] ? this.#across(arrow[0], event.shiftKey) : later(arrow[1] * (event.shiftKey ? 6 : 1) * STEP)) : deeds[event.key];
    if (!deed) return;
    if (event.key !== "Tab") event.preventDefault();
    deed();
  }

  /** To the next stage where one may put it, or with Shift to the next venue. */
  #across(step, far) {
    const { held, board } = this, here = board.columns[held.column]?.venue;
    let n = held.column + step;
    while (board.columns[n] && (!this.#fits(board.columns[n], held.session) || (far && board.columns[n].venue === here))) n += step;
    if (board.columns[n]) this.to(n, held.spot);
  }
}
