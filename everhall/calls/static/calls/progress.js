// How far a mailing is, asked every two seconds while something is left.
const box = document.querySelector('[data-progress]');

if (box) {
  const bar = box.querySelector('progress');
  const trouble = box.querySelector('[data-trouble]');
  const follow = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { credentials: 'same-origin' });
      if (!answer.ok) return;
      const state = await answer.json();
      bar.value = state.percent;
      for (const name of ['sent', 'left', 'given_up', 'unknown']) box.querySelector(`[data-${name}]`).textContent = state[name];
      trouble.hidden = !state.trouble;
      trouble.querySelector('[data-said]').textContent = state.trouble;
      if (!state.left || state.stopped) { if (!state.stopped) location.reload(); return; }
    } catch {
      // The network is away for a moment.
    }
    setTimeout(follow, 2000);
  };
  if (Number(box.querySelector('[data-left]').textContent) > 0) setTimeout(follow, 1000);
}
