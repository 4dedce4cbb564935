// The menu of the hall's staff: behind a number that the server checks, so that no number lies on the screen.
import { make } from "./screen_views.js";
import { say } from "./screen_words.js";

/** A dialogue over the screen. `acts`: `{look, anew, full, restart, leave}`; `state()` tells version and age in words. */
export function staffMenu(base, language, acts, state) {
  const dialog = make("dialog", { class: "screen-staff", "aria-label": say("staff", language) });
  const said = make("p", { role: "status", class: "screen-said" });
  const field = make("input", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "12", "aria-label": say("pin", language) });

  async function enter() {
    try {
      const answer = await fetch(`${base}staff/`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ pin: field.value }) });
      const told = await answer.json();
      field.value = "";
      if (told.ok) return open();
      said.textContent = told.wait ? say("wait", language, { n: told.wait }) : say("wrong", language);
    } catch {
      said.textContent = say("net", language);
    }
    return null;
  }

  function open() {
    const button = (name) => make("button", { type: "button", class: "screen-button", "data-name": name, onclick: () => { acts[name](); if (name !== "leave") dialog.close(); } }, make("b", {}, say(name, language)));
    dialog.replaceChildren(make("h2", {}, say("staff", language)), make("p", { class: "screen-said" }, state()), ...["look", "anew", "full", "restart", "leave"].map(button), close());
    dialog.querySelector("button").focus();
  }

  const close = () => make("button", { type: "button", class: "screen-button primary", "data-name": "close", onclick: () => dialog.close() }, make("b", {}, say("close", language)));
  const figure = (n) => make("button", { type: "button", class: "screen-button", onclick: () => { field.value += String(n); } }, make("b", {}, String(n)));
  dialog.append(make("h2", {}, say("pin", language)), field, said,
    make("div", { class: "screen-figures" }, ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(figure),
      make("button", { type: "button", class: "screen-button", onclick: () => { field.value = ""; } }, make("b", {}, say("erase", language))), figure(0),
      make("button", { type: "button", class: "screen-button primary", "data-name": "enter", onclick: enter }, make("b", {}, say("enter", language)))),
    close());
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") enter(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
