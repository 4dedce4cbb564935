// <ever-screen room="key" kind="chat|questions|poll">: a room for the wall of a hall. Read-only, large, by itself.
import { lay, make, put, sampleMark } from "./dom.js";
import { result } from "./panels.js";
import { roomOf } from "./room.js";
import { pick, say } from "./words.js";

const MOST = { chat: 14, questions: 7 };

class EverScreen extends HTMLElement {
  connectedCallback() {
    if (this.room) return;
    this.kind = this.getAttribute("kind");
    this.room = roomOf(this.getAttribute("room"));
    this.list = make(this.kind === "poll" ? "div" : "ol", { class: `wall ${this.kind}` });
    this.replaceChildren(this.list);
    this.room.addEventListener(this.kind, () => this.draw());
    this.room.addEventListener("viewers", () => { const place = document.querySelector("[data-viewers]"); if (place) put(place, say("{count} watching", { count: this.room.state.viewers.now })); });
    this.draw();
  }

  draw() {
    const state = this.room.state[this.kind];
    if (!state) return;
    if (this.kind === "chat")
      lay(this.list, state.messages.slice(-MOST.chat), (one) => make("li", {}, make("b", {}, one.name), " ", sampleMark(one, say("Sample")), " ", make("span", {}, one.text)));
    else if (this.kind === "questions")
      lay(this.list, state.questions.filter((one) => one.stage !== "answered").slice(0, MOST.questions),
        (one) => make("li", {}, make("span", { class: "count figures" }), make("div", {}, make("p", { class: "text" }, one.text), make("p", { class: "quiet" }, one.name, " ", sampleMark(one, say("Sample"))))),
        (element, one) => { put(element.querySelector(".count"), one.stage === "answering" ? say("Being answered") : `▲ ${one.votes}`); element.className = one.stage; });
    else {
      const [poll] = state.polls;
      this.list.replaceChildren(...(poll ? [make("h2", {}, pick(poll.text_zh, poll.text_en), " ", sampleMark(poll, say("Sample"))), result(poll)] : [make("p", { class: "quiet" }, say("There is no poll now."))]));
    }
  }
}

customElements.define("ever-screen", EverScreen);
