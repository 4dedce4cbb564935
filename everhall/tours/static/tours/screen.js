// <ever-hall-screen>: a kiosk that one touches, or a wall that one looks at. It goes round by itself until somebody touches it, and
// begins anew when nobody has for a while.
//
// Everything it shows comes from screen.json, which its worker keeps (screen_cache.js). Must stay true: no way leads out of it but the
// staff's menu; whoever touches it is not moved on; it never stands still without saying so (a pause is a button); without a
// network it goes on as it was and tells how old its content is.
import { News } from "../realtime/news.js";
import { age, idleness, next, ofTheHour, screenName, SILENCE, wall } from "./screen_clock.js";
import { controls, grid, make, single, warning } from "./screen_views.js";
import { staffMenu } from "./screen_staff.js";
import { say } from "./screen_words.js";

const SIZES = [1, 1.25, 1.5];
const HEARTBEAT = 30_000;
//: After news, and now and then: how late it is looked for news, so that the screens of a hall do not all ask at once.
const LOOKS = [400, 3000, 12_000];
const NOW_AND_THEN = 5 * 60_000;

class EverHallScreen extends HTMLElement {
  // "loop" goes round by itself; "single", "all": somebody has touched it.
  #mode = "loop"; #at = 0; #key = null; #paused = false; #size = 0; #touched = 0; #moved = 0; #heard = 0; #kept = null; #sound = null; #page = 0;

