// The one question asked each second, and what is done. In: addresses. Out: events "state" (all of it), "lost" (since
// when), "signed-out", "refused" (in words), "done". Must stay true: what is shown is what the server said last; a lost connection
// is told and asked again without anybody's doing; after a deed the state is asked for at once.

const EACH = 1000;
const HIDDEN = 10_000;
const PATIENCE = 8000;

export class Server extends EventTarget {
  constructor(addresses, token) {
    super();
    Object.assign(this, { addresses, token, notes: [], offset: 0, heard: 0, failures: 0 });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.soon(); });
    window.addEventListener("online", () => this.soon());
  }

  /** Seconds since the epoch by the server's clock. */
  get now() { return Date.now() / 1000 + this.offset; }

  soon() {
    clearTimeout(this.waiting);
    this.#ask();
  }

  async #ask() {
    if (this.asking) { this.again = true; return; }
    this.asking = true;
    try {
      const begun = Date.now();
      const answer = await fetch(`${this.addresses.state}?notes=${this.notes.at(-1)?.id ?? 0}`, {
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.redirected || answer.status === 403) throw new SignedOut();
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      this.offset = state.now - (begun + Date.now()) / 2000;
      this.heard = Date.now();
      this.failures = 0;
      const last = this.notes.at(-1)?.id ?? 0;
      this.notes = [...this.notes, ...state.notes.filter((note) => note.id > last)].slice(-200);
      this.#tell("state", { ...state, notes: this.notes });
    } catch (fault) {
      this.failures += 1;
      this.#tell(fault instanceof SignedOut ? "signed-out" : "lost", this.heard);
    } finally {
      this.asking = false;
      const pause = this.again ? 0 : document.hidden ? HIDDEN : this.failures ? Math.min(EACH * this.failures, 5000) : EACH;
      this.again = false;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.#ask(), pause);
    }
  }

  /** Do something with a channel; the answer, or null if it was refused. */
  act(channel, verb, body = {}) {
    return this.post(this.addresses.channel.replace("{channel}", channel).replace("{verb}", verb), body);
  }

  async post(address, body) {
    let answer = null;
    try {
      const response = await fetch(address, {
        method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE),
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token, "X-Requested-With": "XMLHttpRequest" } });
      if (response.redirected || response.status === 403) throw new SignedOut();
      const found = await response.json().catch(() => ({}));
      if (response.ok) answer = found;
      else this.#tell("refused", found.message || String(response.status));
    } catch (fault) {
      this.#tell(fault instanceof SignedOut ? "signed-out" : "refused", "");
    }
    this.soon();
    return answer;
  }

  #tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}

class SignedOut extends Error {}
