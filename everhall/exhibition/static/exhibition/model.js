// The viewer of a 3D model, alone in its document. Which file: the phone's where memory or the screen is small.
//
// Everything it needs is of this site: the decoder's address is set before anything asks for it.

const viewer = document.querySelector("model-viewer");
const words = document.querySelector("[data-words]");
const small = () => (navigator.deviceMemory ?? 8) <= 4 || Math.min(screen.width, screen.height) < 700 || navigator.connection?.saveData;

function say(text) {
  words.textContent = text;
  words.hidden = !text;
}

async function begin() {
  const { ModelViewerElement } = await import(viewer.dataset.library);
  ModelViewerElement.meshoptDecoderLocation = new URL(viewer.dataset.decoder, location.href).href;
  ModelViewerElement.powerPreference = "low-power";
  viewer.addEventListener("progress", ({ detail }) => say(detail.totalProgress < 1 ? `${Math.round(detail.totalProgress * 100)} %` : ""));
  viewer.addEventListener("load", () => {
    say("");
    document.documentElement.dataset.state = "shown";
    parent.postMessage({ stage: "shown" }, location.origin);
  });
  viewer.addEventListener("error", () => fail());
  viewer.src = small() ? viewer.dataset.phone : viewer.dataset.full;
}

function fail() {
  document.documentElement.dataset.state = "failed";
  say(words.dataset.failed);
}

begin().catch(fail);
