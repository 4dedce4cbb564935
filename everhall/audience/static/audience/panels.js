// Parts of <ever-talk>: chat, questions, poll, reactions. Each is made with a room, has an `element`, and follows by itself.
import { calm, lay, make, put, sampleMark } from "./dom.js";
import { pick, say, why } from "./words.js";

// Drawn, because not every screen in a hall has letters for them.
const SIGNS = {
  clap: "M7 14a5.5 5.5 0 0 0 10 3.2l2-4.4-1.4-4.6-2 .5.4 3-4.5-4.6-1.4 1.3L12 10.500 8.300 7 7 8.300l3.500 3.600-4-3.100-1.200 1.400L9.200 14zM17.500 5l1-2.500M20.500 7.500l2.400-.8M14.500 4.500V2",
  like: "M7 11v9H4v-9zM10 20h7.500a2 2 0 0 0 2-1.600l1.200-6a2 2 0 0 0-2-2.400H14V5.500a1.500 1.500 0 0 0-2.900-.5L9.500 10.500z",
  heart: "M12 20s-7.500-4.600-7.500-10A4.200 4.200 0 0 1 12 7.400 4.200 4.200 0 0 1 19.500 10c0 5.400-7.500 10-7.500 10z",
  wow: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 9.500v.6M15 9.500v.6M12 13.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  flower: "M12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM12 9.500c-3-1.500-2-6 0-6s3 4.500 0 6zM14.500 12c1.500-3 6-2 6 0s-4.500 3-6 0zM12 14.500c3 1.500 2 6 0 6s-3-4.500 0-6zM9.500 12c-1.500 3-6 2-6 0s4.500-3 6 0z",
};
const SVG = "http://www.w3.org/2000/svg";

function sign(kind) {
  const picture = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "sign");
  picture.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SIGNS[kind]);
  picture.append(path);
  return picture;
}
const clock = new Intl.DateTimeFormat(document.documentElement.lang || "zh", { hour: "2-digit", minute: "2-digit" });

/** A form of one line; `send(text)` promises what to say, or throws a refusal. */
function lineForm({ label, button, longest, send }) {
  const input = make("input", { type: "text", maxlength: longest, required: true, autocomplete: "off", enterkeyhint: "send" });
  const told = make("p", { class: "told", role: "status" });
  const go = make("button", { type: "submit", class: "button" }, button);
  const form = make("form", { class: "line-form", onsubmit: async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    go.disabled = true;
    try {
      put(told, await send(text) ?? "");
      input.value = "";
    } catch (refusal) {
      put(told, why(refusal));
    }
    go.disabled = false;
    input.focus();
  } }, make("label", {}, make("span", { class: "visually-hidden" }, label), input), go);
  input.placeholder = label;
  return make("div", {}, form, told);
}

export class Chat {
  constructor(room) {
    this.room = room;
    this.list = make("ol");
    // A list is read as one only where it keeps its role, so what is a log stands around it.
    this.box = make("div", { class: "lines", role: "log", tabindex: 0, "aria-label": say("Chat") }, this.list);
    this.empty = make("p", { class: "quiet" }, say("Nobody has written yet."));
    this.form = lineForm({ label: say("Message"), button: say("Send"), longest: 200, send: async (text) =>
      ((await room.act("say", { text })).state === "held" ? say("A moderator will look at it first.") : "") });
    this.element = make("div", { class: "chat" }, this.empty, this.box, this.form);
    this.due = false;
    // The list follows its end until somebody scrolls up. While it is not laid out nothing can be scrolled, so it is
    // brought to its end when it gets its size: at first, and when its tab is chosen.
    this.atEnd = true;
    this.box.addEventListener("scroll", () => { const { scrollHeight, scrollTop, clientHeight } = this.box; if (clientHeight) this.atEnd = scrollHeight - scrollTop - clientHeight < 40; });
    new ResizeObserver(() => this.toEnd()).observe(this.box);
    room.addEventListener("chat", () => this.soon());
    this.draw();
  }

