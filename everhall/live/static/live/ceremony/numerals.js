// The numerals of a countdown. In: a corrected clock, T0. Out: a text each second, changed on all pages at once.

/** 3 days 04:05:06, 04:05:06, 05:06, or 6: what is left, in whole seconds that are begun. */
export function left(seconds) {
  const whole = Math.max(0, Math.ceil(seconds - 1e-6));
  const two = (number) => String(number).padStart(2, "0");
  if (whole < 60) return String(whole);
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  const clock = whole < 3600 ? `${two(minutes)}:${two(whole % 60)}` : `${two(hours)}:${two(minutes)}:${two(whole % 60)}`;
  return days ? `${days} · ${clock}` : clock;
}

/** Calls `paint(text, seconds)` now and at each whole second before T0; answers with a function that ends it. */
export function count(clock, t0, paint) {
  let off = () => {};
  const turn = () => {
    const now = clock.now();
    if (now === null) { off = later(turn, 0.1); return; }
    const rest = t0 - now;
    paint(left(rest), rest);
    if (rest > 0) off = clock.at(t0 - Math.max(0, Math.ceil(rest - 0.02) - 1), turn);
  };
  turn();
  return () => off();
}

function later(act, seconds) {
  const timer = setTimeout(act, 1000 * seconds);
  return () => clearTimeout(timer);
}
