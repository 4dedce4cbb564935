// How long a player plays, told to the site each minute and when it stops: sums of seconds, nothing of who watches.
//
// In: an <ever-player counted="2021/channel/main"> and its video. Out: POST /live/watched. Must stay true: a pause, a hidden video
// that stands still, or a stalled one counts nothing; nobody is told twice of a second; without the attribute nothing is told; who
// watches is told only by the seal of somebody who wants it noted (attribute `attend`).
const EACH = 60_000;
//: Seconds between two looks that can be playing: more means that the machine slept.
const LONGEST = 5;

export class Watched {
  constructor(video, what, say = (words) => navigator.sendBeacon?.("/live/watched", words), seal = () => "") {
    this.video = video;
    this.what = what;
    this.say = say;
    this.seal = seal;
    this.begun = false;
    this.seconds = 0;
    this.last = null;
    video.addEventListener("timeupdate", () => this.look(performance.now() / 1000));
    for (const stop of ["pause", "ended", "waiting", "emptied"]) video.addEventListener(stop, () => { this.last = null; });
    this.timer = setInterval(() => this.tell(), EACH);
    this.leave = () => { if (document.visibilityState === "hidden") this.tell(); };
    document.addEventListener("visibilitychange", this.leave);
  }

  /** The video has moved at this moment (seconds of a clock that never goes back). */
  look(now) {
    if (this.video.paused || this.video.seeking) { this.last = null; return; }
    if (this.last !== null && now - this.last <= LONGEST) this.seconds += now - this.last;
    this.last = now;
    if (!this.begun && this.seconds >= 2) this.tell(true);
  }

  tell(begins = false) {
    const seconds = Math.min(90, Math.floor(this.seconds));
    if (!begins && (!this.begun || seconds < 1)) return;
    this.begun = true;
    this.seconds -= seconds;
    const seal = this.seal();
    this.say(`${this.what}/${begins ? 1 : 0}/${seconds}${seal ? ` ${seal}` : ""}`);
  }

  stop() {
    this.tell();
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.leave);
  }
}
