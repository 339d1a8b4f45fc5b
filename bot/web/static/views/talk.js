/** One talk: who is in it, what was said, and where one writes. Drawn once; then only what is new is added. */

import { button, el, fill, p, toned } from "./dom.js";
import { DisclosingView } from "./disclosing.js";
import { GuardView } from "./guard.js";
import { NamingView } from "./naming.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State */

const MOST = 4_000; // characters of one text
const REFERRED = "referred"; // the ending that says to what
const NEAR = 48; // px from the end: whoever has scrolled further up is reading there, and is left to

/** The parts of a talk that change. */
export class TalkView {
  #words;
  #acts;
  #drawn = new Map();

  /** @param {Words} words @param {{begin: () => unknown, judge: (text: string) => Promise<import("../guarding.js").Told | null>,
   *   send: (text: string) => unknown, targets: () => Promise<State[]>,
   *   close: (how: {ending: string, target?: string}) => unknown,
   *   receivers: () => Promise<State[]>, handOver: (person: string) => unknown, leave: () => unknown,
   *   drop: (id: string) => unknown, again: (id: string) => unknown, identify: () => Promise<State | null>,
   *   grounds: () => Promise<State[]>, disclose: (chosen: State, text: string) => Promise<boolean>}} acts
   * @param {State} about `endings`, `mayHandOver`, `role` */
  constructor(words, acts, about) {
    this.#words = words;
    this.#acts = acts;
    this.#present = el("p", { class: "present" });
    this.#alarm = el("div", { role: "alert" });
    this.#lines = el("ol", { class: "said", tabindex: "0", "aria-label": words.say("device.talk.title") });
    this.#waiting = el("ul", { class: "said waiting" });
    this.#more = el("div", { class: "more" });
    this.#naming = new NamingView(words, about.role, acts.identify);
    this.#disclosing = about.role === "holder" ? new DisclosingView(words, acts) : null;
    this.element = el(
      "div",
      { class: "card talk" },
      this.#present,
      this.#naming.receipt,
      this.#alarm,
      this.#lines,
      this.#waiting,
      this.#composer(),
      this.#more,
      this.#ends(about),
    );
  }

  /** @type {any} */ #present;
  /** @type {any} */ #alarm;
  /** @type {any} */ #lines;
  /** @type {any} */ #waiting;
  /** @type {any} */ #more;
  /** @type {any} */ #form;
  #naming;
  #disclosing;
  /** @type {any[]} */ #folds = [];

