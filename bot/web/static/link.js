/** An invitation's link: the secret, and what the new device pins before it has spoken with anybody. */

import { Malformed, SealError } from "./seal/errors.js";
import { Verifier, verifierFromText, verifierToText } from "./seal/note.js";
import { checkPublic, PUBLIC } from "./seal/signing.js";
import { KEY } from "./seal/symmetric.js";
import { exact, fromBase64url, name, toBase64url } from "./seal/wire.js";
import { Trouble } from "./trouble.js";

export const MAX_LINK = 2_000; // characters of the fragment

const FIELDS = ["v", "organisation", "secret", "root", "ledger"];
const VERSION = "1";

/** @typedef {import("./seal/wire.js").Bytes} Bytes */
/**
 * @typedef {Readonly<{organisation: string, secret: Bytes, root: Bytes, ledger: import("./seal/note.js").Verifier}>} Invite
 *   `root`: public key; `ledger`: whose checkpoints are believed
 */

/** Whether a fragment looks like an invitation at all; whether it is one, `readLink` says. @param {string} fragment */
export function looksLikeLink(fragment) {
  return fragment.startsWith("v=");
}

/**
 * Read what stands after the # of the link that was handed over. `host`: whom this page came from. Throws `Trouble`
 * "bad_invitation", or "other_site" for one that pins another server's ledger.
 * @param {string} fragment @param {string} host @returns {Invite}
 */
export function readLink(fragment, host) {
  try {
    const invite = parsed(fragment);
    if (invite.ledger.name !== `${host}/${invite.organisation}`) throw new Trouble("other_site");
    return invite;
  } catch (error) {
    if (error instanceof SealError) throw new Trouble("bad_invitation", { cause: error });
    throw error;
  }
}

/**
 * The link that invites a further device: with what this device has pinned, whatever the server would have it pin.
 * @param {string} origin @param {string} secret as the server wrote it @param {import("./seal/trust.js").Pins} pins
 */
export function writeLink(origin, secret, { organisation, root, origin: name_, ledger }) {
  const key = verifierToText(new Verifier({ name: name_, public: ledger }));
  return `${origin}/enrol#${new URLSearchParams({ v: VERSION, organisation, secret, root: toBase64url(root), ledger: key })}`;
}

/** @param {string} fragment @returns {Invite} */
function parsed(fragment) {
  if (fragment.length > MAX_LINK) throw new Malformed("That is no invitation's link.");
  const told = new URLSearchParams(fragment);
  const said = (/** @type {string} */ field) => told.get(field) ?? "";
  const names = [...told.keys()].sort();
  if (names.join() !== [...FIELDS].sort().join() || said("v") !== VERSION) {
    throw new Malformed("That is no invitation's link.");
  }
  const root = exact(fromBase64url(said("root"), { most: PUBLIC }), PUBLIC);
  checkPublic(root);
  return Object.freeze({
    organisation: name(said("organisation")),
    secret: exact(fromBase64url(said("secret"), { most: KEY }), KEY),
    root,
    ledger: verifierFromText(said("ledger")),
  });
}
