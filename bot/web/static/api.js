/** The server, as a device speaks with it: the only file that knows HTTP, its paths and its problem documents. */

import { Malformed } from "./seal/errors.js";
import { fromBase64url, toBase64url } from "./seal/wire.js";
import { Problem, Trouble } from "./trouble.js";

export const PATIENCE = 20_000; // ms for one answer
export const MAX_ANSWER = 32 * 2 ** 20; // bytes; the directory of 4096 devices is under 25 million

const ROOT = "/api/v1";
const DEVICE_ID = 32; // bytes

/** @typedef {Record<string, any>} Json what the server says; each reader takes out what it knows and checks it */
/** @typedef {{key?: string}} Once `key`: under one Idempotency-Key something is done once, however often it is asked */

/** One server, asked in one language. */
export class Api {
  #fetch;
  #language;
  #patience;

  /** @param {{ask?: typeof fetch, language?: string, patience?: number}} [given] `ask`: in the place of `fetch` */
  constructor({ ask = globalThis.fetch.bind(globalThis), language = "sv", patience = PATIENCE } = {}) {
    this.#fetch = ask;
    this.#language = language;
    this.#patience = patience;
  }

  // ---- signing in, passkeys, devices
  challenge = () => this.#post("/challenges");
  signInByDevice = (/** @type {Json} */ answer) => this.#post("/session/device", answer);
  signOut = () => this.#post("/sessions/end");
  passkeyOptions = () => this.#post("/passkeys/options");
  keepPasskey = (/** @type {Json} */ credential) => this.#post("/passkeys", { credential });
  myPasskeys = () => this.#get("/me/passkeys");
  redeem = (/** @type {string} */ secret) => this.#post("/invitations/redemption", { secret });
  enrol = (/** @type {Json} */ device) => this.#post("/devices", device);
  myDevices = () => this.#get("/me/devices");
  approve = (/** @type {string} */ device, /** @type {string} */ approval) =>
    this.#post(`/devices/${deviceHex(device)}/approvals`, { approval });
  revoke = (/** @type {string} */ device) => this.#post(`/devices/${deviceHex(device)}/revocation`);

  // ---- organisations
  invite = (/** @type {string} */ organisation, /** @type {Json} */ whom) =>
    this.#post(`/organisations/${part(organisation)}/invitations`, whom);
  devicesOf = (/** @type {string} */ organisation, /** @type {Json} */ query) =>
    this.#get(`/organisations/${part(organisation)}/devices`, query);
  directory = (/** @type {string} */ organisation, /** @type {number} */ since) =>
    this.#get(`/organisations/${part(organisation)}/directory`, { since });

  // ---- requests and offers
  consultations = () => this.#get("/consultations");
  offers = () => this.#get("/offers");
  offer = (/** @type {string} */ offer) => this.#get(`/offers/${part(offer)}`);
  accept = (/** @type {string} */ offer, /** @type {Json} */ epoch, /** @type {Once} */ once) =>
    this.#post(`/offers/${part(offer)}/accept`, epoch, once);
  decline = (/** @type {string} */ offer, /** @type {Once} */ once) =>
    this.#post(`/offers/${part(offer)}/decline`, {}, once);
  close = (/** @type {string} */ consultation, /** @type {Json} */ how, /** @type {Once} */ once) =>
    this.#post(`/consultations/${part(consultation)}/close`, how, once);
  targets = (/** @type {string} */ consultation) => this.#get(`/consultations/${part(consultation)}/targets`);
  takeovers = () => this.#get("/takeovers");
  takeover = (/** @type {string} */ offer) => this.#get(`/takeovers/${part(offer)}`);
  takeOver = (/** @type {string} */ offer, /** @type {Json} */ epoch, /** @type {Once} */ once) =>
    this.#post(`/takeovers/${part(offer)}`, epoch, once);
  identify = (/** @type {string} */ consultation, /** @type {Once} */ once) =>
    this.#post(`/consultations/${part(consultation)}/identify`, {}, once);
  grounds = (/** @type {string} */ consultation) => this.#get(`/consultations/${part(consultation)}/grounds`);
  choices = () => this.#get("/choices");
  guard = () => this.#get("/guard");

  // ---- readiness
  readiness = () => this.#get("/readiness");
  answerCheck = (/** @type {string} */ check, /** @type {Json} */ answer, /** @type {Once} */ once) =>
    this.#post(`/readiness/${part(check)}`, answer, once);
  drillSeen = (/** @type {Once} */ once) => this.#post("/readiness/drill", {}, once);

