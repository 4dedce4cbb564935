// People found by a name, a group or a number, each to be let in by a touch.
//
// In: the page with its Door, what was typed. Out: nothing. Must stay true: nobody is let in by being found.
import { el } from "./parts.js";
import { showIdle } from "./verdict.js";

export function showResults(view, words) {
  const { roster, list } = view.door, found = roster ? roster.search(words, list) : [], source = /^\d+$/.test(words.trim()) ? "number" : "name";
  showIdle(view);
  view.results.replaceChildren(el("h2", {}, found.length ? view.say("results", { count: found.length }) : view.say("nobody")), el("ul", {}, found.map((person) => {
    const came = view.door.passedBy(person.row, "").filter((one) => one.direction === "in")[0];
    const act = () => { view.results.replaceChildren(); view.text.value = ""; view.inLine(() => view.decided(() => view.door.byHand(person.index, source), (coming) => view.door.byHand(person.index, source, coming))); };
    return el("li", {}, el("button", { type: "button", on: act }, el("b", {}, person.name || view.say("no_name")), el("span", {}, [view.say("number", { number: person.number }), person.group || person.organisation, person.companions, person.seats > 1 ? view.say("seats", { count: person.seats }) : "", came ? view.say("came", { when: view.clock(came.at) }) : ""].filter(Boolean).join(" · "))));
  })));
}
