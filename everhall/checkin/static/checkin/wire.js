// A device's word with the site: its keys, its enrolment, its signed requests, and what the site's clock says.
//
// Must stay true: private keys cannot be taken out; a request has a number greater than all before it; requests go one after another.
import { hex } from "./pass.js";
import { Fault } from "./roster.js";

const bytes = new TextEncoder();
export const base64 = (raw) => btoa(String.fromCharCode(...new Uint8Array(raw))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const digest = async (raw) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", raw)));

/** What this browser lacks, in a word or two; "" where it can do all that a door needs. */
export async function missing() {
  if (!isSecureContext) return "https";
  if (!globalThis.crypto?.subtle) return "WebCrypto";
  if (!("indexedDB" in globalThis)) return "IndexedDB";
  if (!("DecompressionStream" in globalThis)) return "DecompressionStream";
  if (!navigator.locks) return "Web Locks";
  try { await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]); } catch { return "Ed25519"; }
  return "";
}

/** `mark`: what the link said of the site's key. */
export async function enrol(token, mark, name, language) {
  const signing = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const agreement = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveKey", "deriveBits"]);
  const raw = async (pair) => base64(await crypto.subtle.exportKey("raw", pair.publicKey));
  const body = JSON.stringify({ token, name, signing: await raw(signing), agreement: await raw(agreement) });
  const began = Date.now();
  let answer;
  try {
    answer = await fetch("/door/enrol", { method: "POST", body, headers: { "Content-Type": "application/json", "Everhall-Language": language }, credentials: "omit" });
  } catch { throw new Fault("lost"); }
  const told = await read(answer);
  const site = told.site, marked = await digest(Uint8Array.from(site.match(/../g), (pair) => parseInt(pair, 16)));
  if (!mark || !marked.startsWith(mark)) throw new Fault("link_other_site");
  return { device: told.device, site, name, signing: signing.privateKey, agreement: agreement.privateKey, offset: told.now - (began + Date.now()) / 2 };
}

async function read(answer) {
  let told;
  try { told = await answer.json(); } catch { throw new Fault("lost"); }
  if (!answer.ok) throw Object.assign(new Fault(told.code || "lost"), { words: told.words, now: told.now });
  return told;
}

export class Wire {
  /** `numbers`: {get, set} of the last number of a request; `heard(now, milliseconds)`: what the site's clock said and when. */
  constructor(identity, language, numbers, heard) {
    Object.assign(this, { identity, language, numbers, heard, last: Promise.resolve() });
  }

  ask(path, body) {
    const turn = this.last.catch(() => {}).then(() => this.send(path, body).catch((fault) => {
      if (fault.code !== "repeated") throw fault;
      return this.send(path, body, 1000);
    }));
    this.last = turn;
    return turn;
  }

  async send(path, body, step = 1) {
    const number = (await this.numbers.get()) + step, content = bytes.encode(JSON.stringify({ ...body, ...(path === "/door/sync" ? { sent: this.clock() } : {}) }));
    await this.numbers.set(number);
    const asked = bytes.encode(["everhall door request", "POST", path, number, await digest(content)].join("\n"));
    const signature = base64(await crypto.subtle.sign("Ed25519", this.identity.signing, asked));
    const headers = { "Content-Type": "application/json", "Everhall-Device": `${this.identity.device}.${number}.${signature}`, "Everhall-Language": this.language };
    const began = Date.now();
    let answer;
    try {
      answer = await fetch(path, { method: "POST", body: content, headers, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(30_000) });
    } catch { throw new Fault("lost"); }
    if (answer.status === 204) return null;
    if (answer.headers.get("Content-Type") === "application/octet-stream") return answer.arrayBuffer();
    const told = await read(answer).catch((fault) => { if (fault.now) this.heard(fault.now, (began + Date.now()) / 2); throw fault; });
    this.heard(told.now, (began + Date.now()) / 2);
    return told;
  }
}
