// Passes at a door, the reader of what engines/passes.py signs: EH1:<base45 of 28 bytes and an Ed25519 signature>.
//
// In: a text, public keys. Out: {admission, code, issue, seats, way, until} or null. Must stay true: what none of the keys has signed is
// no pass; nothing is guessed.
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const PURPOSE = new TextEncoder().encode("everhall pass");
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

export function unbase45(text) {
  if (text.length % 3 === 1) return null;
  const found = [];
  for (let place = 0; place < text.length; place += 3) {
    const part = text.slice(place, place + 3), values = Array.from(part, (sign) => SIGNS.indexOf(sign));
    if (values.includes(-1)) return null;
    const value = values.reduce((sum, one, power) => sum + one * 45 ** power, 0), size = part.length - 1;
    if (value >= 256 ** size) return null;
    if (size === 2) found.push(value >> 8);
    found.push(value & 255);
  }
  return Uint8Array.from(found);
}

/** Public keys by the id that passes name. */
export async function keysOf(texts) {
  const found = new Map();
  for (const text of texts) {
    const raw = unhex(text), id = new Uint8Array(await crypto.subtle.digest("SHA-256", raw)).slice(0, 4);
    found.set(hex(id), await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]));
  }
  return found;
}

export async function readPass(text, keys) {
  if (!text.startsWith("EH1:")) return null;
  const sealed = unbase45(text.slice(4));
  if (!sealed || sealed.length !== 92) return null;
  const body = sealed.subarray(0, 28), view = new DataView(sealed.buffer), key = keys.get(hex(sealed.subarray(1, 5)));
  const seats = body[22], way = body[23];
  if (body[0] !== 1 || !key || way > 1 || seats < 1) return null;
  const signed = new Uint8Array(PURPOSE.length + 28);
  signed.set(PURPOSE);
  signed.set(body, PURPOSE.length);
  if (!(await crypto.subtle.verify("Ed25519", key, sealed.subarray(28), signed))) return null;
  return {
    admission: hex(body.subarray(5, 13)), code: hex(body.subarray(13, 21)), issue: body[21], seats, way: way ? "online" : "onsite",
    until: view.getUint32(24) * 60,
  };
}
