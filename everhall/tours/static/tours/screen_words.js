// Words of screens in both languages: a screen changes its language without a new page.
const WORDS = {
  zh: {
    all: "全部展项", stops: "全部各站", back: "返回", pause: "暂停", play: "继续播放", before: "上一项", after: "下一项", other: "English",
    larger: "放大文字", smaller: "缩小文字", scan: "扫码带走：在手机上继续看", booth: "展位", sample: "示例", listen: "收听讲解", quiet: "停止收听",
    still: "您还在看吗？", left: "{n} 秒后回到首页", stay: "继续看", offline: "离线运行", now: "内容刚刚更新", minutes: "内容更新于 {n} 分钟前",
    hours: "内容更新于 {n} 小时前", nothing: "这里暂时没有可展示的内容。", hour: "本时段展项", staff: "工作人员", pin: "请输入工作人员密码", wrong: "密码不正确。",
    wait: "尝试过于频繁，请等待 {n} 秒。", net: "需要网络才能验证密码。", close: "关闭", erase: "清除", enter: "确定", look: "立即检查更新", anew: "重新获取全部内容",
    full: "全屏显示", restart: "重新载入", leave: "退出展屏", version: "内容版本", position: "第 {n} 项，共 {count} 项", stop: "第 {n} 站，共 {count} 站",
    kept: "可离线运行", unkept: "尚未存好离线内容", touch: "触摸屏幕了解详情", enlarge: "看大图",
  },
  en: {
    all: "All exhibits", stops: "All stops", back: "Back", pause: "Pause", play: "Go on", before: "Previous", after: "Next", other: "中文",
    larger: "Larger text", smaller: "Smaller text", scan: "Scan to take it along on your phone", booth: "Booth", sample: "Sample", listen: "Listen", quiet: "Stop listening",
    still: "Are you still there?", left: "Back to the start in {n} s", stay: "Stay here", offline: "Offline", now: "content just checked", minutes: "content of {n} min ago",
    hours: "content of {n} h ago", nothing: "There is nothing to show here at the moment.", hour: "Exhibit of the hour", staff: "Staff", pin: "Number of the staff menu", wrong: "This is not the number.",
    wait: "Too many tries. Please wait {n} s.", net: "The number can be checked only with a network.", close: "Close", erase: "Clear", enter: "OK", look: "Look for news now", anew: "Fetch everything anew",
    full: "Full screen", restart: "Reload", leave: "Leave the screen", version: "Version of the content", position: "{n} of {count}", stop: "Stop {n} of {count}",
    kept: "Works without a network", unkept: "Not kept for offline yet", touch: "Touch to learn more", enlarge: "Enlarge",
  },
};

/** `say("left", "zh", {n: 8})`. */
export const say = (word, language, values = {}) =>
  Object.entries(values).reduce((told, [name, value]) => told.replaceAll(`{${name}}`, String(value)), WORDS[language]?.[word] ?? WORDS.en[word] ?? word);

export const words = WORDS;
