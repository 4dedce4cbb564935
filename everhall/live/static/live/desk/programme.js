// What is on the air, what comes next and when, and the cuts. In: the channel's state, each second; the clock, more
// often. Out: deeds through the server. Must stay true: nothing is shown that the server did not say.
import { $, attribute, make, options, put, show } from "./dom.js";
import { clock, length, say } from "./words.js";

//: Seconds until a cut is seen at the latest: the segment that is being made, and the director's look.
const SEEN_IN = 3;
//: Seconds for which something else may be on the air before it is said.
const SOON = 8;

export class Programme {
  constructor(server, library) {
    Object.assign(this, { server, library, player: null, channel: null, wrong: 0 });
    for (const button of document.querySelectorAll("[data-cut]")) {
      const verb = button.dataset.cut;
      button.addEventListener("click", () => this.cut(verb));
      for (const event of ["mouseenter", "focus"]) button.addEventListener(event, () => this.foresee(verb));
      for (const event of ["mouseleave", "blur"]) button.addEventListener(event, () => this.foresee(null));
    }
    $("tray").addEventListener("submit", (event) => {
      event.preventDefault();
      this.take({ source: $("source").value, name: $("source").selectedOptions[0]?.text });
    });
    $("source").addEventListener("change", () => this.foresee({ name: $("source").selectedOptions[0]?.text }));
    $("plan").addEventListener("click", () => this.#plan());
  }

  update(state, channel) {
    Object.assign(this, { state, channel });
    for (const one of document.querySelectorAll("[data-cut], #tray button")) attribute(one, "disabled", channel ? false : "");
    this.#monitor();
    if (!channel) { put($("now"), say("You direct no channel here.")); return; }
    put($("now"), this.#onNow());
    const next = this.#item(channel.next);
    put($("next"), next ? next.title : say("Nothing is planned"));
    const cut = channel.cuts.at(-1);
    const kind = cut?.kind ?? "auto";
    put($("last"), cut ? say("Last: {what}, {who}, {time}", { what: this.#cutWords(cut), who: cut.by || say("somebody"), time: clock(cut.at) }) : say("Nobody has cut yet: the plan runs."));
    for (const button of document.querySelectorAll("[data-cut]")) attribute(button, "aria-pressed", button.dataset.cut === kind);
    this.wrong = channel.aired && channel.aired.kind !== "segment" && channel.wanted.kind !== "slate" ? this.wrong || this.server.now : 0;
    put($("waiting"), say("The slate stands in: what is wanted is not there."));
    show($("waiting"), this.wrong && this.server.now - this.wrong > SOON);
    this.#sources();
  }

  /** Countdowns; several times a second. */
  tick() {
    const { channel, state } = this;
    if (!channel) return;
    const passed = this.server.now - state.now;
    const left = channel.left === null ? null : channel.left - passed;
    put($("left"), left === null ? (channel.on ? say("no end planned") : "") : left >= 0 ? say("{left} left", { left: length(left) }) : say("over by {left}", { left: length(-left) }));
    $("left").classList.toggle("soon", left !== null && left < 30);
    put($("until"), channel.until_next === null ? "" : say("in {time}", { time: length(channel.until_next - passed) }));
  }

  #item(id) { return id ? this.channel.items.find((item) => item.id === Number(id)) : undefined; }

  /** A source in words. */
  named(source) {
    if (!source || source.startsWith("slate/")) return say("The slate");
    for (const kind of ["feeds", "recordings", "channels"]) {
      const found = this.state[kind].find((one) => one.source === source);
      if (found) return found.name ?? found.title;
    }
    return source;
  }

  #onNow() {
    const { wanted } = this.channel;
    const item = this.#item(wanted.item);
    const source = wanted.source ? this.named(wanted.source) : "";
    if (item) return item.title === source || item.kind === "slate" ? item.title : `${item.title} · ${source}`;
    return source || say(this.channel.cuts.at(-1)?.kind === "slate" ? "The slate" : "Nothing is planned");
  }

  #cutWords(cut) {
    if (cut.kind === "take") return say("take of {what}", { what: cut.label || this.named(cut.source) });
    return say(cut.kind === "auto" ? "back to plan" : cut.kind);
  }

  // ---------------------------------------------------------------- cuts
  /** What would happen. `wish`: a verb, something with a name, or null: nothing is meant. */
  foresee(wish) {
    if (!this.channel || Date.now() < this.said) return;
    const values = { channel: this.channel.name, now: this.#onNow() };
    if (!wish) put($("foresee"), "");
    else if (wish === "auto") put($("foresee"), say("Back to plan: “{what}” replaces “{now}” on {channel} from the next segment on, in about 2 s.", { ...values, what: this.#item(this.channel.back)?.title ?? say("The slate") }));
    else if (wish === "slate") put($("foresee"), say("Slate: it replaces “{now}” on {channel} from the next segment on, in about 2 s.", values));
    else if (wish === "hold") put($("foresee"), say("Hold: “{now}” stays on {channel}, whatever the plan says.", values));
    else put($("foresee"), say("Take: “{what}” replaces “{now}” on {channel} from the next segment on, in about 2 s.", { ...values, what: wish.name }));
  }

  take(thing) { if (thing?.source) return this.cut("take", { source: thing.source }); }

  async cut(verb, body = {}) {
    if (!this.channel) return;
    const answer = await this.server.act(this.channel.id, verb, body);
    if (!answer) return;
    const { cut } = answer;
    this.said = Date.now() + 4000;
    put($("foresee"), say("{what}: stored {time}, on the air with the next segment, by {by} at the latest.", { what: this.#cutWords(cut), time: clock(cut.at), by: clock(cut.at + SEEN_IN) }));
    $("foresee").classList.remove("bad");
  }

  async #plan() {
    const minutes = Number($("minutes").value);
    if (!this.channel || !$("minutes").reportValidity()) return;
    if (await this.server.act(this.channel.id, "plan", { source: $("source").value, duration: minutes > 0 ? Math.round(minutes * 60) : null })) $("minutes").value = "";
  }

  #sources() {
    const { feeds, recordings, channels } = this.state;
    options($("source"), [
      [say("Feeds"), feeds.filter((one) => one.enabled).map((one) => [one.source, `${one.name} · ${one.venue_name}`])],
      [say("Recordings"), recordings.map((one) => [one.source, one.title + (one.duration ? ` · ${length(one.duration)}` : "")])],
      [say("Other channels"), channels.filter((one) => one.id !== this.channel.id && one.enabled).map((one) => [one.source, `${one.name} · ${one.venue_name}`])],
    ]);
  }

  // ---------------------------------------------------------------- the monitor
  #monitor() {
    const id = this.channel?.id ?? null;
    if (this.player && this.player.dataset.channel === String(id)) return;
    this.player?.remove();
    this.player = null;
    if (!this.channel) return;
    // Loaded only when somebody clicks; without sound, because there may be several desks in a room.
    const player = make("ever-player", { live: true, quick: true, src: this.channel.playlist, state: this.channel.state, library: this.library, "data-channel": id, title: this.channel.name });
    $("monitor").append(player);
    this.player = player;
    customElements.whenDefined("ever-player").then(() => { if (player.video) player.video.muted = true; });
  }
}
