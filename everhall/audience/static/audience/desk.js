// The moderator's desk. In: the page's `desk-data` (addresses, topic, ticket). Everything shown comes from the desk's
// state and from news; a deed is a POST, and what it changes comes back as news. Must stay true: a key acts on the row that
// has the focus and on nothing else; after it the focus is on the next row, so a queue is worked through without a mouse.
import { lay, make, put, sampleMark } from "./dom.js";
import { pick, say } from "./words.js";
import { News, Replica } from "../realtime/news.js";
import { roomOf } from "./room.js";
import { deskAfter } from "./states.js";

const data = JSON.parse(document.getElementById("desk-data").textContent);
const root = document.getElementById("moderating");
const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
const told = document.getElementById("told");
const $ = (name) => document.getElementById(name);
const clock = new Intl.DateTimeFormat(document.documentElement.lang || "zh", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

async function act(verb, body = {}) {
  let answer, found = {};
  try {
    answer = await fetch(data.verb.replace("/verb/", `/${verb}/`), { method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" } });
    if (answer.redirected || answer.status === 403) { put(told, say("Signed out. Log in again.")); return null; }
    found = await answer.json();
  } catch {
    put(told, say("It did not get through. Please try again."));
    return null;
  }
  put(told, answer.ok ? "" : say("Refused: {why}", { why: found.message || answer.status }));
  return answer.ok ? found : null;
}

// ---------------------------------------------------------------- rows and keys
const button = (label, key, deed, bad = false) => make("button", { type: "button", class: bad ? "bad" : null, "data-key": key, onclick: deed }, ...(key ? [make("kbd", {}, key.toUpperCase()), " "] : []), label);

function row(one, ...buttons) {
  return make("li", { tabindex: 0 }, make("p", {}, make("b", {}, one.name), " ", sampleMark(one, say("Sample")), " ", make("time", {}, clock.format(one.at)), " ", make("span", { class: "quiet extra" })), make("p", { class: "text" }, one.text ?? ""), make("div", { class: "does" }, ...buttons));
}

root.addEventListener("keydown", (event) => {
  if (event.target.tagName !== "LI" || event.ctrlKey || event.altKey || event.metaKey) return;
  const item = event.target, next = item.nextElementSibling, before = item.previousElementSibling;
  if (event.key === "ArrowDown" || event.key === "j") next?.focus();
  else if (event.key === "ArrowUp" || event.key === "k") before?.focus();
  else {
    const found = item.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!found) return;
    (next ?? before)?.focus();
    found.click();
  }
  event.preventDefault();
});

const muting = (one) => [button(say("Mute"), "m", () => act("mute", { who: one.who })), button(say("Mute and delete all"), "x", () => act("mute", { who: one.who, sweep: true }), true)];

function queue(list, empty, rows, draw, renew) {
  lay($(list), rows, draw, renew);
  $(empty).hidden = rows.length > 0;
  put($(`${list}-count`), rows.length || "");
}

function drawDesk(state) {
  queue("held", "no-held", [...state.held, ...state.waiting.map((one) => ({ ...one, question: true, number: one.id, id: `q${one.id}` }))],
    (one) => (one.question
      ? row(one, button(say("Approve"), "a", () => act("question", { id: one.number, stage: "open" })), button(say("Hide"), "d", () => act("question", { id: one.number, stage: "hidden" }), true), ...muting(one))
      : row(one, button(say("Show"), "a", () => act("show", { ids: [one.id] })), button(say("Delete"), "d", () => act("delete", { ids: [one.id] }), true), ...muting(one))),
    (element, one) => put(element.querySelector(".extra"), one.question ? say("Questions") : ""));
  queue("reports", "no-reports", state.reports,
    (one) => row(one, button(say("Keep"), "a", () => act("settle", { ids: [one.id] })), button(say("Delete"), "d", () => act("delete", { ids: [one.id] }), true), ...muting(one)),
    (element, one) => put(element.querySelector(".extra"), say("{count} reports", { count: one.reports })));
  queue("muted", "no-muted", state.muted, (one) => row(one, button(say("Unmute"), "a", () => act("unmute", { who: one.id }))));
}

function drawQuestions(state) {
  lay($("questions"), state.questions, (one) => row(one), (element, one) => {
    put(element.querySelector(".extra"), `▲ ${one.votes}${one.stage === "open" ? "" : ` · ${say(one.stage === "answering" ? "Being answered" : "Answered")}`}`);
    element.className = one.stage;
    if (element.dataset.stage === one.stage) return;
    element.dataset.stage = one.stage;
    const stage = (name, values = {}) => () => act("question", { id: one.id, stage: name, ...values });
    element.querySelector(".does").replaceChildren(
      ...(one.stage === "answering" ? [] : [button(say("Answering"), "a", stage("answering"))]),
      ...(one.stage === "answered" ? [button(say("Open again"), "o", stage("open"))] : [button(say("Answered"), "f", () => { const answer = window.prompt(say("What was the answer? (may stay empty)")); if (answer !== null) act("question", { id: one.id, stage: "answered", answer }); })]),
      button(say("Hide"), "d", stage("hidden"), true));
  });
}

function drawChat() {
  const list = $("chat"), atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  lay(list, room.state.chat.messages, (one) => row(one, button(say("Delete"), "d", () => act("delete", { ids: [one.id] }), true), ...muting(one)));
  if (atEnd) list.scrollTop = list.scrollHeight;
}

let drafts = [];

function drawPolls() {
  const polls = [...drafts, ...(room.state.poll?.polls ?? [])];
  lay($("polls"), polls, (one) => make("li", { tabindex: 0 }, make("p", {}, make("b", {}, pick(one.text_zh, one.text_en)), " ", sampleMark(one, say("Sample")), " ", make("span", { class: "quiet extra" })), make("ol", { class: "result" }), make("div", { class: "does" })), (element, one) => {
    put(element.querySelector(".extra"), say("{count} people voted", { count: one.voters }));
    element.querySelector(".result").replaceChildren(...one.choices.map((choice, at) => make("li", {}, `${pick(choice.zh, choice.en)}: ${one.counts[at]}`)));
    if (element.dataset.stage === one.stage) return;
    element.dataset.stage = one.stage;
    element.querySelector(".does").replaceChildren(...(one.stage === "open" ? [button(say("Close"), "c", () => act("close-poll", { id: one.id }))] : [button(say("Open"), "o", async () => { if (await act("open-poll", { id: one.id })) drafts = drafts.filter((each) => each.id !== one.id); drawPolls(); })]),
      ...(one.stage === "draft" ? [button(say("Delete"), "d", async () => { if (await act("drop-draft", { id: one.id })) { drafts = drafts.filter((each) => each.id !== one.id); drawPolls(); } }, true)] : []));
  });
}

// ---------------------------------------------------------------- forms
$("draft").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, lines = (name) => form.elements[name].value.split("\n").map((line) => line.trim());
  const zh = lines("choices_zh"), en = lines("choices_en");
  const choices = Array.from({ length: Math.max(zh.length, en.length) }, (_, at) => [zh[at] ?? "", en[at] ?? ""]).filter(([one, other]) => one || other);
  const found = await act("draft", { kind: form.elements.kind.value, text_zh: form.elements.text_zh.value, text_en: form.elements.text_en.value, choices });
  if (!found) return;
  drafts = [found.poll, ...drafts];
  form.reset();
  drawPolls();
});

