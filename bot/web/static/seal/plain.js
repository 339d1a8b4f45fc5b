/** What people wrote, on its way to or from a seal: it must not leave the device as it is. */

/** Shows nothing of itself: neither a log, nor JSON, nor a structured clone has the content. */
export class Plain {
  #content;

  /** @param {import("./wire.js").Bytes} content the bytes to protect */
  constructor(content) {
    this.#content = content;
    Object.freeze(this);
  }

  /** The bytes; whoever calls this is answerable for where they go. */
  reveal() {
    return this.#content;
  }

  toString() {
    return "Plain(redacted)";
  }

  toJSON() {
    throw new TypeError("Plain is not serialised.");
  }
}
