/**
 * A room as one device has checked it: event after event from the first on, and not a line of what does not hold.
 * Twin of bot/client/room_log.py.
 */

import { audienceOf } from "./audience.js";
import { disclosedIn } from "./disclosures.js";
import { Right } from "./seal/enrolment.js";
import { acceptRoomKey, readEpoch } from "./seal/epoch.js";
import { SealError, Tampered } from "./seal/errors.js";
import { checkEvent, EPOCH_KIND, fromBytes, genesis, GRANT_KIND, hashEvent, openEvent } from "./seal/event.js";
import { acceptGrantedKey, readGrant } from "./seal/grant.js";
import { SEALED_KEY } from "./seal/room.js";
import { checkRecipients, checkSpeaker } from "./seal/trust.js";
import { equal, fromBase64url, toBase64url, toText } from "./seal/wire.js";

export const SAID = "said"; // the kind of an event that holds a message
export const RECEIPT = "receipt"; // how far what was said has come

/** Whether an event of that kind holds words, disclosed or not. @param {string} kind */
export function isSaid(kind) {
  return kind === SAID || disclosedIn(kind) !== null;
}

const MAX_EVENT = 2 ** 17; // bytes
const RECEIPT_FORM = /^(got|read|stopped) ([1-9][0-9]{0,14})$/;

/** @typedef {import("./seal/epoch.js").Manifest} Manifest */
/** @typedef {import("./seal/event.js").Event} Event */
/** @typedef {import("./seal/event.js").Head} Head */
/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./seal/room.js").RoomKey} RoomKey */
/** @typedef {import("./directories.js").Directories} Directories */
/**
 * One checked event. `text`: what was said, once there is a key; `isLost`: there is one, and it does not open it;
 * `isBridged`: a bridge spoke for its author, and could read it.
 * @typedef {{event: Event, text: string | null, isLost: boolean, isBridged: boolean}} Line
 */

/** Read an event off the wire. @param {string} text */
export function readEvent(text) {
  return fromBytes(fromBase64url(text, { most: MAX_EVENT }));
}

/** What one device knows of one room. */
export class RoomLog {
  #directories;
  #secret;
  /** @type {Map<number, {event: Event, manifest: Manifest}>} */
  #epochs = new Map();
  /** @type {Map<number, RoomKey>} */
  #keys = new Map();

  /** @param {string} room @param {{directories: Directories, secret: DeviceSecret}} here */
  constructor(room, { directories, secret }) {
    this.#directories = directories;
    this.#secret = secret;
    /** @type {Head} */
    this.head = genesis(room);
    /** @type {Line[]} */
    this.lines = [];
  }

  /**
   * Take the next event, when chain, signature and speaker hold and everybody in its epoch is vouched for (FORMAT.md 24
   * to 26, 56, 69). Throws `StaleHead`, `Tampered` or `Malformed`; then nothing has changed. `text`: what this device
   * knows that it says. @param {Event} event @param {string | null} [text]
   */
  async take(event, text = null) {
    const member = await this.#directories.member(toBase64url(event.deviceId));
    const manifest = event.kind === EPOCH_KIND ? readEpoch(event) : this.manifest(event.epoch);
    if (manifest === undefined) throw new Tampered("The event is of an epoch that has not begun.");
    if (event.kind === GRANT_KIND) readGrant(event);
    if (event.kind === EPOCH_KIND) await this.#vouched(manifest);
    const head = await checkEvent(event, this.head, member.public);
    checkSpeaker(event, member, { recipients: manifest.recipients });
    if (event.kind === EPOCH_KIND) this.#epochs.set(event.epoch, { event, manifest });
    this.lines.push({ event, text, isLost: false, isBridged: (member.rights & Right.BRIDGE) > 0 });
    this.head = head;
  }

  /**
   * Open a key of one's own that the server hands out, named by a checked event: the epoch's, or a grant (FORMAT.md 18,
   * 19, 61). Throws `Malformed` or `Tampered` for one that does not hold.
   * @param {{epoch: number, seq: number, key: string}} told
   */
  async takeKey({ epoch, seq, key }) {
    const [began, namedBy] = [this.#epochs.get(epoch), this.lines[seq - 1]?.event];
    if (began === undefined || namedBy === undefined) throw new Tampered("No checked event names that key.");
    const sealed = fromBase64url(key, { most: SEALED_KEY });
    const [kc, secret] = [began.manifest.kc, this.#secret];
    const isOwn = namedBy.kind === EPOCH_KIND && namedBy.epoch === epoch;
    const opening = isOwn
      ? acceptRoomKey(namedBy, sealed, secret)
      : acceptGrantedKey(namedBy, sealed, { epoch, kc, secret });
    this.hold(await opening);
  }

  /** Keep a key that was checked. @param {RoomKey} roomKey */
  hold(roomKey) {
    this.#keys.set(roomKey.epoch, roomKey);
  }

  /** @param {number} epoch */
  key(epoch) {
    return this.#keys.get(epoch);
  }

  /** Who holds the key of an epoch, by device. @param {number} epoch */
  manifest(epoch) {
    return this.#epochs.get(epoch)?.manifest;
  }

  /** The event that began an epoch. @param {number} epoch */
  began(epoch) {
    return this.#epochs.get(epoch)?.event;
  }

  /** The epochs whose keys this device does not have. */
  missing() {
    return [...this.#epochs.keys()].filter((epoch) => !this.#keys.has(epoch));
  }

  /** Open what can be opened by now. */
  async open() {
    for (const line of this.lines) {
      const roomKey = this.#keys.get(line.event.epoch);
      const isSealed = isSaid(line.event.kind) || line.event.kind === RECEIPT;
      if (line.text !== null || line.isLost || !isSealed || roomKey === undefined) continue;
      try {
        line.text = toText((await openEvent(roomKey, line.event)).reveal());
      } catch (error) {
        if (!(error instanceof SealError)) throw error;
        line.isLost = true;
      }
    }
  }

  /** Who holds the present key, as checked directories know them. */
  present() {
    const ids = [...(this.manifest(this.head.epoch)?.recipients.keys() ?? [])];
    return Promise.all(ids.map((id) => this.#directories.member(id)));
  }

  /** Whom the present key's holders are; null before the first epoch. @returns {Promise<import("./audience.js").Audience | null>} */
  async audience() {
    return this.head.epoch === 0 ? null : audienceOf(await this.present());
  }

  /**
   * Whether the event of that number and hash is this device's own, and says just that.
   * @param {Head} head @param {string} kind @param {string} text
   */
  async holds({ seq, hash }, kind, text) {
    const line = this.lines[seq - 1];
    const isOwn = line?.event.kind === kind && equal(line.event.deviceId, this.#secret.public.deviceId);
    return isOwn && line.text === text && equal(await hashEvent(line.event), hash);
  }

  /** How far somebody has got and read what was said: numbers of events. @param {string} person */
  reached(person) {
    const reached = { got: 0, read: 0 };
    for (const { event, text } of this.lines) {
      if (event.kind !== RECEIPT || event.author !== person) continue;
      const [, came, seq] = RECEIPT_FORM.exec(text ?? "") ?? [];
      if (came === "got" || came === "read") reached[came] = Math.max(reached[came], Math.min(Number(seq), event.seq));
    }
    return { got: Math.max(reached.got, reached.read), read: reached.read };
  }

  /** @param {Manifest} manifest */
  async #vouched(manifest) {
    const inside = [];
    for (const id of manifest.recipients.keys()) inside.push(await this.#directories.member(id));
    checkRecipients(manifest, this.#directories.known);
    audienceOf(inside);
  }
}
