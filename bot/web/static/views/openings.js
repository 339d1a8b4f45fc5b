/** Openings: those under way, the form by which one asks, and what was opened. */

import { button, el, fill, p } from "./dom.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State */

const SECONDS = 60; // of a minute

/** Those under way. @param {Words} words @param {State} state */
export function drawOpenings(words, { going, ready, help, read, end }) {
  if (going.length === 0) return [p(words.say("device.openings.none"), "empty")];
  return going.map((/** @type {State} */ one) =>
    el(
      "article",
      { class: "card", "data-opening": one.opening },
      el("h3", null, one.purpose_label),
      p(
        words.say(one.mine ? "device.openings.yours" : "device.openings.asks", {
          name: one.name,
          room: roomName(words, one.room),
        }),
        "over",
      ),
      p(
        words.say("device.openings.until", { ground: one.ground_label, until: words.clock(new Date(one.until)) }),
        "fine",
      ),
      one.mine &&
        p(
          words.say(ready.includes(one.opening) ? "device.openings.ready" : "device.openings.helpers", {
            count: one.helpers.length,
          }),
        ),
      el(
        "div",
        { class: "acts" },
        one.left > 0 && button({ id: `help-${one.opening}` }, words.say("device.openings.help"), () => help(one)),
        !one.mine && one.left > 0 && p(words.say("device.openings.helping"), "fine"),
        !one.mine && one.left === 0 && p(words.say("device.openings.helped"), "fine"),
        ready.includes(one.opening) &&
          button({ id: `read-${one.opening}` }, words.say("device.openings.read"), () => read(one)),
        one.mine &&
          button({ id: `end-${one.opening}`, class: "quiet" }, words.say("device.openings.end"), () => end(one)),
      ),
    ),
  );
}

/** The form, or the button that opens it. @param {Words} words @param {State} state */
export function drawAsking(words, { begin, rooms, purposes, ask, cancel }) {
  if (begin) return [button({ id: "ask", class: "quiet" }, words.say("device.openings.begin"), begin)];
  if (rooms.length === 0) return [p(words.say("device.openings.no_rooms"), "empty")];
  const room = select(
    "ask-room",
    rooms.map((/** @type {string} */ id) => [id, roomName(words, id)]),
  );
  const purpose = select(
    "ask-purpose",
    purposes.map((/** @type {State} */ one) => [one.purpose, one.label]),
  );
  const ground = select("ask-ground", []);
  const minutes = el("input", { id: "ask-minutes", type: "number", min: "1", inputmode: "numeric" });
  const fit = () => {
    const chosen = purposes.find((/** @type {State} */ one) => one.purpose === purpose.value);
    fill(ground, ...chosen.grounds.map((/** @type {State} */ one) => el("option", { value: one.ground }, one.label)));
    minutes.max = String(chosen.minutes);
    minutes.value = String(chosen.minutes);
  };
  purpose.addEventListener("change", fit);
  fit();
  const send = () =>
    ask({ room: room.value, purpose: purpose.value, ground: ground.value, minutes: minutes.valueAsNumber });
  const labelled = (/** @type {any} */ field, /** @type {string} */ key) => [
    el("label", { for: field.id }, words.say(key)),
    field,
  ];
  const form = el(
    "form",
    { class: "card form" },
    ...labelled(room, "device.openings.room"),
    ...labelled(purpose, "device.openings.purpose"),
    ...labelled(ground, "device.openings.ground"),
    ...labelled(minutes, "device.openings.minutes"),
    p(words.say("device.openings.recorded"), "fine"),
    el(
      "div",
      { class: "acts" },
      button({ id: "ask-send" }, words.say("device.openings.send"), () => form.reportValidity() && send()),
      button({ id: "ask-cancel", class: "quiet" }, words.say("device.no_back"), cancel),
    ),
  );
  form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
  return [form];
}

/** What was opened, and how long it may be read. @param {Words} words @param {State} state */
export function drawTranscript(words, { one, said, officer, epochs, close }) {
  const clock = el("p", { class: "toned", "data-tone": "wait", role: "timer" });
  const lines = said.map((/** @type {State} */ { seq, author, text, isLost, isBridged, disclosure }) => {
    const side = `${words.say(author === officer ? "device.talk.officer" : "device.talk.holder")} (${author})`;
    const who = isBridged ? words.say("device.talk.bridged", { who: side }) : side;
    const body = el(
      "p",
      { class: text === null ? "bubble alarm" : "bubble" },
      text ?? words.say(isLost ? "device.talk.lost" : "device.openings.no_key"),
    );
    return el(
      "li",
      { class: "line", "data-seq": seq, "data-side": author === officer ? "theirs" : "mine" },
      el("p", { class: "fine" }, who),
      disclosure && el("p", { class: "fine disclosed" }, el("strong", null, words.disclosed(disclosure))),
      body,
    );
  });
  const inside =
    one.gives === "transcript"
      ? el("ol", { class: "said", tabindex: "0", "aria-label": one.purpose_label }, ...lines)
      : p(words.say("device.openings.drilled", { count: epochs }));
  const element = el(
    "article",
    { class: "card talk", "data-transcript": one.opening },
    el("h3", null, one.purpose_label),
    clock,
    inside,
    button({ id: "close-opening" }, words.say("device.openings.close"), close),
  );
  const left = (/** @type {number} */ seconds) => {
    const text = words.say("device.openings.left", { minutes: Math.ceil(seconds / SECONDS) });
    if (clock.textContent !== text) clock.textContent = text;
  };
  return { element, left };
}

/** A room by the moment at which it was asked for: its id begins with that (UUIDv7). @param {Words} words @param {string | null} id */
function roomName(words, id) {
  if (id === null) return words.say("device.openings.every_room");
  const at = new Date(Number.parseInt(id.slice(0, 12), 16));
  return words.say("device.openings.room_name", {
    day: words.day(at.toISOString()),
    clock: words.clock(at),
    tail: id.slice(-4),
  });
}

/** @param {string} id @param {string[][]} choices */
function select(id, choices) {
  return el("select", { id }, ...choices.map(([value, text]) => el("option", { value }, text)));
}
