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
  viewer.on("load", () => {
    words.hidden = true;
    document.documentElement.dataset.state = "shown";
    parent.postMessage({ stage: "shown" }, location.origin);
  });
  viewer.on("error", fail);
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", place.dataset.keys);
  place.tabIndex = 0;
  tools(viewer);
  place.focus();
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
  // Known a moment after loading: the device is asked.
  viewer.on("load", () => (document.querySelector("[data-deed=gyro]").hidden = !viewer.isOrientationSupported()));
}

function fail() {
  document.documentElement.dataset.state = "failed";
  words.textContent = words.dataset.failed;
  words.hidden = false;
}

addEventListener("DOMContentLoaded", () => {
  try {
    begin();
  } catch {
    fail();
  }
});
if (document.readyState !== "loading" && window.pannellum) dispatchEvent(new Event("DOMContentLoaded"));
