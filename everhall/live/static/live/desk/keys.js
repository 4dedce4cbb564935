// Keyboard shortcuts, which can be switched off (WCAG 2.1.4). Never while somebody types or chooses, nor with Ctrl, Alt or
// Meta. They come before Wagtail's own, some of which have the same letters.
import { $ } from "./dom.js";

const KEPT = "everhall-desk-keys";

export function keys(does) {
  const on = $("keys-on");
  const kept = () => { try { return localStorage.getItem(KEPT); } catch { return null; } };
  on.checked = kept() !== "off";
  on.addEventListener("change", () => { try { localStorage.setItem(KEPT, on.checked ? "on" : "off"); } catch { /* for this time only */ } });
  const help = $("help");
  $("help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || help.open || !on.checked) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], ever-player, [role=dialog], dialog")) return;
    const key = event.key.toLowerCase();
    const act = key === "?" ? () => help.showModal() : /^[0-9]$/.test(key) ? () => does.digit((Number(key) + 9) % 10) : does[key];
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }, true);
}
