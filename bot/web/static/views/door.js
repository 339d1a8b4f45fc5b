/** The card that says how it stands with this browser's device, until it is open; one function for each state. */

import { button, el, p } from "./dom.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State what a state needs to be drawn */

/** @type {Record<string, (words: Words, state: State) => Node[]>} */
const CARDS = {
  working: (words) => [turning(), title(words.say("device.working")), p(words.say("device.working_more"), "lead")],
  outside: (words) => told(words, "device.outside"),
  none: (words) => told(words, "device.none"),
  invited,
  making: (words) => [
    turning(),
    title(words.say("device.invited.making")),
    p(words.say("device.invited.making_more"), "lead"),
  ],
  waiting,
  locked: (words, { unlock }) => [
    ...told(words, "device.locked", {}, "lead"),
    button({ id: "unlock" }, words.say("device.locked.press"), unlock),
  ],
  other: (words, { person, unlock }) => [
    ...told(words, "device.other", { person }),
    ...(unlock ? [button({ id: "unlock" }, words.say("device.locked.press"), unlock)] : []),
  ],
  gone: (words, { forget }) => [
    ...told(words, "device.gone"),
    button({ id: "forget" }, words.say("device.revoked.forget"), forget),
  ],
  revoked: (words, { forget }) => [
    ...told(words, "device.revoked"),
    button({ id: "forget" }, words.say("device.revoked.forget"), forget),
  ],
  refused: (words, { retry }) => [
    ...told(words, "device.refused"),
    button({ id: "retry" }, words.say("device.again"), retry),
  ],
  trouble: (words, { error, retry }) => [
    title(words.say("device.heading_trouble")),
    p(words.trouble(error), "lead"),
    button({ id: "retry" }, words.say("device.again"), retry),
  ],
};

/** States in which nobody has to do anything but wait, or press what is there. */
const ON_THE_WAY = new Set(["working", "making", "invited"]);

/** Draw the card of a state; whoever gets no further finds the numbers. @param {Words} words @param {{name: string} & State} state */
export function drawDoor(words, state) {
  const home = el("a", { class: "quiet", href: `/${location.search}` }, words.say("device.home"));
  const ways = ON_THE_WAY.has(state.name) ? [] : [home];
  return el("section", { class: "card", "data-door": state.name }, ...CARDS[state.name](words, state), ...ways);
}

/** @param {Words} words @param {State} state */
function invited(words, { person, organisation, rights, error, canPrf, enrol }) {
  const about = { person, organisation: words.organisation(organisation), rights: words.rights(rights) };
  const ways = canPrf ? ["prf", "storage"] : ["storage"];
  return [
    title(words.say("device.invited.title")),
    p(words.say("device.invited.lead", about), "lead"),
    error ? el("p", { class: "alarm", role: "alert" }, words.trouble(error)) : null,
    ...ways.map((tier, at) => way(words, tier, at === 0, () => enrol(tier))),
    p(words.say("device.invited.never_out"), "fine"),
  ].filter((node) => node !== null);
}

/** @param {Words} words @param {string} tier @param {boolean} isFirst @param {() => unknown} act */
function way(words, tier, isFirst, act) {
  const press = button(
    { id: `enrol-${tier}`, "data-rank": isFirst ? "first" : "later" },
    words.say(`device.invited.${tier}`),
    act,
  );
  press.setAttribute("aria-describedby", `about-${tier}`);
  return el(
    "div",
    { class: "way" },
    press,
    el("p", { class: "fine", id: `about-${tier}` }, words.say(`device.invited.${tier}_more`)),
  );
}

/** @param {Words} words @param {State} state */
function waiting(words, { code, rights }) {
  return [
    title(words.say("device.waiting.title")),
    p(words.say("device.waiting.lead"), "lead"),
    digits(words, code),
    ...(rights === 1 ? [] : [p(words.say("device.waiting.two"))]),
    p(words.say("device.waiting.next"), "fine"),
  ];
}

/** A title, a lead and what to do next. @param {Words} words @param {string} key @param {Record<string, string>} [given] @param {"lead"} [only] */
function told(words, key, given, only) {
  const lead = [title(words.say(`${key}.title`)), p(words.say(`${key}.lead`, given), "lead")];
  return only ? lead : [...lead, p(words.say(`${key}.next`))];
}

/** A code, read out as what it is. @param {Words} words @param {string} code */
export function digits(words, code) {
  const named = el("span", { class: "unseen" }, `${words.say("device.waiting.code")}: `);
  return el("p", { class: "code-line" }, named, el("span", { class: "digits" }, code));
}

/** @param {string} text */
function title(text) {
  return el("h2", { tabindex: "-1", "data-title": true }, text);
}

function turning() {
  return el("div", { class: "turning", "aria-hidden": "true" });
}
