// Words of the player in the page's language. Keys are English, so a missing one still reads.
const ZH = {
  "Play": "播放", "Pause": "暂停", "Mute": "静音", "Unmute": "取消静音", "Volume": "音量",
  "Position": "播放位置", "Live": "直播", "Go live": "回到直播", "Settings": "设置", "Quality": "清晰度",
  "Automatic": "自动", "Sound only": "仅声音", "Save data": "省流量", "Language": "语言", "Captions": "字幕",
  "Off": "关闭", "Picture in picture": "画中画", "Full screen": "全屏", "Leave full screen": "退出全屏",
  "One moment. It goes on by itself.": "稍候片刻，画面将自动继续。",
  "Connecting again …": "正在重新连接……", "Watch": "观看", "Listen": "收听",
  "This cannot be played here.": "此设备无法播放。", "This session has ended.": "本场活动已结束。",
  "Next on this stage": "本舞台下一场", "Go on watching": "继续观看", "behind live": "落后直播",
  "Speed": "倍速", "Loading …": "正在加载……", "Apart from the others": "同步偏差", "Sound is off. Press to hear.": "已静音，点按开启声音。",
};

/** @param {string} text @returns {string} */
export const say = (text) => (document.documentElement.lang.startsWith("zh") ? ZH[text] ?? text : text);

/** Language tags as people read them. */
export const language = (tag) => {
  try {
    return new Intl.DisplayNames([document.documentElement.lang || "zh"], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
};
