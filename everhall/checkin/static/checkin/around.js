// What stands around a verdict: the gate, its list and way, who is inside, whether there is a network; notes; what was found later; the device.
//
// In: the page with its Door. Out: nothing. Must stay true: a list that somebody is just choosing from is not drawn anew; a full hall is told
// by a word, not by colour alone.
import { el } from "./parts.js";
import { languageLink } from "./stopped.js";
import { showIdle } from "./verdict.js";

export function showAround(view) {
  const { door } = view;
  if (!door) return;
  const { roster } = door, waiting = door.waiting().length, list = roster?.lists[door.list], inside = door.inside(), part = list?.capacity ? inside / list.capacity : 0;
  const lists = roster && roster.lists.length > 1 ? el("label", {}, view.say("list"), el("select", { on: ({ target }) => choose(view, { list: Number(target.value) }) }, roster.lists.map((one, at) => el("option", { value: at, selected: at === door.list }, view.named(one))))) : el("span", { class: "door-list" }, list ? view.named(list) : "");
  const ways = roster?.gate.direction === "both" ? el("label", {}, view.say("entry"), "/", view.say("exit"), el("select", { on: ({ target }) => choose(view, { direction: target.value }) }, ["in", "out"].map((way) => el("option", { value: way, selected: way === door.direction }, view.say(way === "in" ? "entry" : "exit"))))) : roster ? el("span", { class: "door-list" }, view.say(door.direction === "out" ? "exit" : "entry")) : "";
  const heads = el("p", { class: `door-heads ${part >= 1 ? "full" : part >= 0.9 ? "near" : ""}` }, el("b", {}, String(inside)), " ", view.say("inside"), list?.capacity ? ` ${view.say("of", { capacity: list.capacity })}` : "", part >= 1 ? el("strong", {}, view.say("full_word")) : part >= 0.9 ? el("strong", {}, view.say("near")) : "");
  const state = el("p", { class: `door-state ${door.online ? "on" : "off"}` }, el("span", {}, door.online ? view.say("online_word") : view.say("offline_word")), el("span", { class: "door-queue", "data-count": waiting }, waiting ? view.say("queue", { count: waiting }) : view.say("sent")));
  const active = document.activeElement?.closest?.(".door-head select");
  if (!active) view.head.replaceChildren(el("h1", {}, roster ? view.named(roster.gate) : view.say("title")), lists, ways, heads, state);
  view.walkButton.hidden = !list?.walk_ins;
  view.walkButton.textContent = view.say(door.direction === "out" ? "walk_out_button" : "walk_in_button");
  showNotes(view);
  showFound(view);
  showDevice(view);
}

function choose(view, values) { showIdle(view); document.activeElement?.blur(); view.door.choose(values); }

function showNotes(view) {
  const { door } = view, lines = [], minutes = Math.round(Math.abs(door.offset) / 60_000);
  if (door.fault) lines.push(view.say(door.fault.code || "roster_tampered", { when: door.fault.values?.until ? view.clock(door.fault.values.until) : "" }));
  else if (!door.roster) lines.push(view.say("working"));
  else if (!door.roster.lists.length) lines.push(view.say("no_lists"));
  if (door.jumped) lines.push(view.say("clock"));
  if (minutes >= 2) lines.push(view.say("clock_off", { minutes }));
  if (door.cramped) lines.push(view.say("cramped", { what: door.cramped }));
  const box = view.querySelector(".door-notes"), text = lines.join("\n");
  if (box.dataset.text !== text) { box.dataset.text = text; box.replaceChildren(...lines.map((line) => el("p", {}, line))); }
}

function showFound(view) {
  const { found } = view.door;
  view.found.hidden = !found.length;
  if (view.found.dataset.count === String(found.length)) return;
  view.found.dataset.count = found.length;
  view.found.replaceChildren(el("h2", {}, `${view.say("doubles")} (${found.length})`), el("ul", {}, found.slice(0, 20).map((one) => el("li", { "data-standing": one.standing }, foundWords(view, one)))));
}

function foundWords(view, one) {
  const { roster } = view.door, index = roster && one.row ? roster.indexOf(one.row) : -1, person = index >= 0 ? roster.person(index) : null;
  // Whoever has ended their registration meanwhile has no name in the roster, but their number.
  const name = person?.name || (person ? view.say("number", { number: person.number }) : one.code.slice(0, 6));
  const where = (told) => view.named(told) || view.say("desk");
  if (one.standing === "apart") return view.say("apart");
  if (one.standing === "double" && !one.own) return view.say("double_first", { name, where: where(one.where), when: view.clock(one.at) });
  if (one.standing === "double") return view.say(one.first?.own ? "double_own" : "double_late", { name, where: where(one.first?.where), when: view.clock(one.first?.at ?? one.at) });
  return view.say(`found_${one.found}`, { name });
}

function showDevice(view) {
  const { door } = view, { roster } = door, open = view.device.open;
  view.device.replaceChildren(el("summary", {}, view.say("settings")), el("p", {}, door.identity.name), roster ? el("p", {}, view.say("roster", { count: roster.count, when: view.clock(roster.until) })) : "",
    door.contact ? el("p", {}, view.say("synced", { when: view.clock(door.contact) })) : "", el("p", {}, view.say("install")), el("button", { type: "button", on: () => view.leave() }, view.say("wipe")), languageLink(view));
  view.device.open = open;
}
