// <ever-plan>: a plan that was drawn by the server can be moved and brought closer, and answers its list: what is pointed at
// in one is lit in the other, and what somebody types is found at once. Without this file the plan scrolls and links work.
import { box, moved, scaled, shown } from "./view.js";

const LETTERS = { "+": 1.4, "=": 1.4, "-": 1 / 1.4 };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A drawn sign of 24 by 24; the words stand beside it. */
function sign(shape) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS(svg.namespaceURI, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", shape);
  svg.append(path);
  return svg;
}

class EverPlan extends HTMLElement {
  connectedCallback() {
    this.sheet = this.querySelector(".plan-scroll");
    this.svg = this.querySelector("svg.plan");
    if (!this.svg || this.classList.contains("live")) return;
    this.whole = box(this.svg.getAttribute("viewBox"));
    this.view = { ...this.whole };
    this.pointers = new Map();
    this.classList.add("live");
    this.append(this.buttons());
    this.sheet.setAttribute("aria-description", this.dataset.help ?? "");
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    for (const kind of ["down", "move", "up", "cancel"]) this.svg.addEventListener(`pointer${kind}`, (event) => this[kind](event));
    // A drag that ends on a booth is no click on it.
    this.svg.addEventListener("click", (event) => { if (this.dragged) event.preventDefault(); }, { capture: true });
    this.svg.addEventListener("dragstart", (event) => event.preventDefault());
    this.sheet.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("focusin", (event) => this.reveal(event.target));
    // On a narrow screen what was asked for is brought near.
    if (this.clientWidth < this.whole.width / 1.4) this.approach();
  }

  buttons() {
    const group = document.createElement("div");
    group.className = "plan-buttons";
    const ways = [["M12 5v14M5 12h14", this.dataset.in, () => this.zoom(1.5)], ["M5 12h14", this.dataset.out, () => this.zoom(1 / 1.5)], ["M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5", this.dataset.all, () => this.show(this.whole)]];
    for (const [shape, words, act] of ways) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(sign(shape));
      button.setAttribute("aria-label", words);
      button.title = words;
      button.addEventListener("click", act);
      group.append(button);
    }
    return group;
  }

  /** Shows a part of the plan, kept within it. */
  show(view) {
    this.view = shown(view, this.whole);
    const { left, top, width, height } = this.view;
    this.svg.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
    this.classList.toggle("close", width < this.whole.width * 0.98);
  }

  zoom(by, x = 0.5, y = 0.5) { this.show(scaled(this.view, by, x, y)); }

  /** Where a pointer is, from 0 to 1 across the view; the drawing keeps its shape within the element. */
  at(event) {
    const place = this.svg.getBoundingClientRect();
    const scale = Math.min(place.width / this.view.width, place.height / this.view.height);
    const spare = [(place.width - this.view.width * scale) / 2, (place.height - this.view.height * scale) / 2];
    return [(event.clientX - place.left - spare[0]) / (this.view.width * scale), (event.clientY - place.top - spare[1]) / (this.view.height * scale)];
  }

  wheel(event) {
    // Without Ctrl (or a pinch, which says Ctrl) the page scrolls, unless one is close already.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / (event.deltaMode ? 10 : 250)), ...this.at(event));
  }

  down(event) {
    if (event.button) return;
    this.dragged = false;
    this.pointers.set(event.pointerId, this.at(event));
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.at(event);
    if (this.pointers.size === 2) this.pinch(event.pointerId, before, now);
    else if (Math.hypot((now[0] - before[0]) * this.svg.clientWidth, (now[1] - before[1]) * this.svg.clientHeight) > 5 || this.dragged) {
      if (event.pointerType === "touch" && !this.classList.contains("close")) return; // the page scrolls
      this.dragged = true;
      this.svg.setPointerCapture(event.pointerId);
      this.sheet.classList.add("moved");
      this.show(moved(this.view, before[0] - now[0], before[1] - now[1]));
      this.pointers.set(event.pointerId, this.at(event));
    }
  }

  pinch(id, before, now) {
    const other = [...this.pointers].find(([pointer]) => pointer !== id)[1];
    const apart = (point) => Math.hypot((point[0] - other[0]) * this.view.width, (point[1] - other[1]) * this.view.height);
    this.dragged = true;
    if (apart(before) > 0) this.zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    this.pointers.set(id, now);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
    this.sheet.classList.remove("moved");
  }

  cancel(event) { this.up(event); }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (LETTERS[event.key]) this.zoom(LETTERS[event.key]);
    else if (event.key === "0") this.show(this.whole);
    else if (ARROWS[event.key] && this.classList.contains("close")) this.show(moved(this.view, ARROWS[event.key][0] * 0.15, ARROWS[event.key][1] * 0.15));
    else return;
    event.preventDefault();
  }

  /** Brings what is focused into view. */
  reveal(target) {
    const booth = target.closest?.("[data-booth]");
    if (!booth || !this.classList.contains("close")) return;
    const { x, y, width, height } = booth.getBBox();
    const { left, top } = this.view;
    if (x < left || y < top || x + width > left + this.view.width || y + height > top + this.view.height) {
      this.show({ ...this.view, left: x + width / 2 - this.view.width / 2, top: y + height / 2 - this.view.height / 2 });
    }
  }

  /** The way, or the booth where one is, or what was found, with some ground around. */
  approach() {
    const parts = this.svg.querySelectorAll(".plan-walk");
    const marked = parts.length ? parts : this.svg.querySelectorAll(".booth.is-here, .booth.hit");
    if (!marked.length || marked.length > 12) return;
    const boxes = [...marked].map((part) => part.getBBox());
    const left = Math.min(...boxes.map((b) => b.x)) - 60, top = Math.min(...boxes.map((b) => b.y)) - 70;
    const right = Math.max(...boxes.map((b) => b.x + b.width)) + 60, bottom = Math.max(...boxes.map((b) => b.y + b.height)) + 60;
    const width = Math.max(right - left, (bottom - top) * (this.whole.width / this.whole.height), 300);
    const height = width * (this.whole.height / this.whole.width);
    this.show({ left: (left + right - width) / 2, top: (top + bottom - height) / 2, width, height });
  }
}