  /** Show how it stands. @param {State} state */
  update({ present, hasBridge, lines, waiting, fault, isOver, lacksHistory, isNamed, receipt }) {
    const words = this.#words;
    fill(
      this.#present,
      words.say("device.talk.present", { who: present.join(", ") }),
      ...(hasBridge ? [el("br", null), toned("wait", words.say("device.talk.bridge"))] : []),
    );
    const over = fault === null && isOver && p(words.say("device.talk.over"), "state");
    fill(this.#alarm, fault !== null && alarm(words), over);
    this.#present.hidden = fault !== null; // nothing is said of what does not hold
    fill(this.#more, fault === null && lacksHistory && p(words.say("device.talk.history"), "fine"));
    for (const line of lines) this.#draw(line);
    if (lines.length === 0)
      fill(this.#lines, el("li", { class: "fine", "data-empty": true }, words.say("device.talk.empty")));
    else this.#lines.querySelector("[data-empty]")?.remove();
    fill(this.#waiting, ...waiting.map((/** @type {State} */ one) => this.#queued(one)));
    this.#form.hidden = fault !== null || isOver;
    for (const fold of this.#folds) fold.hidden = isOver;
    this.#naming.update({ isNamed, isOver: isOver || fault !== null, receipt });
    this.#disclosing?.update({ isNamed, isOver: isOver || fault !== null });
    this.#lines.setAttribute("aria-live", "polite"); // what comes from now on is read out, not all that was
  }

  /** A line is drawn anew when what is known of it has changed: it could be read, it was read. @param {State} line */
  #draw(line) {
    const before = this.#drawn.get(line.seq);
    const mark = JSON.stringify(line);
    if (before?.mark === mark) return;
    const made = drawLine(this.#words, line);
    const isAtEnd = this.#lines.scrollHeight - this.#lines.scrollTop - this.#lines.clientHeight < NEAR;
    if (before === undefined) this.#lines.append(made);
    else before.made.replaceWith(made);
    this.#drawn.set(line.seq, { mark, made });
    if (isAtEnd || line.side === "mine") this.#lines.scrollTop = this.#lines.scrollHeight;
  }

  /** @param {State} one */
  #queued({ id, text, refused }) {
    const words = this.#words;
    const told =
      refused === null
        ? words.say("device.talk.queued")
        : words.say("device.talk.refused", { why: words.trouble({ code: refused }) });
    return el(
      "li",
      { class: "line", "data-side": "mine" },
      el("p", { class: "bubble" }, text),
      p(told, "fine"),
      refused === "overheard" &&
        button({ class: "quiet" }, words.say("device.talk.again"), () => this.#acts.again(id)),
      refused !== null && button({ class: "quiet" }, words.say("device.talk.drop"), () => this.#acts.drop(id)),
    );
  }

  #composer() {
    const words = this.#words;
    const text = el("textarea", { id: "say", rows: "2", maxlength: String(MOST), autocomplete: "off" });
    const guard = new GuardView(words);
    text.addEventListener("focus", () => this.#acts.begin());
    text.addEventListener("input", () => guard.clear());
    const send = async () => {
      const written = text.value.trim();
      if (written === "") return;
      const told = await this.#acts.judge(written);
      if (told === null || !(await guard.ask(told))) return text.focus();
      if (text.value.trim() === written) text.value = "";
      await this.#acts.send(written);
      text.focus();
    };
    text.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    });
    this.#form = el(
      "form",
      { class: "composer" },
      el("label", { for: "say" }, words.say("device.talk.label")),
      text,
      guard.element,
      button({ id: "send" }, words.say("device.talk.send"), send),
    );
    this.#form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
    return this.#form;
  }

  /** Ending it, or giving it to somebody else: folded away from the hand that writes. @param {State} about */
  #ends({ endings, mayHandOver }) {
    const words = this.#words;
    const targets = mayHandOver ? this.#acts.targets : async () => []; // whoever has it says to what
    const close = closing(words, { endings, targets }, this.#acts.close);
    const ends = el(
      "details",
      { class: "ends" },
      el("summary", null, words.say("device.talk.close")),
      el("div", { class: "inside" }, close),
    );
    const back = button({ class: "quiet", id: "leave" }, words.say("device.talk.back"), this.#acts.leave);
    this.#folds = mayHandOver ? [this.#givesAway(), ends] : [ends];
    const folds = [this.#naming.fold, this.#disclosing?.fold, ...this.#folds];
    return el("div", { class: "ending" }, ...folds, back);
  }

  #givesAway() {
    const words = this.#words;
    const give = chooser(
      words,
      { id: "hand-over", label: "device.talk.hand_over_label", press: "device.talk.hand_over" },
      this.#acts.handOver,
    );
    const none = p(words.say("device.talk.hand_over_none"), "fine");
    const fold = el(
      "details",
      { class: "ends" },
      el("summary", null, words.say("device.talk.hand_over")),
      el("div", { class: "inside" }, none, give.element),
    );
    give.element.hidden = true;
    fold.addEventListener("toggle", async () => {
      if (!fold.open) return;
      const found = await this.#acts.receivers();
      give.offer(found.map(({ person, name, role }) => [person, `${name}, ${words.say(`web.role.${role}`)}`]));
      give.element.hidden = found.length === 0;
      none.hidden = found.length > 0;
    });
    return fold;
  }
}

/** @param {Words} words @param {State} line */
function drawLine(words, line) {
  const { seq, kind, side, who, text, isLost, mark, disclosed } = line;
  if (kind !== "said") return el("li", { class: "fine note", "data-seq": seq }, text);
  const body = isLost
    ? el("p", { class: "bubble alarm" }, words.say("device.talk.lost"))
    : el("p", { class: "bubble" }, text);
  return el(
    "li",
    { class: "line", "data-seq": seq, "data-side": side },
    el("p", { class: "fine" }, who),
    disclosed && el("p", { class: "fine disclosed" }, el("strong", null, disclosed)),
    body,
    mark && p(mark, "fine"),
  );
}

/** @param {Words} words */
function alarm(words) {
  return el(
    "section",
    { class: "silence" },
    el("h3", null, words.say("device.talk.fault")),
    p(words.say("device.talk.fault_more")),
    el("a", { class: "quiet", href: `/${location.search}` }, words.say("device.home")),
  );
}

/**
 * How it ended; and, when it is by referring the officer on, to what.
 * @param {Words} words @param {{endings: string[], targets: () => Promise<State[]>}} about
 * @param {(how: {ending: string, target?: string}) => unknown} act
 */
function closing(words, { endings, targets }, act) {
  const target = el("select", { id: "close-target" });
  const label = el("label", { for: "close-target" }, words.say("device.talk.target_label"));
  const referred = el("div", { class: "chooser" }, label, target);
  referred.hidden = true;
  const named = { id: "close", label: "device.talk.close_label", press: "device.talk.close", more: referred };
  const close = chooser(words, named, (ending) => {
    const hasTarget = !referred.hidden && target.value !== "";
    return act(hasTarget ? { ending, target: target.value } : { ending });
  });
  close.select.addEventListener("change", async () => {
    const found = close.select.value === REFERRED ? await targets() : [];
    const choices = found.map((one) => el("option", { value: one.target }, one.label));
    fill(target, el("option", { value: "" }, words.say("device.talk.target_other")), ...choices); // nothing by default
    referred.hidden = found.length === 0 || close.select.value !== REFERRED;
  });
  close.offer(endings.map((ending) => [ending, words.say(`ending.${ending}`)]));
  return close.element;
}

/**
 * A choice of one, and a button that does it; `more`: what else is chosen with it.
 * @param {Words} words @param {{id: string, label: string, press: string, more?: any}} named @param {(chosen: string) => unknown} act
 */
function chooser(words, { id, label, press, more }, act) {
  const select = el("select", { id: `${id}-choice` });
  const element = el(
    "div",
    { class: "chooser" },
    el("label", { for: `${id}-choice` }, words.say(label)),
    select,
    more,
    button({ id }, words.say(press), () => act(select.value)),
  );
  const offer = (/** @type {string[][]} */ choices) =>
    fill(select, ...choices.map(([value, text]) => el("option", { value }, text)));
  return { element, select, offer };
}
