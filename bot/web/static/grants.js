/** Grants as a device makes them: the keys that it has, for a device that a checked directory vouches for. */

import { Right } from "./seal/enrolment.js";
import { Tampered } from "./seal/errors.js";
import { checkEvent, toBytes } from "./seal/event.js";
import { giveHistory } from "./seal/grant.js";
import { recipient } from "./seal/trust.js";
import { toBase64url } from "./seal/wire.js";
import { Trouble } from "./trouble.js";

/** @typedef {import("./seal/event.js").Event} Event */
/** @typedef {import("./seal/event.js").Head} Head */
/** @typedef {import("./seal/keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./seal/room.js").RoomKey} RoomKey */
/** @typedef {import("./api.js").Json} Json */
/** @typedef {import("./directories.js").Directories} Directories */
/** @typedef {import("./epochs.js").Self} Self */
/** @typedef {import("./room_log.js").RoomLog} RoomLog */

/**
 * Give the keys of these epochs, by the event after `head`; `body`: what the server is sent. Throws `Trouble` "no_key"
 * for one that this device does not have.
 * @param {{log: RoomLog, head: Head, self: Self, to: DevicePublic, epochs: readonly number[]}} given
 * @returns {Promise<{event: Event, body: Json}>}
 */
export async function grantTo({ log, head, self, to, epochs }) {
  const { secret, person: author } = self;
  const roomKeys = epochs.map((epoch) => log.key(epoch)).filter((key) => key !== undefined);
  if (roomKeys.length < epochs.length) throw new Trouble("no_key");
  const { event, sealed } = await giveHistory({ roomKeys, head, secret, author, to });
  const keys = Array.from(sealed, ([epoch, key]) => ({ epoch, key: toBase64url(key) }));
  return { event, body: { event: toBase64url(toBytes(event)), keys } };
}

/**
 * The grants that are due with a handover, each on the one before it. `receiver`: as the server names them. Throws
 * `Tampered` for a device that is not the receiver's, or may not be in rooms.
 * @param {{log: RoomLog, self: Self, directories: Directories, receiver: Json}} given @returns {Promise<Json[]>}
 */
export async function grantsFor({ log, self, directories, receiver: { person, grants } }) {
  let { head } = log;
  const made = [];
  await directories.renew(grants.map((/** @type {Json} */ { organisation }) => organisation));
  for (const { device, organisation, epochs } of grants) {
    const verified = await directories.of(organisation);
    const to = recipient(verified, device, Right.MEMBER);
    if (verified.members.get(device)?.person !== person) throw new Tampered("The device is somebody else's.");
    const { event, body } = await grantTo({ log, head, self, to, epochs });
    head = await checkEvent(event, head, self.secret.public);
    made.push(body);
  }
  return made;
}