$("settings").addEventListener("submit", async (event) => {
  event.preventDefault();
  const values = {};
  for (const field of event.target.elements) {
    if (!field.name) continue;
    values[field.name] = field.type === "checkbox" ? field.checked : field.type === "number" ? Math.round(Number(field.value)) || 0 : field.value;
  }
  if (await act("change", { values })) put(told, say("Saved."));
});

function fill(settings) {
  for (const [name, value] of Object.entries(settings)) {
    const field = $("settings").elements[name];
    if (field?.type === "checkbox") field.checked = value;
    else if (field) field.value = value;
  }
}

// ---------------------------------------------------------------- what is followed
const room = roomOf(data.room, { address: data.state });
let filled = false;
room.addEventListener("whole", ({ detail }) => { drafts = detail.drafts; if (!filled) fill(detail.settings); filled = true; drawPolls(); });
room.addEventListener("chat", drawChat);
room.addEventListener("questions", () => drawQuestions(room.state.questions));
room.addEventListener("poll", drawPolls);
room.addEventListener("viewers", () => put($("viewers"), say("{count} watching", { count: room.state.viewers.now })));
new Replica({ news: News.here(), topic: data.topic, ticket: data.ticket, apply: deskAfter, onChange: drawDesk,
  load: async () => (await (await fetch(data.state, { cache: "no-store" })).json()).desk });
News.here().addEventListener("way", () => put($("way"), say({ socket: "Connected", poll: "Polling", away: "Away" }[News.here().way])));
