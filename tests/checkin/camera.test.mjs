// Codes by the camera, in node: what a browser's own reader may do. The camera and the reader are stand-ins for those of a browser.
// Run by test_door_js.py, or: node --test tests/checkin/camera.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../everhall/checkin/static/checkin/camera.js", import.meta.url), "utf8");
const { watch } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

test("a reader that fails at one picture reads the next", async () => {
  let looked = 0;
  const stream = { getTracks: () => [] }, video = { videoWidth: 640, videoHeight: 480, play: async () => {} };
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: { getUserMedia: async () => stream } }, configurable: true });
  globalThis.document = { hidden: false };
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() {
      looked += 1;
      if (looked === 1) throw new DOMException("The source is not ready.", "InvalidStateError");
      return [{ rawValue: "EH1:CODE" }];
    }
  };
  const failed = [];
  process.on("unhandledRejection", (fault) => failed.push(fault.name));
  let stop;
  const text = await Promise.race([new Promise((told) => { watch(video, told).then((end) => { stop = end; }); }), new Promise((late) => { setTimeout(late, 3000, "nothing"); })]);
  stop();
  assert.deepEqual([text, failed], ["EH1:CODE", []]);
});
