// A review is kept as it is typed: half a second after the last key, one request at a time, the newest state last. Without
// this script the button "Keep for later" does the same.
const form = document.querySelector('form[data-review]');

if (form) {
  const told = form.querySelector('.saved');
  let timer = 0;
  let busy = false;
  let again = false;
  let leaving = false;

  const tell = (words) => { told.textContent = words; };

  const save = async () => {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    let wait = 0;
    try {
      const answer = await fetch(form.dataset.save, { method: 'POST', body: new FormData(form), credentials: 'same-origin' });
      const kept = await answer.json();
      tell(kept.ok ? form.dataset.saved : kept.words);
    } catch {
      tell(form.dataset.failed);
      again = true;
      wait = 5000;
    }
    busy = false;
    if (again && !leaving) timer = setTimeout(save, wait);
  };

  const soon = () => {
    clearTimeout(timer);
    tell('');
    timer = setTimeout(save, 500);
  };
  form.addEventListener('input', soon);
  form.addEventListener('submit', () => { leaving = true; clearTimeout(timer); });
  // What was typed in the last half second.
  addEventListener('pagehide', () => {
    if (timer && !leaving && told.textContent === '') navigator.sendBeacon(form.dataset.save, new FormData(form));
  });
}
