// Reads a JSON list of playlists on stdin, writes what hls-parser in strict mode says of each ("" for nothing).
import { readFileSync } from "node:fs";
import HLS from "hls-parser";

HLS.setOptions({ strictMode: true, silent: true });
const said = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  try {
    HLS.parse(text);
    return "";
  } catch (problem) {
    return String(problem.message ?? problem);
  }
});
process.stdout.write(JSON.stringify(said));