/** What is pointed at or focused in the list is lit on the plan, and the other way round. */
function light(list, plan) {
  const both = (code) => [plan, list].flatMap((side) => [...side.querySelectorAll("[data-booth]")]).filter((part) => part.dataset.booth === code);
  let lit = [];
  const turn = (event) => {
    for (const part of lit) part.classList.remove("lit");
    const code = event.type === "pointerleave" || event.type === "focusout" ? "" : event.target.closest?.("[data-booth]")?.dataset.booth;
    lit = code ? both(code) : [];
    for (const part of lit) part.classList.add("lit");
  };
  for (const side of [list, plan]) for (const kind of ["pointerover", "pointerleave", "focusin", "focusout"]) side.addEventListener(kind, turn);
}

/** Rows and booths that do not hold what is typed step back; sending the form asks the server, which knows more. */
function find(input, list, plan) {
  const rows = [...list.querySelectorAll("li[data-words]")];
  // A list of several pages is searched by the server.
  if (!rows.length) return;
  const before = new Map([...plan.querySelectorAll("a.booth")].map((booth) => [booth, booth.getAttribute("class")]));
  const heads = [...list.querySelectorAll(".zone-head")];
  const plain = (text) => text.normalize("NFKC").toLowerCase().trim();
  const begun = plain(input.value);
  input.addEventListener("input", () => {
    const wanted = plain(input.value);
    const close = wanted.replaceAll(/[^a-z0-9]/g, "");
    const fits = (row) => plain(row.dataset.words).includes(wanted) || (/\d/.test(close) && plain(row.dataset.booth ?? "").replaceAll(/[^a-z0-9]/g, "").startsWith(close));
    const found = new Set();
    for (const row of rows) {
      row.hidden = Boolean(wanted) && wanted !== begun && !fits(row);
      if (!row.hidden && row.dataset.booth) found.add(row.dataset.booth);
    }
    for (const head of heads) {
      let row = head.nextElementSibling;
      while (row && row.hidden) row = row.nextElementSibling;
      head.hidden = !row || row.classList.contains("zone-head");
    }
    for (const [booth, classes] of before) {
      booth.setAttribute("class", classes);
      if (!wanted || wanted === begun) continue;
      booth.classList.remove("hit", "dim");
      booth.classList.add(found.has(booth.dataset.booth) ? "hit" : "dim");
    }
  });
}

if (!customElements.get("ever-plan")) customElements.define("ever-plan", EverPlan);
const list = document.querySelector("#plan-list"), plan = document.querySelector("ever-plan"), input = document.querySelector("#plan-q");
if (list && plan) light(list, plan);
if (list && plan && input) find(input, list, plan);
