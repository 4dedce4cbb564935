// A plan while it is drawn: plain values, no page. Shapes are as the server's JSON has them, in metres; what stands along the
// axes is moved, resized and named here, and every change gives a new plan, so that undoing is taking the old one again.

/** Metres of the grid. */
export const STEP = 0.5;

export const snap = (value) => Math.round(value / STEP) * STEP;

export function bounds(outline) {
  const xs = outline.map(([x]) => x), ys = outline.map(([, y]) => y);
  const left = Math.min(...xs), top = Math.min(...ys);
  return { x: left, y: top, width: Math.max(...xs) - left, depth: Math.max(...ys) - top };
}

export const rectangle = ({ x, y, width, depth }) => [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]];

const clamp = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));

/** The plan with one of its things replaced; `thing` undefined takes it away. */
export function put(plan, kind, index, thing) {
  const list = [...plan[kind]];
  if (thing === undefined) list.splice(index, 1);
  else list[index] = thing;
  return { ...plan, [kind]: list };
}

/** A thing with its upper left corner at (x, y), on the grid and within the hall. */
export function movedTo(plan, kind, thing, x, y) {
  if (kind === "doors") return [clamp(snap(x), 0, plan.width), clamp(snap(y), 0, plan.depth)];
  const at = bounds(thing.outline);
  const dx = clamp(snap(x), 0, plan.width - at.width) - at.x, dy = clamp(snap(y), 0, plan.depth - at.depth) - at.y;
  const next = { ...thing, outline: thing.outline.map(([px, py]) => [px + dx, py + dy]) };
  if (thing.front) {
    const front = [thing.front[0] + dx, thing.front[1] + dy];
    // A front that would lie outside is found anew by the server.
    if (front[0] >= 0 && front[1] >= 0 && front[0] <= plan.width && front[1] <= plan.depth) next.front = front;
    else delete next.front;
  }
  return next;
}

/** A thing as a rectangle of another size, its upper left corner where it was. */
export function resized(plan, thing, width, depth) {
  const at = bounds(thing.outline);
  const next = { ...thing, outline: rectangle({ x: at.x, y: at.y, width: clamp(snap(width), STEP, plan.width - at.x), depth: clamp(snap(depth), STEP, plan.depth - at.y) }) };
  delete next.front;
  return next;
}

const SIDES = { up: [0, -1], right: [1, 0], down: [0, 1], left: [-1, 0] };

/** A booth that is open on one side; "" leaves it to the server. */
export function facing(booth, side) {
  const next = { ...booth };
  delete next.front;
  if (!SIDES[side]) return next;
  const { x, y, width, depth } = bounds(booth.outline), [across, down] = SIDES[side];
  next.front = [x + width / 2 + across * (width / 2 + 1.5), y + depth / 2 + down * (depth / 2 + 1.5)];
  return next;
}

export function sideOf(booth) {
  if (!booth.front) return "";
  const { x, y, width, depth } = bounds(booth.outline);
  const across = (booth.front[0] - x - width / 2) / width, down = (booth.front[1] - y - depth / 2) / depth;
  return Math.abs(across) > Math.abs(down) ? (across > 0 ? "right" : "left") : down > 0 ? "down" : "up";
}

/** The number after this one, as wide as it is. */
export function following(code) {
  const [, before, digits, after] = /^(.*?)(\d+)(\D*)$/.exec(code) ?? [null, `${code}-`, "1", ""];
  return `${before}${String(Number(digits) + 1).padStart(digits.length, "0")}${after}`;
}

/** A number that no booth has: `code` itself, or the next that is free. */
export function free(plan, code) {
  const taken = new Set(plan.booths.map((booth) => booth.code));
  let found = code;
  while (taken.has(found)) found = following(found);
  return found;
}

/** A row of booths side by side where there is room below all others, or in the upper left corner. */
export function withRow(plan, { first, count, width, depth }) {
  const fits = Math.max(1, Math.floor((plan.width - 2) / width));
  const low = plan.booths.length ? Math.max(...plan.booths.map((booth) => bounds(booth.outline)).map((at) => at.y + at.depth)) + 3 : 2;
  const booths = [...plan.booths];
  let next = plan, code = first;
  for (let n = 0; n < count; n++) {
    const row = Math.floor(n / fits), y = clamp(snap(low + row * (depth + 3)), 0, plan.depth - depth);
    code = free(next, n ? following(code) : code);
    booths.push({ code, outline: rectangle({ x: Math.min(1 + (n % fits) * width, Math.max(0, plan.width - width)), y, width, depth }) });
    next = { ...plan, booths };
  }
  return next;
}

/** A hall of another size: outer walls that were its edge stay its edge, and nothing lies outside. */
export function sized(plan, width, depth) {
  const edge = (value, old, now) => (Math.abs(value - old) < 0.01 ? now : Math.min(value, now));
  const next = { ...plan, width, depth };
  next.walls = plan.walls.map((wall) => wall.map(([x, y]) => [edge(x, plan.width, width), edge(y, plan.depth, depth)]));
  next.doors = plan.doors.map(([x, y]) => [edge(x, plan.width, width), edge(y, plan.depth, depth)]);
  for (const kind of ["booths", "areas"]) next[kind] = plan[kind].map((thing) => {
    const at = bounds(thing.outline);
    return at.x + at.width > width || at.y + at.depth > depth ? movedTo(next, kind, thing, at.x, at.y) : thing;
  });
  return next;
}
