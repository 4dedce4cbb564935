// My visit: notes are saved as they are typed, marks at once. Without this file both are forms with a button.
import { act, tell } from "./heart.js";

const ZH = !document.documentElement.lang.startsWith("en");
const WORDS = ZH
  ? { saving: "正在保存…", saved: "已保存", undo: "撤销", dropped: "已移出我的参观" }
  : { saving: "Saving …", saved: "Saved", undo: "Undo", dropped: "Taken out of my visit" };
const page = document.querySelector("[data-my-visit]");

if (page) {
  page.classList.add("is-live");
  for (const form of page.querySelectorAll("form[data-note]")) note(form);
  for (const form of page.querySelectorAll("form[data-mark]")) mark(form);
  for (const form of page.querySelectorAll("form[data-drop]")) drop(form);
  for (const button of page.querySelectorAll("[data-print]")) { button.hidden = false; button.addEventListener("click", () => print()); }
}

function note(form) {
  const area = form.querySelector("textarea");
  const status = form.querySelector("[role=status]");
  let told = area.value;
  let timer = 0;
  const save = async () => {
    clearTimeout(timer);
    if (area.value === told) return;
    const text = area.value;
    status.textContent = WORDS.saving;
    try {
      await act("note", page.dataset.myVisit, form.dataset.note, { note: text });
      told = text;
      if (area.value === text) status.textContent = WORDS.saved;
    } catch (problem) {
      status.textContent = problem.message;
      timer = setTimeout(save, 5000);
    }
  };
  area.addEventListener("input", () => { status.textContent = ""; clearTimeout(timer); timer = setTimeout(save, 700); });
  area.addEventListener("blur", save);
  // Who leaves at once still has said it: the request outlives the page.
  addEventListener("pagehide", save);
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
}

/** The order of the way changes with a mark, so the page is asked for anew and put in place. */
function mark(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await act(form.dataset.mark, page.dataset.myVisit, form.dataset.code);
      location.reload();
    } catch (problem) {
      tell(problem.message);
    }
  });
}

function drop(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const item = form.closest("li");
    const kept = item.querySelector("textarea")?.value ?? "";
    const next = item.nextElementSibling ?? item.previousElementSibling;
    try {
      await act("drop", page.dataset.myVisit, form.dataset.drop);
    } catch (problem) {
      tell(problem.message);
      return;
    }
    item.hidden = true;
    (next?.querySelector("h3 a") ?? page.querySelector("h1, h2 a, a"))?.focus?.();
    tell(WORDS.dropped, WORDS.undo, () => act("keep", page.dataset.myVisit, form.dataset.drop, { note: kept })
      .then(() => { item.hidden = false; item.querySelector("h3 a")?.focus(); }, (problem) => tell(problem.message)));
  });
}
