// One chat as bubbles. A bubble is made anew only when its message has changed.

import { press } from "./api.js";
import { link, rich } from "./text.js";
import { language, words } from "./words.js";

const LOCALE = language === "en" ? "en-GB" : "sv-SE"; // both with a clock of 24 hours
const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" });

/**
 * @param {number} phone
 * @param {HTMLOListElement} list
 * @param {(text: string) => void} tell shows a short note on the phone
 */
export function chat(phone, list, tell) {
  /** @type {Map<number, {kept: string, bubble: HTMLLIElement}>} */
  const shown = new Map();

  /** @param {import("./api.js").Message[]} messages */
  return function show(messages) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    const before = list.lastElementChild;
    const there = new Set(messages.map((message) => message.id));
    for (const [id, { bubble }] of shown) if (!there.has(id)) drop(id, bubble);
    for (const message of messages) place(message);
    if (atEnd || (before !== list.lastElementChild && messages.at(-1)?.mine)) list.scrollTop = list.scrollHeight;
  };

  function drop(id, bubble) {
    bubble.remove();
    shown.delete(id);
  }

  function place(message) {
    const now = JSON.stringify(message);
    const old = shown.get(message.id);
    if (old?.kept === now) return;
    const bubble = made(phone, message, tell);
    if (old) {
      bubble.classList.add("changed");
      old.bubble.replaceWith(bubble);
    } else {
      list.append(bubble);
    }
    shown.set(message.id, { kept: now, bubble });
  }
}

function made(phone, message, tell) {
  const item = document.createElement("li");
  item.className = message.mine ? "message mine" : "message";
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  if (message.media) bubble.append(medium(message.media));
  bubble.append(...rich(message.text, message.entities), stamp(message));
  item.append(bubble);
  if (message.rows.length) item.append(keyboard(phone, message, tell));
  return item;
}

function medium(kind) {
  const badge = document.createElement("span");
  badge.className = "medium";
  badge.textContent = words[kind];
  return badge;
}

function stamp(message) {
  const line = document.createElement("span");
  line.className = "stamp";
  const time = document.createElement("time");
  time.dateTime = message.at;
  time.textContent = CLOCK.format(new Date(message.at));
  const marks = [message.silent && words.silent, message.edits && words.edited].filter(Boolean);
  line.append(...marks.map((mark) => `${mark} · `), time);
  return line;
}

function keyboard(phone, message, tell) {
  const rows = document.createElement("div");
  rows.className = "rows";
  for (const row of message.rows) {
    const line = document.createElement("div");
    line.className = "row";
    line.append(...row.map((button) => pressable(phone, message, button, tell)));
    rows.append(line);
  }
  return rows;
}

function pressable(phone, message, button, tell) {
  if (button.url) return outward(button);
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = button.text;
  element.addEventListener("click", async () => {
    if (button.copies) {
      await navigator.clipboard.writeText(button.copies);
      tell(words.copied);
      return;
    }
    element.setAttribute("aria-busy", "true");
    if (!(await press(phone, message.id, button.data))) tell(words.failed);
    element.removeAttribute("aria-busy");
  });
  return element;
}

function outward(button) {
  const element = link(button.url) ?? document.createElement("span");
  element.textContent = `${button.text}\u00a0↗`;
  element.className = "outward";
  return element;
}