  // Many messages of one frame are one look at the page.
  soon() {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => { this.due = false; this.draw(); });
  }

  draw() {
    const { messages } = this.room.state.chat;
    this.empty.hidden = messages.length > 0;
    lay(this.list, messages, (message) => this.line(message));
    this.toEnd();
  }

  toEnd() {
    if (this.atEnd) this.box.scrollTop = this.box.scrollHeight;
  }

  line(message) {
    const report = make("button", { type: "button", class: "mark", title: say("Report"), "aria-label": `${say("Report")}: ${message.name}`, onclick: async () => {
      try { await this.room.act("report", { message: message.id }); report.replaceWith(make("span", { class: "quiet" }, say("Reported. Thank you."))); } catch (refusal) { report.title = why(refusal); }
    } }, "⚑");
    return make("li", {}, make("b", {}, message.name), " ", sampleMark(message, say("Sample")), " ", make("time", { datetime: new Date(message.at).toISOString() }, clock.format(message.at)), " ", make("span", { class: "text" }, message.text), report);
  }
}

export class Questions {
  constructor(room) {
    this.room = room;
    this.mine = new Set();
    this.list = make("ol", { class: "questions" });
    this.empty = make("p", { class: "quiet" }, say("Nobody has asked yet."));
    this.form = lineForm({ label: say("Your question"), button: say("Ask"), longest: 300, send: async (text) =>
      say((await room.act("ask", { text })).state === "held" ? "A moderator will look at it first." : "Asked.") });
    this.element = make("div", { class: "asked" }, this.form, this.empty, this.list);
    room.addEventListener("questions", () => this.draw());
    room.addEventListener("me", () => { this.mine = new Set(room.me?.votes?.questions ?? []); this.draw(); });
    this.draw();
  }

  draw() {
    const questions = this.room.state.questions?.questions ?? [];
    this.empty.hidden = questions.length > 0;
    lay(this.list, questions, (one) => this.row(one), (element, one) => this.renew(element, one));
  }

  row(one) {
    const button = make("button", { type: "button", class: "up", onclick: () => this.vote(one.id, button) }, make("span", { "aria-hidden": "true" }, "▲"), make("span", { class: "count" }));
    return make("li", {}, button, make("div", {}, make("p", { class: "text" }, one.text), make("p", { class: "quiet" }, make("span", {}, one.name), " ", sampleMark(one, say("Sample")), make("span", { class: "stage" })), make("p", { class: "answer", hidden: true })));
  }

  renew(element, one) {
    const button = element.querySelector(".up"), mine = this.mine.has(one.id), answer = element.querySelector(".answer");
    put(button.querySelector(".count"), one.votes);
    button.setAttribute("aria-pressed", String(mine));
    button.setAttribute("aria-label", `${say(mine ? "Take the vote back" : "Vote for this question")} (${one.votes})`);
    button.disabled = one.stage === "answered";
    element.className = one.stage;
    put(element.querySelector(".stage"), one.stage === "open" ? "" : ` · ${say(one.stage === "answering" ? "Being answered" : "Answered")}`);
    answer.hidden = !one.answer;
    put(answer, one.answer ? `${say("Answer")}: ${one.answer}` : "");
  }

  async vote(id, button) {
    const up = !this.mine.has(id);
    try {
      await this.room.act("vote", { question: id, up });
      if (up) this.mine.add(id); else this.mine.delete(id);
      this.draw();
    } catch (refusal) {
      button.title = why(refusal);
    }
  }
}

/** Bars of a poll's result. */
export function result(poll) {
  const bars = poll.choices.map((choice, at) => {
    const share = poll.voters ? poll.counts[at] / poll.voters : 0;
    const bar = make("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", share);
    return make("li", {}, make("span", { class: "choice" }, pick(choice.zh, choice.en)), bar, make("span", { class: "figures" }, `${Math.round(share * 100)}% (${poll.counts[at]})`));
  });
  const people = say("{count} people voted", { count: poll.voters });
  const mean = poll.kind === "scale" && poll.voters ? ` · ${say("Average {mean}", { mean: (poll.counts.reduce((sum, n, at) => sum + n * (at + 1), 0) / poll.voters).toFixed(1) })}` : "";
  return make("div", { class: "result" }, make("ul", {}, ...bars), make("p", { class: "quiet" }, people + mean));
}

export class Polls {
  constructor(room) {
    this.room = room;
    this.mine = {};
    this.empty = make("p", { class: "quiet" }, say("There is no poll now."));
    this.list = make("div", { class: "polls" });
    this.element = make("div", {}, this.empty, this.list);
    room.addEventListener("poll", () => this.draw());
    room.addEventListener("me", () => { this.mine = { ...this.mine, ...room.me?.votes?.polls }; this.draw(); });
    this.draw();
  }

