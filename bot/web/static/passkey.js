/** Passkeys (WebAuthn): made, and asked for the secret that only they give (the PRF extension). */

import { fromBase64url } from "./seal/wire.js";
import { Trouble } from "./trouble.js";

export const SECRET = 32; // bytes of PRF output

const CHALLENGE = 32; // bytes
const FLAGS = 32; // where authenticator data has its flags: after the hash of the site's name
const VERIFIED = 4; // the flag by which the authenticator says that it has verified who is there
const PATIENCE = 120_000; // ms for somebody to find their finger
const MAX_ID = 1023; // bytes of a credential's id (CTAP 2.1)

/** @typedef {import("./seal/wire.js").Bytes} Bytes */
/** @typedef {Record<string, any>} Json */

/** Whether this browser knows passkeys at all; whether one gives a secret is seen when it is asked. */
export function hasPasskeys() {
  return typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === "function";
}

/**
 * Make a passkey as the server wants it. Gives its id and what the server is to be told: never what extensions said.
 * Throws `Trouble` "cancelled", or "known" where this authenticator has one of this person's already.
 * @param {Json} options as the server wrote them @returns {Promise<{id: Bytes, told: Json}>}
 */
export async function makePasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    /** @type {any} */ ({ ...options, extensions: {} }),
  );
  publicKey.extensions = { prf: {} };
  const made = await asked(() => navigator.credentials.create({ publicKey }));
  return { id: new Uint8Array(made.rawId), told: withoutSecrets(made) };
}

/**
 * Ask one of these passkeys for its 32-byte secret under this salt; nobody but this page hears of it. Throws `Trouble`
 * "cancelled", or "no_prf" for a passkey that gives none.
 * @param {{ids: readonly Bytes[], salt: Bytes}} asking @returns {Promise<{id: Bytes, secret: Bytes}>}
 */
export async function askSecret({ ids, salt }) {
  /** @type {PublicKeyCredentialRequestOptions} */
  const publicKey = {
    challenge: crypto.getRandomValues(new Uint8Array(CHALLENGE)), // nobody checks the answer: the secret is the answer
    allowCredentials: ids.map((id) => ({ type: "public-key", id })),
    userVerification: "required",
    timeout: PATIENCE,
    extensions: { prf: { eval: { first: salt } } },
  };
  const found = await asked(() => navigator.credentials.get({ publicKey }));
  const told = /** @type {AuthenticatorAssertionResponse} */ (found.response).authenticatorData;
  if (!(new Uint8Array(told)[FLAGS] & VERIFIED)) throw new Trouble("no_prf");
  const first = found.getClientExtensionResults().prf?.results?.first;
  if (first === undefined || first.byteLength !== SECRET) throw new Trouble("no_prf");
  return { id: new Uint8Array(found.rawId), secret: copied(first) };
}

/** The salt under which the server proposes that secrets are asked for. @param {Json} options @returns {Bytes} */
export function saltOf(options) {
  return fromBase64url(options.extensions?.prf?.eval?.first, { most: SECRET });
}

/** A credential's id as the server writes it. @param {string} text @returns {Bytes} */
export function passkeyId(text) {
  return fromBase64url(text, { most: MAX_ID });
}

/**
 * A credential as JSON, without what the extensions gave: that can be the secret under which keys are wrapped.
 * @param {PublicKeyCredential} credential @returns {Json}
 */
function withoutSecrets(credential) {
  return { ...credential.toJSON(), clientExtensionResults: {} };
}

/** @param {() => Promise<Credential | null>} ask @returns {Promise<PublicKeyCredential>} */
async function asked(ask) {
  try {
    const answer = await ask();
    if (answer instanceof PublicKeyCredential) return answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidStateError")
      throw new Trouble("known", { cause: error });
    throw new Trouble("cancelled", { cause: error });
  }
  throw new Trouble("cancelled");
}

/** @param {BufferSource} source @returns {Bytes} */
function copied(source) {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength))
    : new Uint8Array(source.slice(0));
}
