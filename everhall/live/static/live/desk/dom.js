// Elements, and lists whose elements stay while their rows do: a button under somebody's finger is never replaced.

// First of all, or the storage of static files takes it for a part of an export.
import { make } from "../elements.js";

export { make };

export const $ = (id) => document.getElementById(id);

/** Set a text only if it is another: readers of the screen hear what changes. */
export function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

export function show(element, yes) {
  if (element.hidden === Boolean(yes)) element.hidden = !yes;
}

export function attribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Bring the children of `parent` to `rows`: `create(row)` makes an element, `update(element, row, place)` fills it. */
export function list(parent, rows, id, create, update) {
  const known = (parent.known ??= new Map());
  const wanted = new Set(rows.map((row) => String(id(row))));
  for (const [key, element] of known) {
    if (!wanted.has(key)) {
      element.remove();
      known.delete(key);
    }
  }
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  rows.forEach((row, place) => {
    const key = String(id(row));
    let element = known.get(key);
    if (!element) known.set(key, (element = create(row)));
    if (parent.children[place] !== element) parent.insertBefore(element, parent.children[place] ?? null);
    update?.(element, row, place);
  });
  if (focused && document.activeElement !== focused && focused.isConnected) focused.focus({ preventScroll: true });
}

/** Options of a <select> in groups [[label, [[value, words], …]], …]; the choice stays if it is still there. */
export function options(select, groups) {
  const text = JSON.stringify(groups);
  if (select.told === text) return;
  select.told = text;
  const before = select.value;
  select.replaceChildren(...groups.filter(([, rows]) => rows.length).flatMap(([label, rows]) => {
    const made = rows.map(([value, words]) => make("option", { value }, words));
    return label ? [make("optgroup", { label }, ...made)] : made;
  }));
  if ([...select.options].some((option) => option.value === before)) select.value = before;
}
