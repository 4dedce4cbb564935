// Notes on a model in the desk: a click on the model fills in where the note is. It goes into the form that stands open, else into
// that of a new note. Without this module the numbers are typed.

const viewer = document.querySelector("[data-model]");

function chosen() {
  return document.querySelector("[data-note-form][open] form") ?? document.querySelector("[data-new]");
}

function mark(position, normal) {
  let spot = viewer.querySelector("[slot=hotspot-new]");
  if (!spot) {
    spot = Object.assign(document.createElement("span"), { slot: "hotspot-new", className: "spot here" });
    viewer.append(spot);
  }
  spot.dataset.position = position;
  spot.dataset.normal = normal;
  viewer.updateHotspot({ name: "hotspot-new", position, normal });
}

function fill(form, position, normal) {
  for (const [axis, value] of Object.entries(position)) form.elements[axis].value = value.toFixed(5);
  for (const [axis, value] of Object.entries(normal)) form.elements[`normal_${axis}`].value = value.toFixed(4);
}

async function begin() {
  const { ModelViewerElement } = await import(viewer.dataset.library);
  ModelViewerElement.meshoptDecoderLocation = new URL(viewer.dataset.decoder, location.href).href;
  let from = null;
  viewer.addEventListener("pointerdown", ({ clientX, clientY }) => (from = [clientX, clientY]));
  viewer.addEventListener("click", (event) => {
    // Turning the model ends in a click too.
    if (from && Math.hypot(event.clientX - from[0], event.clientY - from[1]) > 5) return;
    const note = event.target.closest?.("[data-note]");
    if (note) {
      for (const details of document.querySelectorAll("[data-note-form]")) details.open = details.dataset.noteForm === note.dataset.note;
      return;
    }
    const form = chosen();
    const hit = viewer.positionAndNormalFromPoint(event.clientX, event.clientY);
    if (!form || !hit) return;
    fill(form, hit.position, hit.normal);
    mark(hit.position.toString(), hit.normal.toString());
    form.elements.label_zh.focus({ preventScroll: true });
  });
}

if (viewer) begin();
