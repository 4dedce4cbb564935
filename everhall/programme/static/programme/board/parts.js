// What stands around the grid: the tray of what has no stage yet, the panel of what is chosen, the list for paper.
import { make } from "./dom.js";
import { say } from "./words.js";

const HOUR = 3600;

/** An activity without a session, as the session it would get: an hour at ten. Its id is that of the activity, negative. */
const waitingOf = (activity, begins) => ({
  id: -activity.id, version: 0, begins: begins + 10 * HOUR, lasts: HOUR, activity: activity.id, home: activity.venue, stage: 0,
  status: "planned", mode: "both", may: 1, name: "", speakers: [], needs: [],
});

/** Sessions of the day without a stage, and activities without a session; what it holds. */
export function fillTray(board, begins, ends) {
  const { programme, venues } = board, tray = board.querySelector(".tray");
  const loose = [...programme.sessions.values()].filter((one) => one.begins >= begins && one.begins < ends && venues.has(one.home) && programme.keyOf(one) === null);
  const held = [...loose.sort((a, b) => a.begins - b.begins || a.id - b.id), ...programme.waiting(venues).map((one) => waitingOf(one, begins))];
  const focused = tray.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  tray.querySelector("h2 span").textContent = say("{count} not placed", { count: held.length });
  tray.querySelector(".cards-in-tray").replaceChildren(...held.map((session) => {
    const more = session.id < 0 ? say("to be given its first session") : programme.when(session);
    const card = make("button", { type: "button", class: `card ${session.status}${session.may ? "" : " foreign"}${session.id === board.grid.chosen ? " is-chosen" : ""}`, "data-id": session.id },
      make("span", { class: "time" }, more), make("span", { class: "name" }, programme.nameOf(session)),
      make("span", { class: "more" }, programme.index.venues.get(session.home)?.name ?? ""), make("span", { class: "w-sr-only" }, say("no stage")));
    return card;
  }));
  tray.classList.toggle("empty", !held.length);
  if (focused) tray.querySelector(`[data-id="${focused}"]`)?.focus();
  return held;
}

/** Of the chosen session: what it is, where, and its clashes. */
export function fillPanel(board) {
  const { programme } = board, panel = board.querySelector(".panel"), session = board.sessionOf(board.grid.chosen);
  panel.hidden = !session;
  if (!session) return;
  const clashes = programme.clashesOf(session.id), notes = programme.notesOf(session.id);
  const listed = (its, kind) => make("ul", { class: kind }, ...its.map((clash) => make("li", {}, programme.clashTold(clash, session.id))));
  const facts = [programme.dayOf(session.begins, programme.zoneOf(session)), programme.when(session), say("{count} min", { count: Math.round(session.lasts / 60) })];
  const people = session.speakers.map((id) => programme.names.speaker.get(id)).filter(Boolean);
  panel.replaceChildren(
    make("h2", {}, programme.nameOf(session)),
    make("p", {}, facts.join(" · ")), make("p", {}, programme.where(session)),
    people.length ? make("p", { class: "people" }, people.join(" · ")) : "",
    session.status === "cancelled" ? make("p", { class: "wrong" }, say("It is cancelled.")) : "",
    clashes.length ? make("h3", {}, `⚠ ${say("Clashes")}`) : make("p", { class: "fine" }, say("No clash.")),
    clashes.length ? listed(clashes, "clashes") : "",
    ...(notes.length ? [make("h3", {}, `ⓘ ${say("Notes")}`), listed(notes, "clashes notes")] : []),
    session.may && session.id > 0 ? make("p", { class: "ways" },
      make("a", { class: "button button-small button-secondary", href: `${board.getAttribute("address")}move/${session.id}/` }, say("Move by form")),
      make("a", { href: board.getAttribute("edit").replace("/0/", `/${session.id}/`) }, say("Edit"))) : "",
  );
}

/** The day as it stands now, for paper: the list that the server wrote is of when the page was loaded. */
export function fillList(board) {
  const { programme, days, day } = board, list = board.desk.querySelector(".board-list");
  const [begins, ends] = [days[day][1], days[day + 1][1]];
  const rows = [...programme.sessions.values()].filter((one) => one.begins >= begins && one.begins < ends && board.venues.has(programme.index.stages.get(one.stage)?.venue ?? one.home));
  list.querySelector(".day-title").textContent = programme.dayOf(begins + 12 * HOUR, board.zone);
  list.querySelector(".venue-lists").replaceChildren(...[...board.venues].flatMap((venue) => {
    const its = rows.filter((one) => (programme.index.stages.get(one.stage)?.venue ?? one.home) === venue).sort((a, b) => a.begins - b.begins || a.id - b.id);
    if (!its.length) return [];
    return [make("section", {}, make("h3", {}, programme.index.venues.get(venue).name), make("ul", {}, ...its.map((one) =>
      make("li", { class: one.status }, make("b", {}, programme.when(one)), make("span", {}, make("span", { class: "name" }, programme.nameOf(one)),
        make("small", {}, programme.index.stages.get(one.stage)?.name ?? say("no stage")))))))];
  }));
}
