// Words of tours in the page's language. Keys are English, so a missing one still reads.
const ZH = {
  "Play the tour": "自动播放导览", "Pause": "暂停", "Read to me": "读给我听", "Stop reading": "停止朗读",
  "Playing: it goes on by itself until you pause.": "正在播放：将自动前往下一站，可随时暂停。",
  "Paused.": "已暂停。", "That was the last stop.": "已是最后一站。",
  "Sound needs a tap here first: press play.": "浏览器需要您先点按一次：请按播放。",
  "Go on at stop {n}: {name}": "继续第 {n} 站：{name}",
  "You walk with the group.": "您正随队参观。", "The guide has paused.": "讲解员已暂停。",
  "The group has not set out yet. This page moves when the guide does.": "队伍尚未出发。讲解员前进时，本页会自动跟随。",
  "This group walk has ended.": "本次同行导览已结束。", "You look around by yourself. The group is at stop {n}.": "您正在自行参观，队伍在第 {n} 站。",
  "The group is at stop {n}: {name}": "队伍在第 {n} 站：{name}", "The guide points at: {name}": "讲解员正指向：{name}",
  "Your group walks on. Return to it": "您的队伍还在参观，点此归队",
  "The network is away. Your page comes back to the group by itself.": "网络已断开，恢复后本页会自动归队。",
  "It did not get through. Please try again.": "未能完成，请重试。", "Copied": "已复制", "Picture {n}": "图片 {n}",
  "Moved to place {n} of {count}": "已移到第 {n} 位，共 {count} 位",
};

const chinese = () => document.documentElement.lang.startsWith("zh");

/** @param {string} text @param {Record<string, string|number>} [values] @returns {string} */
export const say = (text, values = {}) =>
  Object.entries(values).reduce((told, [name, value]) => told.replaceAll(`{${name}}`, String(value)), chinese() ? ZH[text] ?? text : text);

export const voiceLanguage = () => (chinese() ? "zh-CN" : "en-GB");