  // ---- rooms
  room = (/** @type {string} */ room) => this.#get(`/rooms/${part(room)}`);
  events = (/** @type {string} */ room, /** @type {Json} */ query) => this.#get(`/rooms/${part(room)}/events`, query);
  keys = (/** @type {string} */ room) => this.#get(`/rooms/${part(room)}/keys`);
  putEvent = (/** @type {string} */ room, /** @type {string} */ event, /** @type {Once} */ once) =>
    this.#post(`/rooms/${part(room)}/events`, { event }, once);
  beginEpoch = (/** @type {string} */ room, /** @type {Json} */ epoch, /** @type {Once} */ once) =>
    this.#post(`/rooms/${part(room)}/epochs`, epoch, once);
  grant = (/** @type {string} */ room, /** @type {Json} */ grant, /** @type {Once} */ once) =>
    this.#post(`/rooms/${part(room)}/grants`, grant, once);
  receivers = (/** @type {string} */ room) => this.#get(`/rooms/${part(room)}/handover`);
  leaving = () => this.#get("/shift/handover");
  handOverShift = (/** @type {Json} */ handover, /** @type {Once} */ once) =>
    this.#post("/shift/handover", handover, once);
  handovers = () => this.#get("/shift/handovers");
  handOver = (/** @type {string} */ room, /** @type {Json} */ handover, /** @type {Once} */ once) =>
    this.#post(`/rooms/${part(room)}/handover`, handover, once);

  // ---- grave events
  forums = () => this.#get("/forums");
  gravePlan = (/** @type {string} */ forum) => this.#get(`/forums/${part(forum)}/plan`);
  graves = () => this.#get("/graves");
  grave = (/** @type {string} */ grave) => this.#get(`/graves/${part(grave)}`);
  sendGrave = (/** @type {Json} */ notice, /** @type {Once} */ once) => this.#post("/graves", notice, once);
  answerGrave = (/** @type {string} */ grave, /** @type {string} */ answer, /** @type {Once} */ once) =>
    this.#post(`/graves/${part(grave)}/answer`, { answer }, once);

  // ---- openings
  purposes = () => this.#get("/openings/purposes");
  openings = () => this.#get("/openings");
  seats = (/** @type {Json} */ query) => this.#get("/seats", query);
  askToOpen = (/** @type {string} */ request) => this.#post("/openings", { request });
  opening = (/** @type {string} */ id, /** @type {Json} */ query) => this.#get(`/openings/${part(id)}`, query);
  passShares = (/** @type {string} */ id, /** @type {Json[]} */ shares) =>
    this.#post(`/openings/${part(id)}/shares`, { shares });
  material = (/** @type {string} */ id, /** @type {Json} */ query) =>
    this.#get(`/openings/${part(id)}/material`, query);
  openedEvents = (/** @type {string} */ id, /** @type {Json} */ query) =>
    this.#get(`/openings/${part(id)}/events`, query);
  callWrong = (/** @type {string} */ id, /** @type {Json} */ wrong) => this.#post(`/openings/${part(id)}/wrong`, wrong);
  endOpening = (/** @type {string} */ id) => this.#post(`/openings/${part(id)}/end`);

  /** @param {string} path @param {Json} [query] @returns {Promise<Json>} */
  #get(path, query = {}) {
    return this.#ask(path, query, {});
  }

  /** @param {string} path @param {Json} [body] @param {Once} [once] @returns {Promise<Json>} */
  #post(path, body = {}, { key } = {}) {
    const headers = { "Content-Type": "application/json", ...(key === undefined ? {} : { "Idempotency-Key": key }) };
    return this.#ask(path, {}, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** @param {string} path @param {Json} query @param {RequestInit} how */
  async #ask(path, query, how) {
    const asked = new URLSearchParams({ ...query, lang: this.#language });
    const told = await this.#hear(`${ROOT}${path}?${asked}`, how);
    if (told.status === 204) return {};
    const said = read(told.text);
    if (told.ok && said !== null) return said;
    throw new Problem({ ...said, status: told.status, code: codeOf(told.status, said) });
  }

  /** @param {string} address @param {RequestInit} how */
  async #hear(address, how) {
    try {
      const signal = AbortSignal.timeout(this.#patience);
      const answer = await this.#fetch(address, { ...how, signal, cache: "no-store", redirect: "error" });
      return { ok: answer.ok, status: answer.status, text: await bounded(answer) };
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Trouble("unheard", { cause: error });
    }
  }
}

/** A device's id as paths of devices have it; everywhere else here it is base64url, as in rooms. @param {string} id */
export function deviceHex(id) {
  return Array.from(fromBase64url(id, { most: DEVICE_ID }), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same back. @param {string} hex */
export function deviceId(hex) {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Malformed("A device's id is 64 hexadecimal digits.");
  return toBase64url(Uint8Array.from(/** @type {string[]} */ (hex.match(/../g)), (pair) => Number.parseInt(pair, 16)));
}

/** A name as one part of a path. @param {string} name */
function part(name) {
  return encodeURIComponent(name);
}

/** @param {number} status @param {Json | null} said */
function codeOf(status, said) {
  return typeof said?.code === "string" ? said.code : String(status);
}

/** @param {string} text @returns {Json | null} */
function read(text) {
  try {
    const said = JSON.parse(text);
    return typeof said === "object" ? said : null;
  } catch {
    return null;
  }
}

/** The body as text, unless it says that it is far too long. @param {Response} answer */
async function bounded(answer) {
  if (Number(answer.headers.get("Content-Length")) > MAX_ANSWER) throw new Problem({ status: 502, code: "502" });
  return answer.text();
}
