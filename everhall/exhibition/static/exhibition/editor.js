// <ever-plan-editor>: booths, grounds of zones and doors of a hall are dragged on a grid of half a metre, or moved by keys.
// Everything is one value (drawing.js); saving is one POST with the version that was opened, so that of two editors the
// second is told.
import { STEP, bounds, facing, free, movedTo, put, rectangle, resized, sideOf, sized, snap, withRow } from "./drawing.js";

const UNITS = 10;
const KINDS = ["areas", "doors", "booths"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SVG = "http://www.w3.org/2000/svg";

function drawn(name, values, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

class EverPlanEditor extends HTMLElement {
  connectedCallback() {
    const given = JSON.parse(this.querySelector("#plan-data").textContent);
    Object.assign(this, { plan: given.plan, version: given.version, zones: given.zones, missing: given.missing });
    this.past = [];
    this.future = [];
    this.words = this.querySelector(".words").dataset;
    this.svg = this.querySelector(".plan-edit");
    this.layer = this.querySelector(".layer");
    this.status = this.querySelector(".editor-status");
    for (const button of this.querySelectorAll("[data-do]")) button.addEventListener("click", () => this[button.dataset.do]());
    for (const input of this.querySelectorAll("[data-of]")) input.addEventListener("change", () => this.set(input.dataset.of, input.value));
    for (const input of this.querySelectorAll("[data-hall]")) input.addEventListener("change", () => this.setHall(input));
    this.querySelector(".row-form").addEventListener("submit", (event) => this.row(event));
    this.svg.addEventListener("pointerdown", (event) => this.grab(event));
    this.svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const kind of ["pointerup", "pointercancel"]) this.svg.addEventListener(kind, () => this.drop());
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("focusin", (event) => this.choose(event.target.closest(".thing")));
    addEventListener("beforeunload", (event) => { if (this.isDirty) event.preventDefault(); });
    this.paint();
  }

  get isDirty() { return this.plan !== (this.savedPlan ??= this.plan); }
  get thing() { return this.chosen && this.plan[this.chosen.kind][this.chosen.index]; }

  // ---------------------------------------------------------------- changes
  /** Another plan; what was before can be taken back. `again`: a part of the same drag. */
  change(plan, again = false) {
    if (!again) this.past.push(this.plan);
    this.future = [];
    this.plan = plan;
    this.say(this.words.unsaved);
    this.paint();
  }

  undo() { this.turn(this.past, this.future); }
  redo() { this.turn(this.future, this.past); }

  turn(from, to) {
    if (!from.length) return;
    to.push(this.plan);
    this.plan = from.pop();
    if (!this.thing) this.chosen = null;
    this.say(this.isDirty ? this.words.unsaved : "");
    this.paint();
  }

  replace(thing, again = false) { this.change(put(this.plan, this.chosen.kind, this.chosen.index, thing), again); }

  booth() {
    const like = this.plan.booths.at(-1);
    const code = free(this.plan, this.missing.find((one) => !this.plan.booths.some((booth) => booth.code === one)) ?? like?.code ?? "A-01");
    const size = like ? bounds(like.outline) : { width: 3, depth: 3 };
    this.add("booths", { code, outline: rectangle({ x: 1, y: 1, width: size.width, depth: size.depth }) });
  }

  zone() {
    const code = Object.keys(this.zones).find((one) => !this.plan.areas.some((area) => area.code === one));
    if (code) this.add("areas", { code, outline: rectangle({ x: 1, y: 1, width: Math.min(12, this.plan.width - 1), depth: Math.min(9, this.plan.depth - 1) }) });
  }

  door() { this.add("doors", [snap(this.plan.width / 2), this.plan.depth]); }

  add(kind, thing) {
    this.chosen = { kind, index: this.plan[kind].length };
    this.change({ ...this.plan, [kind]: [...this.plan[kind], thing] });
    this.focusChosen();
  }

  remove() {
    if (!this.thing) return;
    const { kind, index } = this.chosen;
    this.chosen = null;
    this.change(put(this.plan, kind, index));
    this.svg.focus();
  }

  row(event) {
    event.preventDefault();
    const asked = Object.fromEntries(new FormData(event.target));
    const index = this.plan.booths.length;
    const next = withRow(this.plan, { first: asked.first.trim(), count: Number(asked.count), width: Number(asked.width), depth: Number(asked.depth) });
    this.chosen = { kind: "booths", index };
    this.change(next);
    this.focusChosen();
  }

  /** A field of what is chosen. */
  set(name, text) {
    const thing = this.thing, value = Number(text), { kind } = this.chosen ?? {};
    if (!thing) return;
    if (name === "code") return this.rename(text.trim());
    if (name === "facing") return this.replace(facing(thing, text));
    if (!Number.isFinite(value)) return this.fill();
    const at = kind === "doors" ? { x: thing[0], y: thing[1] } : bounds(thing.outline);
    if (name === "x" || name === "y") this.replace(movedTo(this.plan, kind, thing, name === "x" ? value : at.x, name === "y" ? value : at.y));
    else this.replace(resized(this.plan, thing, name === "width" ? value : at.width, name === "depth" ? value : at.depth));
  }

  rename(code) {
    const { kind, index } = this.chosen;
    const taken = this.plan[kind].some((other, n) => n !== index && other.code === code);
    if (taken) this.say(this.words.taken);
    if (taken || !code || kind === "doors") return this.fill();
    this.replace({ ...this.thing, code });
  }

  setHall(input) {
    const value = Number(input.value);
    if (!Number.isFinite(value)) return this.fill();
    if (input.dataset.hall === "up") this.change({ ...this.plan, up: value % 360 });
    else {
      const size = { width: this.plan.width, depth: this.plan.depth, [input.dataset.hall]: Math.min(2000, Math.max(2, snap(value))) };
      this.change(sized(this.plan, size.width, size.depth));
    }
  }

  // ---------------------------------------------------------------- pointer and keys
  at(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [point.x / UNITS, point.y / UNITS];
  }

  grab(event) {
    const target = event.target.closest(".thing");
    if (event.button || !target) return;
    event.preventDefault();
    this.choose(target);
    const thing = this.thing, at = Array.isArray(thing) ? { x: thing[0], y: thing[1] } : bounds(thing.outline);
    this.dragging = { from: this.at(event), at, thing, isSize: Boolean(event.target.closest(".handle")), begun: false };
    this.svg.setPointerCapture(event.pointerId);
    this.focusChosen();
  }

  drag(event) {
    const drag = this.dragging;
    if (!drag) return;
    const [x, y] = this.at(event), dx = x - drag.from[0], dy = y - drag.from[1];
    if (!drag.begun && Math.hypot(dx, dy) < STEP / 2) return;
    const next = drag.isSize ? resized(this.plan, drag.thing, drag.at.width + dx, drag.at.depth + dy) : movedTo(this.plan, this.chosen.kind, drag.thing, drag.at.x + dx, drag.at.y + dy);
    this.replace(next, drag.begun);
    drag.begun = true;
  }

  drop() { this.dragging = null; }

  key(event) {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "z") event.shiftKey ? this.redo() : this.undo();
    else if (command && event.key.toLowerCase() === "y") this.redo();
    else if (command && event.key.toLowerCase() === "s") this.save();
    else if (command || event.altKey) return;
    else if (event.key === "Delete" || event.key === "Backspace") this.remove();
    else if (ARROWS[event.key] && this.thing) {
      const by = STEP * (event.shiftKey ? 10 : 1), [dx, dy] = ARROWS[event.key], thing = this.thing;
      const at = Array.isArray(thing) ? { x: thing[0], y: thing[1] } : bounds(thing.outline);
      this.replace(movedTo(this.plan, this.chosen.kind, thing, at.x + dx * by, at.y + dy * by));
      this.focusChosen();
    } else return;
    event.preventDefault();
  }

  choose(target) {
    if (!target) return;
    this.chosen = { kind: target.dataset.kind, index: Number(target.dataset.index) };
    for (const other of this.layer.querySelectorAll(".thing")) other.classList.toggle("chosen", other === target);
    this.fill();
  }

  focusChosen() {
    const { kind, index } = this.chosen ?? {};
    const target = this.layer.querySelector(`.thing[data-kind="${kind}"][data-index="${index}"]`);
    if (target && document.activeElement !== target) target.focus();
  }

  // ---------------------------------------------------------------- painting
  paint() {
    const { width, depth } = this.plan, focused = this.layer.contains(document.activeElement);
    this.svg.setAttribute("viewBox", `-10 -10 ${width * UNITS + 20} ${depth * UNITS + 20}`);
    const parts = [drawn("rect", { class: "floor", x: 0, y: 0, width: width * UNITS, height: depth * UNITS })];
    const lines = [];
    for (let x = 5; x < width; x += 5) lines.push(`M${x * UNITS} 0V${depth * UNITS}`);
    for (let y = 5; y < depth; y += 5) lines.push(`M0 ${y * UNITS}H${width * UNITS}`);
    parts.push(drawn("path", { class: "grid", d: lines.join("") }));
    for (const wall of this.plan.walls) parts.push(drawn("polyline", { class: "wall", points: points(wall) }));
    for (const kind of KINDS) this.plan[kind].forEach((thing, index) => parts.push(this.shape(kind, thing, index)));
    this.layer.replaceChildren(...parts);
    // The ground lies on the floor, below all that is drawn.
    this.layer.querySelector(".grid").after(this.ground ??= this.querySelector(".hall-ground"));
    if (focused) this.focusChosen();
    this.fill();
    this.querySelector("[data-do=undo]").disabled = !this.past.length;
    this.querySelector("[data-do=redo]").disabled = !this.future.length;
    this.querySelector("[data-do=zone]").disabled = Object.keys(this.zones).every((code) => this.plan.areas.some((area) => area.code === code));
    const there = new Set(this.plan.booths.map((booth) => booth.code)), away = this.missing.filter((code) => !there.has(code));
    const box = this.querySelector(".missing");
    box.hidden = !away.length;
    box.querySelector("p").textContent = away.join(" · ");
  }

  shape(kind, thing, index) {
    const is = this.chosen && this.chosen.kind === kind && this.chosen.index === index ? " chosen" : "";
    const name = kind === "booths" ? this.words.booth : kind === "areas" ? this.words.zone : this.words.door;
    const what = { class: `thing ${kind === "booths" ? "booth" : kind === "areas" ? "zone" : "door"}${is}`, tabindex: 0, role: "img", "data-kind": kind, "data-index": index };
    if (kind === "doors") return drawn("g", { ...what, "aria-label": `${name} ${index + 1}: ${thing.join(", ")}` }, drawn("circle", { cx: thing[0] * UNITS, cy: thing[1] * UNITS, r: 8 }));
    const { x, y, width, depth } = bounds(thing.outline);
    const parts = [drawn("polygon", { points: points(thing.outline) })];
    if (thing.front) {
      const middle = [(x + width / 2) * UNITS, (y + depth / 2) * UNITS], front = thing.front.map((value) => value * UNITS);
      const edge = middle.map((value, n) => value + (front[n] - value) * 0.5); // the number stays free
      parts.push(drawn("path", { class: "front", d: `M${edge}L${front}` }), drawn("circle", { class: "dot", cx: front[0], cy: front[1], r: 2 }));
    }
    const label = kind === "areas" ? this.zones[thing.code] ?? thing.code : thing.code;
    parts.push(drawn("text", kind === "areas" ? { x: x * UNITS + 4, y: y * UNITS + 11 } : { x: (x + width / 2) * UNITS, y: (y + depth / 2) * UNITS + 3.5 }, label));
    if (is) parts.push(drawn("rect", { class: "handle", x: (x + width) * UNITS - 5, y: (y + depth) * UNITS - 5, width: 8, height: 8 }));
    return drawn("g", { ...what, "aria-label": `${name} ${label}: ${x}, ${y}; ${width} × ${depth} m` }, ...parts);
  }

  /** The fields beside the drawing. */
  fill() {
    const thing = this.thing, form = this.querySelector("fieldset.chosen"), isDoor = Array.isArray(thing);
    form.disabled = !thing;
    const at = !thing ? {} : isDoor ? { x: thing[0], y: thing[1] } : bounds(thing.outline);
    const values = { ...at, code: thing?.code ?? "", facing: thing && !isDoor ? sideOf(thing) : "" };
    for (const input of form.querySelectorAll("[data-of]")) {
      input.value = values[input.dataset.of] ?? "";
      input.disabled = isDoor && !["x", "y"].includes(input.dataset.of);
    }
    form.querySelector(".facing").hidden = this.chosen?.kind !== "booths";
    for (const input of this.querySelectorAll("[data-hall]")) input.value = this.plan[input.dataset.hall];
  }

  say(text) { this.status.textContent = text; }

  // ---------------------------------------------------------------- saving
  async save() {
    this.say(this.words.saving);
    const sent = this.plan, token = this.querySelector("[name=csrfmiddlewaretoken]").value;
    let answer, told;
    try {
      answer = await fetch(this.dataset.save, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify({ version: this.version, plan: sent }) });
      told = await answer.json();
    } catch {
      return this.say(this.words.failed);
    }
    this.problems(told.problems ?? []);
    this.say(told.message ?? told.problems?.[0]?.what ?? this.words.failed);
    if (!answer.ok) return;
    this.version = told.version;
    // The server has found fronts; what was drawn meanwhile stays.
    if (this.plan === sent) this.plan = told.plan;
    this.savedPlan = this.plan === told.plan ? told.plan : sent;
    this.paint();
  }

  problems(list) {
    this.querySelector(".problems").replaceChildren(...list.map((one) => {
      const item = document.createElement("li"), what = document.createElement("strong");
      item.className = one.kind;
      what.textContent = one.what;
      item.append(what, ` ${one.do}`);
      return item;
    }));
  }
}

const points = (outline) => outline.map(([x, y]) => `${x * UNITS},${y * UNITS}`).join(" ");

if (!customElements.get("ever-plan-editor")) customElements.define("ever-plan-editor", EverPlanEditor);
