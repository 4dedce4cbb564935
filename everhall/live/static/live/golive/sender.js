// Sends what was recorded, in order, each chunk until it is acknowledged. In: chunks (Blobs) of one session. Out: events
// "told" with a word: "live", "lost", "busy", "again", "full", "signed-out", "closed", "sent", "behind".
//
// Must stay true: chunk 0, with which the recorder begins, is sent first and kept until it is acknowledged; no number is
// left out (the server waits for each), so that what cannot be kept ends the session instead; only "kept" is a yes.

const PATIENCE = 15_000;
const PAUSES = [300, 700, 1500, 3000];
//: Seconds that are kept while the connection is lost; beyond, the session begins anew with what is now.
export const MOST_WAITING = 60;
const RENEW = 30 * 60 * 1000;
const SILENT_FOR = 5000;

export const newSession = () => [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, "0")).join("");

export class Sender extends EventTarget {
  /** @param {string} where page that says where to send to */
  constructor(where) {
    super();
    Object.assign(this, { where, address: "", asked: 0, waiting: [], session: "", next: 0, sent: 0, sending: false, over: true });
    window.addEventListener("online", () => this.#wake?.());
  }

  #wake = null;

  /** A session of which nothing has been recorded yet. */
  begin() {
    Object.assign(this, { session: newSession(), next: 0, waiting: [], ended: false, over: false, failures: 0, busy: 0 });
  }

  /** Seconds (chunks) that are not acknowledged. */
  get behind() { return this.waiting.length; }

  add(blob) {
    if (this.over) return;
    this.waiting.push({ number: this.next++, blob });
    if (this.waiting.length > MOST_WAITING) this.#stop("behind");
    else this.#run();
  }

  /** No more chunks will come; resolves when all were sent, or the session is over otherwise. */
  end() {
    this.ended = true;
    this.#run();
  }

  /** The page is closed: say goodbye, so that somebody else may begin. */
  leave() {
    if (!this.over && this.address) navigator.sendBeacon(`${this.address}${this.session}/end`);
  }

  async #run() {
    if (this.sending || this.over) return;
    this.sending = true;
    const session = this.session;
    while (!this.over && session === this.session && this.waiting.length) await this.#one(session);
    this.sending = false;
    if (this.over || session !== this.session) { if (!this.over) this.#run(); return; }
    if (this.ended && !this.waiting.length) {
      await this.#put("end", null).catch(() => {});
      this.#stop("sent");
    }
  }

  async #one(session) {
    const { number, blob } = this.waiting[0];
    let code = "lost";
    try {
      code = await this.#put(number, blob);
    } catch (fault) {
      if (fault.message === "signed-out" || fault.message === "closed") code = fault.message;
    }
    if (this.over || session !== this.session) return;
    if (code === "kept") {
      this.waiting.shift();
      this.sent += blob.size;
      this.failures = 0;
      this.#tell("live");
    } else if (code === "again" || code === "closed" || code === "too_large") {
      this.#stop(code === "too_large" ? "again" : code);
    } else if (code === "busy") {
      // It may be ourselves before a reload: after some seconds of silence it is over.
      this.busy = (this.busy ?? 0) + 1;
      if (this.busy * 1500 > 2 * SILENT_FOR) this.#stop("busy");
      else { this.#tell("connecting"); await this.#pause(1500); }
    } else {
      this.#tell(code);
      await this.#pause(PAUSES[Math.min(this.failures++, PAUSES.length - 1)]);
    }
    if (code !== "busy") this.busy = 0;
  }

  /** The server's word on a chunk. Throws where there is none. */
  async #put(number, blob) {
    if (!this.address || Date.now() - this.asked > RENEW) await this.#renew();
    const answer = await fetch(`${this.address}${this.session}/${number}`, { method: "POST", body: blob, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 404) { this.address = ""; throw new Error("lost"); } // its token is over: ask for another
    if (!(answer.headers.get("content-type") ?? "").includes("json")) throw new Error("lost");
    return (await answer.json()).code;
  }

  async #renew() {
    const answer = await fetch(this.where, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 409) throw new Error("closed");
    if (answer.redirected || answer.status === 403 || answer.status === 404) throw new Error("signed-out");
    if (!answer.ok) throw new Error("lost");
    this.address = (await answer.json()).address;
    this.asked = Date.now();
  }

  #stop(word) {
    this.over = true;
    this.waiting = [];
    this.#tell(word);
  }

  #pause(milliseconds) {
    return new Promise((resolve) => { this.#wake = resolve; setTimeout(resolve, milliseconds); });
  }

  #tell(word) { this.dispatchEvent(new CustomEvent("told", { detail: word })); }
}
