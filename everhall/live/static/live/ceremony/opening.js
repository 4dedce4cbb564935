// The opening: a light rises from each venue, they meet, and a ring of light runs over the screen. Six seconds, drawn by
// ourselves on a canvas, in the colours of the edition. Who asks for less motion gets none of it (screen.js asks).

//: Seconds: the lights meet, the ring has passed, everything is over.
const MEET = 1.4;
const RING = 2.6;
const END = 6;
const SPARKS = 220;

const ease = (x) => 1 - (1 - x) ** 3;
const between = (x, from, to) => Math.min(1, Math.max(0, (x - from) / (to - from)));

/** Numbers that look random and are the same on every display: all halls see one opening. */
function drawn(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const named = (name, other) => style.getPropertyValue(name).trim() || other;
  return [named("--edition-raw-primary", "#b3261e"), "#f5c542", named("--edition-raw-accent", "#0b6bcb"), "#fff4d6"];
}

function sparks(random, palette) {
  return Array.from({ length: SPARKS }, () => ({
    angle: random() * 2 * Math.PI, speed: 0.12 + 0.5 * random() ** 2, size: 0.6 + 2.2 * random(),
    colour: palette[Math.floor(random() * palette.length)], fall: 0.02 + 0.06 * random(), life: 2 + 2.4 * random(),
  }));
}

/**
 * Draws the opening on the canvas, `late` seconds after its beginning; `lights`: how many venues take part. Answers with a
 * function that ends it.
 */
export function play(canvas, { lights = 5, late = 0 } = {}) {
  const ink = canvas.getContext("2d");
  const palette = colours();
  const random = drawn(19);
  const dust = sparks(random, palette);
  const begun = performance.now() / 1000 - late;
  let frame = 0;
  const fit = () => {
    const dense = Math.min(2, globalThis.devicePixelRatio || 1);
    canvas.width = canvas.clientWidth * dense;
    canvas.height = canvas.clientHeight * dense;
  };
  fit();
  addEventListener("resize", fit);
  const stop = () => {
    cancelAnimationFrame(frame);
    removeEventListener("resize", fit);
    ink.clearRect(0, 0, canvas.width, canvas.height);
  };
  const turn = () => {
    const time = performance.now() / 1000 - begun;
    if (time >= END) { stop(); return; }
    paint(ink, canvas, time, { lights, palette, dust });
    frame = requestAnimationFrame(turn);
  };
  turn();
  return stop;
}

function paint(ink, { width, height }, time, { lights, palette, dust }) {
  const [x, y, unit] = [width / 2, height * 0.46, Math.min(width, height)];
  ink.clearRect(0, 0, width, height);
  ink.globalCompositeOperation = "lighter";
  for (let n = 0; n < lights; n += 1) paintLight(ink, { x, y, unit, height, width }, time, n, lights, palette[n % 3]);
  paintRing(ink, x, y, Math.hypot(width, height), unit, time, palette);
  if (time > MEET) for (const one of dust) paintSpark(ink, x, y, unit, time - MEET, one);
  ink.globalAlpha = 1;
  ink.globalCompositeOperation = "source-over";
}

function paintLight(ink, { x, y, unit, height, width }, time, n, lights, colour) {
  const way = ease(between(time, 0, MEET));
  const fade = 1 - between(time, MEET, MEET + 0.5);
  if (fade <= 0) return;
  const from = [width * ((n + 0.5) / lights), height * 1.02];
  const bend = [x + (from[0] - x) * 1.1, y + unit * 0.08];
  const at = (t) => [
    (1 - t) ** 2 * from[0] + 2 * t * (1 - t) * bend[0] + t * t * x,
    (1 - t) ** 2 * from[1] + 2 * t * (1 - t) * bend[1] + t * t * y,
  ];
  ink.strokeStyle = colour;
  // Overlapping round ends would look like beads where light adds up.
  ink.lineCap = "butt";
  for (let step = 0; step < 24; step += 1) {
    const tail = Math.max(0, way - 0.02 * step);
    const [[ax, ay], [bx, by]] = [at(tail), at(Math.max(0, tail - 0.02))];
    ink.globalAlpha = fade * (1 - step / 24) * 0.8;
    ink.lineWidth = unit * 0.008 * (1 - step / 30);
    ink.beginPath();
    ink.moveTo(ax, ay);
    ink.lineTo(bx, by);
    ink.stroke();
  }
}

function paintRing(ink, x, y, far, unit, time, palette) {
  const glow = between(time, MEET - 0.2, MEET) * (1 - between(time, MEET, RING));
  if (glow > 0) {
    const light = ink.createRadialGradient(x, y, 0, x, y, unit * 0.5);
    light.addColorStop(0, palette[3]);
    light.addColorStop(0.25, palette[1]);
    light.addColorStop(1, "transparent");
    ink.globalAlpha = glow;
    ink.fillStyle = light;
    ink.fillRect(x - unit, y - unit, 2 * unit, 2 * unit);
  }
  const run = between(time, MEET, RING);
  if (run <= 0 || run >= 1) return;
  ink.globalAlpha = 0.9 * (1 - run);
  ink.strokeStyle = palette[1];
  ink.lineWidth = unit * 0.012 * (1 - run) + 1;
  ink.beginPath();
  ink.arc(x, y, ease(run) * far * 0.6, 0, 2 * Math.PI);
  ink.stroke();
}

function paintSpark(ink, x, y, unit, age, { angle, speed, size, colour, fall, life }) {
  if (age >= life) return;
  const way = ease(Math.min(1, age / life)) * speed * unit;
  ink.globalAlpha = (1 - age / life) ** 1.5;
  ink.fillStyle = colour;
  ink.beginPath();
  ink.arc(x + Math.cos(angle) * way, y + Math.sin(angle) * way + fall * unit * age * age, size * unit / 900, 0, 2 * Math.PI);
  ink.fill();
}
