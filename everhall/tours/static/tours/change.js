// The form of one's own tour: rows can be dragged, links copied. Everything can be done with its buttons.
import { say } from "./words.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const words = button.textContent;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = say("Copied");
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}

const list = document.querySelector("[data-sort]");
if (list) {
  let dragged = null;
  for (const row of list.querySelectorAll("[data-row]")) {
    const head = row.querySelector(".change-head");
    head.draggable = true;
    head.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
    });
    head.addEventListener("dragend", () => {
      row.classList.remove("is-dragged");
      dragged = null;
      // The order is that of the rows; saved at once, as the arrows are.
      list.closest("form").requestSubmit(list.closest("form").querySelector("button[name=save]"));
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const box = row.getBoundingClientRect();
      row[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
    });
  }
}
