// How a feed is, in words. In: a feed of the state, the server's clock. Out: texts. No elements.
import { length, say } from "./words.js";

const STATES = { off: "not in use", waiting: "waiting for somebody to send", starting: "starting", live: "live", silent: "nothing arrives", failed: "failed" };
const WARNINGS = {
  keyframes: "Keyframes are {n} s apart: set 2 s in the encoder.", silence: "Silent for {n} s.", black: "Black for {n} s.",
  loud: "Too loud: {n} LUFS.", frames_dropped: "{n} frames lost.", drift: "Its clock is {n} s off.", no_audio: "No sound arrives.",
  encoded: "Encoded anew here; H.264 and AAC would not need it.", audio_missing: "A language of sound is missing.",
  disk_low: "The disk is nearly full.", no_pictures: "No room for new pictures.", no_parts: "No room for parts: more delay.",
  disk_full: "The disk is full: nothing is kept.", slow: "Slower than real time.",
};
//: LUFS at the ends of the bar.
const QUIET = -60;
//: Seconds after which a picture is said to be old.
const OLD = 4;
//: What one may know, but need not worry about.
const MILD = new Set(["encoded"]);

export const stateOf = (feed) => say(STATES[feed.enabled ? feed.told?.state ?? "waiting" : "off"] ?? "waiting for somebody to send");

export const isLive = (feed) => feed.enabled && feed.told?.state === "live";

export const rate = (feed) => (isLive(feed) && feed.told.kbps ? `${(feed.told.kbps / 1000).toFixed(1)} Mbit/s` : "");

/** 0 … 1 */
export const loudness = (feed) =>
  (isLive(feed) && typeof feed.told.loudness === "number" ? Math.min(1, Math.max(0, 1 - feed.told.loudness / QUIET)) : 0);

/** Seconds since something arrived. */
export const age = (feed, now) => (typeof feed.told?.part_age === "number" ? Math.max(0, now - feed.told.at + feed.told.part_age) : null);

export function warnings(feed, now) {
  if (!feed.enabled) return [];
  const found = (feed.told?.warnings ?? []).map(([code, n]) => ({ code, mild: MILD.has(code), words: say(WARNINGS[code] ?? code, { n }) }));
  const since = age(feed, now);
  if (isLive(feed) && since !== null && since > OLD) found.push({ code: "old", mild: false, words: say("picture {age} old", { age: length(since) }) });
  return found;
}
