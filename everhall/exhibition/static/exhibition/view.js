// What part of a drawing is seen: plain arithmetic on boxes {left, top, width, height}. Nothing here touches a page.

/** How close one may come: a fifteenth of the whole. */
export const CLOSEST = 15;

/** "0 0 100 50" as a box. */
export function box(text) {
  const [left, top, width, height] = text.trim().split(/[\s,]+/).map(Number);
  return { left, top, width, height };
}

/** The box within the whole: not larger, not too small, not beside it. */
export function shown(view, whole) {
  const width = Math.min(Math.max(view.width, whole.width / CLOSEST), whole.width);
  const height = width * (whole.height / whole.width);
  const within = (at, size, start, full) => Math.min(Math.max(at, start), start + full - size);
  const left = view.left + (view.width - width) / 2, top = view.top + (view.height - height) / 2;
  return { left: within(left, width, whole.left, whole.width), top: within(top, height, whole.top, whole.height), width, height };
}

/** Closer (by > 1) or farther, so that the point (x, y), from 0 to 1 across the box, stays where it is. */
export function scaled(view, by, x, y) {
  const width = view.width / by, height = view.height / by;
  return { left: view.left + (view.width - width) * x, top: view.top + (view.height - height) * y, width, height };
}

/** Moved by parts of its own size. */
export function moved(view, x, y) {
  return { ...view, left: view.left + x * view.width, top: view.top + y * view.height };
}
