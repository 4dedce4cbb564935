"""The page of `insync`: our player in step, or plain hls.js, and what it writes down of each picture.

`%(kind)s`: step or plain; `%(src)s`, `%(quick)s`. `mark()` begins what `told()` tells as `watched`.
"""

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>%(kind)s</title>
<link rel="stylesheet" href="/static/live/player.css"><style>[hidden] { display: none !important; }</style><body style="margin:0">
<div id="here"></div>
<script type="module">
const LIBRARY = "/modules/hls.js/dist/hls.mjs";
let video, player, hls;
if ("%(kind)s" === "step") {
  await import("/static/live/player.js");
  document.querySelector("#here").innerHTML = `<ever-player src="%(src)s" library="${LIBRARY}" live %(quick)s instep staff></ever-player>`;
  player = document.querySelector("ever-player");
  video = player.video;
} else {
  const Hls = (await import(LIBRARY)).default;
  video = document.createElement("video");
  video.playsInline = true;
  video.style.width = "640px";
  document.querySelector("#here").append(video);
  hls = new Hls({ lowLatencyMode: true, enableWorker: false });
}
video.muted = true;

const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
const paper = canvas.getContext("2d", { willReadFrequently: true });
/** As benchmarks/clock.py: milliseconds modulo 2^32, or null. */
const read = () => {
  paper.drawImage(video, 0, 0, 320, 180);
  const pixels = paper.getImageData(0, 0, 320, 8).data, levels = [];
  for (let bit = 0; bit < 40; bit += 1) {
    let sum = 0;
    for (let y = 2; y < 6; y += 1) for (let x = 2; x < 6; x += 1) sum += pixels[4 * (320 * y + 8 * bit + x) + 1];
    levels.push(sum);
  }
  const middle = (Math.max(...levels) + Math.min(...levels)) / 2;
  const number = (from, to) => levels.slice(from, to).reduce((so, level) => 2 * so + (level > middle), 0);
  const value = number(0, 32);
  return number(32, 40) === value %% 251 + 1 ? value : null;
};
const frames = [], pictures = [], all = { seeks: 0, turns: 0, stalls: 0, rates: { 1: 0 }, unread: 0 };
let watched = all, states = {}, due = 0, last = 0, off = 0;
// The page's own clock began with the machine's; what it has drifted since is the same for all that it wrote down.
const drifted = () => {
  const tries = Array.from({ length: 50 }, () => Date.now() - (performance.timeOrigin + performance.now())).sort((a, b) => b - a);
  return tries[25] + 0.5;
};
const whole = (value, at) => Math.round((at - value) / 2 ** 32) * 2 ** 32 + value;
const shown = (_now, told) => {
  const engine = player ? player.engine.hls : hls, date = engine?.playingDate, at = performance.timeOrigin + told.presentationTime;
  if (last && told.presentationTime - last > 500) { watched.stalls += 1; if (watched !== all) all.stalls += 1; }
  last = told.presentationTime;
  if (date) frames.push([at, +date - 1000 * (video.currentTime - told.mediaTime)]);
  if (told.presentationTime >= due) {
    due = told.presentationTime + 250;
    const value = read();
    if (value === null) all.unread += 1;
    else pictures.push([at, whole(value, at)]);
    watched.rates[video.playbackRate.toFixed(3)] = (watched.rates[video.playbackRate.toFixed(3)] ?? 0) + 1;
    if (player) states[player.engine.inStep?.state] = (states[player.engine.inStep?.state] ?? 0) + 1;
  }
  video.requestVideoFrameCallback(shown);
};
video.requestVideoFrameCallback(shown);
for (const [name, key] of [["seeking", "seeks"], ["ratechange", "turns"]])
  video.addEventListener(name, () => { all[key] += 1; if (watched !== all) watched[key] += 1; });
window.mark = () => { off = drifted(); states = {}; watched = { seeks: 0, turns: 0, stalls: 0, rates: { 1: 0 } }; };
window.told = () => ({
  frames: frames.map(([at, date]) => [at + off, date]), pictures: pictures.map(([at, value]) => [at + off, value]),
  all, watched, states, offset: player?.offset ?? null, bound: player?.engine.inStep?.bound ?? null, need: player?.engine.inStep?.need ?? null, drift: off,
});
if (player) player.begin();
else {
  hls.loadSource("%(src)s");
  hls.attachMedia(video);
  video.play().catch(() => {});
}
</script></body></html>"""
