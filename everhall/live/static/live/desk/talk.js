// Notes between venues, and the log of what was done. In: the state. Out: a note.
import { $, list, make, options, put } from "./dom.js";
import { clock, say } from "./words.js";

/** A list that stays at its end unless somebody has scrolled away from it. */
function atEnd(element, change) {
  const held = element.scrollHeight - element.scrollTop - element.clientHeight < 30;
  change();
  if (held) element.scrollTop = element.scrollHeight;
}

export class Talk {
  constructor(server) {
    $("note").addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = $("note-text").value;
      if (text.trim() && await server.post(server.addresses.note, { text, to: $("note-to").value, from: this.from ?? "" })) $("note-text").value = "";
    });
  }

  update(state, channel) {
    this.from = channel?.venue ?? state.venues[0]?.code;
    const venues = new Map([...state.feeds, ...state.channels].map((one) => [one.venue, one.venue_name]));
    options($("note-to"), [["", [["", say("to all")], ...[...venues].map(([code, name]) => [code, say("to {venue}", { venue: name })])]]]);
    const notes = state.notes.length ? state.notes : [{ id: 0, text: say("No notes yet."), nobody: true }];
    atEnd($("notes"), () => list($("notes"), notes, (one) => one.id, (one) => (one.nobody ? make("li", { class: "quiet" }, one.text)
      : make("li", {}, make("span", { class: "head" }, make("time", { class: "figures" }, clock(one.at)), ` ${one.by}`, make("b", {}, ` ${one.from ?? ""} → ${one.to ?? say("to all")}`)), make("span", {}, one.text)))));
    const log = channel?.log?.length ? channel.log : [{ id: 0, nobody: true }];
    list($("log"), log, (one) => one.id, (one) => (one.nobody ? make("li", { class: "quiet" }, say("Nothing was done yet."))
      : make("li", {}, make("span", { class: "head" }, make("time", { class: "figures" }, clock(one.at)), make("b", {}, ` ${one.by || say("somebody")}`)), make("span", {}, one.text))));
  }
}

export const linkWords = (element, words, good) => {
  put(element, words);
  element.classList.toggle("bad", !good);
};
