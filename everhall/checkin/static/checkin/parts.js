// What the page of a door is made of: elements, words with values in them, moments on the venue's clock.
//
// In: plain values. Out: nodes and texts. Must stay true: nothing is shown as HTML.
export const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? "");
export const el = (name, values = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(values)) {
    if (key === "on") made.addEventListener(name === "form" ? "submit" : name === "select" || name === "input" ? "change" : "click", value);
    else if (key === "class") made.className = value;
    else if (value === true || value === false) made.toggleAttribute(key, value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
};

/** `zone`: the venue's; `now`: what the device believes it is. */
export function clock(moment, { zone: timeZone, now, english, seconds = false }) {
  const language = english ? "en-GB" : "zh-CN";
  const shown = (at, zone, form) => new Intl.DateTimeFormat(language, { timeZone: zone, ...form }).format(at), full = { dateStyle: "short", timeStyle: "short" };
  // The clock is the venue's; its zone is named on a device that shows another time.
  const form = { hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) };
  if (shown(moment, timeZone, { dateStyle: "short" }) !== shown(now, timeZone, { dateStyle: "short" })) Object.assign(form, { month: "2-digit", day: "2-digit" });
  if (shown(moment, timeZone, full) !== shown(moment, undefined, full)) form.timeZoneName = "shortOffset";
  return shown(moment, timeZone, form);
}
