// <ever-player src="…/index.m3u8" live>: one player for channels and recordings, over useful HTML.
//
// Without this module the element shows what stands in it (poster, words, a link). Attributes: src; library (address of
// hls.js); live; quick (low latency); instep (shows what all others of the channel show, live only); staff (tells how far
// from the others it is); sound (address of the sound alone); state (address of state.json, live only);
// ends (seconds since the epoch at which the session on this page ends), next and next-title (where to go on); of
// counted (what the seconds that are watched count for, see watched.js); of recordings storyboard (WebVTT of small pictures) and waveform (JSON of peaks).
import { isBreak, remember } from "./aired.js";
import { Controls } from "./controls.js";
import { make } from "./elements.js";
import { Engine } from "./engine.js";
import { Watched } from "./watched.js";
import { say } from "./words.js";

const ASK_STATE = 3000;
//: Milliseconds for which a picture may stand still without a word.
const SILENCE = 2500;

class EverPlayer extends HTMLElement {
  connectedCallback() {
    if (this.video) return;
    this.live = this.hasAttribute("live");
    this.aired = [];
    this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.before = [...this.childNodes];
    const poster = this.querySelector("img");
    this.video = make("video", { playsinline: true, preload: "none", tabindex: -1, poster: poster?.currentSrc || poster?.src || null });
    this.engine = new Engine(this.video, this.getAttribute("library"));
    this.controls = new Controls(this, this.engine, { live: this.live });
    this.start = make("button", { type: "button", class: "start", onclick: () => this.begin() }, make("span", {}, say("Watch")));
    this.message = make("p", { class: "message", role: "status", hidden: true });
    this.replaceChildren(...(poster ? [this.still = make("div", { class: "still" }, poster)] : []), this.video, this.message, this.start, this.controls.element);
    this.classList.add("ready");
    this.engine.addEventListener("ready", () => this.#ready());
    this.engine.addEventListener("trouble", () => this.tell(say("Connecting again …")));
    this.engine.addEventListener("gone", () => this.#gone());
    this.engine.addEventListener("step", () => this.#step());
    this.video.addEventListener("playing", () => { clearTimeout(this.patience); this.tell(""); this.classList.add("began"); });
    this.video.addEventListener("waiting", () => this.#wait());
    this.video.addEventListener("canplay", () => { clearTimeout(this.patience); this.classList.remove("waits"); });
    this.video.addEventListener("timeupdate", () => { this.#ended(); this.#explain(); });
    this.video.addEventListener("pause", () => this.#idle());
    if (this.hasAttribute("counted")) this.watched = new Watched(this.video, this.getAttribute("counted"), undefined, () => this.getAttribute("attend") ?? "");
    this.addEventListener("pointermove", () => this.#awake());
    // Chapters beside the player lead into it.
    for (const mark of document.querySelectorAll("[data-seek]"))
      mark.addEventListener("click", (event) => { event.preventDefault(); this.seek(Number(mark.dataset.seek)); });
    this.video.addEventListener("click", () => this.controls.toggle());
  }

  disconnectedCallback() {
    clearInterval(this.asking);
    clearTimeout(this.patience);
    this.watched?.stop();
    this.engine?.stop();
  }

  get soundOnly() { return this.getAttribute("sound"); }
  /** Milliseconds from the moment that all players of the channel should show; null if not known. Positive: ahead. */
  get offset() {
    const offset = this.engine?.inStep?.offset ?? null;
    return offset === null ? null : offset * 1000;
  }
  get saving() { return this.save ?? Boolean(navigator.connection?.saveData); }

  begin() {
    this.wants = true;
    this.classList.add("started", "waits");
    this.start.hidden = true;
    this.#load();
    this.video.play().catch(() => {});
    this.focus({ preventScroll: true });
    if (!this.live || !this.getAttribute("state")) return;
    this.asking = setInterval(() => this.#ask(), ASK_STATE);
    this.video.addEventListener("playing", () => this.#ask(), { once: true });
  }

  /** Play from a second of the recording on. */
  seek(second) {
    if (!this.wants) {
      this.engine.from = second;
      this.begin();
    } else this.video.currentTime = second;
    this.scrollIntoView({ block: "nearest" });
  }

  #load() {
    const src = this.listening ? this.soundOnly : this.getAttribute("src");
    this.classList.toggle("listening", Boolean(this.listening));
    return this.engine.load({ src, live: this.live, quick: this.hasAttribute("quick"), instep: this.hasAttribute("instep") });
  }

  /** The engine tries again by itself long before it gives up; whoever looks at a still picture is told sooner. */
  #wait() {
    if (!this.wants) return;
    this.classList.add("waits");
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.tell(say("Connecting again …")), SILENCE);
  }

  #ready() {
    this.saveData(this.saving);
    if (this.wants) this.video.play().catch((refused) => {
      if (refused.name !== "NotAllowedError") return;
      this.video.muted = true; // a browser that plays only silently: say so rather than show nothing
      this.video.play().then(() => this.tell(say("Sound is off. Press to hear."))).catch(() => {});
    });
    this.controls.show();
  }

  #gone() {
    this.replaceChildren(...this.before, make("p", { class: "notice" }, say("This cannot be played here.")));
    this.classList.remove("ready");
  }

  quality(value) {
    const listening = value === "sound";
    if (listening !== Boolean(this.listening)) {
      this.listening = listening;
      this.#load();
    }
    if (!listening) this.engine.level = +value;
  }

  saveData(on) {
    this.save = on;
    this.engine.cap = on ? 360 : 0;
  }

  tell(words) {
    if (this.message.textContent === words) return;
    this.message.textContent = words;
    this.message.hidden = !words;
  }

  /** The slate has no words of its own, so the player says them while it is seen. */
  #explain() {
    // While nothing moves, the words are the engine's.
    if (!this.live || !this.aired.length || this.classList.contains("waits")) return;
    const words = say("One moment. It goes on by itself.");
    const moment = this.engine.moment;
    if (moment !== null && isBreak(this.aired, moment)) this.tell(words);
    else if (this.message.textContent === words) this.tell("");
  }

  async #ask() {
    if (document.hidden || this.video.paused) return;
    try {
      const answer = await fetch(this.getAttribute("state"), { cache: "no-store" });
      if (!answer.ok) return;
      const state = await answer.json();
      this.aired = remember(this.aired, state.spans ?? []);
      this.#explain();
      this.dispatchEvent(new CustomEvent("ever-state", { bubbles: true, detail: state }));
    } catch { /* the network is away; the engine tells */ }
  }

  /** Sound never runs on into the next session unasked. */
  #ended() {
    const ends = Number(this.getAttribute("ends"));
    const moment = this.engine.moment;
    if (!this.live || !ends || this.over || !moment || moment < ends) return;
    this.over = true;
    this.video.pause();
    const next = this.getAttribute("next");
    const title = this.getAttribute("next-title");
    this.append(this.after = make("div", { class: "after" }, make("p", {}, say("This session has ended.")),
      ...(next ? [make("p", {}, `${say("Next on this stage")}: `, make("a", { href: next }, title ?? next))] : []),
      make("button", { type: "button", onclick: () => { this.after.remove(); this.video.play().catch(() => {}); this.focus(); } }, say("Go on watching"))));
    this.after.querySelector("a, button").focus();
  }

  #step() {
    this.dispatchEvent(new CustomEvent("ever-instep", { bubbles: true, detail: { state: this.engine.inStep.state, offset: this.offset } }));
  }

  #awake() {
    this.classList.remove("idle");
    clearTimeout(this.sleep);
    this.sleep = setTimeout(() => { if (!this.video.paused && !this.contains(document.activeElement?.closest(".controls"))) this.classList.add("idle"); }, 2500);
  }

  #idle() { this.classList.remove("idle"); }
}

if (!customElements.get("ever-player")) customElements.define("ever-player", EverPlayer);
