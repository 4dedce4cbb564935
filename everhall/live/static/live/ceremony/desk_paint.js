// Paints a console from a staff view (ceremony.js, `staffView`): lamps, words, which forms are offered.

const all = (selector) => document.querySelectorAll(selector);
const put = (selector, text) => { for (const one of all(selector)) if (one.textContent !== text) one.textContent = text; };
const show = (selector, wanted) => { for (const one of all(selector)) one.hidden = !wanted; };

//: The clock of the site, as in the log; the visitor's device may be elsewhere.
let zone;
const time = (seconds) => new Date(1000 * seconds).toLocaleTimeString("en-GB", { hour12: false, timeZone: zone });

/** As `ceremony_desk.tone`. */
export function tone(party) {
  if (!party.present) return "away";
  if (party.vote !== "none") return party.vote;
  return party.done.length ? "part" : "none";
}

export function paint(view, { words, names, items, party: own, zone: here }) {
  zone = here;
  const say = (text, values = {}) => (words[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  Object.assign(document.body.dataset, { state: view.state, phase: view.phase });
  document.body.toggleAttribute("data-rehearsal", view.rehearsal);
  document.body.toggleAttribute("data-sealed", view.sealed);
  put("[data-state-word]", words[`state:${view.state}`]);
  put("[data-t0]", view.t0 ? say("T0 {time}", { time: time(view.t0) }) : "");
  if (view.state !== "counting") put("[data-count]", view.t0 ? time(view.t0) : "–");
  show("[data-rehearsal-note]", view.rehearsal);
  show("[data-sealed-note]", view.sealed);
  paintStop(view, names, say);
  paintForms(view);
  const required = view.parties.filter((one) => one.required);
  put("[data-ready]", say("{ready} of {all} required venues are ready", { ready: required.filter((one) => one.ready).length, all: required.length }));
  for (const party of view.parties) paintParty(party, say);
  if (own) paintOwn(view, view.parties.find((one) => one.key === own), items);
}

function paintStop({ stop }, names, say) {
  show("[data-stop]", Boolean(stop));
  if (!stop) return;
  const who = stop.party ? names[stop.party] ?? stop.party : stop.by;
  put("[data-stop]", say("Stopped: {party} {reason}", { party: who, reason: stop.reason }));
}

function paintForms(view) {
  for (const form of all("[data-in]")) {
    const here = form.dataset.in.split(" ").includes(view.state);
    form.hidden = !here || ("unsealed" in form.dataset && view.sealed);
  }
  for (const form of all("[data-rehearsal-only]")) form.hidden = !view.rehearsal || view.sealed;
  for (const form of all("[data-shown]")) {
    form.elements.shown.value = view.shown ? "0" : "1";
    const button = form.querySelector("button");
    button.textContent = view.shown ? button.dataset.yes : button.dataset.no;
  }
}

function paintParty(party, say) {
  for (const place of all(`[data-party="${CSS.escape(party.key)}"]`)) {
    place.dataset.tone = tone(party);
    const put = (selector, text) => { const one = place.querySelector(selector); if (one) one.textContent = text; };
    put("[data-vote]", say(party.present ? { go: "go", "no-go": "no-go", none: "no answer" }[party.vote] : "away"));
    put("[data-policy]", say(party.required ? "required" : "optional"));
    put("[data-done]", String(party.done.length));
    put("[data-note]", note(party, say));
  }
}

function note(party, say) {
  const parts = [];
  if (party.reason) parts.push(party.reason);
  if (!party.present && party.since) parts.push(say("away since {time}", { time: time(party.since) }));
  if (party.voted_by) parts.push(say("by {name}, {time}", { name: party.voted_by, time: time(party.voted_at) }));
  return parts.join(" · ");
}

function paintOwn(view, party, items) {
  if (!party) { location.reload(); return; }
  const open = ["arming", "armed", "held", "counting"].includes(view.state) && !view.sealed;
  for (const key of Object.keys(items)) {
    const button = document.querySelector(`[data-item="${key}"]`);
    const checked = party.done.includes(key);
    button.setAttribute("aria-pressed", String(checked));
    button.disabled = !open || (checked && view.state === "counting");
    button.form.action = checked ? button.form.dataset.uncheck : button.form.dataset.check;
  }
  for (const button of all("[data-open]")) button.disabled = !open;
}

let waiting = 0;

/** Log, map and list of venues are the server's HTML: fetched again after events, once a second at most. */
export function fragments(done) {
  if (waiting || !document.querySelector("[data-fragment=log]")) return;
  waiting = setTimeout(async () => {
    waiting = 0;
    try {
      const answer = await fetch(location.href);
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of all("[data-fragment]")) {
        const fresh = page.querySelector(`[data-fragment="${part.dataset.fragment}"]`);
        // Not under the finger or the cursor of somebody who is about to press.
        if (fresh && !part.contains(document.activeElement)) part.innerHTML = fresh.innerHTML;
      }
      done();
    } catch {
      // The lamps are right; the log follows with the next event.
    }
  }, 1000);
}
