// Disclosures that close by Escape and by a click elsewhere; selects that send their form at once.

/** @param {Document} page */
export function menus(page) {
  const open = () => page.querySelectorAll("details.switch[open]");
  page.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  // The current day and the current section are brought into view in strips that scroll sideways.
  for (const here of page.querySelectorAll(".tabs [aria-current], .site-nav [aria-current]")) {
    const strip = here.closest(".tabs, .site-nav");
    strip.scrollLeft = here.offsetLeft - strip.offsetLeft - strip.clientWidth / 2 + here.clientWidth / 2;
  }
}
