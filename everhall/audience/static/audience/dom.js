// HTML elements in one call: attributes, listeners (onclick …), children; and what is asked of people's devices.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The mark of what the demo itself wrote; nothing for people. Its word is given, because this file knows no language. */
export const sampleMark = (one, word) => one.sample && make("span", { class: "sample" }, word);

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Set a text only if it is another: readers of the screen hear what changes. */
export function put(element, words) {
  if (element.textContent !== String(words)) element.textContent = words;
}

/**
 * A list whose elements stay while their rows do, so that nothing is replaced under somebody's finger. `draw(row)` makes an
 * element once; `renew(element, row)` brings it up to date.
 */
export function lay(list, rows, draw, renew = () => {}) {
  const known = new Map([...list.children].map((element) => [element.dataset.id, element]));
  let before = null;
  for (const row of rows) {
    const element = known.get(String(row.id)) ?? draw(row);
    element.dataset.id = row.id;
    known.delete(String(row.id));
    renew(element, row);
    const place = before ? before.nextElementSibling : list.firstElementChild;
    if (element !== place) list.insertBefore(element, place);
    before = element;
  }
  for (const element of known.values()) element.remove();
}
