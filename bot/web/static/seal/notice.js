/** Notices of grave events: signed by the device that sends one, sealed to each device of those on a list. */

import { sha256 } from "../vendor/crypto.js";
import { Malformed } from "./errors.js";
import { openWith, OVERHEAD, sealTo } from "./hpke.js";
import { Label } from "./labels.js";
import { BUCKETS, pad, unpad } from "./padding.js";
import { Plain } from "./plain.js";
import { signBare, SIGNATURE, verifyStatement } from "./statement.js";
import { lp, name, number, Reader } from "./wire.js";

export const MAX_TEXT = 2000; // bytes of UTF-8

const SIZES = BUCKETS.map((bucket) => bucket + OVERHEAD);

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {Readonly<{organisation: string, forum: string, id: string, at: number}>} Named `at`: seconds since 1970 */

/**
 * Sign what is to be told to a forum's list; the same for everybody on it. Throws `Malformed` for more than MAX_TEXT
 * bytes, or none.
 * @param {Plain} text @param {Named} named @param {DeviceSecret} secret
 */
export async function signNotice(text, named, secret) {
  const said = bounded(text.reveal());
  const sig = await signBare(statementOf(said, named, secret.public), secret.signing);
  return new Plain(lp(Label.NOTICE_BYTES, sig, said));
}

/**
 * Seal a signed notice so that only this device opens it, as that one.
 * @param {Plain} signed @param {DevicePublic} to @param {Named} named @returns {Promise<Bytes>}
 */
export async function sealNotice(signed, to, named) {
  return sealTo(to.kem, pad(signed.reveal()), { info: infoOf(named, to) });
}

/**
 * Open a notice on a device of somebody on the list; returns what was told. Throws `Tampered` for another device,
 * notice, forum or instant, or when that sender did not sign it, `Malformed` for what nobody would have written. Whether
 * the sender is to be believed, a checked directory says.
 * @param {Bytes} sealed @param {Named} named @param {{sender: DevicePublic, secret: DeviceSecret}} known
 */
export async function openNotice(sealed, named, { sender, secret }) {
  if (!SIZES.includes(sealed.length)) throw new Malformed();
  const opened = unpad(await openWith(secret.kem, sealed, { info: infoOf(named, secret.public) }));
  const reader = new Reader(Label.NOTICE_BYTES, opened);
  const [sig, said] = [reader.exact(SIGNATURE), bounded(reader.upTo(MAX_TEXT))];
  reader.end();
  await verifyStatement(sender.ed25519, { statement: statementOf(said, named, sender), sig });
  return new Plain(said);
}

/** @param {Bytes} said @param {Named} named @param {DevicePublic} sender */
function statementOf(said, { organisation, forum, id, at }, sender) {
  return lp(Label.NOTICE, name(organisation), name(forum), name(id), number(at), sender.deviceId, sha256(said));
}

/** @param {Named} named @param {DevicePublic} device */
function infoOf({ organisation, id }, device) {
  return lp(Label.SEALED_NOTICE, name(organisation), name(id), device.deviceId);
}

/** @param {Bytes} said */
function bounded(said) {
  if (said.length < 1 || said.length > MAX_TEXT) throw new Malformed("A notice has 1 to 2000 bytes.");
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(said);
  } catch (error) {
    throw new Malformed(undefined, { cause: error });
  }
  return said;
}
