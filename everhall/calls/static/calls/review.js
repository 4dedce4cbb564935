// A review is kept as it is typed: half a second after the last key, one request at a time, the newest state last. "Saved" is
// said only when nothing newer waits; what waits when the page is left goes out with it. Without this script the button
// "Keep for later" does the same.
const form = document.querySelector('form[data-review]');

if (form) {
  const told = form.querySelector('.saved');
  let timer = 0;
  let busy = false;
  let leaving = false;
  // How often something was typed, and up to which of these it is kept.
  let typed = 0;
  let kept = 0;

  const save = async () => {
    if (busy || leaving) return;
    busy = true;
    const now = typed;
    let wait = 0;
    try {
      const answer = await fetch(form.dataset.save, { method: 'POST', body: new FormData(form), credentials: 'same-origin' });
      const said = await answer.json();
      kept = now;
      if (typed === now) told.textContent = said.ok ? form.dataset.saved : said.words;
    } catch {
      told.textContent = form.dataset.failed;
      wait = 5000;
    }
    busy = false;
    if (kept !== typed) timer = setTimeout(save, wait);
  };

  form.addEventListener('input', () => {
    typed += 1;
    clearTimeout(timer);
    told.textContent = '';
    timer = setTimeout(save, 500);
  });
  form.addEventListener('submit', () => { leaving = true; clearTimeout(timer); });
  addEventListener('pagehide', () => {
    if (kept !== typed && !leaving) navigator.sendBeacon(form.dataset.save, new FormData(form));
  });
}
