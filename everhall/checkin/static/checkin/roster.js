// The roster of this device: opened, and asked. Its bytes are told in engines/door_seal.py and services/roster.py.
//
// In: sealed bytes, the device, its private key, the site's key. Out: a Roster, or a Fault with a code: roster_tampered, roster_other,
// roster_old, roster_back. Must stay true: nothing of it is believed before its signature is; it stays sealed where it is kept.
import { hex, keysOf, unhex } from "./pass.js";

const HEAD = 109, SEAL = 64, text = new TextEncoder();
const PURPOSE = text.encode("everhall roster");

export class Fault extends Error {
  constructor(code, values = {}) { super(code); this.code = code; this.values = values; }
}

const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};

/** `least`: milliseconds; an older roster than that is not taken. */
export async function openRoster(content, { device, agreement, site }, now, least = 0) {
  const sealed = new Uint8Array(content), view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (sealed.length < HEAD + SEAL + 16 || new TextDecoder().decode(sealed.subarray(0, 4)) !== "EHR1") throw new Fault("roster_tampered");
  const body = sealed.subarray(0, -SEAL), key = await crypto.subtle.importKey("raw", unhex(site), "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", key, sealed.subarray(-SEAL), joined(PURPOSE, body)))) throw new Fault("roster_tampered");
  if (new TextDecoder().decode(sealed.subarray(4, 16)) !== device) throw new Fault("roster_other");
  const made = Number(view.getBigUint64(16)), until = Number(view.getBigUint64(24)), own = sealed.subarray(32, 97);
  if (until < now) throw new Fault("roster_old", { until });
  if (made < least) throw new Fault("roster_back");
  const theirs = await crypto.subtle.importKey("raw", own, { name: "ECDH", namedCurve: "P-256" }, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, agreement, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const kind = { name: "HKDF", hash: "SHA-256", salt: own, info: joined(PURPOSE, text.encode(device)) };
  const secret = await crypto.subtle.deriveKey(kind, material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  let plain;
  try {
    plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.subarray(97, HEAD), additionalData: sealed.subarray(0, HEAD) }, secret, body.subarray(HEAD));
  } catch { throw new Fault("roster_other"); }
  const stream = new Blob([plain]).stream().pipeThrough(new DecompressionStream("gzip"));
  const columns = await new Response(stream).arrayBuffer();
  return new Roster(columns, made, until).ready();
}

export class Roster {
  constructor(buffer, made, until) {
    Object.assign(this, { made, until });
    const view = new DataView(buffer), size = view.getUint32(0, true);
    Object.assign(this, JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size))));
    let at = 4 + size;
    const column = (Kind, count) => {
      const bytes = count * Kind.BYTES_PER_ELEMENT, found = new Kind(buffer.slice(at, at + bytes));
      at += bytes;
      return found;
    };
    this.codes = column(Uint32Array, 2 * this.count);
    for (const name of ["rows", "numbers"]) this[name] = column(Uint32Array, this.count);
    this.bits = column(Uint16Array, this.count);
    for (const name of ["issues", "seats", "ways", "voids", "kind"]) this[name] = column(Uint8Array, this.count);
    const passed = {};
    for (const name of ["id", "row", "at"]) passed[name] = column(Uint32Array, this.passed);
    for (const name of ["list", "out", "people", "gate"]) passed[name] = column(Uint8Array, this.passed);
    this.passages = passed;
    this.texts = {};
    for (const name of ["name", "group", "companions", "initials", "organisation"]) {
      const bytes = view.getUint32(at, true);
      this.texts[name] = new Uint8Array(buffer, at + 4, bytes);
      at += 4 + bytes;
    }
  }

  async ready() {
    this.keys = await keysOf(this.keys);
    this.admissions = this.lists.map((list) => new Set(list.admissions));
    return this;
  }

  /** Lines of a text; read when first asked for, since a scan needs one line at most. */
  lines(name) {
    if (this.texts[name] instanceof Uint8Array) this.texts[name] = new TextDecoder().decode(this.texts[name]).split("\n");
    return this.texts[name];
  }

  /** Where this code stands, or -1. Scanning them all is a tenth of a millisecond, so there is no index to build. */
  find(code) {
    const [first, second] = new Uint32Array(unhex(code).buffer), { codes } = this;
    for (let at = 0; at < codes.length; at += 2) if (codes[at] === first && codes[at + 1] === second) return at / 2;
    return -1;
  }

  codeAt(index) { return hex(new Uint8Array(this.codes.buffer, 8 * index, 8)); }
  indexOf(row) { return this.rows.indexOf(row); }

  /** As the engine has a holder, but for who came. */
  holder(index, list) {
    return {
      issue: this.issues[index], seats: this.seats[index], way: this.ways[index] ? "online" : "onsite",
      void: ["", "cancelled", "transferred"][this.voids[index]], listed: Boolean(this.bits[index] & (1 << list)),
    };
  }

  person(index) {
    const line = (name) => this.lines(name)[index] || "";
    return {
      row: this.rows[index], number: this.numbers[index], seats: this.seats[index], kind: this.kind[index], name: line("name"), group: line("group"),
      companions: line("companions"), organisation: line("organisation"), index, lists: this.bits[index],
    };
  }

  /** People of a list by number, name, group, companion or the first letters of how a name sounds; not more than `most`. */
  search(words, list, most = 30) {
    const asked = words.trim().toLowerCase(), found = [];
    if (!asked) return found;
    const number = /^\d{1,9}$/.test(asked) ? Number(asked) : -1, letters = /^[a-z]{2,}$/.test(asked) ? asked : "";
    const names = this.lines("name"), groups = this.lines("group"), along = this.lines("companions"), initials = letters ? this.lines("initials") : [];
    for (let at = 0; at < this.count && found.length < most; at += 1) {
      if (this.voids[at] || !(this.bits[at] & (1 << list))) continue;
      if (number >= 0 ? this.numbers[at] === number : [names[at], groups[at], along[at]].some((line) => line.toLowerCase().includes(asked)) ||
        (letters && initials[at].split(" ").some((one) => one.startsWith(letters)))) found.push(at);
    }
    return found.map((index) => this.person(index));
  }
}
