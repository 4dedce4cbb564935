// The page of an exhibit: it says once that it was looked at, marks a favourite as visited for who scanned its label, shares its
// address, and puts the day of reading into the citation.
import { act, stateOf, tell } from "./heart.js";

const ZH = !document.documentElement.lang.startsWith("en");
const tools = document.querySelector("[data-exhibit-tools]");

if (tools) {
  const { edition, code, label } = tools.dataset;
  looked(edition, code);
  if (label || new URLSearchParams(location.search).has("at")) marked(edition, code);
  share(tools);
}
cited();

/** After two seconds in front of somebody; pages that are rendered in advance or flicked through are no views. */
function looked(edition, code) {
  let left = 2000;
  let since = 0;
  let timer = 0;
  const say = () => { document.removeEventListener("visibilitychange", turn); navigator.sendBeacon?.("/visit/seen", `${edition}/${code}`); };
  const turn = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible" && !document.prerendering) {
      since = performance.now();
      timer = setTimeout(say, left);
    } else if (since) {
      left = Math.max(0, left - (performance.now() - since));
    }
  };
  document.addEventListener("visibilitychange", turn);
  document.addEventListener("prerenderingchange", turn, { once: true });
  turn();
}

/** Who stands before it and scanned its label has been there. */
async function marked(edition, code) {
  const { kept, visited } = await stateOf(edition);
  if (!kept.has(code) || visited.has(code)) return;
  await act("visited", edition, code).then(() => tell(ZH ? "已在“我的参观”中标记为看过" : "Marked as visited in my visit"), () => {});
}

function share(tools) {
  const button = tools.querySelector("[data-share]");
  const details = tools.querySelector("details");
  const copy = tools.querySelector("[data-copy]");
  const data = { title: button?.dataset.title, url: button?.dataset.share };
  if (button && navigator.share && matchMedia("(pointer: coarse)").matches) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      // Who closes the sheet has not asked for anything else.
      navigator.share(data).catch((problem) => { if (problem.name !== "AbortError") details.open = true; });
    });
  }
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", () => navigator.clipboard.writeText(copy.dataset.copy).then(
      () => tell(ZH ? "链接已复制" : "The link was copied"),
      () => tell(ZH ? "没有复制成功，请手动选中链接复制。" : "It could not be copied. Select the link and copy it."),
    ));
  }
}

/** GB/T 7714 asks for the day on which one has read it; the page may have been kept for days. */
function cited() {
  const now = new Date();
  const day = [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
  for (const line of document.querySelectorAll(".cite")) {
    const text = line.textContent;
    line.textContent = ZH ? text.replace(/(\(\d{4}-\d\d-\d\d\))\. /, `$1[${day}]. `) : `${text} (accessed ${day})`;
  }
}
