/** The sentences that the server wrote into the page, in the reader's language. */

const PLACE = /\{([a-z_]+)\}/g;

/** One reader's words. */
export class Words {
  #texts;

  /** @param {Record<string, string>} texts by key @param {string} language */
  constructor(texts, language) {
    this.#texts = texts;
    this.language = language;
  }

  /** The words that stand in an element. @param {HTMLElement} place */
  static of(place) {
    return new Words(JSON.parse(place.dataset.words ?? "{}"), document.documentElement.lang);
  }

  /** @param {string} key @param {Record<string, string | number>} [given] */
  say(key, given = {}) {
    const text = this.#texts[key] ?? key;
    return text.replace(PLACE, (_, name) => String(given[name] ?? ""));
  }

  /** An organisation's name. @param {string} id */
  organisation(id) {
    return this.#texts[`organisation.${id}`] ?? id;
  }

  /** Since when somebody is named, and which board received it. @param {{at: string, organisation: string}} receipt */
  receipt({ at, organisation }) {
    const when = this.say("device.identified.at", { day: this.day(at), clock: this.clock(new Date(at)) });
    return { at: when, board: this.organisation(organisation) };
  }

  /** What a disclosure is marked as. @param {{direction: string, ground: string}} disclosure */
  disclosed({ direction, ground }) {
    const side = this.say(`device.disclose.${direction}`);
    return this.say("device.disclose.line", { direction: side, ground: this.#texts[`ground.${ground}`] ?? ground });
  }

  /** What a device may do. @param {number} rights */
  rights(rights) {
    const held = [1, 2, 4, 8].filter((right) => rights & right).map((right) => this.say(`device.right.${right}`));
    return new Intl.ListFormat(this.language, { type: "conjunction" }).format(held);
  }

  /** A day and a month. @param {string} instant */
  day(instant) {
    return new Intl.DateTimeFormat(this.language, { day: "numeric", month: "long" }).format(new Date(instant));
  }

  /** An hour and a minute, as the other pages write them. @param {Date} instant */
  clock(instant) {
    const parts = [instant.getHours(), instant.getMinutes()].map((part) => String(part).padStart(2, "0"));
    return parts.join(this.language === "en" ? ":" : ".");
  }

  /** What went wrong, in a sentence. @param {unknown} error */
  trouble(error) {
    const { detail, code, name } = /** @type {{detail?: string, code?: string, name?: string}} */ (error);
    if (detail) return detail;
    const known = [code, name].find((each) => each !== undefined && `device.trouble.${each}` in this.#texts);
    return this.say(`device.trouble.${known ?? "unknown"}`);
  }
}
