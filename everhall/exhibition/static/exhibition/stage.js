// The stage of an exhibit: tabs over panels that stand below one another without this module, and one live viewer at a time.
//
// A viewer is a document in a frame, so that leaving it gives back all it took: memory, graphics contexts, listeners.
import { plays } from "./playing.js";

const ARROWS = { ArrowLeft: -1, ArrowRight: 1 };

/** @param {ParentNode} page */
export function stages(page) {
  for (const stage of page.querySelectorAll("[data-stage]")) {
    const viewer = oneViewer(stage);
    const panels = [...stage.querySelectorAll("[data-panel]")];
    if (panels.length > 1) tabs(stage, panels, viewer);
    for (const place of stage.querySelectorAll("[data-frame]")) opening(stage, place, viewer);
    viewer.players = plays(stage, viewer);
  }
}

function oneViewer(stage) {
  let open = null;
  return {
    players: null,
    close() {
      open?.remove();
      open = null;
    },
    open(place, note = null) {
      if (place.dataset.live && note) return open.turn(note);
      this.close();
      this.players?.pause();
      place.querySelector(".stage-word")?.remove();
      const back = () => {
        this.close();
        place.querySelector(".stage-open").focus();
      };
      const failed = () => {
        back();
        place.append(Object.assign(document.createElement("p"), { className: "stage-word", role: "alert", textContent: stage.dataset.failed }));
      };
      open = framed(stage, place, back, failed);
      if (note) open.turn(note);
    },
  };
}

function opening(stage, place, viewer) {
  place.querySelector(".stage-open").addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    viewer.open(place);
  });
  // Without this module a note's name is a text; with it, it turns the model there.
  for (const go of place.closest("figure").querySelectorAll("[data-note]")) {
    go.hidden = false;
    go.nextElementSibling.hidden = true;
    go.addEventListener("click", () => {
      viewer.open(place, go.dataset.note);
      place.scrollIntoView({ block: "nearest" });
    });
  }
}

/** The viewer over its poster, with a way back. */
function framed(stage, place, back, failed) {
  const frame = document.createElement("iframe");
  frame.src = place.dataset.frame;
  frame.title = place.dataset.title;
  frame.allow = "xr-spatial-tracking; fullscreen; gyroscope; accelerometer";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "stage-close";
  close.textContent = "✕";
  close.setAttribute("aria-label", stage.dataset.close);
  close.addEventListener("click", back);
  const held = document.createElement("div");
  held.className = "stage-live";
  held.append(frame, close);
  held.addEventListener("keydown", (event) => event.key === "Escape" && back());
  frame.addEventListener("load", () => {
    if (!held.isConnected) return;
    // Without the network the browser puts a page of its own there, into which one cannot look.
    if (!frame.contentDocument?.querySelector("[data-words]")) return failed();
    place.dataset.live = "yes";
    frame.contentWindow?.addEventListener("keydown", (event) => event.key === "Escape" && back());
    frame.focus();
  });
  place.append(held);
  const turned = (note) => frame.contentWindow?.postMessage({ note }, location.origin);
  let waiting = null;
  const heard = (event) => {
    if (event.source !== frame.contentWindow || event.origin !== location.origin || event.data?.stage !== "shown") return;
    place.dataset.shown = "yes";
    if (waiting) turned(waiting);
  };
  addEventListener("message", heard);
  return {
    /** Turn to a note, now or as soon as there is something to turn. */
    turn(note) {
      waiting = note;
      if (place.dataset.shown) turned(note);
    },
    remove() {
      delete place.dataset.live;
      delete place.dataset.shown;
      removeEventListener("message", heard);
      // An empty page first: browsers free the old document at once then, not when memory runs short.
      frame.src = "about:blank";
      held.remove();
    },
  };
}

/** Tabs as the ARIA Authoring Practices have them: arrows move, what is moved to is shown. */
function tabs(stage, panels, viewer) {
  const strip = stage.querySelector(".stage-tabs");
  const links = [...strip.querySelectorAll("a")];
  strip.setAttribute("role", "tablist");
  strip.setAttribute("aria-label", stage.getAttribute("aria-label"));
  const show = (number, { focus = false } = {}) => {
    viewer.close();
    links.forEach((link, n) => {
      link.setAttribute("aria-selected", String(n === number));
      link.tabIndex = n === number ? 0 : -1;
      panels[n].hidden = n !== number;
    });
    if (focus) links[number].focus();
  };
  links.forEach((link, n) => {
    link.parentElement.setAttribute("role", "presentation");
    link.setAttribute("role", "tab");
    link.id = `tab-${panels[n].id}`;
    link.setAttribute("aria-controls", panels[n].id);
    panels[n].setAttribute("role", "tabpanel");
    panels[n].setAttribute("aria-labelledby", link.id);
    delete panels[n].dataset.later;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(history.state, "", link.hash);
      show(n);
    });
    link.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key];
      const to = step ? (n + step + links.length) % links.length : { Home: 0, End: links.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      history.replaceState(history.state, "", links[to].hash);
      show(to, { focus: true });
    });
  });
  const asked = () => Math.max(0, panels.findIndex((panel) => `#${panel.id}` === location.hash));
  addEventListener("hashchange", () => show(asked()));
  show(asked());
}

stages(document);
