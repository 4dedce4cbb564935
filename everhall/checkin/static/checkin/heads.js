// Heads of the entry lists on the desk, kept as they are: asked for every ten seconds while somebody looks.
const table = document.querySelector("[data-heads]");
if (table) setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(table.dataset.heads, { credentials: "same-origin" });
    if (!answer.ok) return;
    for (const [key, [inside, near]] of Object.entries((await answer.json()).lists)) {
      const row = table.querySelector(`[data-list="${CSS.escape(key)}"]`);
      if (row) { row.className = near; row.querySelector("[data-inside]").textContent = inside; }
    }
  } catch { /* the next time */ }
}, 10_000);
