// Sends a file in pieces (tus) and lets it be looked at: progress, pause, cancel; goes on by itself after a lost connection, and after a
// reload when the same file is chosen again. The form says where to and in which words; without this file it sends in one piece.
const form = document.querySelector("form[data-upload]");
const words = form?.dataset ?? {};
const HEAD = 256;
const MB = 1024 * 1024;
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

async function headOf(file) {
  const bytes = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}

function chosen() {
  return form.querySelector("input[name=kind]:checked");
}

/** The place on the page of one file: its words, its bar, its buttons. */
function line(file) {
  const bar = element("progress", { max: "100", value: "0", "aria-label": file.name });
  const status = element("output", { role: "status" });
  const pause = element("button", { type: "button", class: "button quiet small" }, words.pause);
  const cancel = element("button", { type: "button", class: "button quiet small" }, words.cancel);
  const buttons = element("div", { class: "buttons" }, pause, cancel);
  const all = element("div", { class: "office-sending" }, element("b", {}, file.name), bar, status, buttons);
  form.querySelector("[data-going]").prepend(all);
  return { all, bar, pause, cancel, buttons, say: (text) => { if (status.textContent !== text) status.textContent = text; } };
}

async function take(code) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const answer = await fetch(`${words.take}${code}/`, { method: "POST", body: data, headers: { Accept: "application/json" } });
  return answer.headers.get("Content-Type")?.includes("json") ? answer.json() : { refused: words.failed };
}

async function look(place, code) {
  place.say(words.judging);
  place.buttons.hidden = true;
  let told;
  try {
    told = await take(code);
  } catch {
    // The bytes are there; asking again is enough.
    place.say(words.waiting);
    addEventListener("online", () => look(place, code), { once: true });
    return;
  }
  if (told.refused) { place.all.classList.add("is-wrong"); place.say(told.refused); return; }
  location.assign(words.here);
}

async function send(file) {
  const kind = chosen();
  const place = line(file);
  if (file.size > Number(kind.dataset.bytes)) {
    place.buttons.remove();
    place.bar.remove();
    place.all.classList.add("is-wrong");
    place.say(fill(words.large, { name: file.name, size: Math.ceil(file.size / MB), limit: Math.floor(Number(kind.dataset.bytes) / MB) }));
    return;
  }
  const head = await headOf(file);
  const upload = new window.tus.Upload(file, {
    endpoint: words.upload,
    chunkSize: Number(words.piece),
    retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    metadata: { filename: file.name, kind: kind.value, head },
    // The same file for another exhibit, or as another kind, is another upload.
    fingerprint: () => Promise.resolve(["office", words.upload.replace(/^\/en(?=\/)/, ""), kind.value, file.name, file.size, file.lastModified].join("|")),
    removeFingerprintOnSuccess: true,
    onProgress: (done, all) => {
      place.bar.value = all ? (100 * done) / all : 0;
      place.say(fill(words.sending, { done: (done / MB).toFixed(1), all: (all / MB).toFixed(1) }));
    },
    onShouldRetry: (fault) => {
      const answer = fault.originalResponse;
      if (!navigator.onLine || !answer) place.say(words.waiting);
      return !answer || [409, 423].includes(answer.getStatus()) || answer.getStatus() >= 500;
    },
    onSuccess: () => look(place, upload.url.replace(/\/$/, "").split("/").pop()),
    onError: (fault) => {
      const told = fault.originalResponse?.getBody?.();
      if (fault.originalResponse) {
        place.buttons.remove();
        place.bar.remove();
        place.all.classList.add("is-wrong");
        place.say(told && !told.startsWith("<") ? told : words.failed);
        return;
      }
      // Every try failed for want of a connection: wait for it.
      place.say(words.waiting);
      addEventListener("online", () => upload.start(), { once: true });
    },
  });
  place.pause.addEventListener("click", () => {
    const going = place.pause.getAttribute("aria-pressed") !== "true";
    place.pause.setAttribute("aria-pressed", String(going));
    place.pause.textContent = going ? words.resume : words.pause;
    if (going) { upload.abort(); place.say(words.paused); } else upload.start();
  });
  place.cancel.addEventListener("click", async () => {
    try { await upload.abort(true); } catch { /* The server forgets it by itself after a week. */ }
    place.all.remove();
  });
  const before = await upload.findPreviousUploads();
  if (before.length) upload.resumeFromPreviousUpload(before[0]);
  upload.start();
}

function accept() {
  form.querySelector("input[type=file]").accept = chosen().dataset.accept;
}

if (form && window.tus) {
  const file = form.querySelector("input[type=file]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (file.files[0]) send(file.files[0]);
    file.value = "";
  });
  // What came whole before the page was left is used without a click.
  for (const one of document.querySelectorAll("[data-going-list] [data-waits]")) take(one.dataset.code).then((told) => { if (!told.refused) location.reload(); });
}
if (form) {
  form.addEventListener("change", (event) => { if (event.target.name === "kind") accept(); });
  accept();
}
