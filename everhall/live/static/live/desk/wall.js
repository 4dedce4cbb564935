// The multiview. In: the state, the channel that is directed. Out: tiles; calls `take(feed)` and `foresee(feed)`.
import { $, attribute, list, make, options, put, show } from "./dom.js";
import { isLive, loudness, rate, stateOf, warnings } from "./feeds.js";
import { Pictures } from "./pictures.js";
import { say } from "./words.js";

const PAGE = 10;

export class Wall {
  constructor({ take, foresee }) {
    Object.assign(this, { take, foresee, page: 0, feeds: [] });
    this.pictures = new Pictures();
    $("venue").addEventListener("change", () => { this.page = 0; this.draw(); });
    $("pager").addEventListener("click", (event) => {
      const step = event.target.closest("[data-page]")?.dataset.page;
      if (step) this.turn(Number(step));
    });
  }

  /** The n-th feed of the page that the digits are for, from 0 on. */
  nth(n) { return this.feeds[this.page * PAGE + n]; }

  turn(step) {
    const pages = Math.max(1, Math.ceil(this.feeds.length / PAGE));
    this.page = (this.page + step + pages) % pages;
    this.draw();
  }

  update(state, channel, now) {
    Object.assign(this, { state, channel, now });
    const venues = new Map(state.feeds.map((feed) => [feed.venue, feed.venue_name]));
    options($("venue"), [["", [["", say("All venues")], ...venues]]]);
    this.draw();
  }

  draw() {
    if (!this.state) return;
    const venue = $("venue").value;
    this.feeds = this.state.feeds.filter((feed) => !venue || feed.venue === venue);
    if (this.page * PAGE >= this.feeds.length) this.page = 0;
    const first = this.page * PAGE;
    put($("page"), say("Keys 1 to 0 take {first} to {last} of {all}", { first: first + 1, last: Math.min(first + PAGE, this.feeds.length), all: this.feeds.length }));
    show($("pager"), this.feeds.length > PAGE);
    put($("no-feeds"), say("No feeds yet."));
    show($("no-feeds"), !this.feeds.length);
    for (const element of $("wall").children) if (!this.feeds.some((feed) => element.feed.id === feed.id)) this.pictures.remove(element.image);
    list($("wall"), this.feeds, (feed) => feed.id, (feed) => this.#tile(feed), (tile, feed, place) => this.#fill(tile, feed, place - first));
  }

  #tile(feed) {
    const image = make("img", { alt: "", decoding: "async" });
    const act = () => this.take(tile.feed);
    const see = () => this.foresee(tile.feed);
    const button = make("button", { type: "button", class: "shot", onclick: act, onmouseenter: see, onfocus: see, onmouseleave: () => this.foresee(null), onblur: () => this.foresee(null) },
      image, make("span", { class: "does w-sr-only" }), make("span", { class: "none" }, say("No picture")), make("kbd", {}), make("span", { class: "tally" }));
    const tile = make("li", {}, button, make("div", { class: "about" }, make("strong"), make("span", { class: "venue" }),
      make("span", { class: "bar", role: "meter", "aria-label": say("Loudness"), "aria-valuemin": 0, "aria-valuemax": 100 }, make("i")),
      make("span", { class: "numbers figures" }), make("ul", { class: "warnings" })));
    Object.assign(tile, { feed, image, button });
    this.pictures.add(image);
    return tile;
  }

  #fill(tile, feed, place) {
    tile.feed = feed;
    const find = (selector) => tile.querySelector(selector);
    const onAir = this.channel?.wanted?.source === feed.source;
    const next = !onAir && this.channel?.items?.find((item) => item.id === Number(this.channel.next))?.source === feed.source;
    const others = this.state.channels.filter((one) => one.id !== this.channel?.id && one.wanted?.source === feed.source).map((one) => one.name);
    const key = place >= 0 && place < PAGE ? String((place + 1) % 10) : "";
    tile.className = onAir ? "on-air" : next ? "next" : others.length ? "elsewhere" : "";
    put(find("strong"), feed.name);
    put(find(".venue"), feed.venue_name);
    put(find("kbd"), key);
    show(find("kbd"), key);
    put(find(".tally"), onAir ? say("On air") : next ? say("Next") : others.length ? say("On air on {channel}", { channel: others.join("、") }) : "");
    // In the button, so that who hears it hears also what is seen in it: its key, and that it is on air.
    put(find(".does"), say("Take {name}", { name: `${feed.name}, ${feed.venue_name}` }));
    attribute(tile.button, "disabled", this.channel?.wanted && feed.enabled ? false : "");
    const at = feed.told?.picture_at;
    this.pictures.want(tile.image, at && feed.enabled ? `${feed.picture}?${Math.round(at * 1000)}` : "");
    tile.classList.toggle("gone", !isLive(feed));
    show(find(".none"), !at || !feed.enabled);
    const level = loudness(feed);
    find(".bar i").style.setProperty("--level", level.toFixed(3));
    attribute(find(".bar"), "aria-valuenow", Math.round(level * 100));
    put(find(".numbers"), [isLive(feed) ? "" : stateOf(feed), rate(feed)].filter(Boolean).join(" · "));
    list(find(".warnings"), warnings(feed, this.now), (one) => one.code, (one) => make("li", { class: one.mild ? "mild" : "" }), (element, one) => put(element, one.words));
  }
}
