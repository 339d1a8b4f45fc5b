/** The end of a shift: what goes to a colleague, what came from one, and the receipts of it. */

import { button, el, p, toned } from "./dom.js";
import { wish } from "./rooms.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State */

const KINDS = ["call", "feedback", "presence"];
const KEEP = "keep";

/** What one holds; folded until it is to go. @param {Words} words @param {State} state @param {State} acts */
export function drawLeaving(words, { leaving, draft, isOpen, isNear }, { open, back, change, give }) {
  const count = leaving.talks.length;
  const until = leaving.until === null ? null : words.clock(new Date(leaving.until));
  const head = words.say(until === null ? "device.shift.has_off" : "device.shift.has", { count, until: until ?? "" });
  if (!isOpen) {
    return el(
      "article",
      { class: "card" },
      p(head, "over"),
      button({ id: "shift-open", "data-rank": isNear ? null : "later" }, words.say("device.shift.open"), open),
    );
  }
  const talks = leaving.talks.map((/** @type {State} */ talk) => talkOf(words, talk, { draft, change }));
  return el(
    "article",
    { class: "card form", "data-leaving": true },
    p(head, "over"),
    el("ul", { class: "talks" }, ...talks),
    ...receiverOf(words, leaving, { draft, change, give }),
    button({ class: "quiet", id: "shift-back" }, words.say("device.no_back"), back),
  );
}

/** What came from a colleague, and waits for a first word. @param {Words} words @param {State} receipt @param {() => unknown} take */
export function drawReceived(words, receipt, take) {
  return el(
    "article",
    { class: "card", "data-received": receipt.handover },
    p(words.say("device.shift.received", { count: receipt.talks.length, name: receipt.giver }), "over"),
    el("ul", { class: "talks" }, ...receipt.talks.map((/** @type {State} */ talk) => lineOf(words, talk))),
    p(words.say("device.shift.received_next"), "fine"),
    button({ id: `take-${receipt.handover}` }, words.say("device.shift.take"), take),
  );
}

/** What was handed over, or came: kept to be looked at. @param {Words} words @param {State[]} receipts */
export function drawReceipts(words, receipts) {
  const cards = receipts.map((receipt) => receiptOf(words, receipt));
  return el(
    "details",
    { class: "ends" },
    el("summary", null, words.say("device.shift.receipts", { count: receipts.length })),
    el("div", { class: "inside" }, ...cards),
  );
}

/** @param {Words} words @param {State} talk @param {State} acts */
function talkOf(words, talk, { draft, change }) {
  const { room, unread, promises } = talk;
  const chosen = draft.promises[room] ?? { kind: promises === null ? "nothing" : KEEP, time: "" };
  const kept = promises === null ? [] : [[KEEP, words.say("device.shift.as_before", { what: saidOf(words, promises) })]];
  const kinds = ["nothing", ...KINDS].map((kind) => [kind, words.say(`device.shift.kind_${kind}`)]);
  const kind = el("select", { id: `promise-${room}` }, ...options([...kept, ...kinds], chosen.kind));
  const time = el("input", { id: `promise-time-${room}`, type: "time", required: true, value: chosen.time });
  const when = el("label", { for: time.id }, words.say("device.shift.when"));
  const fit = () => {
    time.hidden = when.hidden = !KINDS.includes(kind.value);
    time.required = !time.hidden;
  };
  const changed = () => {
    fit();
    change({ promises: { ...draft.promises, [room]: { kind: kind.value, time: time.value } } });
  };
  kind.addEventListener("change", changed);
  time.addEventListener("change", changed);
  fit();
  return el(
    "li",
    { "data-room": room },
    askedOf(words, talk.request),
    unreadOf(words, unread),
    el(
      "div",
      { class: "chooser promise" },
      el("label", { for: kind.id }, words.say("device.shift.promised")),
      kind,
      when,
      time,
    ),
  );
}

