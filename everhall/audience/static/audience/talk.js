// <ever-talk room="key">: taking part in a session, over useful HTML; and <ever-danmaku>, which comes with it.
//
// Without this module the element shows what stands in it. Must stay true: a part that the moderators switch off goes from
// the page, without a reload; nobody has to give a name.
import { make, put } from "./dom.js";
import "./danmaku.js";
import { Chat, Polls, Questions, Reactions } from "./panels.js";
import { roomOf } from "./room.js";
import { say, why } from "./words.js";

const PARTS = { chat: ["Chat", Chat], questions: ["Questions", Questions], polls: ["Poll", Polls] };

class EverTalk extends HTMLElement {
  connectedCallback() {
    if (this.room) return;
    this.room = roomOf(this.getAttribute("room"));
    this.room.addEventListener("settings", () => this.arrange());
    this.room.addEventListener("viewers", () => put(this.viewers, say("{count} watching", { count: this.room.state.viewers.now })));
    this.room.addEventListener("me", () => this.meet());
    this.viewers = make("p", { class: "viewers figures" });
    this.told = make("p", { class: "notice", role: "status", hidden: true });
    this.who = make("p", { class: "who" });
    this.tabs = make("div", { class: "tabs", role: "tablist", "aria-label": say("Taking part") });
    this.panels = make("div", { class: "panels" });
    this.parts = {};
    this.room.known();
    this.meet();
  }

  arrange() {
    const { settings } = this.room;
    this.classList.add("ready");
    if (!this.reactions) {
      this.reactions = new Reactions(this.room);
      this.replaceChildren(make("div", { class: "talk-head" }, this.viewers, this.reactions.element), this.told, this.tabs, this.panels, this.who);
    }
    this.reactions.element.hidden = !settings.reactions;
    const wanted = Object.keys(PARTS).filter((name) => settings[name]);
    for (const name of Object.keys(this.parts)) if (!wanted.includes(name)) this.remove_(name);
    for (const name of wanted) if (!this.parts[name]) this.add(name);
    if (!this.parts[this.chosen]) this.choose(wanted[0]);
    this.who.hidden = !wanted.length;
  }

  add(name) {
    const [label, Part] = PARTS[name];
    const id = `talk-${this.room.key}-${name}`, part = new Part(this.room);
    const tab = make("button", { type: "button", role: "tab", id: `${id}-tab`, "aria-controls": id, onclick: () => this.choose(name), onkeydown: (event) => this.move(event, name) }, say(label));
    const panel = make("div", { role: "tabpanel", id, "aria-labelledby": `${id}-tab`, tabindex: -1 }, part.element);
    this.parts[name] = { tab, panel };
    // In their own order, whenever they are switched on.
    const after = Object.keys(PARTS).slice(Object.keys(PARTS).indexOf(name) + 1).find((other) => this.parts[other]);
    this.tabs.insertBefore(tab, this.parts[after]?.tab ?? null);
    this.panels.insertBefore(panel, this.parts[after]?.panel ?? null);
    if (this.chosen) this.choose(this.chosen);
  }

  remove_(name) {
    const { tab, panel } = this.parts[name];
    tab.remove();
    panel.remove();
    delete this.parts[name];
  }

  choose(name) {
    this.chosen = name;
    for (const [one, { tab, panel }] of Object.entries(this.parts)) {
      tab.setAttribute("aria-selected", String(one === name));
      tab.tabIndex = one === name ? 0 : -1;
      panel.hidden = one !== name;
    }
  }

  move(event, name) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = Object.keys(PARTS).filter((one) => this.parts[one]);
    const next = names[(names.indexOf(name) + step + names.length) % names.length];
    this.choose(next);
    this.parts[next].tab.focus();
    event.preventDefault();
  }

  meet() {
    const { me } = this.room;
    this.told.hidden = !me?.muted;
    put(this.told, me?.muted ? why({ code: "muted" }) : "");
    const input = make("input", { type: "text", maxlength: 24, autocomplete: "nickname", placeholder: say("Your name (optional)"), "aria-label": say("Your name (optional)") });
    const told = make("span", { role: "status" });
    const form = make("form", { class: "line-form", hidden: Boolean(me), onsubmit: async (event) => {
      event.preventDefault();
      try { await this.room.join(input.value); } catch (refusal) { put(told, why(refusal)); }
    } }, input, make("button", { type: "submit", class: "button quiet" }, say(me ? "Change name" : "Join")), told);
    const known = me && make("span", {}, say("You are {name}", { name: me.name }), " ", make("button", { type: "button", class: "link", onclick: () => { form.hidden = false; input.value = me.name; input.focus(); } }, say("Change name")));
    this.who.replaceChildren(...(known ? [known] : []), form);
  }
}

customElements.define("ever-talk", EverTalk);
