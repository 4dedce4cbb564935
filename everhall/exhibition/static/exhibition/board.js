// The viewer of a board, alone in its document: deep zoom over IIIF tiles, by mouse, touch and keyboard.

const place = document.querySelector("[data-board]");
const words = document.querySelector("[data-words]");
const pages = JSON.parse(place.dataset.board);

function begin() {
  const viewer = window.OpenSeadragon({
    element: place,
    tileSources: pages,
    sequenceMode: pages.length > 1,
    showNavigator: innerWidth > 700,
    navigatorPosition: "BOTTOM_RIGHT",
    showSequenceControl: false,
    showNavigationControl: false,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    maxZoomPixelRatio: 2,
    visibilityRatio: 0.6,
    animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.6,
    immediateRender: matchMedia("(prefers-reduced-motion: reduce)").matches,
    drawer: "canvas",
  });
  viewer.addOnceHandler("tile-drawn", () => {
    words.hidden = true;
    document.documentElement.dataset.state = "shown";
    parent.postMessage({ stage: "shown" }, location.origin);
  });
  viewer.addHandler("open-failed", fail);
  controls(viewer);
  viewer.canvas.focus();
}

function controls(viewer) {
  const deeds = {
    in: () => viewer.viewport.zoomBy(1.6).applyConstraints(),
    out: () => viewer.viewport.zoomBy(1 / 1.6).applyConstraints(),
    home: () => viewer.viewport.goHome(),
    before: () => viewer.goToPreviousPage(),
    after: () => viewer.goToNextPage(),
  };
  for (const button of document.querySelectorAll("[data-deed]")) button.addEventListener("click", deeds[button.dataset.deed]);
  const where = document.querySelector("[data-page]");
  if (where) viewer.addHandler("page", ({ page }) => (where.textContent = `${page + 1} / ${pages.length}`));
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
