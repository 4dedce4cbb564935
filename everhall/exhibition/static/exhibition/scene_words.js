// The words of scenes, in the language of the page.
const CHINESE = {
  "Look around": "环顾四周",
  "Loading …": "正在载入……",
  "The viewer could not be loaded. Everything stands in the list.": "全景查看器未能载入。全部内容都在列表中。",
  "This device cannot show the panorama. Everything stands in the list.": "此设备无法显示全景。全部内容都在列表中。",
  "Arrow keys turn, plus and minus zoom": "方向键转动视线，加号和减号缩放",
  "Walk on: %s": "走向：%s",
  "Turn left": "向左转",
  "Turn right": "向右转",
  "Nearer": "拉近",
  "Farther": "拉远",
  "Turn with the device": "随设备转动",
  "Full screen": "全屏",
  "Close": "关闭全景",
  "Controls": "全景控制",
  "Click where the spot belongs": "请点击热点应在的位置",
  "Saved": "已保存",
  "It could not be saved": "未能保存",
};

export const say = (text) => (document.documentElement.lang.startsWith("zh") ? CHINESE[text] ?? text : text);
