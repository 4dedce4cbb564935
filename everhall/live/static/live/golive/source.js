// Camera, microphone, screen and a meter of the sound. In: choices. Out: a MediaStream; event "gone" when a device is
// taken away.
import { say } from "../desk/words.js";

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };

export class Source extends EventTarget {
  constructor() {
    super();
    this.stream = null;
    this.level = 0;
  }

  /** Cameras and microphones as [[id, name], …]. */
  static async devices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    const of = (kind, words) => all.filter((one) => one.kind === kind).map((one, n) => [one.deviceId, one.label || say(words, { n: n + 1 })]);
    return { cameras: of("videoinput", "Camera {n}"), microphones: of("audioinput", "Microphone {n}") };
  }

  /** @param {{screen: boolean, camera: string, microphone: string}} wish "" for any, "none" for no sound */
  async open({ screen, camera, microphone }) {
    this.close();
    const sound = microphone === "none" ? false : { ...(microphone ? { deviceId: { ideal: microphone } } : {}), echoCancellation: false, autoGainControl: true };
    let stream;
    if (screen) {
      stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 30, max: 30 } }, audio: true });
      if (sound && !stream.getAudioTracks().length) {
        const voice = await navigator.mediaDevices.getUserMedia({ audio: sound }).catch(() => null);
        for (const track of voice?.getAudioTracks() ?? []) stream.addTrack(track);
      }
    } else {
      stream = await navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, ...(camera ? { deviceId: { ideal: camera } } : {}) }, audio: sound });
    }
    for (const track of stream.getTracks()) track.addEventListener("ended", () => { if (this.stream === stream) this.dispatchEvent(new Event("gone")); });
    this.stream = stream;
    this.#listen(stream);
    return stream;
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.context?.close();
    this.context = null;
    this.level = 0;
  }

  #listen(stream) {
    if (!stream.getAudioTracks().length) return;
    this.context = new AudioContext();
    this.context.resume().catch(() => {});
    const ear = this.context.createAnalyser();
    ear.fftSize = 4096; // most of the tenth of a second between two looks
    this.context.createMediaStreamSource(stream).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    /** 0 … 1 of -60 … 0 dB */
    this.measure = () => {
      ear.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-9)) / 60));
    };
  }

  /** The level, which falls slowly, so that a short sound is seen. */
  now() {
    this.level = this.context && this.measure ? Math.max(this.measure(), this.level - 0.04) : 0;
    return this.level;
  }
}
