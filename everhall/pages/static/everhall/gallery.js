// Pictures of a gallery in large, in a <dialog>. Without this module each picture links to its large file.

/** @param {Document} page */
export function gallery(page) {
  for (const strip of page.querySelectorAll("[data-gallery]")) {
    const links = [...strip.querySelectorAll("a[data-large]")];
    links.forEach((link, number) =>
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        show(page, strip, links, number);
      }),
    );
  }
}

function show(page, strip, links, start) {
  let number = start;
  const dialog = page.createElement("dialog");
  dialog.className = "lightbox";
  dialog.setAttribute("aria-label", strip.getAttribute("aria-label") ?? "");
  const image = page.createElement("img");
  const words = page.createElement("p");
  const close = page.createElement("button");
  close.type = "button";
  close.textContent = "✕";
  close.setAttribute("aria-label", strip.dataset.close ?? "Close");
  const turn = (step) => {
    number = (number + step + links.length) % links.length;
    image.src = links[number].href;
    image.alt = links[number].querySelector("img")?.alt ?? "";
    words.textContent = links[number].closest("figure")?.querySelector("figcaption")?.textContent.trim() ?? "";
  };
  dialog.append(image, words, close);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  });
  dialog.addEventListener("close", () => { dialog.remove(); links[number].focus(); });
  page.body.append(dialog);
  turn(0);
  dialog.showModal();
}
