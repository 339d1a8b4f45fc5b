/** What can go wrong on this side of the network: each kind has a code, and the page a sentence for it. */

/** Something that a person can be told and can do something about. */
export class Trouble extends Error {
  /** @param {string} code @param {{cause?: unknown}} [options] */
  constructor(code, options) {
    super(code, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The server said no (RFC 9457). `head`: where a room stands, when that is why. */
export class Problem extends Trouble {
  /** @param {{status: number, code: string, detail?: string, head?: {epoch: number, seq: number, hash: string}}} told */
  constructor({ status, code, detail = "", head }) {
    super(code);
    this.status = status;
    this.detail = detail;
    this.head = head;
  }
}

/** Whether the server said no for this very reason. @param {unknown} error @param {...string} codes */
export function isRefused(error, ...codes) {
  return error instanceof Problem && codes.includes(error.code);
}

const LATER = [401, 408, 429]; // signed out, too slow, too many

/** Whether it is worth trying again later: nobody answered, or not now, or not before one is signed in. @param {unknown} error */
export function isForLater(error) {
  if (error instanceof Problem) return error.status >= 500 || LATER.includes(error.status);
  return error instanceof Trouble && error.code === "unheard";
}
