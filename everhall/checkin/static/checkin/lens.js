// The camera's picture on the page, and its button.
//
// In: the page. Out: texts of passes, to the page. Must stay true: a camera that cannot be had is told with what to do.
import { watch } from "./camera.js";
import { el } from "./parts.js";

const CAMERA = { NotAllowedError: "camera_denied", NotFoundError: "camera_none", OverconstrainedError: "camera_none", NotReadableError: "camera_busy" };

export async function toggleCamera(view) {
  if (view.cameraStop) return stopCamera(view);
  view.video.hidden = false;
  view.cameraButton.textContent = view.say("camera_off");
  try {
    view.cameraStop = await watch(view.video, (text) => view.scan(text, "camera"));
  } catch (fault) {
    stopCamera(view);
    view.panel.className = "door-verdict idle";
    view.panel.replaceChildren(el("p", { class: "why" }, view.say(CAMERA[fault.name] || "no_camera", { what: fault.name || String(fault) })));
  }
  return undefined;
}

export function stopCamera(view) {
  view.cameraStop?.();
  view.cameraStop = null;
  if (view.video) view.video.hidden = true;
  if (view.cameraButton) view.cameraButton.textContent = view.say("camera");
}
