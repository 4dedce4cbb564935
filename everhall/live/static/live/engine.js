// What plays: hls.js where the browser has MediaSource, the browser's own HLS elsewhere. Knows no buttons.
//
// In: a <video>, addresses, wishes. Out: events "ready", "tracks", "step", "trouble", "gone" on itself. Must stay true: no
// fault that passes ends the show: network faults are tried again with growing, scattered pauses, faults of the
// decoder are mended in place, and only then everything is built anew at the same moment of the programme.
import { InStep } from "./instep.js";

const PAUSES = [0.5, 1, 2, 4, 8];
const scattered = (seconds) => seconds * 1000 * (0.75 + Math.random() / 2);
//: Seconds behind the newest part: one part under way, and room for a late one. Behind the newest segment, where there
//: are no parts: one under way, and as much again.
const BEHIND = 1.4;
const BEHIND_SEGMENTS = 3.6;
//: Seconds further behind than wished: at the beginning it is skipped, later played a little faster, and skipped if
//: there is too much of it.
const BEGIN_BEHIND = 0.6;
const TOO_FAR = 6;

export class Engine extends EventTarget {
  /** @param {HTMLVideoElement} video @param {string} library address of hls.js */
  constructor(video, library) {
    super();
    this.video = video;
    this.library = library;
    this.hls = null;
    this.failures = 0;
    this.mended = 0;
    video.addEventListener("playing", () => { this.failures = 0; this.#catchUp(); });
  }

  /** @param {{src: string, live: boolean, quick: boolean, instep: boolean}} wish */
  async load(wish) {
    this.wish = wish;
    this.stop();
    const Hls = await this.#library();
    if (Hls?.isSupported()) this.#begin(Hls);
    else if (this.video.canPlayType("application/vnd.apple.mpegurl")) this.#native();
    else this.#tell("gone");
  }

  async #library() {
    if (!this.library || !("MediaSource" in window || "ManagedMediaSource" in window)) return null;
    try {
      this.Hls ??= (await import(this.library)).default;
    } catch {
      return null; // not installed, or the network is gone: the browser may still do it itself
    }
    return this.Hls;
  }

  #native() {
    this.video.src = this.wish.src;
    this.video.addEventListener("loadedmetadata", () => this.#tell("ready"), { once: true });
    this.video.onerror = () => this.#again();
  }

  /** Loading took its time, and the show went on: begin where it is now. Once; later nothing is skipped for this. */
  #catchUp() {
    if (!this.fresh || !this.hls || !this.wish.live) return;
    this.fresh = false;
    if (this.inStep?.steers) return;
    const { latency, targetLatency, liveSyncPosition } = this.hls;
    if (liveSyncPosition && latency > targetLatency + BEGIN_BEHIND) this.video.currentTime = liveSyncPosition;
  }

  #begin(Hls) {
    const behind = this.wish.quick ? BEHIND : BEHIND_SEGMENTS;
    const instep = this.wish.live && this.wish.instep;
    this.fresh = this.from === undefined;
    const hls = new Hls({
      enableWorker: false, // a worker would need blob: in script-src
      lowLatencyMode: this.wish.live, // also without parts: only so is what was lost made up for
      // In step the distance is the one that the playlist asks of everybody (`instep.js`).
      ...(this.wish.live && !instep ? { liveSyncDuration: behind, liveMaxLatencyDuration: behind + TOO_FAR, maxLiveSyncPlaybackRate: 1.1 } : {}),
      liveDurationInfinity: true,
      backBufferLength: 60,
      maxBufferLength: 20,
      capLevelToPlayerSize: true,
      startLevel: -1,
      ...(this.from === undefined ? {} : { startPosition: this.from }),
    });
    this.hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => this.#tell("ready"));
    for (const name of ["AUDIO_TRACKS_UPDATED", "SUBTITLE_TRACKS_UPDATED", "LEVEL_SWITCHED"])
      hls.on(Hls.Events[name], () => this.#tell("tracks"));
    hls.on(Hls.Events.ERROR, (_event, fault) => this.#fault(Hls, fault));
    hls.loadSource(this.wish.src);
    hls.attachMedia(this.video);
    if (instep) this.#keepStep(hls);
  }

  #keepStep(hls) {
    if (!this.inStep) {
      this.inStep = new InStep(this.video);
      this.inStep.addEventListener("change", () => this.#tell("step"));
    }
    this.inStep.attach(hls);
  }

  #fault(Hls, fault) {
    this.dispatchEvent(new CustomEvent("fault", { detail: { type: fault.type, details: fault.details, fatal: fault.fatal } }));
    if (!fault.fatal) return;
    if (fault.type === Hls.ErrorTypes.MEDIA_ERROR && this.mended < 3) {
      this.mended += 1;
      setTimeout(() => { this.mended = Math.max(0, this.mended - 1); }, 30_000);
      this.hls.recoverMediaError();
      return;
    }
    this.#again();
  }

