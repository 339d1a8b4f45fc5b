/** Tells a ledger that is not the one this device has seen from whatever else may be wrong with an answer. */

import { verifyCheckpoint } from "./seal/checkpoint.js";
import { Tampered } from "./seal/errors.js";
import { verifyConsistency } from "./seal/proof.js";

/** @typedef {import("./seal/checkpoint.js").Checkpoint} Checkpoint */
/** @typedef {import("./seal/trust.js").Answer} Answer */
/** @typedef {import("./seal/trust.js").Pins} Pins */

/** The server's ledger is shorter than, or other than, the one that this device has seen: restored, or rewritten. */
export class OtherLedger extends Tampered {}

/**
 * Whether the ledger has signed something that does not continue our checkpoint; false where that is not the fault.
 * @param {Answer} answer @param {Pins} pins
 */
export async function showsOther(answer, pins) {
  if (pins.size === 0) return false;
  const given = { origin: pins.origin, public: pins.ledger };
  const head = await verifyCheckpoint(answer.checkpoint, given).catch(() => undefined);
  return head !== undefined && !continues(head, answer, pins);
}

/** @param {Checkpoint} head @param {Answer} answer @param {Pins} pins */
function continues(head, { consistency: proof }, pins) {
  try {
    verifyConsistency({ old: pins.size, new: head.size, oldRoot: pins.tree, newRoot: head.root, proof });
    return true;
  } catch {
    return false;
  }
}