  draw() {
    const polls = this.room.state.poll?.polls ?? [];
    this.empty.hidden = polls.length > 0;
    lay(this.list, polls, (poll) => this.card(poll), (element, poll) => this.renew(element, poll));
  }

  card(poll) {
    return make("section", { class: "poll" }, make("h3", {}, pick(poll.text_zh, poll.text_en), " ", sampleMark(poll, say("Sample"))), poll.stage === "open" && this.form(poll), make("p", { class: "told", role: "status" }), make("div", { class: "outcome" }));
  }

  form(poll) {
    const type = poll.kind === "several" ? "checkbox" : "radio";
    const choices = poll.choices.map((choice, at) => make("label", {}, make("input", { type, name: `poll-${poll.id}`, value: at }), make("span", {}, pick(choice.zh, choice.en))));
    return make("form", { class: poll.kind, onsubmit: (event) => { event.preventDefault(); this.vote(poll, event.target); } },
      make("fieldset", {}, make("legend", { class: "quiet" }, say(poll.kind === "several" ? "Choose any" : "Choose one")), ...choices), make("button", { type: "submit", class: "button" }, say("Vote")));
  }

  renew(element, poll) {
    const open = poll.stage === "open", form = element.querySelector("form"), mine = this.mine[poll.id];
    if (!open) form?.remove();
    else if (!form) element.querySelector("h3").after(this.form(poll));
    if (open && mine && !element.dataset.voted) {
      element.dataset.voted = "yes";
      for (const input of element.querySelectorAll("input")) input.checked = mine.includes(Number(input.value));
    }
    element.classList.toggle("closed", !open);
    if (!open) put(element.querySelector(".told"), say("Closed"));
    // Who has not voted yet is not told what the others think.
    element.querySelector(".outcome").replaceChildren(...(mine || !open ? [result(poll)] : [make("p", { class: "quiet" }, say("{count} people voted", { count: poll.voters }))]));
  }

  async vote(poll, form) {
    const chosen = [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));
    const told = form.parentElement.querySelector(".told");
    try {
      const { choices } = await this.room.act("answer", { poll: poll.id, choices: chosen });
      this.mine[poll.id] = choices;
      put(told, `${say("Thank you for your vote.")} ${say("Change your vote while the poll is open.")}`);
      this.draw();
    } catch (refusal) {
      put(told, why(refusal));
    }
  }
}

export class Reactions {
  constructor(room) {
    this.room = room;
    this.taps = {};
    this.buttons = Object.fromEntries(Object.keys(SIGNS).map((kind) => [kind,
      make("button", { type: "button", class: `reaction-${kind}`, onclick: () => this.tap(kind) }, sign(kind), make("span", { class: "visually-hidden" }, say(kind)), " ", make("span", { class: "count" }, "0"))]));
    this.element = make("div", { class: "reactions", role: "group", "aria-label": say("Reactions") }, ...Object.values(this.buttons));
    room.addEventListener("reactions", ({ detail }) => this.draw(Boolean(detail)));
    this.draw(false);
  }

  draw(lively) {
    for (const [kind, button] of Object.entries(this.buttons)) {
      const count = button.querySelector(".count"), before = Number(count.dataset.count ?? 0), now = this.room.state.reactions.counts[kind] ?? 0;
      count.dataset.count = now;
      put(count, now > 9999 ? `${(now / 1000).toFixed(1)}k` : now);
      if (lively && now > before && !calm()) this.float(button, kind, Math.min(3, now - before));
    }
  }

  float(button, kind, many) {
    for (let n = 0; n < many; n += 1) {
      const one = make("span", { class: "floating", "aria-hidden": "true" }, sign(kind));
      one.style.setProperty("--drift", `${Math.round(Math.random() * 40 - 20)}px`);
      one.style.setProperty("--wait", `${n * 0.12}s`);
      one.addEventListener("animationend", () => one.remove());
      button.append(one);
    }
  }

  // Taps of a moment go together: an act for each would be a flood.
  tap(kind) {
    this.taps[kind] = Math.min(20, (this.taps[kind] ?? 0) + 1);
    this.due ??= setTimeout(() => {
      this.due = null;
      const taps = this.taps;
      this.taps = {};
      for (const [one, count] of Object.entries(taps)) this.room.act("react", { kind: one, count }).catch(() => {});
    }, 400);
  }
}
