// <ever-bell data-follow="session/2021/opening" data-label="…">: tell this browser of it, even while no page is open. With
// `data-to` another part of the site is told who wants it (my week).
//
// Must stay true: permission is asked when somebody presses the button and never before; what does not work is said in words;
// it is switched off where it was switched on.
import { language, say } from "./words.js";

const KEPT = "everhall-push";
//: Milliseconds for what the browser does out of sight (a worker, its push service), and for an answer of this site. Where
//: no push service can be reached browsers try for ever and say nothing.
const PATIENCE = 15_000;
const ANSWER = 10_000;
const FAR = "The push service of this browser cannot be reached from here. Please try again on another network.";
const SHAPE = "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4";

const able = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const apple = () => /iPad|iPhone|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

/** What went wrong, in words for whoever pressed. */
class Said extends Error {}

/** The promise, or an error in words when PATIENCE is over; `late` is called with what comes all the same. */
function within(promise, late = () => {}) {
  let over = false;
  promise.then((found) => { if (over) late(found); }, () => {});
  return new Promise((kept, broken) => {
    const timer = setTimeout(() => { over = true; broken(new Said(FAR)); }, PATIENCE);
    promise.then(kept, broken).finally(() => clearTimeout(timer));
  });
}

/** POST to /push/<verb>, or to another address that takes the same with the verb in it; what this browser follows. */
async function tell(verb, body, to = "") {
  const answer = await fetch(to || `/push/${verb}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(to ? { verb, ...body } : body), signal: AbortSignal.timeout(ANSWER),
  });
  if (answer.status === 429) throw new Said("Too many at once. Please try again in a moment.");
  if (!answer.ok) throw new Said("It did not get through. Please try again.");
  return (await answer.json()).follows;
}

let known = null;

/** What this browser follows; asked once a page, and only where it has a subscription. */
async function follows() {
  known ??= (async () => {
    const registration = await navigator.serviceWorker.getRegistration("/");
    const subscription = await registration?.pushManager.getSubscription();
    return subscription ? tell("state", { endpoint: subscription.endpoint }) : [];
  })();
  return known;
}

/** A subscription that came when nobody waited any more, or that this site does not know: the browser forgets it. */
const forget = (subscription) => subscription.unsubscribe().then(() => caches.delete(KEPT), () => {});

let attempts = 0;

/** The subscription of this browser, and whether it was made just now. */
async function subscribe() {
  await within(navigator.serviceWorker.register("/push-worker.js", { scope: "/" }));
  const registration = await within(navigator.serviceWorker.ready);
  const kept = await within(registration.pushManager.getSubscription());
  if (kept) return { subscription: kept, fresh: false };
  const { key } = await (await fetch("/push/key", { signal: AbortSignal.timeout(ANSWER) })).json();
  const asked = registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const mine = (attempts += 1);
  // Whoever pressed again waits for the very same one. An AbortError is what browsers say when their service does not answer.
  const late = (subscription) => { if (mine === attempts) forget(subscription); };
  const made = await within(asked, late).catch((fault) => { throw fault.name === "AbortError" ? new Said(FAR) : fault; });
  await (await caches.open(KEPT)).put("/push/endpoint", new Response(made.endpoint));
  return { subscription: made, fresh: true };
}

class EverBell extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small" });
    this.button.innerHTML = `<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${SHAPE}"/></svg>`;
    this.button.append(Object.assign(document.createElement("span"), { textContent: this.dataset.label }));
    this.note = Object.assign(document.createElement("p"), { className: "note", role: "status" });
    this.button.addEventListener("click", () => this.press());
    this.append(this.button, this.note);
    this.settle();
  }

  get on() { return this.button.getAttribute("aria-pressed") === "true"; }

  set(on, note = "") {
    this.button.setAttribute("aria-pressed", String(on));
    this.note.textContent = note && say(note);
  }

  async settle() {
    this.set(false);
    if (!able()) {
      this.button.disabled = true;
      this.note.textContent = say(apple()
        ? "On iPhone and iPad: add this site to the home screen first, then open it from there."
        : "This browser cannot show notices of closed pages.");
      return;
    }
    if (Notification.permission !== "granted") return;
    try {
      if ((await follows()).includes(this.dataset.follow)) this.set(true, "Told on this device. Touch to switch it off.");
    } catch {
      // What is followed is not known; pressing tells.
    }
  }

  async press() {
    const on = this.on;
    this.button.disabled = true;
    this.note.textContent = say("One moment …");
    try {
      if (on) await this.off();
      else await this.switchOn();
    } catch (fault) {
      this.set(on, Notification.permission === "denied" ? "Notices are blocked for this site in the browser's settings." : fault instanceof Said ? fault.message : "It did not get through. Please try again.");
    }
    this.button.disabled = false;
  }

  async switchOn() {
    if (await Notification.requestPermission() !== "granted") {
      this.set(false, "Notices are blocked for this site in the browser's settings.");
      return;
    }
    const { subscription, fresh } = await subscribe();
    try {
      known = Promise.resolve(await tell("follow", { subscription: subscription.toJSON(), language: language(), follow: this.dataset.follow }, this.dataset.to));
    } catch (fault) {
      // A browser that is subscribed to what nobody sends would count as told on the next page.
      if (fresh) await within(forget(subscription)).catch(() => {});
      throw fault;
    }
    this.set(true, "Told on this device. Touch to switch it off.");
  }

  async off() {
    const registration = await navigator.serviceWorker.getRegistration("/");
    const subscription = await registration?.pushManager.getSubscription();
    if (subscription) {
      const left = await tell("unfollow", { endpoint: subscription.endpoint, follow: this.dataset.follow }, this.dataset.to);
      known = Promise.resolve(left);
      if (!left.length) await within(subscription.unsubscribe()).catch(() => {}); // nothing is sent to it any more
    }
    this.set(false);
  }
}

customElements.define("ever-bell", EverBell);
