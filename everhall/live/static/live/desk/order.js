// The running order: by drag, and by buttons for whoever has no mouse. In: the channel's items. Out: deeds.
import { $, attribute, list, make, put, show } from "./dom.js";
import { clock, length, say } from "./words.js";

const PROBLEMS = {
  overlap: "“{item}” is cut off by “{other}”.", hole: "Nothing is planned between “{item}” and “{other}”.",
  delay: "“{item}” begins later than planned, because it waits for “{other}”.",
  order: "“{item}” was meant to begin before “{other}”, which stands above it.",
  never: "“{item}” never begins: nothing says when.", twice: "“{item}” stands there twice.",
};
const BUTTONS = [["up", "Up", "↑"], ["down", "Down", "↓"], ["begin", "Begin now", "▶"], ["end", "End now", "■"], ["less", "1 minute less", "−1"], ["more", "1 minute more", "+1"], ["drop", "Take it out", "×"]];
const plain = (id) => String(id).split(/[@#]/)[0];

export class Order {
  constructor(server) {
    Object.assign(this, { server, channel: null, dragged: null });
    const order = $("order");
    order.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-do]");
      if (button) this.#do(button.dataset.do, button.closest("li").item);
    });
    order.addEventListener("dragstart", (event) => {
      this.dragged = event.target.closest("li")?.item ?? null;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", this.dragged?.title ?? "");
    });
    order.addEventListener("dragover", (event) => this.#over(event));
    order.addEventListener("drop", (event) => this.#dropped(event));
    order.addEventListener("dragend", () => { this.dragged = null; this.#mark(null); });
  }

  update(channel, now, named) {
    Object.assign(this, { channel, named });
    const items = channel?.items ?? [];
    put($("no-order"), say("Nothing is planned yet. Take something, or put it into the running order above."));
    show($("no-order"), !items.length);
    if (!this.dragged) list($("order"), items, (item) => item.id, () => this.#row(), (row, item, place) => this.#fill(row, item, place, items.length));
    const title = (id) => items.find((item) => String(item.id) === plain(id))?.title ?? say("plan");
    list($("problems"), channel?.problems ?? [], (one) => `${one.code} ${one.item} ${one.other}`, () => make("li"),
      (element, one) => put(element, say(PROBLEMS[one.code] ?? one.code, { item: title(one.item), other: title(one.other) })));
  }

  #row() {
    return make("li", { draggable: "true" }, make("span", { class: "grip", "aria-hidden": "true", title: say("Drag to move") }, "⠿"),
      make("span", { class: "when figures" }), make("span", { class: "what" }, make("strong"), make("span", { class: "quiet" }), make("em", { class: "blocked", hidden: true }, say("may not be aired now: the slate stands in"))),
      make("span", { class: "tally" }),
      make("span", { class: "does" }, ...BUTTONS.map(([verb, , sign]) => make("button", { type: "button", "data-do": verb }, sign))));
  }

  #fill(row, item, place, all) {
    row.item = item;
    const on = plain(this.channel.on ?? "") === String(item.id);
    const next = plain(this.channel.next ?? "") === String(item.id);
    row.className = on ? "on-air" : next ? "next" : "";
    put(row.querySelector(".when"), item.begin === null ? "–" : clock(item.begin));
    put(row.querySelector("strong"), item.title);
    const source = this.named(item.source);
    put(row.querySelector(".what .quiet"), [item.duration === null ? say("open end") : length(item.duration), source === item.title ? "" : source].filter(Boolean).join(" · "));
    show(row.querySelector(".blocked"), item.blocked);
    put(row.querySelector(".tally"), on ? say("On air") : next ? say("Next") : "");
    for (const [verb, words] of BUTTONS) {
      const button = row.querySelector(`[data-do="${verb}"]`);
      attribute(button, "aria-label", `${say(words)}: ${item.title}`);
      attribute(button, "title", say(words));
      const off = (verb === "up" && place === 0) || (verb === "down" && place === all - 1) || (verb === "end" && !on)
        || ((verb === "less" || verb === "more") && item.duration === null) || (verb === "begin" && on);
      // Not `disabled`: whoever moves an item up with the keyboard must not lose the place at the top.
      attribute(button, "aria-disabled", off ? "true" : null);
    }
  }

  #do(verb, item) {
    const items = this.channel.items;
    const place = items.findIndex((one) => one.id === item.id);
    const act = (name, body) => this.server.act(this.channel.id, name, { item: item.id, ...body });
    const button = document.activeElement;
    if (button?.getAttribute("aria-disabled") === "true") return;
    if (verb === "up" && place > 0) act("move", { before: items[place - 1].id });
    else if (verb === "down" && place < items.length - 1) act("move", { before: items[place + 2]?.id ?? null });
    else if (verb === "less" || verb === "more") act("stretch", { seconds: verb === "more" ? 60 : -60 });
    else if (verb === "drop" && window.confirm(say("Take “{title}” out of the running order?", { title: item.title }))) act("drop");
    else if (verb === "begin" || verb === "end") act(verb);
  }

  // ---------------------------------------------------------------- drag
  /** The row before which it would be put; null: to the end. */
  #before(event) {
    return [...$("order").children].find((row) => event.clientY < row.getBoundingClientRect().top + row.offsetHeight / 2) ?? null;
  }

  #over(event) {
    if (!this.dragged) return;
    event.preventDefault();
    this.#mark(this.#before(event) ?? $("order").lastElementChild, !this.#before(event));
  }

  #mark(row, below = false) {
    for (const one of $("order").children) {
      one.classList.toggle("drop-above", one === row && !below);
      one.classList.toggle("drop-below", one === row && below);
    }
  }

  #dropped(event) {
    event.preventDefault();
    const before = this.#before(event)?.item ?? null;
    if (this.dragged && before?.id !== this.dragged.id) this.server.act(this.channel.id, "move", { item: this.dragged.id, before: before?.id ?? null });
  }
}
