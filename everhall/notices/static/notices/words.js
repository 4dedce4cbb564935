// Words of notices in the page's language. Keys are English, so a missing one still reads.
const ZH = {
  "More": "查看详情", "Close this notice": "关闭此通知", "Off": "关闭", "On": "已开启",
  "Told on this device. Touch to switch it off.": "已在此设备上接收通知，点按即可关闭。",
  "One moment …": "请稍候……",
  "This browser cannot show notices of closed pages.": "此浏览器不支持在页面关闭后接收通知。",
  "On iPhone and iPad: add this site to the home screen first, then open it from there.": "在 iPhone 和 iPad 上：请先将本站添加到主屏幕，再从主屏幕打开。",
  "Notices are blocked for this site in the browser's settings.": "浏览器设置已阻止本站的通知，请在设置中允许后再试。",
  "The push service of this browser cannot be reached from here. Please try again on another network.": "当前网络无法连接此浏览器的推送服务，请更换网络后再试。",
  "It did not get through. Please try again.": "未能完成，请重试。",
  "Too many at once. Please try again in a moment.": "请求过于频繁，请稍后再试。",
};

const chinese = () => document.documentElement.lang.startsWith("zh");

/** @param {string} text @returns {string} */
export const say = (text) => (chinese() ? ZH[text] ?? text : text);

/** The text of a pair in the page's language, or the other one. */
export const pick = (zh, en) => (chinese() ? zh || en : en || zh);

export const language = () => (chinese() ? "zh-hans" : "en");
