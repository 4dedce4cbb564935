// The viewer of a panorama, alone in its document: by mouse, touch, keyboard, buttons, and by turning the device.

const place = document.querySelector("[data-panorama]");
const words = document.querySelector("[data-words]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
//: Degrees that a button turns and zooms.
const TURN = 40;
const ZOOM = 18;

function begin() {
  const { panorama, cube, tile, levels, extension } = place.dataset;
  const viewer = window.pannellum.viewer(place, {
    type: "multires", autoLoad: true, showControls: false, showZoomCtrl: false, showFullscreenCtrl: false, keyboardZoom: true,
    hfov: innerWidth > 700 ? 96 : 72, minHfov: 30, maxHfov: 115, ...(calm.matches ? { friction: 1 } : {}),
    multiRes: {
      basePath: panorama, path: "/%l/%s%y_%x", extension, tileResolution: Number(tile), maxLevel: Number(levels), cubeResolution: Number(cube),
    },
  });
  // It may be there before one can ask to be told.
  if (viewer.isLoaded()) shown(viewer);
  else viewer.on("load", () => shown(viewer));
  viewer.on("error", fail);
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", place.dataset.keys);
  place.tabIndex = 0;
  tools(viewer);
  place.focus();
}

function shown(viewer) {
  words.hidden = true;
  // Whether the device can turn it is known by now.
  document.querySelector("[data-deed=gyro]").hidden = !viewer.isOrientationSupported();
  document.documentElement.dataset.state = "shown";
  parent.postMessage({ stage: "shown" }, location.origin);
}

function tools(viewer) {
  const pace = () => (calm.matches ? false : 300);
  const deeds = {
    left: () => viewer.setYaw(viewer.getYaw() - TURN, pace()),
    right: () => viewer.setYaw(viewer.getYaw() + TURN, pace()),
    in: () => viewer.setHfov(viewer.getHfov() - ZOOM, pace()),
    out: () => viewer.setHfov(viewer.getHfov() + ZOOM, pace()),
    gyro(button) {
      const on = !viewer.isOrientationActive();
      if (on) viewer.startOrientation();
      else viewer.stopOrientation();
      button.setAttribute("aria-pressed", String(on));
    },
  };
  for (const button of document.querySelectorAll("[data-deed]")) button.addEventListener("click", () => deeds[button.dataset.deed](button));
}

function fail() {
  document.documentElement.dataset.state = "failed";
  words.textContent = words.dataset.failed;
  words.hidden = false;
}

try {
  begin();
} catch {
  fail();
}
