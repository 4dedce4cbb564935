// The editor of spots around <ever-scene>: a click in the picture fills in yaw and pitch of the form, a dragged spot is saved
// where it is dropped. Without this module the numbers can be typed.
import { EverScene, make } from "./scene.js";
import { say } from "./scene_words.js";

//: Pixels that a pointer may move and still have clicked.
const STILL = 5;

const scene = document.querySelector("ever-scene[data-edit]");
const yaw = document.querySelector("#spot-yaw"), pitch = document.querySelector("#spot-pitch");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;

const round = (number) => Math.round(number * 10) / 10;

/** Where on the sphere the pointer is. */
const direction = (event) => {
  const [up, round_] = scene.viewer.mouseEventToCoords(event);
  return { yaw: round(round_), pitch: round(up) };
};

const save = async (item, at) => {
  const body = new URLSearchParams({ ...at, csrfmiddlewaretoken: token });
  const answer = await fetch(item.dataset.spot, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
  if (!answer?.ok) return scene.tell(say("It could not be saved"));
  Object.assign(item.dataset, at);
  item.querySelector(".where").textContent = `${Math.round(at.yaw)}° ${Math.round(at.pitch)}°`;
  scene.tell(say("Saved"));
};

/** The spots of the list, each with a handle to drag. */
const spots = () => [...document.querySelectorAll(".placed [data-spot]")].map((item, number) => ({
  id: `spot-${number}`, yaw: Number(item.dataset.yaw), pitch: Number(item.dataset.pitch), type: "info", cssClass: "spot near",
  createTooltipFunc: (div) => { div.append(make("span", {}, item.dataset.name)); draggable(div, item, `spot-${number}`); },
}));

const draggable = (div, item, id) => {
  let moved = null;
  div.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    event.stopPropagation();
    div.setPointerCapture(event.pointerId);
    moved = { yaw: Number(item.dataset.yaw), pitch: Number(item.dataset.pitch) };
  });
  div.addEventListener("pointermove", (event) => {
    if (!moved) return;
    moved = direction(event);
    const spot = scene.viewer.getConfig().hotSpots.find((one) => one.id === id);
    Object.assign(spot, moved);
    scene.viewer.setYaw(scene.viewer.getYaw(), false);
  });
  div.addEventListener("pointerup", (event) => {
    event.stopPropagation();
    if (moved) save(item, moved);
    moved = null;
  });
  for (const kind of ["mousedown", "touchstart", "click"]) div.addEventListener(kind, (event) => event.stopPropagation());
};

if (scene instanceof EverScene) {
  scene.spots = spots;
  scene.addEventListener("ready", () => {
    scene.tell(say("Click where the spot belongs"));
    let down = null;
    scene.window.addEventListener("pointerdown", (event) => { down = [event.clientX, event.clientY]; }, true);
    scene.window.addEventListener("pointerup", (event) => {
      if (!down || Math.hypot(event.clientX - down[0], event.clientY - down[1]) > STILL || event.target.closest(".spot")) return;
      const at = direction(event);
      yaw.value = at.yaw;
      pitch.value = at.pitch;
      try { scene.viewer.removeHotSpot("new"); } catch { /* there was none */ }
      scene.viewer.addHotSpot({ ...at, id: "new", type: "info", cssClass: "spot new" });
      document.querySelector("#spot-exhibit").focus({ preventScroll: true });
    }, true);
  });
}
