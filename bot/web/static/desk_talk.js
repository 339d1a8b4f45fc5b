/** One talk on the desk: follows its room, sends what was written, and says how it stands. */

import { disclosedIn } from "./disclosures.js";
import { draw } from "./here.js";
import { Room } from "./room.js";
import { isSaid } from "./room_log.js";
import { Right } from "./seal/enrolment.js";
import { EPOCH_KIND, GRANT_KIND } from "./seal/event.js";
import { SealError } from "./seal/errors.js";
import { readEpoch } from "./seal/epoch.js";
import { toBase64url } from "./seal/wire.js";
import { isRefused, Trouble } from "./trouble.js";
import { attend } from "./views/dom.js";
import { TalkView } from "./views/talk.js";

/** @typedef {import("./room_log.js").Line} Line */

/** A talk that somebody has opened. */
export class Talk {
  #desk;
  #room;
  #view = /** @type {TalkView | null} */ (null);
  #fault = /** @type {unknown} */ (null);
  #isOver = false;
  /** Who is in the room as the page says it. @type {import("./audience.js").Audience | null} */
  #shown = null;
  #leave;

  /** @param {import("./desk.js").Desk} desk @param {any} talk the consultation @param {{leave: () => unknown}} acts */
  constructor(desk, talk, { leave }) {
    this.#desk = desk;
    this.talk = talk;
    this.room = talk.room;
    this.#leave = leave;
    const { api, directories, store, self } = desk;
    this.#room = new Room({ room: talk.room, self, api, directories, store, draw });
  }

