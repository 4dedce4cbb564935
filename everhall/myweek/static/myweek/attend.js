// <ever-attend to="/2021/my-week/opening/attend/">: holders of an online place may have it noted how long they watch, for a certificate.
//
// The page is the same for everybody: once something plays the site is asked who this is. Must stay true: nothing is noted before somebody
// has read what they agree to and pressed; while it is noted the players of the page send the seal along, and no longer.
const AGAIN = 120_000;

class EverAttend extends HTMLElement {
  connectedCallback() {
    this.lang = document.documentElement.lang;
    // "playing" does not bubble. Thousands begin in one second; they need not all ask in it.
    this.playing = () => { this.timer = setTimeout(() => this.ask(), 4000 * Math.random()); };
    document.addEventListener("playing", this.playing, { capture: true, once: true });
  }

  disconnectedCallback() {
    document.removeEventListener("playing", this.playing, { capture: true });
    clearTimeout(this.timer);
    this.seal("");
  }

  async ask(body) {
    clearTimeout(this.timer);
    try {
      const answer = await fetch(this.getAttribute("to"), { headers: { Accept: "application/json" }, ...(body && { method: "POST", body: new URLSearchParams(body) }) });
      if (answer.status >= 500) throw new Error(String(answer.status));
      this.show(await answer.json());
    } catch {
      if (body) this.say(this.getAttribute("lost"));
    }
  }

  show(told) {
    this.seal(told.seal ?? "");
    this.hidden = !told.able;
    if (!told.able) return;
    const had = this.contains(document.activeElement);
    const head = Object.assign(document.createElement("h2"), { textContent: this.getAttribute("head") });
    this.words = Object.assign(document.createElement("p"), { textContent: told.text });
    this.words.setAttribute("role", "status");
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: told.on ? "button quiet small" : "button", textContent: this.getAttribute(told.on ? "stop" : "agree"),
      onclick: () => { button.disabled = true; this.ask(told.on ? { verb: "off" } : { verb: "on", mark: told.mark }); },
    });
    this.replaceChildren(head, this.words, button);
    if (told.refused) this.say(told.refused);
    if (had) button.focus();
    if (told.on) this.timer = setTimeout(() => this.ask(), AGAIN);
  }

  say(words) {
    const note = Object.assign(document.createElement("p"), { className: "refusal", textContent: words });
    note.setAttribute("role", "alert");
    this.append(note);
    for (const button of this.querySelectorAll("button")) button.disabled = false;
  }

  seal(text) {
    for (const player of document.querySelectorAll("ever-player[counted]")) text ? player.setAttribute("attend", text) : player.removeAttribute("attend");
  }
}

customElements.define("ever-attend", EverAttend);
