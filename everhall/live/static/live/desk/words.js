// Words in the page's language, given by the page; and times as people read them.
const WORDS = JSON.parse(document.getElementById("desk-words").textContent);

/** @param {string} text English, which is its own name @param {Record<string, unknown>} values for {name} in it */
export const say = (text, values = {}) =>
  Object.entries(values).reduce((words, [name, value]) => words.replaceAll(`{${name}}`, String(value)), WORDS[text] ?? text);

const language = document.documentElement.lang || "zh";

/** 1:02:03 or 4:05 of a length in seconds. */
export function length(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  return `${hours ? `${hours}:${two(Math.floor(whole / 60) % 60)}` : Math.floor(whole / 60)}:${two(whole % 60)}`;
}

// The desk's zone of time, not the browser's: what is planned is told in it everywhere else.
const timeZone = document.getElementById("director")?.dataset.zone;
const told = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone });

/** 14:30:05 in the desk's zone of time. */
export const clock = (epoch) => told.format(new Date(epoch * 1000));
