// Notices that were closed on this device take no place from the first picture on: the page would shift when `notices.js`,
// which comes later, removes them. A script of the old kind, before the bars and only where there are any, because it must
// be through before they are drawn, and nothing else waits for it.
//
// Must stay true: the key and the names are those of `notices.js`; whatever goes wrong here, the page is as without it.
(() => {
  try {
    const names = JSON.parse(localStorage.getItem("everhall.notices.closed") ?? "[]").filter((name) => /^\d+\.\d+$/.test(name));
    if (!names.length) return;
    const sheet = new CSSStyleSheet();
    const bars = names.map((name) => name.split(".")).map(([id, version]) => `.notice-bar[data-id="${id}"][data-version="${version}"]`);
    sheet.replaceSync(`${bars.join(",")} { display: none; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch {
    // No store, or a browser that cannot do this: `notices.js` removes them.
  }
})();
