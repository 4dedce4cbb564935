// Films and sounds of a stage: one plays at a time, captions speak the page's language, and the text beside goes along: it marks
// what is being said, and a time in it leads there.

/** @param {Element} stage @param {{close: () => void, use: (stop: () => void) => void}} viewer the stage's one live viewer */
export function plays(stage, viewer) {
  const players = [...stage.querySelectorAll("[data-plays]")];
  for (const player of players) {
    player.addEventListener("play", () => {
      viewer.close();
      for (const other of players) if (other !== player) other.pause();
    });
    thrifty(player);
    reading(player, player.closest("figure").querySelector("[data-transcript]"));
  }
  return { pause: () => players.forEach((player) => player.pause()) };
}

/** Who asked the browser to save data gets the smallest size. */
function thrifty(player) {
  const sources = [...player.querySelectorAll("source[media]")];
  if (!navigator.connection?.saveData || !sources.length) return;
  for (const source of sources) source.remove();
  player.load();
}

function reading(player, text) {
  if (!text) return;
  const lines = [...text.querySelectorAll("li")].map((item) => ({ item, at: Number(item.querySelector("time").dataset.at) }));
  for (const { item, at } of lines) {
    const time = item.querySelector("time");
    const button = Object.assign(document.createElement("button"), { type: "button" });
    time.before(button);
    button.append(time);
    button.addEventListener("click", () => {
      // Before anything is loaded a moment cannot be set; it is once the length is known.
      const go = () => (player.currentTime = at);
      if (player.readyState > 0) go();
      else player.addEventListener("loadedmetadata", go, { once: true });
      player.play().catch(() => {});
    });
  }
  let marked = null;
  player.addEventListener("timeupdate", () => {
    const now = lines.findLast(({ at }) => at <= player.currentTime + 0.05)?.item ?? null;
    if (now === marked) return;
    marked?.removeAttribute("aria-current");
    now?.setAttribute("aria-current", "true");
    marked = now;
    if (now && text.open) {
      const list = now.parentElement;
      list.scrollTop = now.offsetTop - list.offsetTop - list.clientHeight / 3;
    }
  });
}
