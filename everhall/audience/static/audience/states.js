// Twin of everhall/engines/taking_part.py: old state and event give fresh state, on the vectors of
// tests/vectors/audience.json. Nothing here touches a page. Must stay true: twice is once, what was deleted does not come
// back, and reactions from several processes add up.

const MOST_MESSAGES = 200;
const MOST_GONE = 500;
const STAGES = ["answering", "open", "answered"];

// ---------------------------------------------------------------- chat
export const noChat = () => ({ messages: [], gone: [], muted: [] });

const CHAT = {
  shown(state, { message }) {
    if (state.gone.includes(message.id)) return state;
    const messages = [...state.messages.filter((one) => one.id !== message.id), { ...message }];
    messages.sort((a, b) => a.at - b.at || a.id - b.id);
    return { ...state, messages: messages.slice(-MOST_MESSAGES) };
  },
  deleted(state, { ids }) {
    const gone = [...state.gone, ...ids.filter((id) => !state.gone.includes(id))];
    return { ...state, messages: state.messages.filter((one) => !ids.includes(one.id)), gone: gone.slice(-MOST_GONE) };
  },
  muted(state, { who, muted }) {
    const others = state.muted.filter((one) => one !== who);
    return { ...state, muted: muted ? [...others, who] : others };
  },
};

export const chatAfter = (state, event) => CHAT[event.kind](state, event);

// ---------------------------------------------------------------- what has a version
const allOf = (state, { version, events }, kinds) =>
  ({ ...events.reduce((so, event) => kinds[event.kind](so, event), state), version });

const withChange = (items, id, values) => items.map((one) => (one.id === id ? { ...one, ...values } : one));

// ---------------------------------------------------------------- questions
export const noQuestions = (version = 0) => ({ version, questions: [] });

export const inOrder = (questions) =>
  [...questions].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || b.votes - a.votes || a.id - b.id);

const asked = (state, { question }) =>
  ({ ...state, questions: inOrder([...state.questions.filter((one) => one.id !== question.id), { ...question }]) });

const QUESTIONS = {
  asked,
  approved: asked,
  voted: (state, { votes }) =>
    ({ ...state, questions: inOrder(state.questions.map((one) => ({ ...one, votes: votes[one.id] ?? one.votes }))) }),
  answering(state, { id }) {
    const done = state.questions.map((one) => (one.stage === "answering" ? { ...one, stage: "answered" } : one));
    return { ...state, questions: inOrder(withChange(done, id, { stage: "answering" })) };
  },
  answered: (state, { id, answer }) => ({ ...state, questions: inOrder(withChange(state.questions, id, { stage: "answered", answer })) }),
  reopened: (state, { id }) => ({ ...state, questions: inOrder(withChange(state.questions, id, { stage: "open" })) }),
  hidden: (state, { id }) => ({ ...state, questions: state.questions.filter((one) => one.id !== id) }),
};

export const questionsAfter = (state, message) => allOf(state, message, QUESTIONS);

// ---------------------------------------------------------------- polls
export const noPolls = (version = 0) => ({ version, polls: [] });

const POLLS = {
  opened: (state, { poll }) => ({ ...state, polls: [{ ...poll }, ...state.polls.filter((one) => one.id !== poll.id)] }),
  voted: (state, { id, counts, voters }) => ({ ...state, polls: withChange(state.polls, id, { counts: [...counts], voters }) }),
  closed: (state, { id, counts, voters }) =>
    ({ ...state, polls: withChange(state.polls, id, { stage: "closed", counts: [...counts], voters }) }),
};

export const pollsAfter = (state, message) => allOf(state, message, POLLS);

// ---------------------------------------------------------------- reactions, viewers
export const noReactions = () => ({ by: {}, counts: {} });

export function reactionsAfter(state, { source, counts }) {
  const before = state.by[source] ?? {};
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(counts)])].sort();
  const by = { ...state.by, [source]: Object.fromEntries(kinds.map((kind) => [kind, Math.max(before[kind] ?? 0, counts[kind] ?? 0)])) };
  const all = [...new Set(Object.values(by).flatMap(Object.keys))].sort();
  const sum = (kind) => Object.values(by).reduce((so, each) => so + (each[kind] ?? 0), 0);
  return { by, counts: Object.fromEntries(all.map((kind) => [kind, sum(kind)])) };
}

export const noViewers = () => ({ now: 0, at: 0 });

export const viewersAfter = (state, { now, at }) => (at < state.at ? state : { now, at });

// ---------------------------------------------------------------- the moderator's desk
export const noDesk = (version = 0) => ({ version, held: [], reports: [], waiting: [], muted: [] });

const DESK = {
  put(state, { list, item }) {
    const known = state[list].some((one) => one.id === item.id);
    return { ...state, [list]: known ? state[list].map((one) => (one.id === item.id ? { ...item } : one)) : [...state[list], { ...item }] };
  },
  gone: (state, { list, ids }) => ({ ...state, [list]: state[list].filter((one) => !ids.includes(one.id)) }),
};

export const deskAfter = (state, message) => allOf(state, message, DESK);

export const AFTER = {
  chat: chatAfter, questions: questionsAfter, poll: pollsAfter, reactions: reactionsAfter, viewers: viewersAfter, desk: deskAfter,
};
