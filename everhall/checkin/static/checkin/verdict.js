// The verdict: a colour, a sign, a word, why, and what may be done about it.
//
// In: the page with its Door, a verdict that is on disk or a question. Out: nothing. Must stay true: colour is never its only sign; a
// verdict is answered once.
import { placesOf, print } from "./badge.js";
import { el } from "./parts.js";
import { sound } from "./sounds.js";

const SIGNS = { admit: "✓", ask: "?", refuse: "✕" };

export function showIdle(view) {
  view.verdict = null;
  view.panel.className = "door-verdict idle";
  view.panel.replaceChildren(el("p", { class: "word" }, view.say("scan")));
  view.results.replaceChildren();
}

export function showFailure(view, fault) {
  sound("refuse");
  view.panel.className = "door-verdict refuse";
  const why = fault.code === "not_stored" ? view.say("not_stored", { what: fault.what }) : view.say("went_wrong", { what: fault.name || String(fault) });
  view.panel.replaceChildren(el("p", { class: "sign", "aria-hidden": "true" }, SIGNS.refuse), el("p", { class: "word" }, view.say("refused")), el("p", { class: "why" }, why));
}

export function showVerdict(view, v, again = null) {
  view.verdict = v;
  view.results.replaceChildren();
  sound(v.decision);
  const out = view.door.direction === "out", word = { admit: view.say(out ? "out_word" : "admitted"), ask: view.say("asking"), refuse: view.say("refused") }[v.decision];
  const roster = view.door.roster, kind = v.person?.kind ? view.named(roster.kinds[v.person.kind]) : "";
  const who = v.person ? [el("p", { class: "name" }, v.person.name || view.say("no_name")), el("p", { class: "of" }, [view.say("number", { number: v.person.number }), kind, v.person.group || v.person.organisation, v.person.companions && `+ ${v.person.companions}`].filter(Boolean).join(" · "))] : [];
  const people = v.decision === "admit" ? el("p", { class: "people" }, v.people === 1 ? view.say("person") : view.say("people", { count: v.people }), v.left > v.people ? ` · ${view.say("rest", { count: v.left - v.people })}` : "") : "";
  const why = v.decision === "admit" && ["ok", "out"].includes(v.reason) ? "" : el("p", { class: "why" }, reasonWords(view, v));
  view.panel.className = `door-verdict ${v.decision}`;
  view.panel.dataset.reason = v.reason;
  view.panel.replaceChildren(...[el("p", { class: "sign", "aria-hidden": "true" }, SIGNS[v.decision]), el("p", { class: "word" }, word), ...who, people, why, v.warning && v.reason !== "full" ? el("p", { class: "why" }, view.say(isFull(view) ? "full_word" : "near")) : "", actionsOf(view, v, again)].filter(Boolean));
  view.refreshSoon();
}

/** With those whom the verdict has just let in. */
function isFull({ door }) {
  const capacity = door.roster?.lists[door.list]?.capacity;
  return Boolean(capacity) && door.inside() >= capacity;
}

function reasonWords(view, v) {
  if (v.reason === "old_roster" && view.door.fault?.code !== "roster_old") return view.say("no_roster");
  if (v.reason === "elsewhere") return v.elsewhere?.length ? view.say("elsewhere", { where: v.elsewhere.map((one) => view.named(one)).join(view.english ? ", " : "、") }) : view.say("elsewhere_far");
  if (v.reason === "already" && v.first) {
    const where = view.named(v.first.where) || (v.first.own ? view.named(view.door.roster.gate) : view.say("desk"));
    return view.say("already_where", { when: view.clock(v.first.at, true), where });
  }
  const list = view.door.roster?.lists[view.door.list], moment = { ended: 1000 * v.until, not_open: 1000 * (list?.opens || 0), closed: 1000 * (list?.closes || 0) }[v.reason];
  const name = v.reason === "unknown" && v.decision === "admit" ? "unknown_in" : v.reason;
  if (v.reason === "not_in" && v.about?.source === "walk-in") return view.say("nobody_in");
  return view.say(name, { when: moment ? view.clock(moment) : "", left: v.left, count: view.door.inside() + v.people, capacity: list?.capacity });
}

function actionsOf(view, v, again) {
  // What is done ends this verdict: a second touch, while the first is being kept, would let in as many again.
  let ended = false;
  const once = (act) => () => { if (!ended) { ended = true; act(); } };
  const box = el("div", { class: "door-actions" }), button = (name, act, mark = "") => el("button", { type: "button", class: mark, on: once(act) }, view.say(name));
  const next = button("next", () => { showIdle(view); view.text.focus(); });
  if (v.decision === "ask") addAnswers(view, box, v, again, button);
  else if (v.decision === "refuse") {
    if (v.passage && v.reason !== "forged" && v.reason !== "undone") box.append(button("override", () => view.inLine(async () => showVerdict(view, await view.door.answer({ ...v, people: Math.max(1, v.people) }, true))), "plain"));
    box.append(next);
  } else {
    if (v.passage) box.append(button("undo", () => view.inLine(async () => { await view.door.undo(v.passage); showIdle(view); view.panel.replaceChildren(el("p", { class: "word" }, view.say("undone"))); }), "plain"));
    box.append(next);
    if (v.passage && v.person && view.door.direction === "in") for (const size of ["card", "a6"]) box.append(el("button", { type: "button", class: "plain", on: () => printBadges(view, v, size) }, `${v.people > 1 ? view.say("badges", { count: v.people }) : view.say("badge")} · ${view.say(`badge_${size}`)}`));
  }
  return box;
}

/** Yes or no; of a group, how many. */
function addAnswers(view, box, v, again, button) {
  let people = v.people;
  const shown = el("output", { class: "count", "aria-live": "polite" }, String(people)), change = (by) => { people = Math.max(1, Math.min(v.left || v.people, people + by)); shown.textContent = people; };
  if ((v.left || v.people) > 1) box.append(el("div", { class: "door-stepper" }, el("button", { type: "button", "aria-label": view.say("fewer"), on: () => change(-1) }, "−"), shown, el("button", { type: "button", "aria-label": view.say("more"), on: () => change(1) }, "+")));
  const yes = async () => {
    const next = v.reason === "group" && again ? await again(people) : await view.door.answer(v, true, people);
    showVerdict(view, { ...next, text: v.text }, again);
  };
  box.append(button(view.door.direction === "out" ? "let_out" : "let_in", () => view.inLine(yes), "main"), button("send_away", () => view.inLine(async () => { const end = await view.door.answer(v, false); showVerdict(view, { ...end, decision: "refuse" }); }), "plain"));
}

function printBadges(view, v, size) {
  const { roster } = view.door, { person } = v, along = person.name ? view.say("along", { name: person.name }) : view.say("along_nobody");
  return print({ person, places: placesOf(v), along, text: v.text, edition: view.named(roster.edition), kind: view.named(roster.kinds[v.person.kind]), number: view.say("number", { number: v.person.number }), size });
}
