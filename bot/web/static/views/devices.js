/** This device, one's other devices, and those that wait for somebody's word. */

import { button, el, p, toned } from "./dom.js";
import { digits } from "./door.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State */

const TONES = /** @type {const} */ ({ pending: "wait", active: "good", revoked: "bad" });

/** This device: how its keys lie, and what that means. @param {Words} words @param {State} state */
export function drawHere(words, { tier, name, organisation, isPersisted, lock }) {
  const kept = words.say(isPersisted ? "device.here.persisted" : "device.here.not_persisted");
  const whose = words.say("device.here.person", { person: name, organisation: words.organisation(organisation) });
  return [
    el(
      "div",
      { class: "card" },
      p(whose),
      el("p", null, lock ? toned("good", words.say("device.here.prf")) : words.say("device.here.storage")),
      p(`${words.say(`device.here.${tier}_more`)} ${kept}`, "fine"),
      lock && button({ class: "quiet", id: "lock" }, words.say("device.here.lock"), lock),
    ),
  ];
}

/** One's own devices. `asked`: the one that is about to be revoked. @param {Words} words @param {State} state */
export function drawMine(words, { devices, here, asked, link, ask, revoke, invite }) {
  const rows = devices.map((/** @type {State} */ device) => mine(words, device, { here, asked, ask, revoke }));
  const more = link
    ? invitation(words, link)
    : button({ class: "quiet", id: "invite" }, words.say("device.mine.invite"), invite);
  return [el("div", { class: "card" }, el("ul", { class: "rows" }, ...rows), more)];
}

/** Devices that wait for a word. @param {Words} words @param {State} state */
export function drawWaiting(words, { waiting, me, given, approve }) {
  if (waiting.length === 0) return [p(words.say("device.approve.none"), "empty")];
  return [
    p(words.say("device.approve.lead"), "fine"),
    ...waiting.map((/** @type {State} */ one) => {
      const { bundle, name, code, words: count, needed } = one;
      const id = bundle.public.id;
      const own = bundle.person === me ? ` (${words.say("device.approve.own")})` : "";
      return el(
        "article",
        { class: "card", "data-device": id },
        el("h3", null, `${name}${own}`),
        p(words.say("device.approve.asks", { rights: words.rights(bundle.rights) }), "over"),
        digits(words, code),
        needed > 1 || count > 0 ? p(words.say("device.approve.words", { count, needed }), "fine") : null,
        given.has(id)
          ? el("p", null, toned("good", words.say("device.approve.done")))
          : button({ id: `approve-${id}` }, words.say("device.approve.press"), () => approve(one)),
      );
    }),
  ];
}

/** @param {Words} words @param {State} device @param {State} acts */
function mine(words, { id, tier, state, enrolledAt, rights }, { here, asked, ask, revoke }) {
  const what =
    id === here
      ? `${words.say(`device.tier.${tier}`)} (${words.say("device.mine.here")})`
      : words.say(`device.tier.${tier}`);
  const since = words.say("device.mine.since", {
    day: words.day(enrolledAt),
    clock: words.clock(new Date(enrolledAt)),
  });
  const about = el("span", null, what, el("span", { class: "fine block" }, `${since} · ${words.rights(rights)}`));
  const tone = TONES[/** @type {keyof typeof TONES} */ (state)];
  const press = {
    class: "quiet",
    id: `revoke-${id}`,
    "aria-label": `${words.say("device.mine.revoke")}: ${what}, ${since}`,
  };
  const row = el(
    "li",
    null,
    about,
    el(
      "span",
      { class: "acts" },
      toned(tone, words.say(`device.state.${state}`)),
      state !== "revoked" && asked !== id && button(press, words.say("device.mine.revoke"), () => ask(id)),
    ),
  );
  const question =
    id === here ? words.say("device.mine.revoke_here") : words.say("device.mine.revoke_sure", { device: what });
  if (asked === id) row.append(sure(words, question, { back: () => ask(null), go: () => revoke(id) }));
  return row;
}

/** @param {Words} words @param {string} question @param {{back: () => unknown, go: () => unknown}} acts */
function sure(words, question, { back, go }) {
  return el(
    "div",
    { class: "sure", role: "group", "aria-labelledby": "revoke-question" },
    el("p", { id: "revoke-question" }, question),
    el(
      "div",
      { class: "acts" },
      button({ id: "revoke-yes", "data-rank": "grave" }, words.say("device.mine.revoke_yes"), go),
      button({ class: "quiet", id: "revoke-no" }, words.say("device.no_back"), back),
    ),
  );
}

/** @param {Words} words @param {string} link */
function invitation(words, link) {
  const field = el("textarea", { id: "link", class: "code", rows: "3", readonly: true, spellcheck: "false" });
  field.value = link;
  const told = el("p", { class: "fine", role: "status" });
  const press = button({ id: "copy" }, words.say("device.mine.copy"), async () => {
    field.select(); // what the browser does not copy by itself, its user can
    const isCopied = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    told.textContent = words.say(isCopied ? "device.mine.copied" : "device.mine.not_copied");
  });
  return el(
    "div",
    { class: "way" },
    p(words.say("device.mine.invite_lead"), "fine"),
    el("label", { for: "link" }, words.say("device.mine.invite_label")),
    field,
    press,
    told,
  );
}
