// Saves a form as one types: by the form's own address and fields, answered in JSON. Without a connection what was typed stays in
// this browser and is sent when the connection is back. Where somebody else changed the same field, both are shown and nothing is lost.
const form = document.querySelector("form[data-save]");
const words = form?.dataset ?? {};
const KEY = `office:${location.pathname.replace(/^\/en(?=\/)/, "")}`;
const PAUSE = 900;

const status = form?.querySelector("[data-status]");
const changed = new Set();
let timer = 0;
let running = null;
let again = false;
let clashing = new Set();

const say = (text) => { if (status && status.textContent !== text) status.textContent = text; };
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");

function controls(name) {
  return [...form.elements].filter((one) => one.name === name);
}

function valuesOf(name) {
  return controls(name).filter((one) => !["checkbox", "radio"].includes(one.type) || one.checked).map((one) => one.value);
}

function put(name, values) {
  for (const one of controls(name)) {
    if (["checkbox", "radio"].includes(one.type)) one.checked = values.includes(one.value);
    else one.value = values[0] ?? "";
  }
  count(name);
}

const was = (name) => form.elements[`was.${name}`];
const box = (name) => form.querySelector(`[data-box="${CSS.escape(name)}"]`);

// ---------------------------------------------------------------- what is kept in the browser
function keep() {
  const kept = Object.fromEntries([...changed].map((name) => [name, { values: valuesOf(name), was: was(name)?.value ?? "" }]));
  try {
    if (changed.size) localStorage.setItem(KEY, JSON.stringify(kept));
    else localStorage.removeItem(KEY);
  } catch { /* A browser that keeps nothing: the form itself still holds what was typed. */ }
}

function restore() {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(KEY) ?? "{}"); } catch { kept = {}; }
  let found = false;
  for (const [name, one] of Object.entries(kept)) {
    if (!controls(name).length || JSON.stringify(valuesOf(name)) === JSON.stringify(one.values)) continue;
    put(name, one.values);
    // What somebody had before they lost the connection: the server tells whether it is still so.
    if (was(name) && one.was) was(name).value = one.was;
    changed.add(name);
    found = true;
  }
  if (found) { say(words.restored); save(); } else keep();
}

// ---------------------------------------------------------------- sending
function body(names) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const name of names) {
    if (was(name)) data.set(`was.${name}`, was(name).value);
    for (const value of valuesOf(name)) data.append(name, value);
  }
  return data;
}

// One request at a time: a later one may not overtake an earlier one, whose answer would stand as somebody else's change.
function save() {
  clearTimeout(timer);
  again = true;
  running ??= sendAll().finally(() => { running = null; if (again) save(); });
}

async function sendAll() {
  while (again) {
    again = false;
    const names = [...changed].filter((name) => !clashing.has(name));
    if (!names.length) return;
    keep();
    say(words.saving);
    await send(names, new Map(names.map((name) => [name, JSON.stringify(valuesOf(name))])));
  }
}

async function send(names, sent) {
  let answer;
  try {
    answer = await fetch(form.action || location.href, { method: "POST", body: body(names), headers: { Accept: "application/json" } });
  } catch {
    say(words.kept);
    timer = setTimeout(save, 5000);
    return;
  }
  if (!answer.headers.get("Content-Type")?.includes("json")) { say(words.failed); return; }
  const told = await answer.json();
  if (told.refused) { say(told.refused); return; }
  settle(names, sent, told);
}

function settle(names, sent, told) {
  for (const name of names) {
    wrong(name, told.wrong?.[name] ?? "");
    if (told.clashes?.[name]) { clash(name, told.clashes[name]); continue; }
    if (told.was?.[name] && was(name)) was(name).value = told.was[name];
    if (!told.wrong?.[name] && JSON.stringify(valuesOf(name)) === sent.get(name)) changed.delete(name);
  }
  keep();
  if ("share" in told) {
    const share = document.getElementById("office-share");
    if (share) share.value = told.share;
    const left = document.getElementById("office-left");
    if (left) left.textContent = told.left;
  }
  const faulty = Object.keys(told.wrong ?? {}).length || clashing.size;
  const more = [...changed].some((name) => !clashing.has(name) && !told.wrong?.[name]);
  if (faulty) say(words.failed);
  else if (!more) say(fill(words.saved, { at: told.at }));
  if (more) later();
}

function wrong(name, text) {
  const place = box(name)?.querySelector("[data-wrong]");
  if (!place) return;
  place.textContent = text;
  place.hidden = !text;
  for (const one of controls(name)) one.toggleAttribute("aria-invalid", Boolean(text));
}

function clash(name, one) {
  const place = box(name)?.querySelector("[data-clash]");
  if (!place) return;
  clashing.add(name);
  const decide = (values) => {
    clashing.delete(name);
    if (was(name)) was(name).value = one.was;
    if (values) { put(name, values); changed.delete(name); keep(); }
    place.hidden = true;
    place.replaceChildren();
    controls(name)[0]?.focus();
    if (!values) save();
  };
  const button = (text, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button quiet small";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  };
  const head = document.createElement("p");
  head.textContent = fill(words.clash, { who: one.who || words.somebody });
  const theirs = document.createElement("p");
  theirs.className = "office-theirs";
  theirs.textContent = one.said || "–";
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  buttons.append(button(words.mine, () => decide(null)), button(words.theirs, () => decide([].concat(one.theirs))));
  place.replaceChildren(head, theirs, buttons);
  place.setAttribute("role", "alert");
  place.hidden = false;
}

// ---------------------------------------------------------------- how much room is left
function count(name) {
  for (const one of controls(name)) {
    if (!one.maxLength || one.maxLength < 0 || one.maxLength > 1000) continue;
    const left = one.maxLength - one.value.length;
    let place = one.parentElement.querySelector(".office-left");
    if (left > one.maxLength * 0.25) { place?.remove(); continue; }
    if (!place) {
      place = document.createElement("span");
      place.className = "office-left note";
      place.setAttribute("aria-hidden", "true");
      one.after(place);
    }
    place.textContent = fill(words.left, { n: left });
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

if (form) {
  form.addEventListener("input", (event) => {
    const { name } = event.target;
    if (!name || name.startsWith("was.")) return;
    changed.add(name);
    count(name);
    // Kept and told at once: a page that is left within the pause loses nothing, and "saved" never stands beside what is not.
    keep();
    if (navigator.onLine && !clashing.has(name)) say(words.saving);
    later();
  });
  form.addEventListener("change", () => { if (changed.size) save(); });
  // A button sends the whole form itself; nothing of it is to come a second time later.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    if (navigator.onLine) { try { localStorage.removeItem(KEY); } catch { /* as above */ } }
  });
  addEventListener("online", save);
  addEventListener("offline", () => { if (changed.size) say(words.kept); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && changed.size) { keep(); save(); } });
  restore();
}
