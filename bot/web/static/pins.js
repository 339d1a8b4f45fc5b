/** What this browser holds to be true of each organisation, from the invitation on: kept, and never exchanged unnoticed. */

import { Tampered } from "./seal/errors.js";
import { firstPins } from "./seal/trust.js";
import { equal } from "./seal/wire.js";
import { PINS } from "./store.js";

const LOCK = "samjour-pins"; // two tabs must not bring each other's pins back in time

/** @typedef {import("./seal/trust.js").Pins} Pins */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {{organisation: string, root: Uint8Array<ArrayBuffer>, ledger: {name: string, public: Uint8Array<ArrayBuffer>}}} Named */

/**
 * Pin what an invitation says of its organisation. Throws `Tampered` when something else is pinned already.
 * @param {Store} store @param {Named} named
 */
export function pinFirst(store, { organisation, root, ledger }) {
  const fresh = firstPins({ organisation, root, origin: ledger.name, ledger: ledger.public });
  return alone(async () => {
    const known = await readPins(store, organisation);
    if (known === undefined) return keepPins(store, fresh);
    const isSame = known.origin === fresh.origin && equal(known.root, root) && equal(known.ledger, fresh.ledger);
    if (!isSame) throw new Tampered("That organisation is pinned with another root or ledger.");
  });
}

/** @param {Store} store @param {string} organisation @returns {Promise<Pins | undefined>} */
export async function readPins(store, organisation) {
  const kept = await store.get(PINS, organisation);
  if (kept === undefined) return undefined;
  const { id, ...rest } = kept;
  return Object.freeze(/** @type {any} */ ({ organisation: id, ...rest }));
}

/** @param {Store} store @param {Pins} pins */
export function keepPins(store, { organisation, ...rest }) {
  return store.put(PINS, { id: organisation, ...rest });
}

/** Read, check and keep as one step, whatever other tabs do. @template T @param {() => Promise<T>} act @returns {Promise<T>} */
export function alone(act) {
  const locks = globalThis.navigator?.locks;
  return locks === undefined ? act() : locks.request(LOCK, act);
}
