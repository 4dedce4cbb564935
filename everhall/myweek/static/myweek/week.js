// My week: keeps the line "leave now" right by the clock, and offers to print. Without it the page says the time to leave.
//
// <ever-leave at begins later go late on>: `at` and `begins` are seconds of the real clock; the words hold {minutes}.

class Leave extends HTMLElement {
  connectedCallback() {
    this.tell();
    this.timer = setInterval(() => this.tell(), 5000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tell() {
    const now = Date.now() / 1000;
    const [at, begins] = [Number(this.getAttribute("at")), Number(this.getAttribute("begins"))];
    // Hours ahead the time of day says more than minutes do.
    if (!begins || at - now > 3 * 3600) return;
    const urgency = now >= at ? "now" : at - now <= 15 * 60 ? "soon" : "later";
    const words = urgency !== "now" ? this.minutes("later", at - now)
      : begins - now > 240 ? this.getAttribute("go")
      : begins > now ? this.minutes("late", begins - now) : this.getAttribute("on");
    // What has not changed is not read out again.
    if (this.textContent !== words) this.textContent = words;
    const section = this.closest(".week-next");
    for (const name of ["now", "soon", "later"]) section?.classList.toggle(name, name === urgency);
  }

  minutes(name, seconds) {
    return this.getAttribute(name).replace("{minutes}", String(Math.max(1, Math.ceil(seconds / 60))));
  }
}

customElements.define("ever-leave", Leave);

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
