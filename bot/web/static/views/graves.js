/** Grave events: notices to oneself with their answers, the form of a commander in the field, and who has answered. */

import { button, el, p, toned } from "./dom.js";

const ANSWERS = ["coming", "later", "call_me", "cannot"];
const KINDS = ["shooting", "explosion", "violence", "fire", "death", "missing", "unrest", "other"];
/** @type {Record<string, "good" | "bad" | "wait" | "plain">} */
const TONES = { coming: "good", later: "wait", call_me: "wait", cannot: "bad", none: "plain" };
const MOST_PLACE = 80;
const MOST_WORDS = 600;

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State */

/** What one was told; what cannot be believed is said to be so. @param {Words} words @param {State} state */
export function drawTold(words, { told, texts, answer }) {
  return told.map((/** @type {State} */ one) => {
    const [mine] = one.replies;
    const press = (/** @type {string} */ said) =>
      button(
        { id: `grave-${one.id}-${said}`, class: mine?.answer === said ? "press" : "quiet", "aria-pressed": String(mine?.answer === said) },
        words.say(`grave.answer.${said}`),
        () => answer(one.id, said),
      );
    return el(
      "article",
      { class: "card", "data-grave": one.id },
      el("h3", null, one.label),
      p(words.say("grave.page.from", { time: `${words.day(one.at)} ${words.clock(new Date(one.at))}` }), "fine"),
      drawText(words, texts.get(one.id)),
      p(words.say("grave.never"), "alarm"),
      p(words.say("grave.page.answer"), "over"),
      el("div", { class: "acts", role: "group", "aria-label": words.say("grave.page.answer") }, ...ANSWERS.map(press)),
    );
  });
}

/** The form, the button that opens it, or the question whether to ring. @param {Words} words @param {State} state */
export function drawForm(words, { forums, isWriting, plan, guard, begin, cancel, choose, send, type }) {
  if (forums.length === 0) return [];
  if (!isWriting) return [button({ id: "grave-begin", class: "quiet" }, words.say("grave.page.begin"), begin)];
  if (plan !== null) return [drawSure(words, plan, { send, cancel })];
  const forum = el(
    "select",
    { id: "grave-forum" },
    ...forums.map((/** @type {State} */ one) =>
      el("option", { value: one.forum }, words.say("grave.page.forum_told", { forum: one.label, organisation: one.organisation_label })),
    ),
  );
  const kind = el(
    "select",
    { id: "grave-kind" },
    ...KINDS.map((one) => el("option", { value: one }, words.say(`grave.kind.${one}`))),
  );
  const place = el("input", { id: "grave-place", type: "text", maxlength: MOST_PLACE, required: true, autocomplete: "off" });
  const said = el("textarea", { id: "grave-words", rows: "4", maxlength: MOST_WORDS, autocomplete: "off" });
  for (const field of [place, said]) field.addEventListener("focus", type);
  const labelled = (/** @type {any} */ field, /** @type {string} */ key) => [
    el("label", { for: field.id }, words.say(`grave.page.${key}`)),
    field,
  ];
  const ask = () => {
    const head = `${words.say(`grave.kind.${kind.value}`)}, ${place.value.trim()}.`;
    choose({ forum: forum.value, text: [head, said.value.trim()].filter(Boolean).join("\n") });
  };
  const form = el(
    "form",
    { class: "card form" },
    p(words.say("grave.page.what")),
    p(words.say("grave.page.never"), "alarm"),
    ...labelled(forum, "forum"),
    ...labelled(kind, "kind"),
    ...labelled(place, "place"),
    ...labelled(said, "words"),
    guard,
    el(
      "div",
      { class: "acts" },
      button({ id: "grave-send" }, words.say("grave.page.send"), () => form.reportValidity() && ask()),
      button({ id: "grave-cancel", class: "quiet" }, words.say("grave.page.no"), cancel),
    ),
  );
  form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
  return [form];
}

/** What one sent, and who has answered what. @param {Words} words @param {State} state */
export function drawSent(words, { sent, texts }) {
  return sent.map((/** @type {State} */ one) =>
    el(
      "article",
      { class: "card", "data-sent": one.id },
      el("h3", null, one.label),
      p(`${words.day(one.at)} ${words.clock(new Date(one.at))}`, "fine"),
      drawText(words, texts.get(one.id)),
      p(words.say("grave.page.answers"), "over"),
      el(
        "ul",
        { class: "answers" },
        ...one.replies.map((/** @type {State} */ reply) =>
          el(
            "li",
            null,
            reply.rung
              ? toned(TONES[reply.answer], words.say(`grave.answer.${reply.answer}`))
              : toned("bad", words.say("grave.page.unrung")),
            ` ${reply.name}${reply.roles.length > 0 ? `, ${reply.roles.join(", ")}` : ""}`,
          ),
        ),
      ),
    ),
  );
}

/** @param {Words} words @param {State} plan @param {State} acts */
function drawSure(words, plan, { send, cancel }) {
  return el(
    "div",
    { class: "card sure", role: "group", "aria-label": words.say("grave.page.begin") },
    p(words.say("grave.page.sure", { count: plan.people }), "lead"),
    el("p", { class: "bubble" }, plan.text),
    plan.unread > 0 && p(words.say("grave.page.unread", { count: plan.unread }), "fine"),
    p(words.say("grave.page.never"), "alarm"),
    el(
      "div",
      { class: "acts" },
      button({ id: "grave-yes" }, words.say("grave.page.yes"), send),
      button({ id: "grave-no", class: "quiet" }, words.say("grave.page.no"), cancel),
    ),
  );
}

/** @param {Words} words @param {string | null | undefined} text null: not to be believed; "": none for this device */
function drawText(words, text) {
  if (text === null) return p(words.say("grave.page.broken"), "alarm");
  return text ? el("p", { class: "bubble" }, text) : p(words.say("grave.page.elsewhere"), "fine");
}
