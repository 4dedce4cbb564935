// <ever-star code="…" edition="2021" on="Remove the star" off="Star">: a personal star, kept in this browser only.

const key = (edition) => `everhall.stars.${edition}`;

/** Codes starred in one edition, oldest first. A blocked or damaged store counts as empty. */
export function stars(edition) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(edition)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((code) => /^[a-z0-9-]+$/.test(code)) : [];
  } catch {
    return [];
  }
}

/** Sets or removes one star and tells every star on the page. */
export function setStar(edition, code, on) {
  const rest = stars(edition).filter((c) => c !== code);
  try {
    localStorage.setItem(key(edition), JSON.stringify(on ? [...rest, code] : rest));
  } catch {
    return; // private browsing: nothing is kept
  }
  dispatchEvent(new CustomEvent("everhall:stars", { detail: { edition } }));
}

const SHAPE = "M12 3.2l2.7 5.5 6 .9-4.4 4.2 1 6-5.3-2.8-5.3 2.8 1-6-4.4-4.2 6-.9z";

class EverStar extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    this.button = document.createElement("button");
    this.button.type = "button";
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", SHAPE);
    svg.append(path);
    this.button.append(svg);
    this.button.addEventListener("click", () => setStar(this.edition, this.code, !this.on));
    this.append(this.button);
    this.refresh = () => this.show();
    addEventListener("everhall:stars", this.refresh);
    addEventListener("storage", this.refresh);
    this.show();
  }

  disconnectedCallback() {
    removeEventListener("everhall:stars", this.refresh);
    removeEventListener("storage", this.refresh);
  }

  get edition() { return this.getAttribute("edition"); }
  get code() { return this.getAttribute("code"); }
  get on() { return stars(this.edition).includes(this.code); }

  show() {
    const words = this.getAttribute("name") ?? "";
    this.button.setAttribute("aria-pressed", String(this.on));
    this.button.setAttribute("aria-label", `${this.getAttribute("label") ?? "★"} ${words}`.trim());
  }
}

if (!customElements.get("ever-star")) customElements.define("ever-star", EverStar);

// The page of my stars is drawn by the server from ?s=; here the codes of this browser are put in.
const mine = document.querySelector("[data-my-stars]");
if (mine && !new URLSearchParams(location.search).has("s")) {
  const codes = stars(mine.dataset.myStars);
  if (codes.length) location.replace(`${location.pathname}?s=${codes.join(",")}`);
}
