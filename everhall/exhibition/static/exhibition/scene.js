// <ever-scene base="…" cube tile levels extension yaw pitch library look place>: a panorama to look around in, over the still
// picture that stands in it. Nothing is loaded before somebody asks. Spots and ways are read from the lists of the page
// (`.spots li`, `.onward li`), which say the same without a script. The address follows the look (`?yaw=&pitch=`); with `#walk`,
// as links in the picture have it, the viewer begins by itself.
import { say } from "./scene_words.js";

const CALM = matchMedia("(prefers-reduced-motion: reduce)");
//: Milliseconds between two looks at where the viewer looks, and from the last turn to the new address.
const FOLLOW = 80;
const SETTLED = 350;
//: Metres within which a spot shows its name by itself.
const CLOSE = 5.5;
//: Degrees below the horizon at which ways on lie on the floor.
const FLOOR = -17;

/** The one viewer of this page: a phone bears no second. */
let current = null;

export const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  element.append(...children);
  return element;
};

const icon = (path) => {
  const holder = document.createElement("template");
  holder.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  return holder.content.firstChild;
};

const loaded = new Map();
/** Once for each address. */
const fetched = (element) => {
  const address = element.src ?? element.href;
  if (!loaded.has(address))
    loaded.set(address, new Promise((resolve, reject) => {
      element.addEventListener("load", resolve);
      element.addEventListener("error", () => { loaded.delete(address); reject(new Error(address)); });
      document.head.append(element);
    }));
  return loaded.get(address);
};

const round = (number) => Math.round(number * 10) / 10;

