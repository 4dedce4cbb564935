// <ever-follow>: a page that moves with its group.
//
// The state (everhall/tours/queries/walks.py) is complete in each message, so the newest is all one needs to know. Must stay true:
// whoever looks around by themselves is not pulled away, and finds the way back; who comes late, or comes back from sleep or from
// a lost network, stands where the group stands.
import { News, Replica } from "../realtime/news.js";
import { walkWith } from "./place.js";
import { fetchStop, putStop } from "./swap.js";
import { say } from "./words.js";

class EverFollow extends HTMLElement {
  #wandering = false; #turn = 0;

  connectedCallback() {
    if (this.replica) return;
    this.words = this.querySelector("[data-words]");
    this.back = this.querySelector("[data-return]");
    this.shown = Number(this.dataset.number);
    this.back.addEventListener("click", () => { this.#wandering = false; this.#show(this.replica.state, true); });
    this.addEventListener("click", (event) => this.#wander(event));
    walkWith({ address: location.href, tour: this.dataset.tour ?? "" });
    const load = async () => {
      const answer = await fetch(this.dataset.state, { cache: "no-store" });
      if (answer.status === 404) return { version: Number.MAX_SAFE_INTEGER, number: 0, ended: true, point: "", paused: false };
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    };
    const news = News.here();
    this.replica = new Replica({ news, topic: this.dataset.topic, load, apply: (_, message) => message, onChange: (state) => this.#show(state) });
    // What was told while the socket was on its way to being followed: the state is asked for once it is.
    news.addEventListener("subscribed", (event) => { if (event.detail.subscribed === this.dataset.topic) this.replica.refresh(); });
    // Back from a lost network: the newest is asked for, whatever was missed.
    addEventListener("online", () => this.replica.refresh());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.replica.refresh(); });
    addEventListener("offline", () => { this.words.textContent = say("The network is away. Your page comes back to the group by itself."); });
  }

  get article() { return this.querySelector("[data-stop]"); }

  async #wander(event) {
    const link = event.target.closest("a[data-go]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.#wandering = true;
    const mine = (this.#turn += 1);
    try {
      const article = await fetchStop(link.href);
      if (mine !== this.#turn) return;
      putStop(this.article, article);
      this.shown = Number(article.dataset.number);
      this.#tell(this.replica.state);
    } catch {
      location.assign(link.href);
    }
  }

  async #show(state, asked = false) {
    this.#tell(state);
    if (state.ended) walkWith(null);
    if (state.ended || this.#wandering) return;
    if (state.number && (state.number !== this.shown || Number(this.article.dataset.stop) !== state.stop)) await this.#move(state, asked);
    this.#point(state);
  }

  async #move(state, asked) {
    const mine = (this.#turn += 1);
    const address = `${this.dataset.tour}${state.number}/`;
    for (const fresh of [false, true]) {
      try {
        const article = await fetchStop(address, { fresh });
        if (mine !== this.#turn) return;
        // A stop before it may have vanished since this browser kept the page: asked once more, past what is kept.
        if (Number(article.dataset.stop) !== state.stop && !fresh) continue;
        putStop(this.article, article, { focus: asked });
        this.shown = state.number;
        this.words.textContent = say("The group is at stop {n}: {name}", { n: state.number, name: article.dataset.name });
        return;
      } catch {
        await new Promise((resolve) => { setTimeout(resolve, 800 + Math.random() * 800); });
        if (mine !== this.#turn) return;
      }
    }
    this.replica.refresh();
  }

  #tell(state) {
    const away = this.#wandering && !state.ended && state.number !== this.shown;
    this.back.hidden = !(this.#wandering && !state.ended);
    this.classList.toggle("is-away", away);
    if (state.ended) this.words.textContent = say("This group walk has ended.");
    else if (this.#wandering) this.words.textContent = say("You look around by yourself. The group is at stop {n}.", { n: state.number });
    else if (state.paused) this.words.textContent = say("The guide has paused.");
    else if (!state.number) this.words.textContent = say("The group has not set out yet. This page moves when the guide does.");
    else this.words.textContent = say("You walk with the group.");
  }

  #point(state) {
    for (const old of this.querySelectorAll(".pointed")) old.classList.remove("pointed");
    const [kind, number] = (state.point ?? "").split("-");
    if (!number) return;
    const target = kind === "picture" ? this.article.querySelectorAll("[data-gallery] figure")[Number(number) - 1] : this.article.querySelector(`[data-point="${CSS.escape(state.point)}"]`);
    if (!target) return;
    target.classList.add("pointed");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ block: "nearest", inline: "center", behavior: calm ? "instant" : "smooth" });
    const name = target.querySelector("img")?.alt || target.querySelector("figcaption")?.textContent.trim() || (kind === "picture" ? say("Picture {n}", { n: number }) : target.textContent.trim());
    this.words.textContent = say("The guide points at: {name}", { name });
  }
}

customElements.define("ever-follow", EverFollow);
