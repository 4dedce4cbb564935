// <ever-guide>: what a guide presses is done without leaving the place on the page. Each button is a form without this file.
import { News } from "../realtime/news.js";
import { say } from "./words.js";

class EverGuide extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.addEventListener("submit", (event) => this.#act(event));
    const { countTopic } = this.dataset;
    News.here().follow(countTopic, {
      onNews: (messages) => {
        const place = this.querySelector("[data-followers]");
        if (place) place.textContent = String(messages.at(-1).count);
      },
    });
  }

  async #act(event) {
    event.preventDefault();
    const button = event.submitter;
    if (!button || (button.dataset.sure && !confirm(button.dataset.sure))) return;
    for (const each of this.querySelectorAll("button")) each.disabled = true;
    const refused = this.querySelector("[data-refused]");
    try {
      const body = new URLSearchParams({ [button.name]: button.value });
      const answer = await fetch(location.pathname, { method: "POST", headers: { Accept: "application/json" }, body });
      const told = await answer.json();
      if (!told.ok) throw new Error(told.message);
      await this.#fresh();
    } catch (fault) {
      for (const each of this.querySelectorAll("button")) each.disabled = false;
      if (refused) {
        refused.textContent = fault instanceof TypeError || !fault.message ? say("It did not get through. Please try again.") : fault.message;
        refused.hidden = false;
      }
    }
  }

  /** The page as it is now, in place of this one; the same button keeps the focus. */
  async #fresh() {
    const focused = document.activeElement?.closest("button");
    const [name, value] = [focused?.name, focused?.value];
    const answer = await fetch(location.pathname, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("ever-guide");
    if (!page) throw new TypeError("no page");
    this.replaceChildren(...page.childNodes);
    const same = name && [...this.querySelectorAll("button")].find((each) => each.name === name && (name !== "move" || each.closest(".guide-moves") || each.value === value));
    (same || this.querySelector("button"))?.focus({ preventScroll: true });
  }
}

customElements.define("ever-guide", EverGuide);
