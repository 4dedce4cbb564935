// <ever-door>: what somebody at a gate sees. A verdict fills the page: a colour, a sign, a word, a sound. Texts of passes come from a hand
// scanner (which types, whatever has the focus), the camera, or as a name or number.
//
// In: a Door. Must stay true: a verdict is shown after it is on disk; colour is never its only sign; nothing is shown as HTML; one scan
// after another, in the order in which they came.
import { placesOf, print } from "./badge.js";
import { watch } from "./camera.js";
import { sound } from "./sounds.js";

const SIGNS = { admit: "✓", ask: "?", refuse: "✕" };
const CAMERA = { NotAllowedError: "camera_denied", NotFoundError: "camera_none", OverconstrainedError: "camera_none", NotReadableError: "camera_busy" };
const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? "");
const el = (name, values = {}, ...children) => {
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

class EverDoor extends HTMLElement {
  say(name, values) { return fill(this.words[name] ?? name, values); }
  get english() { return this.dataset.language === "en"; }
  named(thing) { return thing ? (this.english ? thing.en ?? thing[1] : thing.zh ?? thing[0]) : ""; }
  clock(moment, seconds = false) {
    const timeZone = this.door?.roster?.venue.zone, now = this.door?.now() ?? Date.now(), language = this.english ? "en-GB" : "zh-CN";
    const shown = (at, zone, form) => new Intl.DateTimeFormat(language, { timeZone: zone, ...form }).format(at), full = { dateStyle: "short", timeStyle: "short" };
    // The clock is the venue's; its zone is named on a device that shows another time.
    const form = { hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) };
    if (shown(moment, timeZone, { dateStyle: "short" }) !== shown(now, timeZone, { dateStyle: "short" })) Object.assign(form, { month: "2-digit", day: "2-digit" });
    if (shown(moment, timeZone, full) !== shown(moment, undefined, full)) form.timeZoneName = "shortOffset";
    return shown(moment, timeZone, form);
  }

  // ---- before there is a door
  stop(text, wipe = null) {
    this.stopCamera();
    this.door = null;
    this.replaceChildren(el("main", { class: "door-stop" }, el("h1", {}, this.say("title")), el("p", { role: "alert" }, text), wipe ? el("button", { type: "button", on: wipe }, this.say("wipe")) : null, this.other()));
  }

  other() { return el("p", { class: "door-language" }, el("a", { href: `${this.english ? "/door/" : "/door/en/"}${location.hash}`, lang: this.english ? "zh-Hans" : "en" }, this.say("language"))); }

  enrolling(act) {
    const told = el("p", { role: "status" }), name = el("input", { id: "door-name", name: "name", maxlength: 60, required: true, autocomplete: "off" });
    const button = el("button", { class: "main" }, this.say("enrol"));
    const form = el("form", { on: async (event) => {
      event.preventDefault();
      button.disabled = true;
      told.textContent = this.say("working");
      try { await act(name.value); } catch (fault) { told.textContent = fault.words || this.say(fault.code || String(fault)); button.disabled = false; }
    } }, el("label", { for: "door-name" }, this.say("device")), name, button, told);
    this.replaceChildren(el("main", { class: "door-stop" }, el("h1", {}, this.say("enrol")), el("p", {}, this.say("enrol_lead")), form, this.other()));
    name.focus();
  }

  newer() { this.querySelector(".door-newer")?.removeAttribute("hidden"); }

  // ---- the door
  show(door, leave) {
    Object.assign(this, { door, leave, line: Promise.resolve(), verdict: null });
    this.build();
    door.addEventListener("change", () => this.refreshSoon());
    document.addEventListener("keydown", (event) => this.typed(event));
    this.refresh();
  }

  build() {
    this.text = el("input", { id: "door-text", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search", placeholder: this.say("scan"), "aria-label": this.say("scan") });
    this.panel = el("section", { class: "door-verdict", "aria-live": "assertive", tabindex: "-1" });
    this.results = el("section", { class: "door-results", "aria-live": "polite" });
    this.video = el("video", { hidden: true, muted: true, playsinline: true, "aria-label": this.say("camera") });
    this.video.muted = true;
    this.cameraButton = el("button", { type: "button", on: () => this.toggleCamera() }, this.say("camera"));
    this.walkButton = el("button", { type: "button", on: () => this.inLine(() => this.walkIn()) }, this.say("walk_in_button"));
    this.head = el("header", { class: "door-head" });
    this.found = el("section", { class: "door-found", hidden: true });
    this.device = el("details", { class: "door-device" });
    const form = el("form", { class: "door-form", role: "search", on: (event) => { event.preventDefault(); this.take(this.text.value); } }, this.text, el("button", { class: "main" }, this.say("find")));
    this.replaceChildren(this.head, el("p", { class: "door-newer", hidden: true, role: "status" }, this.say("newer"), " ", el("button", { type: "button", on: () => location.reload() }, this.say("reload"))),
      el("main", {}, el("div", { class: "door-notes", role: "status" }), this.panel, form, el("div", { class: "door-more" }, this.cameraButton, this.walkButton), this.video, this.results, this.found, this.device));
    this.idle();
  }

  /** What stands around the verdict may come a moment after it: whoever stands at the door waits for the verdict. */
  refreshSoon() {
    if (this.refreshing) return;
    this.refreshing = true;
    setTimeout(() => { this.refreshing = false; this.refresh(); }, 60);
  }

  refresh() {
    const { door } = this;
    if (!door) return;
    const { roster } = door, waiting = door.waiting().length, list = roster?.lists[door.list], inside = door.inside(), part = list?.capacity ? inside / list.capacity : 0;
    const lists = roster && roster.lists.length > 1 ? el("label", {}, this.say("list"), el("select", { on: ({ target }) => this.chosen({ list: Number(target.value) }) }, roster.lists.map((one, at) => el("option", { value: at, selected: at === door.list }, this.named(one))))) : el("span", { class: "door-list" }, list ? this.named(list) : "");
    const ways = roster?.gate.direction === "both" ? el("label", {}, this.say("entry"), "/", this.say("exit"), el("select", { on: ({ target }) => this.chosen({ direction: target.value }) }, ["in", "out"].map((way) => el("option", { value: way, selected: way === door.direction }, this.say(way === "in" ? "entry" : "exit"))))) : roster ? el("span", { class: "door-list" }, this.say(door.direction === "out" ? "exit" : "entry")) : "";
    const heads = el("p", { class: `door-heads ${part >= 1 ? "full" : part >= 0.9 ? "near" : ""}` }, el("b", {}, String(inside)), " ", this.say("inside"), list?.capacity ? ` ${this.say("of", { capacity: list.capacity })}` : "", part >= 1 ? el("strong", {}, this.say("full_word")) : part >= 0.9 ? el("strong", {}, this.say("near")) : "");
    const state = el("p", { class: `door-state ${door.online ? "on" : "off"}` }, el("span", {}, door.online ? this.say("online_word") : this.say("offline_word")), el("span", { class: "door-queue", "data-count": waiting }, waiting ? this.say("queue", { count: waiting }) : this.say("sent")));
    const active = document.activeElement?.closest?.(".door-head select");
    if (!active) this.head.replaceChildren(el("h1", {}, roster ? this.named(roster.gate) : this.say("title")), lists, ways, heads, state);
    this.walkButton.hidden = !list?.walk_ins;
    this.walkButton.textContent = this.say(door.direction === "out" ? "walk_out_button" : "walk_in_button");
    this.notes();
    this.later();
    this.about();
  }

  chosen(values) { this.idle(); document.activeElement?.blur(); this.door.choose(values); }

  notes() {
    const { door } = this, lines = [], minutes = Math.round(Math.abs(door.offset) / 60_000);
    if (door.fault) lines.push(this.say(door.fault.code || "roster_tampered", { when: door.fault.values?.until ? this.clock(door.fault.values.until) : "" }));
    else if (!door.roster) lines.push(this.say("working"));
    else if (!door.roster.lists.length) lines.push(this.say("no_lists"));
    if (door.jumped) lines.push(this.say("clock"));
    if (minutes >= 2) lines.push(this.say("clock_off", { minutes }));
    if (door.cramped) lines.push(this.say("cramped", { what: door.cramped }));
    const box = this.querySelector(".door-notes"), text = lines.join("\n");
    if (box.dataset.text !== text) { box.dataset.text = text; box.replaceChildren(...lines.map((line) => el("p", {}, line))); }
  }

  later() {
    const { found } = this.door;
    this.found.hidden = !found.length;
    if (this.found.dataset.count === String(found.length)) return;
    this.found.dataset.count = found.length;
    this.found.replaceChildren(el("h2", {}, `${this.say("doubles")} (${found.length})`), el("ul", {}, found.slice(0, 20).map((one) => el("li", { "data-standing": one.standing }, this.foundWords(one)))));
  }

  foundWords(one) {
    const { roster } = this.door, index = roster && one.row ? roster.indexOf(one.row) : -1, name = (index >= 0 && roster.person(index).name) || one.code.slice(0, 6);
    const where = (told) => this.named(told) || this.say("desk");
    if (one.standing === "apart") return this.say("apart");
    if (one.standing === "double" && !one.own) return this.say("double_first", { name, where: where(one.where), when: this.clock(one.at) });
    if (one.standing === "double") return this.say(one.first?.own ? "double_own" : "double_late", { name, where: where(one.first?.where), when: this.clock(one.first?.at ?? one.at) });
    return this.say(`found_${one.found}`, { name });
  }

  about() {
    const { door } = this, { roster } = door, open = this.device.open;
    this.device.replaceChildren(el("summary", {}, this.say("settings")), el("p", {}, door.identity.name), roster ? el("p", {}, this.say("roster", { count: roster.count, when: this.clock(roster.until) })) : "",
      door.contact ? el("p", {}, this.say("synced", { when: this.clock(door.contact) })) : "", el("p", {}, this.say("install")), el("button", { type: "button", on: () => this.leave() }, this.say("wipe")), this.other());
    this.device.open = open;
  }

  // ---- what comes in
  /** A hand scanner types wherever the focus is. */
  typed(event) {
    const field = event.target.closest?.("input, select, textarea");
    if (!this.door || field || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " ") return;
    this.text.focus();
  }

  take(text) {
    const words = text.replace(/[\r\n]+$/, "");
    if (!words.trim()) return;
    if (/^\s*eh\d+:/i.test(words)) {
      this.text.value = "";
      this.scan(words.trimStart().toUpperCase());
    } else this.search(words);
  }

  scan(text, source = "scanner") { return this.inLine(() => this.decided(() => this.door.scan(text, source), (coming) => this.door.scan(text, source, coming), text)); }

  /** One after another; what goes wrong is shown and does not stop the next. */
  inLine(act) {
    this.line = this.line.then(act).catch((fault) => this.failed(fault));
    return this.line;
  }

  failed(fault) {
    sound("refuse");
    this.panel.className = "door-verdict refuse";
    const why = fault.code === "not_stored" ? this.say("not_stored", { what: fault.what }) : this.say("went_wrong", { what: fault.name || String(fault) });
    this.panel.replaceChildren(el("p", { class: "sign", "aria-hidden": "true" }, SIGNS.refuse), el("p", { class: "word" }, this.say("refused")), el("p", { class: "why" }, why));
  }

  async decided(first, again, text = "") {
    const began = performance.now(), verdict = await first();
    verdict.text = text;
    this.shown(verdict, again);
    this.dataset.took = (performance.now() - began).toFixed(1);
    return verdict;
  }

  search(words) {
    const { roster, list } = this.door, found = roster ? roster.search(words, list) : [], source = /^\d+$/.test(words.trim()) ? "number" : "name";
    this.idle();
    this.results.replaceChildren(el("h2", {}, found.length ? this.say("results", { count: found.length }) : this.say("nobody")), el("ul", {}, found.map((person) => {
      const came = this.door.passedBy(person.row, "").filter((one) => one.direction === "in")[0];
      const act = () => { this.results.replaceChildren(); this.text.value = ""; this.inLine(() => this.decided(() => this.door.byHand(person.index, source), (coming) => this.door.byHand(person.index, source, coming))); };
      return el("li", {}, el("button", { type: "button", on: act }, el("b", {}, person.name || this.say("no_name")), el("span", {}, [this.say("number", { number: person.number }), person.group || person.organisation, person.companions, person.seats > 1 ? this.say("seats", { count: person.seats }) : "", came ? this.say("came", { when: this.clock(came.at) }) : ""].filter(Boolean).join(" · "))));
    })));
  }

  async walkIn() { this.shown(await this.door.walkIn()); }

  // ---- what is shown
  idle() {
    this.verdict = null;
    this.panel.className = "door-verdict idle";
    this.panel.replaceChildren(el("p", { class: "word" }, this.say("scan")));
    this.results.replaceChildren();
  }

  reasonWords(v) {
    if (v.reason === "elsewhere") return v.elsewhere?.length ? this.say("elsewhere", { where: v.elsewhere.map((one) => this.named(one)).join(this.english ? ", " : "、") }) : this.say("elsewhere_far");
    if (v.reason === "already" && v.first) {
      const where = this.named(v.first.where) || (v.first.own ? this.named(this.door.roster.gate) : this.say("desk"));
      return this.say("already_where", { when: this.clock(v.first.at, true), where });
    }
    const list = this.door.roster?.lists[this.door.list], moment = { ended: 1000 * v.until, not_open: 1000 * (list?.opens || 0), closed: 1000 * (list?.closes || 0) }[v.reason];
    const name = v.reason === "unknown" && v.decision === "admit" ? "unknown_in" : v.reason;
    if (v.reason === "not_in" && v.about?.source === "walk-in") return this.say("nobody_in");
    return this.say(name, { when: moment ? this.clock(moment) : "", left: v.left, count: this.door.inside() + v.people, capacity: list?.capacity });
  }

  shown(v, again = null) {
    this.verdict = v;
    this.results.replaceChildren();
    sound(v.decision);
    const out = this.door.direction === "out", word = { admit: this.say(out ? "out_word" : "admitted"), ask: this.say("asking"), refuse: this.say("refused") }[v.decision];
    const roster = this.door.roster, kind = v.person?.kind ? this.named(roster.kinds[v.person.kind]) : "";
    const who = v.person ? [el("p", { class: "name" }, v.person.name || this.say("no_name")), el("p", { class: "of" }, [this.say("number", { number: v.person.number }), kind, v.person.group || v.person.organisation].filter(Boolean).join(" · "))] : [];
    const people = v.decision === "admit" ? el("p", { class: "people" }, v.people === 1 ? this.say("person") : this.say("people", { count: v.people }), v.left > v.people ? ` · ${this.say("rest", { count: v.left - v.people })}` : "") : "";
    const why = v.decision === "admit" && ["ok", "out"].includes(v.reason) ? "" : el("p", { class: "why" }, this.reasonWords(v));
    this.panel.className = `door-verdict ${v.decision}`;
    this.panel.dataset.reason = v.reason;
    this.panel.replaceChildren(...[el("p", { class: "sign", "aria-hidden": "true" }, SIGNS[v.decision]), el("p", { class: "word" }, word), ...who, people, why, v.warning && v.reason !== "full" ? el("p", { class: "why" }, this.say("near")) : "", this.actions(v, again)].filter(Boolean));
    this.refreshSoon();
  }

  actions(v, again) {
    const box = el("div", { class: "door-actions" }), button = (name, act, mark = "") => el("button", { type: "button", class: mark, on: act }, this.say(name));
    if (v.decision === "ask") this.asking(box, v, again, button);
    else if (v.decision === "refuse") {
      if (v.passage && v.reason !== "forged" && v.reason !== "undone") box.append(button("override", () => this.inLine(async () => this.shown(await this.door.answer({ ...v, people: Math.max(1, v.people) }, true))), "plain"));
    } else if (v.passage) {
      box.append(button("undo", () => this.inLine(async () => { await this.door.undo(v.passage); this.idle(); this.panel.replaceChildren(el("p", { class: "word" }, this.say("undone"))); }), "plain"));
      if (v.person && this.door.direction === "in") for (const size of ["card", "a6"]) box.append(el("button", { type: "button", class: "plain", on: () => this.badge(v, size) }, `${v.people > 1 ? this.say("badges", { count: v.people }) : this.say("badge")} · ${this.say(`badge_${size}`)}`));
    }
    if (v.decision !== "ask") box.append(button("next", () => { this.idle(); this.text.focus(); }));
    return box;
  }

  /** Yes or no; of a group, how many. */
  asking(box, v, again, button) {
    let people = v.people;
    const shown = el("output", { class: "count", "aria-live": "polite" }, String(people)), change = (by) => { people = Math.max(1, Math.min(v.left || v.people, people + by)); shown.textContent = people; };
    if ((v.left || v.people) > 1) box.append(el("div", { class: "door-stepper" }, el("button", { type: "button", "aria-label": this.say("fewer"), on: () => change(-1) }, "−"), shown, el("button", { type: "button", "aria-label": this.say("more"), on: () => change(1) }, "+")));
    const yes = async () => {
      const next = v.reason === "group" && again ? await again(people) : await this.door.answer(v, true, people);
      this.shown({ ...next, text: v.text }, again);
    };
    box.append(button(this.door.direction === "out" ? "let_out" : "let_in", () => this.inLine(yes), "main"), button("send_away", () => this.inLine(async () => { const end = await this.door.answer(v, false); this.shown({ ...end, decision: "refuse" }); }), "plain"));
  }

  badge(v, size) {
    const { roster } = this.door, { person } = v, along = person.name ? this.say("along", { name: person.name }) : this.say("along_nobody");
    return print({ person, places: placesOf(v), along, text: v.text, edition: this.named(roster.edition), kind: this.named(roster.kinds[v.person.kind]), number: this.say("number", { number: v.person.number }), size });
  }

  // ---- the camera
  async toggleCamera() {
    if (this.cameraStop) return this.stopCamera();
    this.video.hidden = false;
    this.cameraButton.textContent = this.say("camera_off");
    try {
      this.cameraStop = await watch(this.video, (text) => this.scan(text, "camera"));
    } catch (fault) {
      this.stopCamera();
      this.panel.className = "door-verdict idle";
      this.panel.replaceChildren(el("p", { class: "why" }, this.say(CAMERA[fault.name] || "no_camera", { what: fault.name || String(fault) })));
    }
    return undefined;
  }

  stopCamera() {
    this.cameraStop?.();
    this.cameraStop = null;
    if (this.video) this.video.hidden = true;
    if (this.cameraButton) this.cameraButton.textContent = this.say("camera");
  }
}

customElements.define("ever-door", EverDoor);
