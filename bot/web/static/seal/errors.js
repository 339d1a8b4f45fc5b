/** Why a seal was refused: the one error root of what protects, twin of bot/seal/errors.py. */

/** A seal was refused. Each class has a sentence of its own, unless a better one is given. */
export class SealError extends Error {
  /** @param {string} [message] @param {{cause?: unknown}} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class Malformed extends SealError {
  constructor(message = "These bytes do not have the form that FORMAT.md prescribes.", options = {}) {
    super(message, options);
  }
}

export class Tampered extends SealError {
  constructor(message = "A seal, a chain or a signature does not hold.", options = {}) {
    super(message, options);
  }
}

/** Seal again on the room's newest event, with a new nonce. */
export class StaleHead extends SealError {
  constructor(message = "The room has moved on.", options = {}) {
    super(message, options);
  }
}

/** A share is not the one that was dealt. */
export class WrongShare extends SealError {
  /** @param {string[]} people ids of those whose shares do not hold @param {{cause?: unknown}} [options] */
  constructor(people, options = {}) {
    super(`Not the share that was dealt: ${people.join(", ")}.`, options);
    this.people = Object.freeze([...people]);
  }
}
