// What a screen shows, as elements. No link leads anywhere: everything is a button, and what leads out is a code to scan.
import { say } from "./screen_words.js";

/** An element with attributes and children; listeners by `on…`. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A QR code: black on white, whatever the colours of the page. */
export function code({ size, path }, label) {
  const svg = document.createElementNS(SVG, "svg");
  const parts = { svg: { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges", class: "screen-code" } };
  for (const [key, value] of Object.entries(parts.svg)) svg.setAttribute(key, value);
  for (const [name, attributes] of [["rect", { width: size, height: size, fill: "#fff" }], ["path", { d: path, fill: "#000" }]]) {
    const part = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    svg.append(part);
  }
  return svg;
}

/** A picture that leaves its ground where it cannot be had. */
export function picture(address, alt, kind) {
  const frame = make("div", { class: `screen-picture ${kind}` });
  if (!address) return frame;
  const image = make("img", { src: address, alt, decoding: "async", draggable: "false" });
  image.addEventListener("error", () => image.remove(), { once: true });
  frame.append(image);
  return frame;
}

/** One exhibit or stop, over the whole screen. `told`: what stands above its name. */
export function single(item, language, { told = "", sound = null } = {}) {
  const text = item[language];
  const words = make("div", { class: "screen-words", tabindex: "0", role: "region", "aria-label": text.name },
    make("p", { class: "screen-over" }, told || text.over, item.sample ? make("span", { class: "sample" }, say("sample", language)) : null),
    make("h1", {}, text.name),
    text.by ? make("p", { class: "screen-by" }, text.by) : null,
    make("div", { class: "screen-text" }, ...text.text.split(/\n+/).filter(Boolean).map((part) => make("p", {}, part))),
    make("p", { class: "screen-place" }, ...[text.place, item.booth && !text.place.includes(item.booth) ? `${say("booth", language)} ${item.booth}` : ""].filter(Boolean).join(" · ")),
    sound);
  const taken = make("div", { class: "screen-taken" }, code(item.qr, `${say("scan", language)}: ${text.name}`), make("p", {}, say("scan", language), make("small", {}, item.address)));
  return make("section", { class: `screen-single hue-${item.hue || "none"}` }, picture(item.large, text.name, "large"), make("div", { class: "screen-side" }, words, taken));
}

/** All of them as large buttons. */
export function grid(items, language, choose, { columns = 0, rows = 0, rest = "" } = {}) {
  const list = make("ul", { class: `screen-grid${columns ? " is-wall" : ""}` });
  if (columns) {
    list.style.setProperty("--columns", columns);
    list.style.setProperty("--rows", rows);
  }
  for (const item of items) {
    const button = make("button", { type: "button", class: `hue-${item.hue || "none"}`, "aria-label": item[language].name, onclick: () => choose(item.key) },
      picture(item.small, "", "small"), make("span", { class: "screen-name" }, item[language].name));
    list.append(make("li", {}, button));
  }
  // What is left of the last row is a sign, not a hole.
  const left = columns * rows - items.length;
  if (left > 0 && rest) {
    const sign = make("li", { class: "screen-rest" }, make("p", {}, rest));
    sign.style.gridColumn = `span ${Math.min(left, columns)}`;
    list.append(sign);
  }
  return list;
}

//: Signs on a 24 by 24 sheet, drawn: fonts of a hall's machine may lack any letter.
const SIGNS = {
  home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z", left: "m15 5-7 7 7 7", right: "m9 5 7 7-7 7", pause: "M9 5v14M15 5v14", play: "M8 5v14l11-7z",
  touch: "M9 12V5.500a1.500 1.500 0 0 1 3 0V11l5.500 1.200a2 2 0 0 1 1.500 2.300l-.8 4A3 3 0 0 1 15.300 21H12a4 4 0 0 1-3.400-1.900L5.500 14a1.400 1.400 0 0 1 2.300-1.600z",
  all: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z", more: "M5 12h.01M12 12h.01M19 12h.01",
};

function drawn(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SIGNS[name]);
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? 3 : 1.8, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" })) svg.setAttribute(key, value);
  svg.append(path);
  return svg;
}

/** The row of buttons below. `sign`: one of the drawn ones, or letters. */
export function controls(buttons) {
  return make("div", { class: "screen-controls", role: "toolbar" },
    ...buttons.filter(Boolean).map(({ name, sign, words, act, pressed }) =>
      make("button", { type: "button", class: `screen-button ${name}`, "data-name": name, title: words, "aria-pressed": pressed ?? null, onclick: act }, sign in SIGNS ? drawn(sign) : make("span", { "aria-hidden": "true" }, sign), make("b", {}, words))));
}

/** The count before a screen begins anew. */
export function warning(left, language, stay) {
  const number = make("b", { class: "screen-left", "aria-hidden": "true" }, String(left));
  const dialog = make("div", { class: "screen-warning", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "screen-still", onclick: stay },
    make("h2", { id: "screen-still" }, say("still", language)), number, make("p", { class: "screen-left-words" }, say("left", language, { n: left })),
    make("button", { type: "button", class: "screen-button primary", "data-name": "stay" }, make("b", {}, say("stay", language))));
  return dialog;
}
