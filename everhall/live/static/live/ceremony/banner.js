// <ever-launch>: the countdown on pages of an edition; it turns to "open" by itself at T0. Everything it shows stands in
// the page already; without a script the page shows the phase at which it was made.
import { News } from "../../realtime/news.js";
import { count } from "./numerals.js";
import { fetched, Shown } from "./shown.js";

class EverLaunch extends HTMLElement {
  #stop = () => {}; #shown = null;

  connectedCallback() {
    const { phase, version, t0, topic, src, ceremony } = this.dataset;
    this.#shown = new Shown({
      view: { version: Number(version), phase, t0: t0 ? Number(t0) : null, parties: null },
      topic, news: News.here(),
      load: () => fetched(src),
      read: (message) => (message.kind === "launch" && message.ceremony === ceremony ? message : null),
      onChange: (view) => this.#paint(view),
      onMoment: () => this.#open(),
    });
  }

  disconnectedCallback() {
    this.#stop();
    this.#shown?.end();
  }

  #paint(view) {
    this.#stop();
    this.#stop = () => {};
    const turned = this.dataset.phase !== view.phase;
    this.dataset.phase = view.phase;
    this.hidden = view.phase === "waiting" && !("always" in this.dataset);
    for (const part of this.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== view.phase;
    const more = this.querySelector("[data-more]");
    if (more) more.hidden = view.phase === "launched";
    if (view.phase === "countdown") {
      const numerals = this.querySelector("[data-count]");
      this.#stop = count(News.here().clock, view.t0, (text) => { numerals.textContent = text; });
    }
    // Said once when it turns; numerals are not read out each second.
    if (turned) this.querySelector("[data-say]").textContent = this.querySelector(`[data-when="${view.phase}"]`).innerText;
    paintParties(view.parties);
  }

  // What stands on the page below may have changed with T0; it is fetched when the visitor goes on.
  #open() {
    document.documentElement.dataset.launched = "";
    this.classList.add("just-opened");
  }
}

/** Which venues are ready, where the director shows it and the page lists them. */
function paintParties(parties) {
  for (const party of parties ?? []) {
    const line = document.querySelector(`[data-public-party="${CSS.escape(party.key)}"]`);
    if (!line) continue;
    line.dataset.tone = party.ready ? "go" : "none";
    const word = line.querySelector("[data-yes]");
    word.textContent = party.ready ? word.dataset.yes : word.dataset.no;
  }
}

customElements.define("ever-launch", EverLaunch);
