// What the board asks of the server. A deed's answer is { ok, ...told } or { ok: false, message, overtaken?, sessions? }; a server
// that is not reached is a refusal too, so whoever asked puts back what it showed already.
import { say } from "./words.js";

const PATIENCE = 15_000;

export class Server {
  constructor(address, token) {
    Object.assign(this, { address, token });
  }

  async values() {
    const answer = await fetch(`${this.address}values/`, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return answer.json();
  }

  /** Changes since a moment; null if they cannot be had now. */
  async fresh(since) {
    try {
      const answer = await fetch(`${this.address}fresh/?since=${encodeURIComponent(since)}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      return answer.ok && !answer.redirected ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async deed(name, body) {
    try {
      const answer = await fetch(`${this.address}${name}/`, {
        method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE),
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token, "X-Requested-With": "XMLHttpRequest" } });
      if (answer.redirected || answer.status === 403) return { ok: false, message: say("You are signed out. Sign in again in another tab.") };
      const told = await answer.json().catch(() => ({}));
      return { ok: answer.ok, message: say("The server could not do it."), ...told };
    } catch {
      return { ok: false, message: say("The server was not reached.") };
    }
  }
}
