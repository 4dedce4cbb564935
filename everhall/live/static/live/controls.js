// Buttons, menus and the bar of the player, built from an engine. All of it works by keyboard.
import { make } from "./elements.js";
import { Preview } from "./preview.js";
import { language, say } from "./words.js";

const PATHS = {
  play: "M7 4.5v15l13-7.5z", pause: "M6 4.5h4.5v15H6zM13.5 4.5H18v15h-4.5z",
  sound: "M4 9v6h4l5 4.5v-15L8 9zM16 8.5a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12", silent: "M4 9v6h4l5 4.5v-15L8 9zM16 9.5l5 5M21 9.5l-5 5",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M13 4.5v5M11 14.5v5", captions: "M3.5 5.5h17v13h-17zM7 12h3M7 15h6M13 12h4M16 15h1",
  pip: "M3.5 5h17v14h-17zM12 12h6v4.5h-6z", full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", small: "M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5",
};
const SVG = "http://www.w3.org/2000/svg";

function drawing(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  if (name === "play" || name === "pause") path.setAttribute("class", "solid");
  svg.append(path);
  return svg;
}

const button = (name, words, onclick, extra = {}) =>
  make("button", { type: "button", class: `k-${name}`, "aria-label": say(words), title: say(words), onclick, ...extra }, drawing(name));

const redraw = (element, name, words) => {
  if (element.dataset.now === name) return;
  element.dataset.now = name;
  element.replaceChildren(drawing(name));
  element.setAttribute("aria-label", say(words));
  element.title = say(words);
};

/** 1:02:03 of a length, or 14:30:05 of a moment. */
export const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  return `${hours ? `${hours}:${two(Math.floor(whole / 60) % 60)}` : Math.floor(whole / 60) % 60}:${two(whole % 60)}`;
};
/** The clock of the venue, wherever the viewer is. */
const wall = (epoch, timeZone) => new Date(epoch * 1000).toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23", timeZone });

