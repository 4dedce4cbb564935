// The words of the board, in the language of the page. {name} is filled in.
const CHINESE = {
  "You are signed out. Sign in again in another tab.": "登录已失效，请在另一个标签页重新登录。",
  "The server could not do it.": "服务器未能完成此操作。",
  "The server was not reached.": "无法连接服务器。",
  "The board could not be loaded. The list below holds the day.": "编排板未能载入，当天日程见下方列表。",
  "a session not yet published": "尚未发布的场次",
  "no stage": "未定舞台",
  "{name}, {when}, {where}": "{name}，{when}，{where}",
  "No clash.": "无冲突。",
  "{count} notes: {what}": "{count} 处提示：{what}",
  "{count} clashes: {what}": "{count} 处冲突：{what}",
  "Picked up: {what}": "已拿起：{what}",
  "Put back: {what}": "已放回：{what}",
  "Moved: {what}": "已移动：{what}",
  "Back where it was: {what}. {why}": "已退回原处：{what}。{why}",
  "Taken back.": "已撤销。",
  "Nothing to take back.": "没有可撤销的操作。",
  "This cannot be moved by you.": "您无权移动此场次。",
  "It is cancelled.": "该场次已取消。",
  "cancelled": "已取消",
  "Sessions cannot be put here.": "不能把场次放在这里。",
  "One stage, two sessions: {other}": "同一舞台有两场：{other}",
  "{person} speaks in two places: {other}": "{person} 同时在两地发言：{other}",
  "{person} is {minutes} min short on the way: {other}": "{person} 路上差 {minutes} 分钟：{other}",
  "{host} at two activities: {other}": "{host} 同时主办两项活动：{other}",
  "{thing}: {minutes} short with {other}": "{thing} 不足，差 {minutes}：{other}",
  "{thing}: {minutes} short": "{thing} 不足，差 {minutes}",
  "somebody": "某位嘉宾",
  "a host": "某主办方",
  "Somebody else changed: {what}": "他人刚刚修改：{what}",
  "{count} sessions copied.": "已复制 {count} 场。",
  "{count} sessions copied, {left} left out: they are there already, or their stage is not yours.": "已复制 {count} 场，{left} 场未复制：当天已有，或您无权使用其舞台。",
  "Nothing was copied: the day has all of it already.": "没有复制任何场次：当天都已具备。",
  "{count} clashes": "{count} 处冲突",
  "{count} notes": "{count} 处提示",
  "{count} not placed": "{count} 场未安排",
  "All venues": "全部会场",
  "{count} venues": "{count} 个会场",
  "{from} to {to}": "{from} 至 {to}",
  "{count} min": "{count} 分钟",
  "Edit": "编辑",
  "Move by form": "用表单移动",
  "to be given its first session": "待安排首个场次",
  "Clashes": "冲突",
  "Notes": "提示",
  "next day": "次日",
  "The day of {day}": "{day} 的日程",
  "Loading …": "正在载入……",
};

/** In English, of one. */
const ONE = {
  "{count} notes: {what}": "1 note: {what}",
  "{count} clashes: {what}": "1 clash: {what}",
  "{count} clashes": "1 clash",
  "{count} notes": "1 note",
  "{count} venues": "1 venue",
  "{count} sessions copied.": "1 session copied.",
};

const isChinese = () => document.documentElement.lang.toLowerCase().startsWith("zh");

export function say(text, filled = {}) {
  const words = isChinese() ? CHINESE[text] ?? text : filled.count === 1 ? ONE[text] ?? text : text;
  return words.replace(/\{(\w+)\}/g, (whole, name) => filled[name] ?? whole);
}

/** Two sentences, the first with or without its full stop. */
export const then = (one, other) => (isChinese() ? `${one.replace(/。$/, "")}。${other}` : `${one.replace(/\.$/, "")}. ${other}`);

/** Sentences side by side, as the language joins them. */
export const joined = (parts) => parts.join(isChinese() ? "；" : "; ");
