// What a verdict sounds and feels like. In: "admit", "ask" or "refuse". Must stay true: never the only sign of it.
const TONES = { admit: [[880, 0, 0.09], [1320, 0.1, 0.12]], ask: [[660, 0, 0.14], [660, 0.2, 0.14]], refuse: [[220, 0, 0.4]] };
const FELT = { admit: [60], ask: [60, 60, 60], refuse: [300] };
let audio;

export function sound(kind) {
  navigator.vibrate?.(FELT[kind]);
  try {
    audio ||= new AudioContext();
    if (audio.state === "suspended") audio.resume();
    for (const [pitch, begins, lasts] of TONES[kind]) {
      const tone = audio.createOscillator(), loud = audio.createGain();
      tone.frequency.value = pitch;
      tone.type = kind === "refuse" ? "square" : "sine";
      loud.gain.setValueAtTime(0.25, audio.currentTime + begins);
      loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + begins + lasts);
      tone.connect(loud).connect(audio.destination);
      tone.start(audio.currentTime + begins);
      tone.stop(audio.currentTime + begins + lasts);
    }
  } catch { /* a browser without sound */ }
}
