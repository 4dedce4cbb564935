// <ever-door>: what somebody at a gate sees. A verdict fills the page: a colour, a sign, a word, a sound. Texts of passes come from a hand
// scanner (which types, whatever has the focus), the camera, or as a name or number. What is shown stands in modules beside this one.
//
// In: a Door. Must stay true: a verdict is shown after it is on disk; colour is never its only sign; nothing is shown as HTML; one scan
// after another, in the order in which they came.
import { showAround } from "./around.js";
import { toggleCamera } from "./lens.js";
import { clock, el, fill } from "./parts.js";
import { showResults } from "./results.js";
import { showEnrolling, showStop } from "./stopped.js";
import { showFailure, showIdle, showVerdict } from "./verdict.js";

class EverDoor extends HTMLElement {
  say(name, values) { return fill(this.words[name] ?? name, values); }
  get english() { return this.dataset.language === "en"; }
  named(thing) { return thing ? (this.english ? thing.en ?? thing[1] : thing.zh ?? thing[0]) : ""; }
  clock(moment, seconds = false) { return clock(moment, { zone: this.door?.roster?.venue.zone, now: this.door?.now() ?? Date.now(), english: this.english, seconds }); }

  // ---- before there is a door
  stop(text, wipe = null) { showStop(this, text, wipe); }
  enrolling(act) { showEnrolling(this, act); }
  newer() { this.querySelector(".door-newer")?.removeAttribute("hidden"); }

  // ---- the door
  show(door, leave) {
    Object.assign(this, { door, leave, line: Promise.resolve(), verdict: null });
    this.build();
    door.addEventListener("change", () => this.refreshSoon());
    document.addEventListener("keydown", (event) => this.typed(event));
    showAround(this);
  }

  build() {
    this.text = el("input", { id: "door-text", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search", placeholder: this.say("name_or_number"), "aria-label": this.say("scan") });
    this.panel = el("section", { class: "door-verdict", "aria-live": "assertive", tabindex: "-1" });
    this.results = el("section", { class: "door-results", "aria-live": "polite" });
    this.video = el("video", { hidden: true, muted: true, playsinline: true, "aria-label": this.say("camera") });
    this.video.muted = true;
    this.cameraButton = el("button", { type: "button", on: () => toggleCamera(this) }, this.say("camera"));
    this.walkButton = el("button", { type: "button", on: () => this.inLine(() => this.walkIn()) }, this.say("walk_in_button"));
    this.head = el("header", { class: "door-head" });
    this.found = el("section", { class: "door-found", hidden: true });
    this.device = el("details", { class: "door-device" });
    const form = el("form", { class: "door-form", role: "search", on: (event) => { event.preventDefault(); this.take(this.text.value); } }, this.text, el("button", { class: "main" }, this.say("find")));
    this.replaceChildren(this.head, el("p", { class: "door-newer", hidden: true, role: "status" }, this.say("newer"), " ", el("button", { type: "button", on: () => location.reload() }, this.say("reload"))),
      el("main", {}, el("div", { class: "door-notes", role: "status" }), this.panel, form, el("div", { class: "door-more" }, this.cameraButton, this.walkButton), this.video, this.results, this.found, this.device));
    showIdle(this);
  }

  /** What stands around the verdict may come a moment after it: whoever stands at the door waits for the verdict. */
  refreshSoon() {
    if (this.refreshing) return;
    this.refreshing = true;
    setTimeout(() => { this.refreshing = false; showAround(this); }, 60);
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
    } else showResults(this, words);
  }

  scan(text, source = "scanner") { return this.inLine(() => this.decided(() => this.door.scan(text, source), (coming) => this.door.scan(text, source, coming), text)); }

  /** One after another; what goes wrong is shown and does not stop the next. */
  inLine(act) {
    this.line = this.line.then(act).catch((fault) => showFailure(this, fault));
    return this.line;
  }

  async decided(first, again, text = "") {
    const began = performance.now(), verdict = await first();
    verdict.text = text;
    showVerdict(this, verdict, again);
    this.dataset.took = (performance.now() - began).toFixed(1);
    return verdict;
  }

  async walkIn() { showVerdict(this, await this.door.walkIn()); }
}

customElements.define("ever-door", EverDoor);
