// Sends a film in pieces (tus); the same file chosen again goes on where it stopped. The form says where to and in which
// words; tus.js is loaded before, as a plain script.
const form = document.querySelector("form[data-upload]");
const { upload: address, piece, sent, failed, missing } = form.dataset;
const progress = form.querySelector("progress");
const output = form.querySelector("output");
const pause = form.querySelector("[data-pause]");
let sending = null;

function say(words) {
  output.textContent = words;
}

function percent(done, all) {
  progress.hidden = false;
  progress.value = all ? (100 * done) / all : 0;
  say(`${progress.value.toFixed(1)}%`);
}

async function send(file) {
  const fields = new FormData(form);
  sending = new window.tus.Upload(file, {
    endpoint: address,
    chunkSize: Number(piece),
    retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
    headers: { "X-CSRFToken": fields.get("csrfmiddlewaretoken") },
    metadata: {
      filename: file.name,
      venue: String(fields.get("venue")),
      title: String(fields.get("title_zh")),
      title_en: String(fields.get("title_en")),
    },
    removeFingerprintOnSuccess: true,
    onProgress: percent,
    onSuccess: () => { percent(1, 1); say(sent); pause.hidden = true; },
    onError: (fault) => { say(fault.originalResponse?.getBody?.() || failed); pause.hidden = true; },
  });
  const before = await sending.findPreviousUploads();
  if (before.length) sending.resumeFromPreviousUpload(before[0]);
  pause.hidden = false;
  sending.start();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const file = form.querySelector("input[type=file]").files[0];
  if (!window.tus) say(missing);
  else if (file) send(file);
});

pause.addEventListener("click", () => {
  if (!sending) return;
  const going = !pause.hasAttribute("aria-pressed");
  pause.toggleAttribute("aria-pressed", going);
  if (going) sending.abort();
  else sending.start();
});