export class EverScene extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", this.getAttribute("place") ?? "");
    this.button = make("button", { type: "button", class: "begin", onclick: () => this.begin() }, say("Look around"));
    this.message = make("p", { class: "message", role: "status" });
    this.append(this.button, this.message);
    for (const link of document.querySelectorAll("a[data-yaw]"))
      link.addEventListener("click", (event) => {
        if (!this.viewer) return;
        event.preventDefault();
        this.turn(Number(link.dataset.yaw), Number(link.dataset.pitch));
      });
    if (location.hash === "#walk") this.begin();
  }

  disconnectedCallback() { this.end(); }

  tell(text) { this.message.textContent = text; }

  async begin() {
    if (this.viewer || this.classList.contains("waits")) return;
    current?.end();
    current = this;
    this.classList.add("waits");
    this.tell(say("Loading …"));
    this.dispatchEvent(new CustomEvent("begin"));
    try {
      await Promise.all([
        fetched(make("link", { rel: "stylesheet", href: this.getAttribute("look") })),
        fetched(make("script", { src: this.getAttribute("library") })),
      ]);
      this.#open();
    } catch {
      this.#fail(say("The viewer could not be loaded. Everything stands in the list."));
    }
  }

  #open() {
    this.window = make("div", { class: "window" });
    this.prepend(this.window);
    const wide = this.clientWidth > 700;
    this.viewer = window.pannellum.viewer(this.window, {
      type: "multires", autoLoad: true, showControls: false, showZoomCtrl: false, showFullscreenCtrl: false,
      mouseZoom: "fullscreenonly", keyboardZoom: true, hfov: wide ? 96 : 72, minHfov: 36, maxHfov: 112,
      yaw: Number(this.getAttribute("yaw")), pitch: Number(this.getAttribute("pitch")), hotSpots: this.spots(), crossOrigin: "anonymous",
      ...(CALM.matches ? { friction: 1 } : {}),
      multiRes: {
        basePath: this.getAttribute("base"), path: "/%l/%s%y_%x", extension: this.getAttribute("extension"),
        tileResolution: Number(this.getAttribute("tile")), maxLevel: Number(this.getAttribute("levels")),
        cubeResolution: Number(this.getAttribute("cube")),
      },
    });
    const up = new Promise((resolve) => { if (this.viewer.isLoaded()) resolve(); else this.viewer.on("load", resolve); });
    const viewer = this.viewer;
    // The still picture stays until there is something to look at in all directions.
    Promise.all([up, this.#coarse()]).then(() => { if (this.viewer === viewer) this.#ready(); });
    this.viewer.on("error", () => this.#fail(say("This device cannot show the panorama. Everything stands in the list.")));
    this.window.setAttribute("role", "application");
    this.window.setAttribute("aria-label", say("Arrow keys turn, plus and minus zoom"));
  }

  /** The coarsest faces, which the viewer asks for too: they are fetched once. Those that fail hold nobody up. */
  #coarse() {
    const seen = ["f", "r", "b", "l", "u", "d"].map((face) => {
      const picture = new Image();
      picture.crossOrigin = "anonymous";
      picture.src = `${this.getAttribute("base")}/1/${face}0_0.${this.getAttribute("extension")}`;
      return picture.decode().catch(() => {});
    });
    return Promise.all(seen);
  }

  #ready() {
    if (this.classList.contains("on")) return;
    this.classList.remove("waits");
    this.classList.add("on");
    this.button.hidden = true;
    this.tell("");
    this.append(this.bar = this.#controls());
    this.#name();
    // Where one begins is known before anybody can turn: the first turn is told, however late the next look comes.
    this.at = null;
    this.#follow();
    this.following = setInterval(() => this.#follow(), FOLLOW);
    if (location.hash !== "#walk") this.window.focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("ready"));
  }

  /** Links have names also while they are behind one's back; to whom a key leads, the view turns. */
  #name() {
    for (const spot of this.window.querySelectorAll("a > .spot")) {
      const link = spot.parentElement;
      link.setAttribute("aria-label", spot.textContent);
      link.addEventListener("focus", () => { if (link.matches(":focus-visible")) this.turn(Number(spot.dataset.yaw), Number(spot.dataset.pitch)); });
    }
    for (const box of this.window.querySelectorAll(".pnlm-ui, .pnlm-render-container"))
      box.addEventListener("scroll", () => box.scrollTo(0, 0));
  }

  #fail(text) {
    this.end();
    this.tell(text);
  }

  end() {
    clearInterval(this.following);
    clearTimeout(this.settling);
    this.bar?.remove();
    if (this.viewer) try { this.viewer.destroy(); } catch { /* it had not come up */ }
    this.viewer = null;
    this.window?.remove();
    this.classList.remove("on", "waits", "full");
    if (this.button) this.button.hidden = false;
    if (current === this) current = null;
  }

  /** Spots and ways as pannellum wants them; each is a link with its name. */
  spots() {
    const read = (item) => ({ yaw: Number(item.dataset.yaw), pitch: Number(item.dataset.pitch ?? FLOOR), name: item.dataset.name });
    const booths = [...document.querySelectorAll(".spots li")].map((item) => {
      const at = read(item);
      const link = item.querySelector("a.exhibit");
      const name = [item.dataset.booth, at.name].filter(Boolean).join(" · ");
      const kind = `spot${Number(item.dataset.metres) <= CLOSE ? " near" : ""} ${item.className}`;
      return { ...this.#spot(at, name, kind), ...(link ? { URL: link.href, attributes: { target: "_self" } } : {}) };
    });
    const ways = [...document.querySelectorAll(".onward li")].map((item) => {
      const at = { ...read(item), pitch: FLOOR };
      const name = say("Walk on: %s").replace("%s", at.name);
      return { ...this.#spot(at, name, "spot way"), URL: `${item.querySelector("a").href}#walk`, attributes: { target: "_self" } };
    });
    return [...booths, ...ways];
  }

  #spot(at, name, kind) {
    return { yaw: at.yaw, pitch: at.pitch, type: "info", cssClass: kind.trim(), createTooltipFunc: (div) => { Object.assign(div.dataset, { yaw: at.yaw, pitch: at.pitch }); div.append(make("span", {}, name)); } };
  }

  turn(yaw, pitch) {
    this.viewer.lookAt(pitch, yaw, this.viewer.getHfov(), CALM.matches ? false : 700);
    this.scrollIntoView({ block: "nearest" });
  }

  #controls() {
    const step = (yaw, zoom) => () => {
      const viewer = this.viewer, calm = CALM.matches ? false : 300;
      if (zoom) viewer.setHfov(viewer.getHfov() + zoom, calm);
      else viewer.setYaw(viewer.getYaw() + yaw, calm);
    };
    const button = (name, path, act) => make("button", { type: "button", "aria-label": name, title: name, onclick: act }, icon(path));
    const buttons = [
      button(say("Turn left"), "M15 5l-7 7 7 7", step(-40)), button(say("Turn right"), "M9 5l7 7-7 7", step(40)),
      button(say("Nearer"), "M12 5v14M5 12h14", step(0, -18)), button(say("Farther"), "M5 12h14", step(0, 18)),
    ];
    if (this.viewer.isOrientationSupported?.()) {
      const gyro = button(say("Turn with the device"), "M7 3h10v18H7zM11 18h2", () => {
        const on = !this.viewer.isOrientationActive();
        if (on) this.viewer.startOrientation(); else this.viewer.stopOrientation();
        gyro.setAttribute("aria-pressed", on);
      });
      gyro.setAttribute("aria-pressed", "false");
      buttons.push(gyro);
    }
    if (document.fullscreenEnabled)
      buttons.push(button(say("Full screen"), "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", () => {
        if (document.fullscreenElement) document.exitFullscreen();
        else this.requestFullscreen().catch(() => {});
      }));
    this.addEventListener("fullscreenchange", () => { this.classList.toggle("full", document.fullscreenElement === this); this.viewer?.resize(); });
    buttons.push(button(say("Close"), "M6 6l12 12M18 6L6 18", () => { this.end(); this.button.focus(); }));
    return make("div", { class: "bar", role: "group", "aria-label": say("Controls") }, ...buttons);
  }

  /** The plan turns along; the address follows when the look rests. */
  #follow() {
    const yaw = round(((this.viewer.getYaw() + 540) % 360) - 180), pitch = round(this.viewer.getPitch());
    if (this.at?.yaw === yaw && this.at?.pitch === pitch) return;
    const first = !this.at;
    this.at = { yaw, pitch };
    const you = document.querySelector(".scene-plan .you");
    you?.setAttribute("transform", `translate(${you.dataset.x} ${you.dataset.y}) rotate(${yaw})`);
    this.dispatchEvent(new CustomEvent("look", { detail: this.at }));
    if (first) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => history.replaceState(history.state, "", `?yaw=${yaw}&pitch=${pitch}${location.hash}`), SETTLED);
  }
}

customElements.define("ever-scene", EverScene);

// Who looks for an exhibit elsewhere in the hall narrows the list by typing.
const find = document.querySelector(".scene-find");
if (find) {
  const rows = [...document.querySelectorAll(".elsewhere li")], plain = (text) => text.normalize("NFKC").toLowerCase();
  find.hidden = false;
  find.querySelector("input").addEventListener("input", (event) => {
    const wanted = plain(event.target.value.trim());
    for (const row of rows) row.hidden = !plain(row.textContent).includes(wanted);
  });
}
