// <search-suggest>: suggestions under the plain search form, as an ARIA combobox with a list
// (APG "Combobox with list autocomplete"). Without JavaScript the form works by itself.
//
// ArrowDown, ArrowUp, Home and End move the mark; Enter opens the marked suggestion or searches;
// Escape closes, once more empties. While an input method composes, its keys are its own.

const WAIT_MS = 120;

class SearchSuggest extends HTMLElement {
  #input;
  #list;
  #status;
  #marked = -1;
  #timer;
  #request;

  connectedCallback() {
    this.#input = this.querySelector("input[type=search]");
    if (!this.#input || this.#list) return;
    const id = `${this.#input.id || "search"}-list`;
    this.#list = Object.assign(document.createElement("ul"), { id, className: "suggestions", hidden: true });
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", this.#input.labels?.[0]?.textContent ?? "");
    this.#status = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    this.#status.setAttribute("role", "status");
    const input = this.#input;
    input.after(this.#list, this.#status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    })) input.setAttribute(name, value);
    input.addEventListener("input", (event) => { if (!event.isComposing) this.#ask(); });
    input.addEventListener("compositionend", () => this.#ask());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    // A click must reach the link before the field loses the focus and the list closes.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  #ask() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const text = this.#input.value.trim();
    if (!text) return this.#close();
    this.#timer = setTimeout(() => this.#fetch(text), WAIT_MS);
  }

  async #fetch(text) {
    this.#request = new AbortController();
    const url = new URL(this.dataset.url, location.href);
    url.searchParams.set("q", text);
    try {
      const response = await fetch(url, { signal: this.#request.signal, headers: { Accept: "application/json" } });
      if (response.ok) this.#show((await response.json()).suggestions);
    } catch (error) {
      // The network may be gone or the next letter typed; the form still works.
      if (error.name !== "AbortError") this.#close();
    }
  }

  #show(suggestions) {
    this.#marked = -1;
    this.#input.removeAttribute("aria-activedescendant");
    this.#list.replaceChildren(...suggestions.map((suggestion, at) => this.#option(suggestion, at)));
    const open = suggestions.length > 0 && document.activeElement === this.#input;
    this.#list.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open));
    this.#status.textContent = suggestions.length
      ? (this.dataset.some ?? "").replace("%(count)s", suggestions.length)
      : this.dataset.none ?? "";
  }

  #option({ parts, kind, url }, at) {
    const option = Object.assign(document.createElement("li"), { id: `${this.#list.id}-${at}` });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.url = url;
    const title = document.createElement("span");
    for (const [text, found] of parts) {
      title.append(found ? Object.assign(document.createElement("mark"), { textContent: text }) : text);
    }
    option.append(title, " ", Object.assign(document.createElement("small"), { textContent: kind }));
    option.addEventListener("click", () => location.assign(url));
    return option;
  }

  #key(event) {
    if (event.isComposing) return;
    const last = this.#list.children.length - 1;
    const open = !this.#list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (last < 0) return;
      event.preventDefault();
      this.#list.hidden = false;
      this.#input.setAttribute("aria-expanded", "true");
      const next = this.#marked + (event.key === "ArrowDown" ? 1 : -1);
      this.#mark(next > last ? 0 : next < 0 ? last : next);
    } else if (open && this.#marked >= 0 && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      this.#mark(event.key === "Home" ? 0 : last);
    } else if (open && this.#marked >= 0 && event.key === "Enter") {
      event.preventDefault();
      location.assign(this.#list.children[this.#marked].dataset.url);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.#close();
    }
  }

  #mark(at) {
    this.#marked = at;
    [...this.#list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === at));
      if (number === at) {
        this.#input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    });
  }

  #close() {
    clearTimeout(this.#timer);
    this.#marked = -1;
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}

customElements.define("search-suggest", SearchSuggest);
