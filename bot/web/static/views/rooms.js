/** What waits for an answer, and one's own talks. */

import { button, el, p, toned } from "./dom.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State */

/** Offers that wait. @param {Words} words @param {State} state */
export function drawOffers(words, { offers, accept, decline }) {
  return offers.map((/** @type {State} */ one) =>
    el(
      "article",
      { class: "card", "data-offer": one.offer },
      wish(words, one.request),
      el(
        "div",
        { class: "acts" },
        button({ id: `accept-${one.offer}` }, words.say("device.offers.accept"), () => accept(one)),
        button({ id: `decline-${one.offer}`, class: "quiet" }, words.say("device.offers.decline"), () => decline(one)),
      ),
    ),
  );
}

/** Colleagues' talks that can be taken over. @param {Words} words @param {State} state */
export function drawTakeable(words, { takeovers, take }) {
  return takeovers.map((/** @type {State} */ one) =>
    el(
      "article",
      { class: "card", "data-takeover": one.offer },
      wish(words, one.request),
      toned("wait", words.say(`device.takeable.${one.because}`)),
      el(
        "div",
        { class: "acts" },
        button({ id: `take-over-${one.offer}` }, words.say("device.takeable.take"), () => take(one)),
      ),
    ),
  );
}

/** One's own talks, the open ones first to be chosen. @param {Words} words @param {State} state */
export function drawRooms(words, { talks, chosen, open }) {
  if (talks.length === 0) return [p(words.say("device.rooms.none"), "empty")];
  return [
    el("ul", { class: "card talks" }, ...talks.map((/** @type {State} */ talk) => row(words, talk, { chosen, open }))),
  ];
}

/** Place, matter, need and urgency. @param {Words} words @param {State} request */
export function wish(words, { place, matter, need, urgency }) {
  const about = `${words.say(`matter.${matter}`)} · ${words.say(`need.${need}`)} · ${words.say(`urgency.${urgency}`)}`;
  return el("p", { class: "over" }, el("strong", null, place), el("br", null), about);
}

/** @param {Words} words @param {State} talk @param {State} acts */
function row(words, talk, { chosen, open }) {
  const { consultation, room, role, state, owed, ending, request } = talk;
  const isOpen = state === "open" && room !== null;
  const label = isOpen
    ? words.say(`device.rooms.${role}`)
    : words.say("device.rooms.closed", { ending: words.say(`ending.${ending}`) });
  const mark =
    owed && role === "holder" ? toned("wait", words.say("device.rooms.owed")) : el("span", { class: "fine" }, label);
  const press = button({ class: "quiet", id: `room-${consultation}` }, words.say("device.rooms.open"), () =>
    open(talk),
  );
  const isShown = chosen !== undefined && chosen === room;
  const act = isShown
    ? el("span", { class: "fine", "aria-current": "true" }, words.say("device.rooms.shown"))
    : isOpen && press;
  const receipt =
    talk.receipt && el("p", { class: "fine" }, words.say("device.identified.row", words.receipt(talk.receipt)));
  return el("li", { "data-room": room }, wish(words, request), el("span", { class: "acts" }, mark, act), receipt);
}