export class Controls {
  constructor(player, engine, { live }) {
    Object.assign(this, { player, engine, live, video: engine.video });
    this.play = button("play", "Play", () => this.toggle());
    this.mute = button("sound", "Mute", () => { this.video.muted = !this.video.muted; });
    this.volume = make("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1, class: "volume", "aria-label": say("Volume"),
      oninput: () => { this.video.volume = +this.volume.value; this.video.muted = this.video.volume === 0; } });
    this.bar = make("input", { type: "range", min: 0, max: 1000, step: 1, value: live ? 1000 : 0, class: "bar", "aria-label": say("Position"),
      oninput: () => this.#seek() });
    this.preview = new Preview(this.bar, { at: (share) => this.#said(share), saves: () => player.saving,
      pictures: player.getAttribute("storyboard"), loudness: player.getAttribute("waveform") });
    this.time = make("span", { class: "time" });
    this.edge = make("button", { type: "button", class: "edge", hidden: !live, onclick: () => { this.engine.goLive(); this.video.play().catch(() => {}); } }, say("Live"));
    this.captions = button("captions", "Captions", () => this.#nextCaption(), { "aria-pressed": "false", hidden: true });
    this.settings = make("details", { class: "menu" }, make("summary", { "aria-label": say("Settings"), title: say("Settings") }, drawing("settings")), this.sheet = make("div", { class: "sheet" }));
    this.settings.addEventListener("toggle", () => { if (this.settings.open) this.#fill(); });
    this.pip = button("pip", "Picture in picture", () => this.#pip(), { hidden: !document.pictureInPictureEnabled });
    this.full = button("full", "Full screen", () => this.fullScreen());
    this.element = make("div", { class: "controls" }, this.preview.element, this.bar,
      make("div", { class: "row" }, this.play, this.mute, this.volume, this.time, this.edge, make("span", { class: "space" }), this.captions, this.settings, this.pip, this.full));
    for (const name of ["play", "pause", "volumechange", "timeupdate", "durationchange", "progress", "ended"])
      this.video.addEventListener(name, () => this.show());
    document.addEventListener("fullscreenchange", () => this.show());
    engine.addEventListener("tracks", () => this.show());
    player.addEventListener("keydown", (event) => this.#key(event));
    player.addEventListener("focusout", () => setTimeout(() => { if (!this.settings.contains(document.activeElement)) this.settings.open = false; }));
    this.show();
  }

  toggle() {
    if (this.video.paused) this.video.play().catch(() => {});
    else this.video.pause();
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.player.requestFullscreen) this.player.requestFullscreen().catch(() => {});
    else this.video.webkitEnterFullscreen?.(); // iPhone
  }

  async #pip() {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await this.video.requestPictureInPicture().catch(() => {});
  }

  get span() {
    return this.live ? [this.engine.start, this.engine.edge] : [0, this.video.duration || 0];
  }

  /** What stands at a share of the bar: its second, and the time in words. */
  #said(share) {
    const [from, to] = this.span;
    const second = from + (to - from) * share;
    const { moment } = this.engine;
    if (!this.live) return { second, words: to ? clock(second) : "" };
    return { second, words: moment ? wall(moment + second - this.video.currentTime, this.player.getAttribute("zone") ?? undefined) : "" };
  }

  #seek() {
    const [from, to] = this.span;
    const wanted = from + (to - from) * (+this.bar.value / 1000);
    this.video.currentTime = this.live && +this.bar.value > 995 ? this.engine.edge : wanted;
    this.show();
  }

  show() {
    const { video } = this;
    redraw(this.play, video.paused ? "play" : "pause", video.paused ? "Play" : "Pause");
    redraw(this.mute, video.muted ? "silent" : "sound", video.muted ? "Unmute" : "Mute");
    redraw(this.full, document.fullscreenElement ? "small" : "full", document.fullscreenElement ? "Leave full screen" : "Full screen");
    this.volume.value = video.muted ? 0 : video.volume;
    const [from, to] = this.span;
    const share = to > from ? (video.currentTime - from) / (to - from) : this.live ? 1 : 0;
    if (document.activeElement !== this.bar || !this.bar.matches(":active")) this.bar.value = Math.round(1000 * Math.min(1, Math.max(0, share)));
    this.bar.style.setProperty("--share", `${this.bar.value / 10}%`);
    const moment = this.live ? this.engine.moment : null;
    const behind = this.live ? to - video.currentTime : 0;
    this.time.textContent = this.live ? (moment ? wall(moment, this.player.getAttribute("zone") ?? undefined) : "") : `${clock(video.currentTime)} / ${clock(to)}`;
    this.bar.setAttribute("aria-valuetext", this.live && behind > 5 ? `${clock(behind)} ${say("behind live")}` : this.time.textContent);
    const atEdge = behind < 6;
    this.edge.classList.toggle("at", atEdge);
    this.edge.setAttribute("aria-label", say(atEdge ? "Live" : "Go live"));
    this.#showStep();
    this.captions.hidden = this.engine.captions.length === 0;
    this.captions.setAttribute("aria-pressed", String(this.engine.caption >= 0));
  }

  #nextCaption() {
    const { captions, caption } = this.engine;
    this.engine.caption = caption + 1 < captions.length ? caption + 1 : -1;
    this.show();
  }

  #fill() {
    const { engine } = this;
    const groups = [];
    const levels = [...engine.levels].sort((a, b) => b.height - a.height);
    groups.push(this.#choice("Quality", [[-1, say("Automatic")], ...levels.map((l) => [l.number, `${l.height}p`]), ...(this.player.soundOnly ? [["sound", say("Sound only")]] : [])],
      this.player.listening ? "sound" : engine.level, (value) => this.player.quality(value)));
    if (engine.languages.length > 1)
      groups.push(this.#choice("Language", engine.languages.map((t) => [t.number, t.lang ? language(t.lang) : t.name]), engine.spoken, (value) => { engine.spoken = +value; }));
    if (engine.captions.length)
      groups.push(this.#choice("Captions", [[-1, say("Off")], ...engine.captions.map((t) => [t.number, t.lang ? language(t.lang) : t.name])], engine.caption, (value) => { engine.caption = +value; this.show(); }));
    if (!this.live)
      groups.push(this.#choice("Speed", [0.75, 1, 1.25, 1.5, 2].map((v) => [v, `${v}×`]), this.video.playbackRate, (value) => { this.video.playbackRate = +value; }));
    const save = make("input", { type: "checkbox", onchange: () => this.player.saveData(save.checked) });
    save.checked = this.player.saving;
    groups.push(make("label", { class: "tick" }, save, say("Save data")));
    this.step = null;
    if (engine.inStep && this.player.hasAttribute("staff")) groups.push(make("label", {}, say("Apart from the others"), this.step = make("span", { class: "time" })));
    this.#showStep();
    this.sheet.replaceChildren(...groups);
  }

  /** How far it is from what all players of the channel should show, and how sure that is. */
  #showStep() {
    if (!this.step || !this.settings.open) return;
    const { offset } = this.player;
    this.step.textContent = offset === null ? "–" : `${offset > 0 ? "+" : ""}${Math.round(offset)} ms (± ${Math.ceil(this.engine.inStep.bound * 1000)})`;
  }

  #choice(words, options, now, chosen) {
    const select = make("select", { onchange: () => chosen(select.value) }, ...options.map(([value, text]) => make("option", { value }, text)));
    select.value = String(now);
    return make("label", {}, make("span", {}, say(words)), select);
  }

  #key(event) {
    const typing = event.target.matches("input, select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { video } = this;
    const keys = {
      k: () => this.toggle(), m: () => { video.muted = !video.muted; }, f: () => this.fullScreen(),
      c: () => this.#nextCaption(), l: () => { if (this.live) this.engine.goLive(); }, p: () => this.#pip(),
      j: () => { video.currentTime -= 10; },
    };
    if (!typing) Object.assign(keys, {
      ArrowLeft: () => { video.currentTime -= 5; }, ArrowRight: () => { video.currentTime += 5; },
      ArrowUp: () => { video.volume = Math.min(1, video.volume + 0.1); }, ArrowDown: () => { video.volume = Math.max(0, video.volume - 0.1); },
    });
    if (!event.target.matches("button, summary, input, select")) keys[" "] = () => this.toggle();
    if (event.key === "Escape" && this.settings.open) {
      this.settings.open = false;
      this.settings.firstElementChild.focus();
      return;
    }
    const action = keys[event.key];
    if (!action || (typing && event.key.length > 1)) return;
    event.preventDefault();
    action();
    this.show();
  }
}