  async connectedCallback() {
    if (this.base) return;
    this.base = this.dataset.base;
    this.language = this.dataset.language;
    this.first = this.language;
    this.#heard = this.#touched = this.#moved = Date.now();
    this.#listen();
    await this.#load();
    this.#worker();
    this.#wake();
    setInterval(() => this.#tick(), 250);
    setInterval(() => this.#beat(), HEARTBEAT);
    setInterval(() => this.#look(), NOW_AND_THEN);
    this.#beat();
  }

  get items() { return this.contents?.items ?? []; }

  // ---------------------------------------------------------------- contents
  async #load() {
    for (let pause = 1000; ; pause = Math.min(2 * pause, 15_000)) {
      try {
        const answer = await fetch(`${this.base}screen.json`);
        if (answer.ok) { this.#take(await answer.json()); return; }
      } catch {
        // no network and nothing kept yet
      }
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }

  #take(contents) {
    // Another build of the page: it is taken whole, when nobody looks.
    if (contents.shell !== document.documentElement.dataset.shell && this.#kept) { this.stale = true; }
    this.contents = contents;
    if (!contents.languages.includes(this.first)) this.first = contents.languages[0];
    if (!contents.languages.includes(this.language)) this.language = this.first;
    this.#at = next(this.#at, this.items.length, 0);
    if (this.#key && !this.items.some((item) => item.key === this.#key)) this.#begin();
    this.#draw();
    this.#until();
  }

  // What the clock alone changes is looked for when it is due.
  #until() {
    clearTimeout(this.due);
    const { until } = this.contents;
    if (until) this.due = setTimeout(() => this.#look(), Math.min(Math.max(until - Date.now(), 0) + 500 + Math.random() * 3000, 2 ** 31 - 1));
  }

  async #worker() {
    if (!("serviceWorker" in navigator)) return;
    navigator.serviceWorker.addEventListener("message", ({ data }) => this.#told(data));
    try {
      this.registration = await navigator.serviceWorker.register(`${this.base}worker.js`, { type: "module", updateViaCache: "none" });
      await navigator.serviceWorker.ready;
      this.#ask({ kind: "state" });
    } catch {
      // A browser without workers shows everything as long as it has a network.
    }
  }

  #ask(word) { this.registration?.active?.postMessage(word); }

  async #told({ kind, current }) {
    if (kind === "gone") { location.reload(); return; }
    if (current) this.#kept = current;
    if (kind === "new" || kind === "changed") await this.#again();
    else this.#status();
  }

  async #again() {
    try {
      const answer = await fetch(`${this.base}screen.json`);
      if (answer.ok) this.#take(await answer.json());
    } catch {
      // what is shown stays
    }
  }

  #look({ anew = false } = {}) {
    if (this.registration?.active) this.#ask({ kind: "refresh", anew });
    else this.#again();
  }

  #listen() {
    News.here().follow(`screens.${this.dataset.edition}`, {
      onNews: () => { for (const late of LOOKS) setTimeout(() => this.#look(), late + Math.random() * 400); },
      onGap: () => this.#look(),
    });
    addEventListener("online", () => { this.#beat(); this.#look(); });
    addEventListener("offline", () => { this.#heard = 0; this.#status(); });
    for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) addEventListener(kind, () => this.#touch(), { capture: true, passive: true });
    for (const kind of ["contextmenu", "dragstart", "selectstart"]) addEventListener(kind, (event) => { if (!event.target.closest?.("input")) event.preventDefault(); });
    document.addEventListener("visibilitychange", () => this.#wake());
    addEventListener("resize", () => this.#draw());
    addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") this.#step(1);
      if (event.key === "ArrowLeft") this.#step(-1);
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) this.#begin();
    });
  }

  async #beat() {
    try {
      this.name ??= this.#named();
      const body = JSON.stringify({ screen: this.name, version: this.#kept?.version ?? this.contents?.version ?? "" });
      const answer = await fetch(`${this.base}seen/`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      if (!answer.ok && answer.status >= 500) throw new Error(String(answer.status));
      const was = this.offline;
      this.#heard = Date.now();
      // Back: what was withdrawn meanwhile must vanish now.
      if (was) this.#look();
    } catch {
      this.#heard = Math.min(this.#heard, Date.now() - SILENCE);
    }
    this.#status();
  }

  #named() {
    const key = "everhall.screen";
    const kept = localStorage.getItem(key);
    if (/^[a-z0-9]{12}$/.test(kept ?? "")) return kept;
    const made = screenName(crypto.getRandomValues(new Uint8Array(12)));
    localStorage.setItem(key, made);
    return made;
  }

  async #wake() {
    if (document.hidden) return;
    try {
      this.lock = await navigator.wakeLock?.request("screen");
    } catch {
      // The machine's own settings keep it awake then.
    }
  }

  get offline() { return Date.now() - this.#heard >= SILENCE; }

  // ---------------------------------------------------------------- time
  #touch() {
    // Over the warning a press counts when it is lifted: what lies below must not get the rest of it.
    if (!this.querySelector(".screen-warning")) this.#touched = Date.now();
  }

  #stay() {
    this.querySelector(".screen-warning")?.remove();
    this.#touched = Date.now();
  }

  #tick() {
    const now = Date.now();
    if (!this.contents) return;
    const touched = this.#mode !== "loop" || this.#size || this.#paused || this.language !== this.first;
    if (touched && !document.querySelector("dialog[open]")) this.#idle(now);
    if (this.#mode !== "loop" || this.#paused) return;
    if (this.contents.kind === "hour") {
      if (ofTheHour(this.contents.hours ?? [], now)?.code !== this.hour) this.#draw();
      return;
    }
    const share = Math.min(1, (now - this.#moved) / 1000 / this.contents.seconds);
    this.querySelector(".screen-progress")?.style.setProperty("--share", share);
    if (share >= 1) this.#turn(1);
  }

  #idle(now) {
    const { state, left } = idleness(this.#touched, now, this.contents.idle);
    const shown = this.querySelector(".screen-warning");
    if (state === "over") { this.#begin(); return; }
    if (state === "busy") { shown?.remove(); return; }
    if (!shown) {
      const made = warning(left, this.language, () => this.#stay());
      this.append(made);
      made.querySelector("button").focus();
    } else {
      shown.querySelector(".screen-left").textContent = String(left);
      shown.querySelector(".screen-left-words").textContent = say("left", this.language, { n: left });
    }
  }

  /** As nobody has been here. */
  #begin() {
    if (this.stale) { location.reload(); return; }
    Object.assign(this, { language: this.first });
    this.#mode = "loop"; this.#paused = false; this.#size = 0; this.#at = 0; this.#key = null; this.#page = 0;
    this.#hush();
    this.#moved = this.#touched = Date.now();
    this.querySelector(".screen-warning")?.remove();
    this.#draw();
  }

  // ---------------------------------------------------------------- what people do
  #turn(step) {
    this.#moved = Date.now();
    if (this.contents.kind === "wall") this.#page += step;
    else this.#at = next(this.#at, this.items.length, step);
    if (this.stale && step === 1 && this.#at === 0) { location.reload(); return; }
    this.#draw();
  }

  #step(step) {
    if (this.#mode !== "single") { this.#mode = "single"; this.#key ??= this.items[this.#at]?.key; } 
    const at = this.items.findIndex((item) => item.key === this.#key);
    this.#choose(this.items[next(Math.max(at, 0), this.items.length, step)]?.key);
  }

  #choose(key) {
    if (!key) return;
    this.#hush();
    this.#mode = "single";
    this.#key = key;
    this.#at = Math.max(0, this.items.findIndex((item) => item.key === key));
    this.#draw();
  }

  #hush() { this.#sound?.pause(); this.#sound = null; }

  #listenTo(item) {
    const address = item[this.language].sound;
    if (!address) return null;
    const button = make("button", { type: "button", class: "screen-button sound", "data-name": "sound" }, make("b", {}, say("listen", this.language)));
    button.addEventListener("click", () => {
      if (this.#sound) { this.#hush(); button.firstChild.textContent = say("listen", this.language); return; }
      this.#sound = new Audio(address);
      button.firstChild.textContent = say("quiet", this.language);
      // Whoever listens is there.
      this.#sound.addEventListener("timeupdate", () => this.#touch());
      this.#sound.addEventListener("ended", () => { this.#sound = null; button.firstChild.textContent = say("listen", this.language); });
      this.#sound.play().catch(() => this.#hush());
    });
    return button;
  }

  // ---------------------------------------------------------------- drawing
  #draw() {
    if (!this.contents) return;
    const focused = document.activeElement?.dataset?.name;
    const root = document.documentElement;
    root.lang = this.language === "en" ? "en" : "zh-Hans";
    root.style.setProperty("--screen-zoom", SIZES[this.#size]);
    root.dataset.mode = this.#mode;
    root.dataset.kind = this.contents.kind;
    const main = make("main", {}, this.#view());
    const foot = make("footer", {}, this.#bar(), make("p", { class: "screen-status", role: "status" }));
    this.querySelector(":scope > main")?.remove();
    this.querySelector(":scope > footer")?.remove();
    this.prepend(main, foot);
    this.#status();
    if (focused) this.querySelector(`[data-name="${focused}"]`)?.focus();
  }

  #view() {
    const { kind } = this.contents;
    if (!this.items.length) return make("div", { class: "screen-nothing" }, make("h1", {}, this.contents.name[this.language]), make("p", {}, say("nothing", this.language)));
    if (this.#mode === "all") return make("div", { class: "screen-all" }, make("h1", {}, this.contents.name[this.language]), grid(this.items, this.language, (key) => this.#choose(key)));
    if (this.#mode === "loop" && kind === "wall") return this.#wall();
    if (this.#mode === "loop" && kind === "hour") return this.#hour();
    const item = (this.#mode === "single" && this.items.find((each) => each.key === this.#key)) || this.items[this.#at];
    const at = this.items.indexOf(item);
    const told = kind === "tour" ? say("stop", this.language, { n: at + 1, count: this.items.length }) : "";
    return single(item, this.language, { told, sound: this.#mode === "single" ? this.#listenTo(item) : null });
  }

  #hour() {
    const hour = ofTheHour(this.contents.hours ?? [], Date.now());
    this.hour = hour?.code;
    const item = this.items.find((each) => each.key === hour?.code) ?? this.items[0];
    this.#at = this.items.indexOf(item);
    return single(item, this.language, { told: say("hour", this.language) });
  }

  #wall() {
    const height = Math.max(240, innerHeight * 0.86);
    const { columns, rows } = wall(this.items.length, innerWidth, height);
    const fit = columns * rows;
    const pages = Math.ceil(this.items.length / fit);
    const page = next(this.#page, pages, 0);
    const shown = this.items.slice(page * fit, (page + 1) * fit);
    // The last page is filled up from the first, so that no hole gapes in the wall.
    for (let n = 0; pages > 1 && shown.length < fit; n += 1) shown.push(this.items[n]);
    return make("div", { class: "screen-wall" }, make("h1", { class: "hidden-words" }, this.contents.name[this.language]), grid(shown, this.language, (key) => this.#choose(key), { columns, rows, rest: this.contents.name[this.language] }));
  }

  #bar() {
    const words = (word) => say(word, this.language);
    const loop = this.#mode === "loop";
    const { kind, languages, pin } = this.contents;
    const moves = this.items.length > 1 && !(kind === "hour" && loop);
    const again = () => { this.#size = (this.#size + 1) % SIZES.length; this.#draw(); };
    return controls([
      !loop && { name: "back", sign: "home", words: words("back"), act: () => this.#begin() },
      moves && this.#mode !== "all" && { name: "before", sign: "left", words: words("before"), act: () => (loop ? this.#turn(-1) : this.#step(-1)) },
      moves && loop && { name: "pause", sign: this.#paused ? "play" : "pause", words: words(this.#paused ? "play" : "pause"), act: () => { this.#paused = !this.#paused; this.#moved = Date.now(); this.#draw(); }, pressed: this.#paused },
      moves && this.#mode !== "all" && { name: "after", sign: "right", words: words("after"), act: () => (loop ? this.#turn(1) : this.#step(1)) },
      loop && kind !== "wall" && this.items.length > 0 && { name: "touch", sign: "touch", words: words("touch"), act: () => this.#choose(this.items[this.#at].key) },
      this.items.length > 1 && this.#mode !== "all" && kind !== "hour" && { name: "all", sign: "all", words: words(kind === "tour" ? "stops" : "all"), act: () => { this.#hush(); this.#mode = "all"; this.#draw(); } },
      languages.length > 1 && { name: "language", sign: "文A", words: words("other"), act: () => { this.#hush(); this.language = this.language === "en" ? "zh" : "en"; this.#draw(); } },
      { name: "size", sign: "A+", words: words(this.#size === SIZES.length - 1 ? "smaller" : "larger"), act: again },
      pin && { name: "staff", sign: "more", words: words("staff"), act: () => this.#staff() },
    ]);
  }

  #status() {
    const place = this.querySelector(".screen-status");
    if (!place) return;
    const told = this.offline ? `${say("offline", this.language)} · ${this.#age()}` : "";
    if (place.textContent !== told) place.textContent = told;
    place.classList.toggle("is-offline", this.offline);
    if (!this.querySelector(".screen-progress") && this.#mode === "loop" && this.contents?.kind !== "hour") place.before(make("div", { class: "screen-progress", "aria-hidden": "true" }));
  }

  #age() {
    const { n, unit } = age(this.#kept?.at ?? this.#heard, Date.now());
    return say(unit, this.language, { n });
  }

  #staff() {
    const acts = {
      look: () => { this.#beat(); this.#look(); },
      anew: () => this.#look({ anew: true }),
      full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
      restart: () => location.reload(),
      leave: () => location.assign(`/${this.dataset.edition}/`),
    };
    staffMenu(this.base, this.language, acts, () =>
      `${say("version", this.language)} ${this.#kept?.version ?? this.contents.version} · ${this.#age()} · ${say(this.#kept ? "kept" : "unkept", this.language)} · ${this.name ?? ""}`);
  }
}

customElements.define("ever-hall-screen", EverHallScreen);
