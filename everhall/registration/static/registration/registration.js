// <ever-seats key>: what is left and one's own place, on a page that is the same for everybody; and <ever-register>, which
// sends the form in it without leaving the page and keeps one's place in line.
//
// Without this module the page tells when registration is open, and the form is sent as forms are. Must stay true: one wish
// has one request key, kept in the tab, so loading the page anew or sending twice changes nothing; nothing is shown as HTML.
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const line = (...children) => { const made = document.createElement("span"); made.append(...children); return made; };

class EverSeats extends HTMLElement {
  async connectedCallback() {
    const english = document.documentElement.lang.startsWith("en");
    let told;
    try {
      const answer = await fetch(`/register/${this.getAttribute("key")}/state/?lang=${english ? "en" : "zh"}`, { credentials: "same-origin" });
      if (!answer.ok) return;
      told = await answer.json();
    } catch { return; }
    // Ways without a limit are named only beside one that has a limit: "online" is an answer to "on site is full".
    const counts = Object.values(told.left), limited = counts.some((count) => count !== null), lines = [];
    const words = (count) => this.getAttribute(count === null ? "unlimited" : count ? "left" : "full");
    if (limited && told.phase === "open") for (const [way, count] of Object.entries(told.left))
      lines.push(line(capital(fill(words(count), { way: this.getAttribute(way), count }))));
    const button = document.querySelector("[data-register]");
    const full = counts.length > 0 && counts.every((count) => count === 0);
    if (full && told.phase === "open" && button && this.hasAttribute("join")) button.textContent = this.getAttribute("join");
    if (told.waiting && told.phase === "open") lines.push(line(fill(this.getAttribute("waiting"), { count: told.waiting })));
    if (told.mine) {
      const link = document.createElement("a");
      link.href = told.mine.link;
      link.textContent = fill(this.getAttribute("mine"), { state: told.mine.words });
      lines.unshift(line(link));
    }
    this.replaceChildren(...lines);
  }
}

class EverRegister extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form) return;
    this.told = this.form.querySelector("[data-told]");
    this.words = JSON.parse(this.querySelector("#registration-words").textContent);
    this.kept = `registration.${this.getAttribute("admission")}`;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.send(this.body()); });
    // The form is there before it opens, so that thousands need not load it in the second in which it does.
    const wait = Number(this.getAttribute("opens-in"));
    if (wait) {
      this.busy(true);
      setTimeout(() => { this.busy(false); this.say(this.getAttribute("open-now")); }, Math.min(1000 * wait, 2 ** 31 - 1));
    }
    const waiting = this.remembered();
    if (waiting) this.send(waiting);
  }

  remembered() { try { return JSON.parse(sessionStorage.getItem(this.kept)); } catch { return null; } }
  remember(body) { try { body ? sessionStorage.setItem(this.kept, JSON.stringify(body)) : sessionStorage.removeItem(this.kept); } catch { /* a browser that keeps nothing */ } }

  body() {
    const fields = Object.fromEntries(new FormData(this.form)), body = { admission: this.getAttribute("admission"), answers: {} };
    for (const [name, value] of Object.entries(fields)) {
      if (name.startsWith("question-")) body.answers[name.slice(9)] = value;
      else if (name !== "csrfmiddlewaretoken" && value !== "") body[name] = value;
    }
    const pass = this.getAttribute("pass");
    return { ...body, language: this.getAttribute("language"), ...(pass ? { pass } : {}) };
  }

  say(text, bad = false) {
    this.told.hidden = !text;
    this.told.classList.toggle("bad", bad);
    this.told.textContent = text;
  }

  busy(on) { for (const button of this.form.querySelectorAll("button")) button.disabled = on; }

  async send(body) {
    this.busy(true);
    if (!body.line) this.say(this.getAttribute("sending"));
    this.remember(body);
    let answer, told;
    try {
      answer = await fetch("/register/act", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), credentials: "omit" });
      told = await answer.json();
    } catch {
      this.say(this.getAttribute("lost"));
      this.later(body, 3);
      return;
    }
    if (told.link) {
      this.remember(null);
      location.assign(told.link);
    } else if (told.line) {
      this.say(fill(this.getAttribute("place"), told.line));
      this.later({ ...body, line: told.line.seal }, told.line.again);
    } else if (told.code === "busy" || told.code === "too_fast") {
      this.say(this.words[told.code]);
      this.later(body, told.wait || 2);
    } else {
      this.remember(null);
      this.busy(false);
      this.say(this.words[told.code] ?? this.words.malformed, true);
    }
  }

  // A little chance, so that thousands do not come again in the same instant.
  later(body, seconds) {
    this.remember(body);
    setTimeout(() => this.send(body), 1000 * (seconds + Math.random()));
  }
}

customElements.define("ever-seats", EverSeats);
customElements.define("ever-register", EverRegister);
