// What one would see and hear at a place of the bar: the time there, a small picture, and how loud it is all along.
//
// In: the bar, what stands at a share of it, addresses of a storyboard (WebVTT whose cues name stretches of a picture)
// and of peaks (JSON, 0 to 1). Nothing is fetched before somebody points at the bar; no pictures where data is saved.
import { make } from "./elements.js";

const CUE = /([\d:.]+) --> ([\d:.]+)[^\n]*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;
//: Milliseconds for which it stays after a key.
const STAYS = 1500;
const SVG = "http://www.w3.org/2000/svg";

const seconds = (text) => text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);

/** Cues of a storyboard; `base` is its address. */
export const cues = (text, base) => [...text.matchAll(CUE)].map(([, from, to, name, x, y, width, height]) =>
  ({ from: seconds(from), to: seconds(to), url: new URL(name, base).href, x: +x, y: +y, width: +width, height: +height }));

export class Preview {
  constructor(bar, { at, saves, pictures, loudness }) {
    Object.assign(this, { bar, at, saves, pictures, loudness, found: [] });
    this.shot = make("div", { class: "shot", hidden: true });
    this.words = make("span", {});
    this.card = make("div", { class: "card", hidden: true }, this.shot, this.words);
    this.element = make("div", { class: "preview", "aria-hidden": "true" }, this.card);
    bar.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse" || event.buttons) this.#show(this.#share(event)); });
    for (const name of ["pointerleave", "pointercancel", "blur"]) bar.addEventListener(name, () => this.#hide());
    bar.addEventListener("pointerup", (event) => { if (event.pointerType !== "mouse") this.#hide(); });
    bar.addEventListener("input", () => { if (!bar.matches(":active")) this.#briefly(); });
    bar.addEventListener("focus", () => this.#load());
  }

  #share(event) {
    const box = this.bar.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  }

  #briefly() {
    this.#show(+this.bar.value / 1000);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#hide(), STAYS);
  }

  #hide() {
    clearTimeout(this.timer);
    this.card.hidden = true;
  }

  #show(share) {
    this.share = share;
    this.#load();
    clearTimeout(this.timer);
    const { second, words } = this.at(share);
    const cue = this.found.find((one) => second < one.to) ?? this.found.at(-1);
    this.shot.hidden = !cue;
    if (cue) {
      Object.assign(this.shot.style, { width: `${cue.width}px`, height: `${cue.height}px`,
        backgroundImage: `url("${cue.url}")`, backgroundPosition: `-${cue.x}px -${cue.y}px` });
    }
    this.words.textContent = words;
    this.card.hidden = !words && !cue;
    const half = this.card.offsetWidth / 2;
    this.card.style.left = `clamp(${half}px, ${share * 100}%, calc(100% - ${half}px))`;
  }

  #load() {
    if (this.asked) return;
    this.asked = true;
    if (this.pictures && !this.saves()) this.#fetch(this.pictures, async (answer) => {
      this.found = cues(await answer.text(), answer.url);
      if (!this.card.hidden) this.#show(this.share);
    });
    if (this.loudness) this.#fetch(this.loudness, async (answer) => this.#draw(await answer.json()));
  }

  async #fetch(address, use) {
    try {
      const answer = await fetch(address);
      if (answer.ok) await use(answer);
    } catch { /* a nicety: without it the bar still works */ }
  }

  #draw(peaks) {
    const most = Math.max(...peaks);
    if (!(most > 0)) return;
    const up = peaks.map((peak, n) => `${n},${(20 - 20 * (peak / most)).toFixed(1)}`);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${peaks.length - 1} 20`);
    svg.setAttribute("preserveAspectRatio", "none");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M0,20L${up.join("L")}L${peaks.length - 1},20z`);
    svg.append(path);
    this.element.prepend(svg);
  }
}
