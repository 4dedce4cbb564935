// The viewer of a 3D model, alone in its document. Which file: the phone's where memory or the screen is small.
//
// Everything it needs is of this site: the decoder's address is set before anything asks for it. It turns slowly until somebody
// stops it, and not at all for whom movement is too much. The page around it may ask it to show a note ({note: number}).

const viewer = document.querySelector("model-viewer");
const words = document.querySelector("[data-words]");
const small = () => (navigator.deviceMemory ?? 8) <= 4 || Math.min(screen.width, screen.height) < 700 || navigator.connection?.saveData;

function say(text) {
  words.textContent = text;
  words.hidden = !text;
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const home = { orbit: viewer.getAttribute("camera-orbit"), target: "auto auto auto", field: viewer.getAttribute("field-of-view") };
//: The share of its size from which a noted part is looked at, and how far one zooms with a button.
const NEAR = "50%";
const STEP = 3;

async function begin() {
  const { ModelViewerElement } = await import(viewer.dataset.library);
  ModelViewerElement.meshoptDecoderLocation = new URL(viewer.dataset.decoder, location.href).href;
  ModelViewerElement.powerPreference = "low-power";
  viewer.addEventListener("progress", ({ detail }) => say(detail.totalProgress < 1 ? `${Math.round(detail.totalProgress * 100)} %` : ""));
  viewer.addEventListener("load", shown);
  viewer.addEventListener("error", () => fail());
  viewer.src = small() ? viewer.dataset.phone : viewer.dataset.full;
}

function shown() {
  say("");
  document.documentElement.dataset.state = "shown";
  tools();
  notes();
  turn(!calm.matches);
  parent.postMessage({ stage: "shown" }, location.origin);
}

function turn(on) {
  const button = document.querySelector("[data-deed=turning]");
  viewer.autoRotate = on;
  button.textContent = on ? button.dataset.stop : button.dataset.go;
  document.documentElement.dataset.turns = String(on);
}

function tools() {
  const deeds = {
    turning: () => turn(!viewer.autoRotate),
    in: () => viewer.zoom(STEP),
    out: () => viewer.zoom(-STEP),
    home: () => look(home.orbit, home.target, home.field),
    ground(button) {
      const other = document.documentElement.toggleAttribute("data-other");
      button.setAttribute("aria-pressed", String(other));
    },
  };
  for (const button of document.querySelectorAll("[data-deed]")) button.addEventListener("click", () => deeds[button.dataset.deed](button));
}

/** The camera goes there; at once for whom movement is too much. */
function look(orbit, target, field = home.field) {
  viewer.resetTurntableRotation(0);
  viewer.cameraTarget = target;
  viewer.fieldOfView = field;
  viewer.cameraOrbit = orbit;
  if (calm.matches) viewer.jumpCameraToGoal();
}

function notes() {
  const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");
  const told = document.querySelector("[data-said]");
  const spots = [...viewer.querySelectorAll("[data-note]")];
  const go = (spot) => {
    turn(false);
    look(`${spot.dataset.around}deg ${spot.dataset.down}deg ${NEAR}`, spot.dataset.position);
    for (const other of spots) other.toggleAttribute("data-on", other === spot);
    told.textContent = texts[spot.dataset.note];
    told.hidden = false;
  };
  for (const spot of spots) spot.addEventListener("click", () => go(spot));
  addEventListener("message", ({ origin, data }) => {
    const spot = origin === location.origin && spots.find((one) => one.dataset.note === data?.note);
    if (spot) go(spot);
  });
}

function fail() {
  document.documentElement.dataset.state = "failed";
  say(words.dataset.failed);
}

begin().catch(fail);
