// The viewer of an object photographed all around, alone in its document: drag, slide, arrow keys on the slider; it turns slowly until
// somebody stops it, and not at all for whom movement is too much.

const picture = document.querySelector("[data-turntable]");
const words = document.querySelector("[data-words]");
const slider = document.querySelector("[data-angle]");
const button = document.querySelector("[data-deed=turning]");
const count = Number(picture.dataset.count);
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const small = Math.min(screen.width, screen.height) < 700 || navigator.connection?.saveData;
//: Milliseconds of one turn; pixels of dragging for one.
const TURN = 16_000;
const DRAG = Math.min(700, innerWidth * 0.9);
const frames = [];
let at = 0;
let timer = 0;

const address = (n) => `${picture.dataset.turntable}/${small ? "phone" : "full"}/${n + 1}.webp`;

/** All pictures, six at a time; then nothing flickers. */
async function load() {
  let next = 0;
  let done = 0;
  const worker = async () => {
    while (next < count) {
      const n = next++;
      const one = new Image();
      one.src = address(n);
      await one.decode();
      frames[n] = one;
      words.textContent = `${Math.round((++done / count) * 100)} %`;
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}

function show(n) {
  at = ((n % count) + count) % count;
  picture.src = frames[Math.floor(at)].src;
  slider.value = String(Math.floor(at));
  slider.setAttribute("aria-valuetext", `${Math.round((Math.floor(at) / count) * 360)}°`);
}

function turn(on) {
  clearInterval(timer);
  timer = on ? setInterval(() => show(at + 1), TURN / count) : 0;
  button.textContent = on ? button.dataset.stop : button.dataset.go;
  document.documentElement.dataset.turns = String(on);
}

function begin() {
  words.hidden = true;
  document.documentElement.dataset.state = "shown";
  button.addEventListener("click", () => turn(!timer));
  slider.addEventListener("input", () => {
    turn(false);
    show(Number(slider.value));
  });
  picture.addEventListener("pointerdown", (event) => {
    turn(false);
    picture.setPointerCapture(event.pointerId);
    const [from, first] = [event.clientX, at];
    const moved = (move) => show(first - ((move.clientX - from) / DRAG) * count);
    picture.addEventListener("pointermove", moved);
    for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, () => picture.removeEventListener("pointermove", moved), { once: true });
  });
  show(0);
  turn(!calm);
  parent.postMessage({ stage: "shown" }, location.origin);
}

load().then(begin, () => {
  document.documentElement.dataset.state = "failed";
  words.textContent = words.dataset.failed;
  words.hidden = false;
});