/** Whom it can go to, and the one button; or why to nobody. @param {Words} words @param {State} leaving @param {State} acts */
function receiverOf(words, { talks, colleagues, unreached }, { draft, change, give }) {
  const without = unreached.map((/** @type {State} */ { name }) => name).join(", ");
  const told = without && p(words.say("device.shift.unreached", { who: without }), "fine");
  if (colleagues.length === 0) return [p(words.say("device.shift.nobody"), "alarm"), told];
  const choices = colleagues.map((/** @type {State} */ one) => [one.person, nameOf(words, one)]);
  const to = el(
    "select",
    { id: "shift-to", required: true },
    ...options([["", words.say("device.shift.choose")], ...choices], draft.to),
  );
  to.addEventListener("change", () => change({ to: to.value }));
  const send = button({ id: "shift-give" }, words.say("device.shift.give", { count: talks.length }), () => {
    const form = to.closest("article");
    const fields = Array.from(form?.querySelectorAll("select, input") ?? []);
    return fields.every((/** @type {any} */ field) => field.hidden || field.reportValidity()) && give();
  });
  return [
    el("label", { for: to.id }, words.say("device.shift.to")),
    to,
    told,
    p(words.say("device.shift.at_once"), "fine"),
    el("div", { class: "acts" }, send),
  ];
}

/** @param {Words} words @param {State} receipt */
function receiptOf(words, receipt) {
  const at = new Date(receipt.at);
  const key = receipt.role === "giver" ? "gave" : "got";
  const name = receipt.role === "giver" ? receipt.receiver : receipt.giver;
  const line = { name, day: words.day(receipt.at), clock: words.clock(at), count: receipt.talks.length };
  return el(
    "article",
    { class: "receipt", "data-receipt": receipt.handover },
    p(words.say(`device.shift.${key}`, line), "over"),
    el(
      "ul",
      { class: "talks" },
      ...receipt.talks.map((/** @type {State} */ talk) =>
        lineOf(words, talk, words.say("device.shift.place", { log: talk.organisation, entry: talk.entry })),
      ),
    ),
    receipt.erased > 0 && p(words.say("device.shift.erased", { count: receipt.erased }), "fine"),
    receipt.digest !== null && p(words.say("device.shift.digest"), "fine"),
    receipt.digest !== null && el("code", { class: "code" }, receipt.digest),
  );
}

/** @param {Words} words @param {State} talk @param {string} [place] */
function lineOf(words, { room, request, unread, promises }, place) {
  const promised = words.say("device.shift.promised_line", { what: saidOf(words, promises) });
  const said = el("div", { class: "way" }, unreadOf(words, unread), p(promised, "fine"), place && p(place, "fine"));
  return el("li", { "data-room": room }, askedOf(words, request), said);
}

/** What was asked, and when: two talks may be about the same. @param {Words} words @param {State} request */
function askedOf(words, request) {
  const clock = words.clock(new Date(request.at));
  return el("div", null, wish(words, request), p(words.say("device.shift.asked", { clock }), "fine"));
}

/** @param {Words} words @param {number} unread */
function unreadOf(words, unread) {
  if (unread > 0) return toned("wait", words.say("device.shift.unread", { count: unread }));
  return el("span", { class: "fine" }, words.say("device.shift.all_read"));
}

/** @param {Words} words @param {State[]} promises */
function saidOf(words, promises) {
  const said = promises.map(({ kind, due }) => {
    const clock = due === null ? "" : words.clock(new Date(due));
    return words.say(`device.shift.said_${kind}`, { clock });
  });
  return said.join(", ") || words.say("device.shift.said_nothing");
}

/** @param {Words} words @param {State} colleague */
function nameOf(words, { name, role, holds, until }) {
  const key = until === null ? "colleague_soon" : "colleague";
  const clock = until === null ? "" : words.clock(new Date(until));
  return words.say(`device.shift.${key}`, { name, role: words.say(`web.role.${role}`), clock, count: holds });
}

/** @param {string[][]} choices @param {string} chosen */
function options(choices, chosen) {
  return choices.map(([value, text]) => el("option", { value, selected: value === chosen }, text));
}