  async begin() {
    const { endings } = await this.#desk.api.choices();
    const acts = {
      begin: () => this.#desk.guarding.begin(),
      judge: (/** @type {string} */ text) => this.#judge(text),
      send: (/** @type {string} */ text) => this.#send(text),
      targets: () => this.#targets(),
      close: (/** @type {any} */ how) => this.#close(how),
      receivers: () => this.#receivers(),
      handOver: (/** @type {string} */ person) => this.#handOver(person),
      identify: () => this.#identify(),
      grounds: () => this.#grounds(),
      disclose: (/** @type {any} */ chosen, /** @type {string} */ text) => this.#disclose(chosen, text),
      leave: () => this.#leave(),
      drop: (/** @type {string} */ id) => this.#drop(id),
      again: (/** @type {string} */ id) => this.#again(id),
    };
    this.#view = new TalkView(this.#desk.words, acts, {
      endings,
      mayHandOver: this.talk.role === "holder",
      role: this.talk.role,
    });
    this.#desk.section("talk").show([this.#view.element]);
    await this.look(true);
    document.getElementById("talk-title")?.scrollIntoView({ block: "start" });
    attend("talk-title");
  }

  /**
   * Read on, do what is due, send what waits, and show it. @param {boolean} isOpen
   * @param {any} [talk] the consultation as it stands now
   */
  async look(isOpen, talk = this.talk) {
    this.talk = talk;
    if (this.#fault === null && !this.#isOver) await this.#follow(isOpen);
    await this.#show();
  }

  /** @param {boolean} isOpen */
  async #follow(isOpen) {
    try {
      await (isOpen ? this.#room.settle() : this.#room.follow());
      if (isOpen) await this.#desk.queue.flush(this.room, this.#say);
      if (isOpen) await this.#confirm();
      this.#isOver = !isOpen;
    } catch (error) {
      if (isRefused(error, "not_yours", "not_open")) this.#isOver = true;
      else if (error instanceof SealError || (error instanceof Trouble && error.code === "rolled_back"))
        this.#fault = error;
      else throw error;
    }
  }

  /** Say that what came was read: it stands on the screen. */
  async #confirm() {
    const others = this.#room.log.lines.filter(
      ({ event, text }) => isSaid(event.kind) && event.author !== this.#me && text !== null,
    );
    const last = others.at(-1)?.event.seq ?? 0;
    if (last > this.#room.log.reached(this.#me).read && !document.hidden) await this.#room.confirm("read", last);
  }

  get #me() {
    return this.#desk.self.person;
  }

  get #isNamed() {
    return this.talk.identified === true || this.#room.view?.identified === true;
  }

  /** Since when somebody is named, and which board received it. */
  #receipt() {
    const { words } = this.#desk;
    const { receipt } = this.talk;
    if (!receipt) return null;
    return words.receipt(receipt);
  }

  /** Begin the identified phase; returns the number to call instead, where others would hear who is named. */
  async #identify() {
    /** @type {any} */
    let call = null;
    await this.#desk.tried(async () => {
      try {
        await this.#room.settle(); // where a device came or went, the key is changed first
        const key = toBase64url(draw(16));
        this.talk = await this.#desk.api.identify(this.talk.consultation, { key });
        await this.#room.follow();
        await this.#show();
      } catch (error) {
        if (!isRefused(error, "bridge_in_room", "device_missing")) throw error;
        call = this.talk.call;
      }
    });
    return call;
  }

  /** What can be chosen before something is disclosed; nothing where that cannot be asked for now. */
  async #grounds() {
    /** @type {any[]} */
    let found = [];
    await this.#desk.tried(async () => {
      found = (await this.#desk.api.grounds(this.talk.consultation)).directions;
    });
    return found;
  }

  /** Whether it was disclosed. @param {import("./disclosures.js").Disclosure} chosen @param {string} text */
  async #disclose(chosen, text) {
    let isDone = false;
    await this.#desk.tried(async () => {
      await this.#room.disclose(chosen, text, this.#shown);
      isDone = true;
      await this.#show();
    });
    return isDone;
  }

  /** What the guard says of it; null, and told at the top, where it cannot be asked. @param {string} text */
  async #judge(text) {
    const phase = this.#isNamed ? "named" : "unnamed";
    /** @type {import("./guarding.js").Told | null} */
    let told = null;
    await this.#desk.tried(async () => {
      told = await this.#desk.guarding.judge(text, phase);
    });
    return told;
  }

  /** @param {string} text */
  #send(text) {
    return this.#desk.tried(async () => {
      await this.#desk.queue.add(this.room, text, this.#shown);
      await this.#show();
      await this.#desk.queue.flush(this.room, this.#say);
      await this.#show();
    });
  }

  /** @type {import("./queue.js").Say} */
  #say = (text, id, shown) => this.#room.say(text, id, shown);

  /** Send what others would hear than it was written for: whoever wrote it has seen who is there. @param {string} id */
  #again(id) {
    return this.#desk.tried(async () => {
      await this.#desk.queue.again(id, this.#shown);
      await this.#desk.queue.flush(this.room, this.#say);
      await this.#show();
    });
  }

  /** @param {string} id */
  #drop(id) {
    return this.#desk.tried(async () => {
      await this.#desk.queue.drop(id);
      await this.#show();
    });
  }

  /** To what the officer can be referred; nothing where that cannot be asked for now. */
  async #targets() {
    /** @type {any[]} */
    let found = [];
    await this.#desk.tried(async () => {
      found = (await this.#desk.api.targets(this.talk.consultation)).targets;
    });
    return found;
  }

  /** @param {{ending: string, target?: string}} how */
  #close(how) {
    return this.#desk.tried(async () => {
      await this.#desk.api.close(this.talk.consultation, how, { key: toBase64url(draw(16)) });
      this.#isOver = true;
      await this.#show();
    });
  }

  /** Nobody, where they cannot be asked for now. */
  async #receivers() {
    /** @type {any[]} */
    let found = [];
    await this.#desk.tried(async () => {
      found = await this.#room.receivers();
    });
    return found;
  }

  /** @param {string} person */
  #handOver(person) {
    return this.#desk.tried(async () => {
      if (!(await this.#desk.queue.flush(this.room, this.#say))) throw new Trouble("unsent"); // nobody could send it afterwards
      await this.#room.handOver(person);
      this.#isOver = true;
      await this.#show();
      this.#desk.tell(this.#desk.words.say("device.talk.hand_over_done"), "good");
    });
  }

  async #show() {
    const { lines } = this.#room.log;
    const shown = await this.#room.log.audience();
    const others = (this.#room.view?.members ?? []).filter((/** @type {any} */ one) => one.person !== this.#me);
    const reached = this.#room.log.reached(others[0]?.person ?? "");
    this.#view?.update({
      ...(await this.#present()),
      lines: lines.map((line) => this.#line(line, reached)).filter((line) => line !== null),
      waiting: await this.#waiting(),
      fault: this.#fault,
      isOver: this.#isOver,
      lacksHistory: lines.some(({ event, text, isLost }) => isSaid(event.kind) && text === null && !isLost),
      isNamed: this.#isNamed,
      receipt: this.#receipt(),
    });
    this.#shown = shown;
  }

  /** What was written and not sent yet. */
  async #waiting() {
    const { queue } = this.#desk;
    const found = [];
    for (const one of await queue.waiting(this.room)) found.push({ ...one, text: await queue.text(one) });
    return found;
  }

  /** Who holds the present key, by side, as checked directories say. */
  async #present() {
    const { words } = this.#desk;
    const found = await this.#room.log.present();
    const people = Map.groupBy(
      found.filter((member) => !(member.rights & Right.BRIDGE)),
      (member) => member.person,
    );
    const present = Array.from(people, ([person, devices]) =>
      words.say(`device.talk.side_${this.#side(person)}`, { person, count: devices.length }),
    );
    return { present, hasBridge: found.some((member) => (member.rights & Right.BRIDGE) > 0) };
  }

  /** @param {string} person */
  #side(person) {
    const known = this.#room.view?.members.find((/** @type {any} */ one) => one.person === person);
    return known?.role ?? "other";
  }

  /** @param {Line} line @param {{got: number, read: number}} reached */
  #line({ event, text, isLost, isBridged }, reached) {
    const { words } = this.#desk;
    const { seq, kind, author } = event;
    if (kind === EPOCH_KIND) {
      return { seq, kind, text: words.say("device.talk.begun", { count: readEpoch(event).recipients.size }) };
    }
    if (kind === GRANT_KIND) return { seq, kind, text: words.say("device.talk.granted") };
    if (!isSaid(kind) || (text === null && !isLost)) return null;
    const isMine = author === this.#me;
    const who = words.say(isMine ? "device.talk.me" : `device.talk.${this.#side(author)}`, { person: author });
    const told = isBridged ? words.say("device.talk.bridged", { who }) : who;
    const mark = isMine ? this.#mark(seq, reached) : null;
    const side = isMine ? "mine" : "theirs";
    const found = disclosedIn(kind);
    const disclosed = found && words.disclosed(found);
    return { seq, kind: "said", side, who: told, text, isLost, mark, disclosed };
  }

  /** How far one's own words have come, if at all. @param {number} seq @param {{got: number, read: number}} reached */
  #mark(seq, { got, read }) {
    if (read >= seq) return this.#desk.words.say("device.talk.read");
    return got >= seq ? this.#desk.words.say("device.talk.got") : null;
  }
}
