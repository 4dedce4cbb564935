// <ever-tour>: one stop after another on one page. Remembers where one is; plays if asked to; moves by the arrow keys.
//
// Must stay true: it never moves by itself unless somebody pressed play, and a pause stands beside it; whoever moves by hand while it
// plays has taken over, and it pauses; without this file each stop is a page with links.
import { fetchStop, putStop } from "./swap.js";
import { remember, walking } from "./place.js";
import { canSpeak, speak } from "./voice.js";
import { say } from "./words.js";

//: Milliseconds between the end of a stop's sound and the next stop.
const BREATH = 1800;

class EverTour extends HTMLElement {
  #playing = false; #reading = null; #turn = 0;

  connectedCallback() {
    if (this.status) return;
    this.status = Object.assign(document.createElement("p"), { className: "hidden-words" });
    this.status.setAttribute("role", "status");
    this.append(this.status);
    this.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("popstate", () => this.#go(location.href, { push: false }));
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#arrived();
  }

  get article() { return this.querySelector("[data-stop]"); }

  #arrived() {
    const { tour, number, key, name } = this.article.dataset;
    remember(tour, { number: Number(number), key, name });
    this.#tools();
    const walk = walking();
    const back = document.querySelector("[data-walk-back]");
    if (back && walk) {
      const link = Object.assign(document.createElement("a"), { href: walk.address, textContent: say("Your group walks on. Return to it") });
      back.replaceChildren(link);
      back.hidden = false;
    }
  }

  // ---------------------------------------------------------------- moving
  #clicked(event) {
    const link = event.target.closest("a[data-go]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.#pause();
    this.#go(link.href);
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input, textarea, select, audio, video, [role=tablist], [role=region], iframe, summary")) return;
    const way = { ArrowLeft: "before", ArrowRight: "after" }[event.key];
    const link = way && this.article.querySelector(`a[data-go=${way}]`);
    if (!link) return;
    event.preventDefault();
    this.#pause();
    this.#go(link.href);
  }

  async #go(address, { push = true } = {}) {
    const mine = (this.#turn += 1);
    this.#hush();
    try {
      const article = await fetchStop(address);
      if (mine !== this.#turn) return false;
      putStop(this.article, article);
      if (push) history.pushState(null, "", address);
      this.#arrived();
      return true;
    } catch {
      // The page itself can tell what is wrong.
      if (mine === this.#turn) location.assign(address);
      return false;
    }
  }

  // ---------------------------------------------------------------- sound
  #tools() {
    const place = this.article.querySelector("[data-tools]");
    const sound = this.article.querySelector("[data-sound]");
    const text = this.article.querySelector("[data-narration]")?.textContent.trim() ?? "";
    if (!place || (!sound && !(text && canSpeak()))) return;
    const button = (words, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small", textContent: words });
      made.addEventListener("click", act);
      return made;
    };
    this.playButton = button("", () => (this.#playing ? this.#pause() : this.#play()));
    const tools = [this.playButton];
    if (!sound) {
      this.readButton = button("", () => (this.#reading ? this.#pause() : this.#say()));
      tools.push(this.readButton);
    } else this.readButton = null;
    place.replaceChildren(...tools);
    if (sound) this.#captions(sound);
    this.#shown();
  }

  #captions(sound) {
    const line = this.article.querySelector("[data-caption]");
    for (const track of sound.textTracks) track.mode = "hidden";
    const wanted = [...sound.textTracks].find((track) => document.documentElement.lang.startsWith(track.language.slice(0, 2))) ?? sound.textTracks[0];
    wanted?.addEventListener("cuechange", () => {
      line.textContent = [...(wanted.activeCues ?? [])].map((cue) => cue.text).join(" ");
      line.hidden = !line.textContent;
    });
  }

  #shown() {
    if (this.playButton) {
      this.playButton.textContent = this.#playing ? `⏸ ${say("Pause")}` : `▶ ${say("Play the tour")}`;
      this.playButton.setAttribute("aria-pressed", String(this.#playing));
    }
    if (this.readButton) this.readButton.textContent = this.#reading && !this.#playing ? say("Stop reading") : say("Read to me");
    if (this.readButton) this.readButton.hidden = this.#playing;
  }

  #hush() {
    this.#reading?.stop();
    this.#reading = null;
    this.article.querySelector("[data-sound]")?.pause();
  }

  #pause() {
    if (!this.#playing && !this.#reading) return;
    this.#playing = false;
    this.#hush();
    this.#shown();
    this.status.textContent = say("Paused.");
  }

  async #say() {
    const text = this.article.querySelector("[data-narration]")?.textContent.trim();
    if (!text) return false;
    const mine = (this.#reading = speak(text));
    this.#shown();
    const whole = await mine.done;
    if (this.#reading === mine) this.#reading = null;
    this.#shown();
    return whole;
  }

  async #play() {
    this.#playing = true;
    this.#shown();
    this.status.textContent = say("Playing: it goes on by itself until you pause.");
    while (this.#playing) {
      const whole = await this.#once();
      if (!this.#playing) return;
      if (!whole) return this.#pause();
      const next = this.article.querySelector("a[data-go=after]");
      if (!next) {
        this.#pause();
        this.status.textContent = say("That was the last stop.");
        return;
      }
      await new Promise((resolve) => { setTimeout(resolve, BREATH); });
      if (!this.#playing || !(await this.#go(next.href))) return;
    }
  }

  /** The stop's sound, or its text read; whether it came to its end. */
  async #once() {
    const sound = this.article.querySelector("[data-sound]");
    if (!sound) return this.#say();
    try {
      await sound.play();
    } catch {
      this.status.textContent = say("Sound needs a tap here first: press play.");
      return false;
    }
    return new Promise((resolve) => {
      const over = (whole) => () => {
        // A pause at the end is the end.
        if (!whole && sound.ended) return;
        resolve(whole);
      };
      sound.addEventListener("ended", over(true), { once: true });
      sound.addEventListener("pause", over(false), { once: true });
      sound.addEventListener("error", over(false), { once: true });
    });
  }
}

customElements.define("ever-tour", EverTour);
