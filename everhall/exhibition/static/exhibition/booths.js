// Exhibits are dragged onto free booths; the lists of choice beside them say the same, are what is sent, and do without this
// file. A booth that is chosen for one exhibit is taken from the others.
const seating = document.querySelector("[data-seating]");

if (seating) {
  const rows = [...seating.querySelectorAll("[data-exhibit]")];
  const booths = new Map([...seating.querySelectorAll("[data-booth]")].map((one) => [one.dataset.booth, one]));
  const choice = (row) => row.querySelector("select");
  let dragged = null;

  const show = () => {
    const by = new Map(rows.filter((row) => choice(row).value).map((row) => [choice(row).value, row]));
    for (const [key, booth] of booths) {
      const row = by.get(key);
      booth.classList.toggle("chosen", Boolean(row));
      booth.querySelector("small").textContent = row ? row.querySelector("label").textContent : "";
    }
    for (const row of rows) {
      for (const option of choice(row).options) option.disabled = Boolean(option.value) && by.has(option.value) && by.get(option.value) !== row;
    }
  };

  for (const row of rows) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => { dragged = row; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", row.dataset.exhibit); });
    row.addEventListener("dragend", () => { dragged = null; });
    choice(row).addEventListener("change", show);
  }
  for (const [key, booth] of booths) {
    booth.addEventListener("dragover", (event) => { if (dragged) { event.preventDefault(); booth.classList.add("over"); } });
    booth.addEventListener("dragleave", () => booth.classList.remove("over"));
    booth.addEventListener("drop", (event) => {
      event.preventDefault();
      booth.classList.remove("over");
      if (!dragged) return;
      for (const row of rows) if (choice(row).value === key) choice(row).value = "";
      choice(dragged).value = key;
      show();
    });
  }
  show();
}
