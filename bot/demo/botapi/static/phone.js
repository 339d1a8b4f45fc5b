// One phone: its name, its chat, its keyboard, its notes.

import { say } from "./api.js";
import { chat } from "./chat.js";
import { words } from "./words.js";

const NOTE_STAYS = 4000; // milliseconds

/**
 * Makes the phone and gives what shows it anew, and tells how many messages the bot has rung with since the last look.
 * @param {import("./api.js").Phone} first
 * @param {number} index
 */
export function phone(first, index) {
  const element = part("section", "phone");
  element.setAttribute("aria-label", `${first.label}, ${first.name}`);
  const list = part("ol", "chat");
  list.setAttribute("role", "log");
  list.setAttribute("aria-label", words.chat);
  list.tabIndex = 0;
  const empty = part("div", "empty");
  const keys = part("div", "keys");
  const notes = part("div", "notes");
  notes.setAttribute("role", "status");
  const writing = composer(first.id, tell);
  const middle = part("div", "middle");
  middle.append(list, empty, notes);
  element.append(head(first, index), middle, keys, writing.element);
  empty.append(part("p", "", words.empty), begin(first.id, tell));

  const showMessages = chat(first.id, list, tell);
  const known = new Set(first.alerts.map((alert) => alert.id));
  let heard = newest(first);

  /** @param {import("./api.js").Phone} now @returns {number} new messages from the bot */
  function show(now) {
    element.classList.toggle("blocked", now.blocked);
    empty.hidden = now.messages.length > 0;
    list.hidden = !empty.hidden;
    showMessages(now.messages);
    keys.replaceChildren(...now.keyboard.map((row) => keyRow(now.id, row, tell)));
    writing.show(now);
    for (const alert of now.alerts.filter((a) => !known.has(a.id))) hear(alert);
    const rung = now.messages.filter((message) => !message.mine && message.id > heard);
    heard = newest(now);
    if (rung.some((message) => !message.silent)) ring(element);
    return rung.length;
  }

  function hear(alert) {
    known.add(alert.id);
    if (alert.text) tell(alert.text, alert.must_be_closed);
  }

  function tell(text, stays = false) {
    const note = part("div", "note", text);
    if (stays) note.append(button(words.close, () => note.remove()));
    else setTimeout(() => note.remove(), NOTE_STAYS);
    notes.append(note);
  }

  return { element, show, end: () => list.scrollTo(0, list.scrollHeight) };
}

/** @param {string} tag @param {string} name @param {string} [text] */
export function part(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

/** The first letters of a name's first two words. */
export const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();

function newest(view) {
  return view.messages.at(-1)?.id ?? 0;
}

function head(view, index) {
  const header = part("header", "head");
  const who = part("div", "who");
  who.append(part("h2", "", view.label));
  if (view.name !== view.label) who.append(part("p", "", view.name));
  const face = part("span", `face tone-${index % 6}`, initials(view.name));
  face.setAttribute("aria-hidden", "true");
  header.append(face, who, part("span", "shut", words.blocked));
  return header;
}

function begin(id, tell) {
  const start = button(words.start, () => send(id, "/start", tell));
  start.className = "begin";
  return start;
}

function keyRow(id, row, tell) {
  const line = part("div", "row");
  line.append(...row.map((text) => button(text, () => send(id, text, tell))));
  return line;
}

function composer(id, tell) {
  const form = part("form", "composer");
  const menu = part("details", "menu");
  const summary = part("summary", "", "/");
  summary.setAttribute("aria-label", words.commands);
  summary.title = words.commands;
  const commands = part("div", "commands");
  menu.append(summary, commands);
  const field = part("textarea", "field");
  Object.assign(field, { rows: 1, maxLength: 4096, placeholder: words.write, autocomplete: "off" });
  field.setAttribute("aria-label", words.write);
  const submit = part("button", "send");
  submit.type = "submit";
  submit.title = words.send;
  submit.setAttribute("aria-label", words.send);
  form.append(menu, field, submit);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text && (await send(id, text, tell))) field.value = "";
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") menu.open = false;
  });

  function show(view) {
    menu.hidden = view.commands.length === 0;
    field.disabled = submit.disabled = view.blocked;
    commands.replaceChildren(...view.commands.map((command) => choice(command)));
  }

  function choice(command) {
    const line = button("", () => {
      menu.open = false;
      send(id, `/${command.name}`, tell);
    });
    line.append(part("strong", "", `/${command.name}`), part("span", "", command.description));
    return line;
  }

  return { element: form, show };
}

function button(text, act) {
  const element = part("button", "", text);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

async function send(id, text, tell) {
  const sent = await say(id, text);
  if (!sent) tell(words.failed);
  return sent;
}

function ring(element) {
  element.classList.remove("ringing");
  void element.offsetWidth; // starts the animation anew
  element.classList.add("ringing");
}
