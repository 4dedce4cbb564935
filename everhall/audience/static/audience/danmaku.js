// <ever-danmaku room="key" for="selector">: chat as lines that fly over the first positioned element that `for` finds (a
// player). A button in the element turns it on and off. Off at first where somebody wants less motion, or turned it off
// before. The lines say nothing that the list does not say, so readers of the screen do not hear them.
import { calm, make, put, sampleMark } from "./dom.js";
import { roomOf } from "./room.js";
import { say } from "./words.js";

const KEPT = "everhall-danmaku";
const MOST = 60;
const LANES = 8;

class EverDanmaku extends HTMLElement {
  connectedCallback() {
    if (this.room) return;
    this.room = roomOf(this.getAttribute("room"));
    this.on = (localStorage.getItem(KEPT) ?? (calm() ? "off" : "on")) === "on";
    this.layer = make("div", { class: "danmaku", "aria-hidden": "true" });
    this.free = new Array(LANES).fill(0);
    this.button = make("button", { type: "button", class: "button quiet small", onclick: () => this.wish(!this.on) });
    this.append(this.button);
    this.hidden = !document.querySelector(this.getAttribute("for"));
    this.said = ({ detail }) => this.heard(detail);
    this.room.addEventListener("chat", this.said);
    this.turn(this.on);
  }

  disconnectedCallback() {
    this.room?.removeEventListener("chat", this.said);
    this.layer?.remove();
  }

  wish(on) {
    try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* a browser that keeps nothing */ }
    this.turn(on);
  }

  turn(on) {
    this.on = on;
    this.button.setAttribute("aria-pressed", String(on));
    put(this.button, say("Danmaku"));
    if (!on) this.layer.replaceChildren();
  }

  heard(event) {
    if (event?.kind === "deleted") {
      for (const line of [...this.layer.children]) if (event.ids.includes(Number(line.dataset.id))) line.remove();
    } else if (event?.kind === "shown" && this.on && !document.hidden) this.fly(event.message);
  }

  fly(message) {
    const target = document.querySelector(this.getAttribute("for"));
    if (!target || this.layer.childElementCount >= MOST) return;
    if (this.layer.parentElement !== target) target.append(this.layer);
    const now = performance.now(), seconds = 8 + Math.min(4, message.text.length / 20);
    let lane = this.free.findIndex((until) => until <= now);
    // All lanes are taken: the one that is free first.
    if (lane < 0) lane = this.free.indexOf(Math.min(...this.free));
    this.free[lane] = now + 1000 * Math.min(6, 1 + message.text.length / 10);
    const line = make("span", { "data-id": message.id }, sampleMark(message, say("Sample")), message.text);
    line.style.setProperty("--lane", lane);
    line.style.setProperty("--flight", `${seconds}s`);
    line.addEventListener("animationend", () => line.remove());
    this.layer.append(line);
  }
}

customElements.define("ever-danmaku", EverDanmaku);
