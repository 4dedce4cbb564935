// Words of taking part in the page's language. Keys are English, so a missing one still reads.
const ZH = {
  "Chat": "聊天", "Questions": "提问", "Poll": "投票", "Reactions": "互动", "Send": "发送", "Ask": "提问", "Vote": "投票",
  "Your name (optional)": "您的称呼（可不填）", "Message": "消息", "Your question": "您的问题", "You are {name}": "您的称呼：{name}",
  "Change name": "修改称呼", "Join": "加入", "Report": "举报", "Reported. Thank you.": "已举报，谢谢。", "{count} watching": "{count} 人正在观看",
  "Nobody has written yet.": "还没有人发言。", "Nobody has asked yet.": "还没有人提问。", "There is no poll now.": "目前没有投票。",
  "A moderator will look at it first.": "主持人查看后即会显示。", "Asked.": "已提交。", "Thank you for your vote.": "感谢您的投票。",
  "Change your vote while the poll is open.": "投票结束前可以修改。", "{count} votes": "{count} 票", "{count} people voted": "{count} 人参与",
  "Being answered": "正在回答", "Answered": "已回答", "Answer": "回答", "Vote for this question": "支持这个问题", "Take the vote back": "取消支持",
  "Closed": "已结束", "Average {mean}": "平均 {mean}", "Danmaku": "弹幕", "Danmaku on": "弹幕：开", "Danmaku off": "弹幕：关",
  "clap": "鼓掌", "like": "点赞", "heart": "爱心", "wow": "惊叹", "flower": "鲜花", "Taking part": "参与互动", "Sample": "示例",
  "There is nothing to take part in here.": "这里目前没有互动。", "The week is over; everything can still be read.": "本届双创周已结束，内容仍可阅读。",
  "The moderators have switched this off.": "主持人已关闭此功能。",
  "The moderators have asked you to pause. You can still read and vote.": "主持人请您暂停发言，您仍可阅读和投票。",
  "A little slower, please. Try again in {wait} s.": "请稍慢一些，{wait} 秒后再试。",
  "Slow mode is on. You can write again in {wait} s.": "慢速模式已开启，{wait} 秒后可再次发言。",
  "Very many people write just now. Please try again in a moment.": "现在发言的人很多，请稍后再试。",
  "Write something, and not too much.": "请输入内容，且不要太长。", "Please choose another name.": "请换一个称呼。",
  "It is not there any more.": "内容已不存在。", "This poll is closed.": "投票已结束。", "This cannot be chosen here.": "无法这样选择。",
  "It did not get through. Please try again.": "发送失败，请重试。", "New messages": "新消息", "Choose one": "单选", "Choose any": "可多选",
  // The moderator's desk.
  "Show": "通过", "Delete": "删除", "Mute": "禁言", "Mute and delete all": "禁言并删除其全部发言", "Unmute": "解除禁言", "Keep": "保留",
  "Approve": "通过", "Hide": "隐藏", "Answering": "正在回答", "Open again": "重新开放", "Open": "开始", "Close": "结束",
  "Nothing waits.": "没有待处理的内容。", "No reports.": "没有举报。", "Nobody is muted.": "没有人被禁言。", "{count} reports": "{count} 次举报",
  "Saved.": "已保存。", "Refused: {why}": "未能执行：{why}", "Signed out. Log in again.": "已退出登录，请重新登录。", "Connected": "已连接", "Polling": "轮询", "Away": "未连接",
  "What was the answer? (may stay empty)": "回答内容（可不填）",
};

/** @param {string} text @param {Record<string, unknown>} values for {name} in it @returns {string} */
export const say = (text, values = {}) => {
  const told = document.documentElement.lang.startsWith("zh") ? ZH[text] ?? text : text;
  return Object.entries(values).reduce((words, [name, value]) => words.replaceAll(`{${name}}`, String(value)), told);
};

const WHY = {
  no_room: "There is nothing to take part in here.", over: "The week is over; everything can still be read.",
  off: "The moderators have switched this off.", muted: "The moderators have asked you to pause. You can still read and vote.",
  too_fast: "A little slower, please. Try again in {wait} s.", slow: "Slow mode is on. You can write again in {wait} s.",
  busy: "Very many people write just now. Please try again in a moment.", length: "Write something, and not too much.",
  name: "Please choose another name.", unknown: "It is not there any more.", closed: "This poll is closed.",
  choice: "This cannot be chosen here.",
};

/** Words for the code of a refusal. */
export const why = ({ code, wait = 0 }) => say(WHY[code] ?? "It did not get through. Please try again.", { wait: Math.max(1, Math.ceil(wait)) });

/** The text of a pair in the page's language, or the other one. */
export const pick = (zh, en) => (document.documentElement.lang.startsWith("zh") ? zh || en : en || zh);
