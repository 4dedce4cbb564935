// A badge to print from this device: the name large, whom they stand for, ticket, number, and the code they have shown.
//
// In: a person of the roster, the pass's text if it was shown, the words. Out: the browser's own printing. Must stay true: a code is on it
// only if the pass itself was here: a device cannot make passes.
const made = (name, text, mark) => { const one = document.createElement(name); if (text) one.textContent = text; if (mark) one.className = mark; return one; };

export async function print({ person, text, edition, kind, number, size }) {
  document.querySelector(".badge-sheet")?.remove();
  const sheet = made("section", "", `badge-sheet ${size}`);
  sheet.append(made("p", edition, "edition"), made("p", person.name, "name"), made("p", person.group || person.organisation, "of"), made("p", [kind, number].filter(Boolean).join(" · "), "foot"));
  if (text) {
    const { encodeQR } = await import("../lib/qr.js");
    const rows = encodeQR(text, "raw", { border: 2 }), picture = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    picture.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
    path.setAttribute("d", rows.flatMap((row, down) => row.map((black, right) => (black ? `M${right} ${down}h1v1h-1z` : ""))).join(""));
    picture.append(path);
    sheet.append(picture);
  }
  document.body.append(sheet);
  document.documentElement.classList.add("printing-badge");
  addEventListener("afterprint", () => { sheet.remove(); document.documentElement.classList.remove("printing-badge"); }, { once: true });
  window.print();
}
