// What stands where there is no door yet, or none any more: a sentence and what to do; the enrolment of this device.
//
// In: the page, words, what a button does. Out: nothing. Must stay true: a reader finds the other language everywhere.
import { stopCamera } from "./lens.js";
import { el } from "./parts.js";

export function languageLink(view) { return el("p", { class: "door-language" }, el("a", { href: `${view.english ? "/door/" : "/door/en/"}${location.hash}`, lang: view.english ? "zh-Hans" : "en" }, view.say("language"))); }

export function showStop(view, text, wipe = null) {
  stopCamera(view);
  view.door = null;
  view.replaceChildren(el("main", { class: "door-stop" }, el("h1", {}, view.say("title")), el("p", { role: "alert" }, text), wipe ? el("button", { type: "button", on: wipe }, view.say("wipe")) : null, languageLink(view)));
}

export function showEnrolling(view, act) {
  const told = el("p", { role: "status" }), name = el("input", { id: "door-name", name: "name", maxlength: 60, required: true, autocomplete: "off" });
  const button = el("button", { class: "main" }, view.say("enrol"));
  const form = el("form", { on: async (event) => {
    event.preventDefault();
    button.disabled = true;
    told.textContent = view.say("working");
    try { await act(name.value); } catch (fault) { told.textContent = fault.words || view.say(fault.code || String(fault)); button.disabled = false; }
  } }, el("label", { for: "door-name" }, view.say("device")), name, button, told);
  view.replaceChildren(el("main", { class: "door-stop" }, el("h1", {}, view.say("enrol")), el("p", {}, view.say("enrol_lead")), form, languageLink(view)));
  name.focus();
}
