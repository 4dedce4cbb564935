// Badges to print from this device, one for each person who was let in: the name large, whom they stand for, ticket, number, and the
// code they have shown.
//
// In: a person of the roster, the places of those who came, the pass's text if it was shown, the words. Out: the browser's own printing.
// Must stay true: a code is on it only if the pass itself was here: a device cannot make passes.
const made = (name, text, mark) => { const one = document.createElement(name); if (text) one.textContent = text; if (mark) one.className = mark; return one; };

/** Which of a pass's people these are: those after whoever came before. At a list that lets in freely nobody is before. */
export const placesOf = ({ person: { seats }, people, left }) => {
  const first = Math.max(0, Math.min(seats - left, seats - people));
  return Array.from({ length: Math.min(people, seats) }, (_, at) => first + at);
};

/** The name, and whom they stand for; as checkin/badges.py has it. */
export const wordsOf = ({ name, group, organisation, companions, seats }, place, along) => {
  const names = companions ? companions.split("、") : [], below = group || organisation;
  // A group that has told the names of all its members.
  if (names.length >= seats) return [names[place], below];
  if (!place) return [name, below];
  if (place <= names.length) return [names[place - 1], below || along];
  return group ? [group, along] : [along, below];
};

async function codeOf(text) {
  const { encodeQR } = await import("../lib/qr.js");
  const rows = encodeQR(text, "raw", { border: 2 }), picture = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  picture.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  path.setAttribute("d", rows.flatMap((row, down) => row.map((black, right) => (black ? `M${right} ${down}h1v1h-1z` : ""))).join(""));
  picture.append(path);
  return picture;
}

export async function print({ person, places, along, text, edition, kind, number, size }) {
  document.querySelector(".badge-sheets")?.remove();
  const sheets = made("div", "", "badge-sheets"), code = text ? await codeOf(text) : null;
  for (const place of places) {
    const sheet = made("section", "", `badge-sheet ${size}`), [name, below] = wordsOf(person, place, along);
    sheet.append(made("p", edition, "edition"), made("p", name, "name"), made("p", below, "of"));
    sheet.append(made("p", [kind, number, person.seats > 1 ? `${place + 1}/${person.seats}` : ""].filter(Boolean).join(" · "), "foot"));
    if (code) sheet.append(code.cloneNode(true));
    sheets.append(sheet);
  }
  document.body.append(sheets);
  document.documentElement.classList.add("printing-badge");
  addEventListener("afterprint", () => { sheets.remove(); document.documentElement.classList.remove("printing-badge"); }, { once: true });
  window.print();
}
