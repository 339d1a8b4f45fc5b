/** Grave events on the desk: what one was told and answers; for a commander in the field the form, and the answers as they come. */

import { newNotice, readGrave, tell } from "./graves.js";
import { draw, now } from "./here.js";
import { Problem } from "./trouble.js";
import { toBase64url } from "./seal/wire.js";
import { SealError } from "./seal/errors.js";
import { attend } from "./views/dom.js";
import { drawForm, drawSent, drawTold } from "./views/graves.js";
import { GuardView } from "./views/guard.js";

const KEY = 16; // bytes of an Idempotency-Key
const DENIED = 403;
const GONE = 409; // refused by name: not theirs any more, or too old to be shown

/** @typedef {import("./api.js").Json} Json */

/** The grave events' part of the desk. */
export class GravesDesk {
  #desk;
  #guard;
  /** @type {Json[] | null} */
  #forums = null;
  /** @type {Map<string, string | null>} */
  #texts = new Map();
  /** @type {Json | null} */
  #plan = null;
  #isWriting = false;
  #drawn = 0;
  /** @type {{drawn: number, parts: any[]}} */
  #form = { drawn: -1, parts: [] };

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.#guard = new GuardView(desk.words);
  }

  async look() {
    this.#forums ??= await this.#mayTell();
    const { sent, told } = await this.#desk.api.graves();
    for (const one of [...sent, ...told]) await this.#read(one);
    if (this.#forums.length + sent.length + told.length === 0) return this.#desk.section("graves").hide();
    const shown = [sent, told, [...this.#texts], this.#isWriting, this.#plan, this.#drawn];
    return this.#desk.redraw("graves", shown, () => this.#draw(sent, told));
  }

  /** The forums that one may tell; for everybody else none. @returns {Promise<Json[]>} */
  async #mayTell() {
    try {
      return (await this.#desk.api.forums()).forums;
    } catch (error) {
      if (error instanceof Problem && error.status === DENIED) return [];
      throw error;
    }
  }

  /** Read a notice once; what cannot be believed is not shown. @param {Json} one */
  async #read(one) {
    if (this.#texts.has(one.id)) return;
    try {
      this.#texts.set(one.id, (await readGrave(one, this.#here())) ?? "");
    } catch (error) {
      if (error instanceof SealError) this.#texts.set(one.id, null);
      else if (!(error instanceof Problem && error.status === GONE)) throw error; // one that is over stops no other
    }
  }

  /** @param {Json[]} sent @param {Json[]} told */
  #draw(sent, told) {
    const { words } = this.#desk;
    const texts = this.#texts;
    return [
      ...drawTold(words, { told, texts, answer: this.#answer }),
      ...this.#drawForm(),
      ...drawSent(words, { sent, texts }),
    ];
  }

  /** The form as it stands: what somebody is writing does not go away because an answer comes. */
  #drawForm() {
    if (this.#form.drawn === this.#drawn) return this.#form.parts;
    const parts = drawForm(this.#desk.words, {
      forums: this.#forums ?? [],
      isWriting: this.#isWriting,
      plan: this.#plan,
      guard: this.#guard.element,
      begin: this.#begin,
      cancel: this.#cancel,
      choose: this.#choose,
      send: this.#send,
      type: () => this.#desk.guarding.begin(),
    });
    this.#form = { drawn: this.#drawn, parts };
    return parts;
  }

  #begin = () => this.#change({ isWriting: true }, "grave-forum");
  #cancel = () => this.#change({ isWriting: false }, "grave-begin");

  /** Look who is on the list before anybody is rung. @param {{forum: string, text: string}} written */
  #choose = (written) =>
    this.#desk.tried(async () => {
      const judged = await this.#desk.guarding.judge(written.text, "unnamed");
      if (!(await this.#guard.ask(judged))) return;
      const plan = await this.#desk.api.gravePlan(written.forum);
      await this.#change({ isWriting: true, plan: { ...plan, text: written.text, ...newNotice(draw) } }, "grave-yes");
    });

  #send = () =>
    this.#desk.tried(async () => {
      const written = /** @type {any} */ (this.#plan);
      const notice = await tell(written, this.#here());
      this.#texts.set(notice.id, written.text);
      await this.#change({ isWriting: false }, "graves-title");
      this.#desk.tell(this.#desk.words.say("grave.page.sent", { count: notice.people }), "good");
    });

  /** @param {string} grave @param {string} answer */
  #answer = (grave, answer) =>
    this.#desk.tried(async () => {
      await this.#desk.api.answerGrave(grave, answer, { key: toBase64url(draw(KEY)) });
      await this.look();
      attend(`grave-${grave}-${answer}`);
    });

  /** @param {{isWriting: boolean, plan?: Json | null}} now @param {string} focus */
  async #change({ isWriting, plan = null }, focus) {
    [this.#isWriting, this.#plan] = [isWriting, plan];
    this.#drawn += 1;
    await this.look();
    attend(focus);
  }

  #here() {
    const { api, directories, self } = this.#desk;
    return { api, directories, secret: self.secret, draw, now };
  }
}
