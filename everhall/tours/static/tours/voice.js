// Reading aloud by the device's own voices, for stops without a sound.
//
// Must stay true: nothing is read that somebody did not ask for; long texts are read sentence by sentence, because browsers fall
// silent in the middle of long ones.
import { voiceLanguage } from "./words.js";

/** Sentences of at most `longest` letters. */
export function sentences(text, longest = 180) {
  const pieces = text.match(/[^。！？!?.;；]+[。！？!?.;；]*\s*/g) ?? [text];
  const found = [];
  for (const piece of pieces.map((each) => each.trim()).filter(Boolean)) {
    if (found.length && found.at(-1).length + piece.length <= longest / 3) found[found.length - 1] += ` ${piece}`;
    else for (let at = 0; at < piece.length; at += longest) found.push(piece.slice(at, at + longest));
  }
  return found;
}

export const canSpeak = () => "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;

/** Reads a text; promises whether it came to its end. `stop()` of what it answers with ends it. */
export function speak(text) {
  const synthesis = window.speechSynthesis;
  const language = voiceLanguage();
  synthesis.cancel();
  let stopped = false;
  const voice = synthesis.getVoices().find((each) => each.lang.replace("_", "-").toLowerCase().startsWith(language.slice(0, 2).toLowerCase()));
  const done = (async () => {
    for (const sentence of sentences(text)) {
      if (stopped) return false;
      const good = await new Promise((resolve) => {
        const said = new SpeechSynthesisUtterance(sentence);
        said.lang = voice?.lang ?? language;
        if (voice) said.voice = voice;
        said.onend = () => resolve(true);
        said.onerror = () => resolve(false);
        synthesis.speak(said);
      });
      if (!good) return false;
    }
    return !stopped;
  })();
  return { done, stop() { stopped = true; synthesis.cancel(); } };
}
