// Hearts: <ever-heart edition code name> keeps an exhibit, without an account. Pages are the same for everybody; what this browser
// keeps is asked for once, when the page is quiet. A heart answers at once and takes it back, in words, if it could not be kept.

const ZH = !document.documentElement.lang.startsWith("en");
const WORDS = ZH
  ? { keep: "收藏", kept: "已收藏", drop: "取消收藏", undo: "撤销", dropped: "已取消收藏", lost: "没有保存成功，请检查网络后再试。" }
  : { keep: "Add to my visit", kept: "In my visit", drop: "Take out of my visit", undo: "Undo", dropped: "Taken out of my visit", lost: "It could not be saved. Check your connection and try again." };
const SHAPE = "M12 20.3 4.2 12.6a4.9 4.9 0 0 1 7-6.9l.8.8.8-.8a4.9 4.9 0 0 1 7 6.9z";

/** edition -> promise of the set of codes that are kept. */
const states = new Map();

export function stateOf(edition) {
  if (!states.has(edition)) {
    states.set(edition, fetch(`/visit/state?edition=${encodeURIComponent(edition)}`, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : { kept: [], visited: [] }))
      .then((found) => ({ kept: new Set(found.kept), visited: new Set(found.visited) }))
      .catch(() => ({ kept: new Set(), visited: new Set() })));
  }
  return states.get(edition);
}

/** The last act that was asked for, and those that wait for the ones before them. */
let line = Promise.resolve();
const unsent = new Set();
let underWay = 0;
let leaving = false;

/** Do it on the server, one after the other: two quick taps arrive in order, and the first of a new visitor brings the cookie that
 * the second belongs to. Throws an Error with words for people. */
export function act(verb, edition, code, more = {}) {
  const body = JSON.stringify({ verb, edition, code, language: ZH ? "zh-hans" : "en", ...more });
  let asked = null;
  const go = () => { unsent.delete(go); return (asked ??= send(body)); };
  unsent.add(go);
  underWay += 1;
  const answer = leaving ? go() : line.then(go);
  line = answer.catch(() => {}).then(() => { underWay -= 1; });
  return answer;
}

async function send(body) {
  let answer;
  try {
    answer = await fetch("/visit/act", { method: "POST", credentials: "same-origin", keepalive: true, headers: { "Content-Type": "application/json" }, body });
  } catch {
    throw new Error(WORDS.lost);
  }
  if (answer.ok) return;
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.words ?? WORDS.lost);
}

// A page that goes away says what it still has to say; the requests outlive it.
addEventListener("pagehide", () => { leaving = true; for (const go of [...unsent]) go().catch(() => {}); });
addEventListener("pageshow", () => { leaving = false; });

// The page that a link leads to shows what was kept a moment ago, so it is asked for after that has arrived; two seconds at most.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!underWay || !link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const elsewhere = link.target || link.hasAttribute("download") || link.origin !== location.origin;
  if (elsewhere || link.href.split("#")[0] === location.href.split("#")[0]) return;
  event.preventDefault();
  Promise.race([line, new Promise((on) => { setTimeout(on, 2000); })]).then(() => location.assign(link.href));
});

let bar;
/** A line at the foot of the page, with perhaps one thing to do about it. */
export function tell(words, label = "", doing = null) {
  if (!bar) {
    bar = document.createElement("div");
    bar.className = "visit-told";
    bar.setAttribute("role", "status");
    document.body.append(bar);
  }
  const line = document.createElement("span");
  line.textContent = words;
  bar.replaceChildren(line);
  if (doing) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => { bar.hidden = true; doing(); });
    bar.append(button);
  }
  bar.hidden = false;
  clearTimeout(bar.timer);
  // As long as somebody's hand or eye is on it, it stays.
  const leave = () => { if (bar.matches(":hover, :focus-within")) bar.timer = setTimeout(leave, 2000); else bar.hidden = true; };
  bar.timer = setTimeout(leave, 8000);
}

async function show(edition) {
  const { kept } = await stateOf(edition);
  for (const place of document.querySelectorAll(`[data-visit-count="${CSS.escape(edition)}"]`)) {
    place.textContent = String(kept.size);
    place.hidden = kept.size === 0;
  }
  dispatchEvent(new CustomEvent("everhall:hearts", { detail: { edition } }));
}

class EverHeart extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = this.hasAttribute("large") ? "button quiet small heart" : "heart";
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", SHAPE);
    svg.append(path);
    this.button.append(svg);
    if (this.hasAttribute("large")) {
      this.words = document.createElement("span");
      this.button.append(this.words);
    }
    this.button.addEventListener("click", () => this.press());
    this.replaceChildren(this.button);
    this.refresh = (event) => { if (event.detail.edition === this.edition) this.draw(); };
    addEventListener("everhall:hearts", this.refresh);
    this.draw(new Set());
  }

  disconnectedCallback() { removeEventListener("everhall:hearts", this.refresh); }

  get edition() { return this.getAttribute("edition"); }
  get code() { return this.getAttribute("code"); }

  async draw(known = null) {
    const kept = known ?? (await stateOf(this.edition)).kept;
    this.on = kept.has(this.code);
    this.button.setAttribute("aria-pressed", String(this.on));
    if (this.words) this.words.textContent = this.on ? WORDS.kept : WORDS.keep;
    else this.button.setAttribute("aria-label", `${WORDS.keep}${ZH ? "：" : ": "}${this.getAttribute("name") ?? ""}`);
    this.button.title = this.on ? WORDS.drop : WORDS.keep;
  }

  async press() {
    const { kept } = await stateOf(this.edition);
    const on = !kept.has(this.code);
    const set = (wanted) => { if (wanted) kept.add(this.code); else kept.delete(this.code); show(this.edition); };
    set(on);
    try {
      await act(on ? "keep" : "drop", this.edition, this.code);
      if (!on) tell(WORDS.dropped, WORDS.undo, () => this.press());
    } catch (problem) {
      set(!on);
      tell(problem.message);
    }
  }
}

if (!customElements.get("ever-heart")) customElements.define("ever-heart", EverHeart);

const quiet = window.requestIdleCallback ?? ((doing) => setTimeout(doing, 300));
quiet(() => {
  const editions = new Set([...document.querySelectorAll("ever-heart, [data-visit-count]")].map((one) => one.getAttribute("edition") ?? one.dataset.visitCount));
  for (const edition of editions) show(edition);
});
