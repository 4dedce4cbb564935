// The go-live page: choose, look, go live, end. Everything that must not be lost is the business of sender.js.
import { $, attribute, options, put, show } from "../desk/dom.js";
import { clock, say } from "../desk/words.js";
import { Sender } from "./sender.js";
import { Source } from "./source.js";

//: What ffmpeg on the other side takes, the cheapest for it first: H.264 is copied, VP8 is encoded anew.
const KINDS = ["video/mp4;codecs=avc1.42E01F,mp4a.40.2", "video/webm;codecs=h264,opus", "video/webm;codecs=vp8,opus", "video/mp4", "video/webm"];
const SECOND = 1000;
const kind = window.MediaRecorder && navigator.mediaDevices ? KINDS.find((one) => MediaRecorder.isTypeSupported(one)) : undefined;
const source = new Source();
const sender = new Sender($("golive").dataset.address);
let recorder = null;
let since = 0;
let wake = null;

/** The state as a word for colours and a sentence for people. */
function tell(state, words) {
  attribute($("golive"), "data-state", state);
  put($("said"), words);
  const live = ["live", "connecting", "lost", "ending"].includes(state);
  show($("go"), !live);
  show($("end"), live);
  attribute($("go"), "disabled", source.stream && kind ? false : "");
  for (const control of $("choice").elements) attribute(control, "disabled", live ? "" : false);
}

async function choose() {
  const screen = $("choice").elements.what.value === "screen";
  show($("camera-choice"), !screen);
  try {
    $("preview").srcObject = await source.open({ screen, camera: $("camera").value, microphone: $("microphone").value });
    const { cameras, microphones } = await Source.devices();
    options($("camera"), [["", cameras]]);
    options($("microphone"), [["", [...microphones, ["none", say("No sound")]]]]);
    tell("ready", say("Ready. Nothing is sent yet."));
  } catch (fault) {
    tell("wrong", say(fault.name === "NotFoundError" ? "No camera or microphone was found." : "The browser was not allowed to use camera or screen. Allow it in the address bar, then choose again."));
  }
}

// ---------------------------------------------------------------- recording
/** A recorder of its own for each session: what it gives first is chunk 0, without which the rest is nothing. */
function record() {
  sender.begin();
  const mine = new MediaRecorder(source.stream, { mimeType: kind, videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 128_000, videoKeyFrameIntervalDuration: 2000 });
  recorder = mine;
  mine.addEventListener("dataavailable", (event) => { if (recorder === mine && event.data.size) sender.add(event.data); });
  mine.addEventListener("stop", () => { if (recorder === mine) { recorder = null; sender.end(); } });
  mine.start(SECOND);
}

function drop() {
  const mine = recorder;
  recorder = null;
  if (mine && mine.state !== "inactive") mine.stop();
}

async function go() {
  since = 0;
  tell("connecting", say("Connecting …"));
  record();
  wake = await navigator.wakeLock?.request("screen").catch(() => null) ?? null;
}

function end() {
  tell("ending", say("Sending the last seconds …"));
  if (recorder && recorder.state !== "inactive") recorder.stop();
  else sender.end();
}

function over(state, words) {
  drop();
  wake?.release().catch(() => {});
  wake = null;
  tell(state, words);
}

/** The server wants a new session: the same picture, another recorder. */
function again(words) {
  drop();
  if (!source.stream?.active) { over("wrong", say("The camera or screen was taken away. Choose again.")); return; }
  record();
  since = Date.now() / 1000;
  tell("connecting", words);
}

sender.addEventListener("told", ({ detail }) => {
  if (detail === "live") {
    since ||= Date.now() / 1000;
    if (!sender.ended) tell("live", say("Live since {time}", { time: clock(since) }));
  } else if (detail === "connecting") tell("connecting", say("Connecting …"));
  else if (detail === "lost") tell("lost", say("Connection lost. {n} s are kept here and sent when it is back.", { n: sender.behind }));
  else if (detail === "full") tell("lost", say("There is no room on the server's disk. Trying again …"));
  else if (detail === "signed-out") tell("lost", say("You are signed out. Sign in again in another tab; this page goes on by itself."));
  else if (detail === "again") sender.ended ? over("ready", say("Ended. Everything was sent.")) : again(say("Begun anew, live since {time}", { time: clock(Date.now() / 1000) }));
  else if (detail === "behind") again(say("The connection is too slow: {n} s were left out, the picture goes on from now.", { n: 60 }));
  else if (detail === "busy") over("wrong", say("Somebody else is live on this feed."));
  else if (detail === "closed") over("wrong", say("This feed is not in use. Switch it on first."));
  else if (detail === "sent") over("ready", say("Ended. Everything was sent."));
});

source.addEventListener("gone", () => {
  if (recorder) end();
  else tell("wrong", say("The camera or screen was taken away. Choose again."));
});
$("choice").addEventListener("change", choose);
$("choice").addEventListener("submit", (event) => { event.preventDefault(); choose(); });
$("go").addEventListener("click", go);
$("end").addEventListener("click", end);
window.addEventListener("beforeunload", (event) => { if (!sender.over) event.preventDefault(); });
window.addEventListener("pagehide", () => sender.leave());
document.addEventListener("visibilitychange", async () => {
  // A wake lock is lost with the sight of the page.
  if (!document.hidden && recorder) wake = await navigator.wakeLock?.request("screen").catch(() => null) ?? null;
});
setInterval(() => {
  const level = source.now();
  $("level").style.setProperty("--level", level.toFixed(3));
  attribute($("meter"), "aria-valuenow", Math.round(level * 100));
  put($("sent"), sender.session ? say("Sent: {sent} MB · waiting: {waiting}", { sent: (sender.sent / 1e6).toFixed(1), waiting: sender.behind }) : "");
}, 100);
if (kind) tell("choose", say("Choose a camera or a screen."));
else tell("wrong", say("This browser cannot record. Use a current Chromium, Edge, Firefox or Safari."));
