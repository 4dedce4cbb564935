// <ever-continue data-tour="…" data-address="…">: a link to where one was on a tour in this browser. Nothing without a script.
import { placeOn } from "./place.js";
import { say } from "./words.js";

class EverContinue extends HTMLElement {
  connectedCallback() {
    const place = placeOn(this.dataset.tour);
    if (!place || place.number < 2 || this.firstElementChild) return;
    const link = document.createElement("a");
    link.className = this.closest(".card") ? "card-continue" : "button quiet";
    link.href = `${this.dataset.address}${place.number}/`;
    link.textContent = say("Go on at stop {n}: {name}", { n: place.number, name: place.name });
    this.append(link);
  }
}

if (!customElements.get("ever-continue")) customElements.define("ever-continue", EverContinue);