  /** Everything anew after a pause; a live show goes on at its edge, a recording where it was. */
  #again() {
    this.#tell("trouble");
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      this.from = this.wish.live ? undefined : this.video.currentTime;
      const playing = !this.video.paused || this.video.ended;
      this.load(this.wish).then(() => { if (playing) this.video.play().catch(() => {}); });
    }, scattered(pause));
  }

  stop() {
    clearTimeout(this.retry);
    this.inStep?.detach();
    this.hls?.destroy();
    this.hls = null;
  }

  // ------------------------------------------------------------ where we are

  /** Moment of the programme that is shown, in seconds since the epoch; null if not known. */
  get moment() {
    const date = this.hls ? this.hls.playingDate : this.video.getStartDate?.();
    if (!date || Number.isNaN(+date)) return null;
    return this.hls ? +date / 1000 : +date / 1000 + this.video.currentTime;
  }

  /** Position of the live edge on the video's own timeline. */
  get edge() {
    const range = this.video.seekable;
    if (this.hls?.liveSyncPosition) return this.hls.liveSyncPosition;
    return range.length ? range.end(range.length - 1) : this.video.duration;
  }

  get start() {
    const range = this.video.seekable;
    return range.length ? range.start(0) : 0;
  }

  goLive() {
    this.video.currentTime = Math.max(this.start, this.inStep?.rejoin() ?? this.edge);
  }

  // ------------------------------------------------------------ choices

  get levels() {
    return (this.hls?.levels ?? []).map((level, number) => ({ number, height: level.height })).filter((l) => l.height);
  }

  set level(number) { if (this.hls) this.hls.nextLevel = number; }
  get level() { return this.hls?.autoLevelEnabled === false ? this.hls.loadLevel : -1; }

  /** Nothing above this height is fetched; 0 lifts the cap. */
  set cap(height) {
    if (!this.hls) return;
    const fitting = this.levels.filter((level) => level.height <= height);
    this.hls.autoLevelCapping = height && fitting.length ? fitting.at(-1).number : -1;
  }

  get languages() {
    if (this.hls) return this.hls.audioTracks.map((track, number) => ({ number, lang: track.lang ?? "", name: track.name }));
    return [...(this.video.audioTracks ?? [])].map((track, number) => ({ number, lang: track.language, name: track.label }));
  }

  get spoken() { return this.hls ? this.hls.audioTrack : [...(this.video.audioTracks ?? [])].findIndex((t) => t.enabled); }
  set spoken(number) {
    if (this.hls) this.hls.audioTrack = number;
    else [...(this.video.audioTracks ?? [])].forEach((track, n) => { track.enabled = n === number; });
  }

  get captions() {
    if (this.hls) return this.hls.subtitleTracks.map((track, number) => ({ number, lang: track.lang ?? "", name: track.name }));
    return [...this.video.textTracks].map((track, number) => ({ number, lang: track.language, name: track.label }));
  }

  get caption() { return this.hls ? this.hls.subtitleTrack : [...this.video.textTracks].findIndex((t) => t.mode === "showing"); }
  set caption(number) {
    if (this.hls) {
      this.hls.subtitleDisplay = number >= 0;
      this.hls.subtitleTrack = number;
    } else [...this.video.textTracks].forEach((track, n) => { track.mode = n === number ? "showing" : "hidden"; });
  }

  #tell(name) { this.dispatchEvent(new Event(name)); }
}
