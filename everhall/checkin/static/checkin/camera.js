// Codes by the camera: the browser's own reader where it has one for QR codes, else a decoder in JavaScript.
//
// In: a video element, what to do with a text. Out: `stop`. Must stay true: the same code in sight is told once, until it has been out of
// sight for a while or another came; a picture that cannot be read does not end the looking; the camera is let go when nobody looks.
const AGAIN = 2500, SIDE = 640;

async function reader() {
  const kinds = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) || [];
  if (kinds.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    let other;
    return async (video) => {
      // It fails where the picture is not ready, and on phones whose reader has gone since it was asked for.
      try { return (await detector.detect(video)).map((one) => one.rawValue)[0] || ""; } catch { return (await (other ||= decoder()))(video); }
    };
  }
  return decoder();
}

async function decoder() {
  const { decodeQR } = await import("../lib/qr-decode.js");
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    // A picture without a code is told by an exception.
    try { return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height)) || ""; } catch { return ""; }
  };
}

export async function watch(video, told) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
  video.srcObject = stream;
  await video.play();
  const read = await reader();
  let on = true, last = "", seen = 0;
  const look = async () => {
    if (!on) return;
    let text = "";
    try { if (video.videoWidth && !document.hidden) text = await read(video); } catch { /* the next picture */ }
    if (text) {
      if (text !== last || performance.now() - seen > AGAIN) told(text);
      last = text;
      seen = performance.now();
    }
    if (on) setTimeout(look, 80);
  };
  look();
  return () => { on = false; stream.getTracks().forEach((track) => track.stop()); video.srcObject = null; };
}
