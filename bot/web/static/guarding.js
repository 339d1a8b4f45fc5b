/** The guard as the page uses it: code and rules come when somebody begins to write, and are asked before a seal. */

import { Trouble } from "./trouble.js";

const CHANNEL = "web";

/** @typedef {typeof import("./guard.js")} Code */
/** @typedef {{digest: string, code: Code, rules: import("./guard/rules.js").GuardRules, texts: Record<string, string>}} Loaded */
/** @typedef {import("./guard/verdict.js").Verdict & {texts: Record<string, string>, pieces: (spans: import("./guard/spans.js").Span[]) => {text: string, span: any}[]}} Told */

/** What a page knows of the guard; nothing of a text leaves it. */
export class Guarding {
  #api;
  /** @type {Promise<Loaded> | null} */
  #loaded = null;

  /** @param {{guard: () => Promise<any>}} api */
  constructor(api) {
    this.#api = api;
  }

  /** Somebody begins to write: see to it that the rules are here and are today's. What was here stays if they do not come. */
  begin() {
    const before = this.#loaded;
    this.#loaded = before === null ? this.#load(null) : before.then((known) => this.#load(known).catch(() => known));
    this.#loaded.catch(() => this.#forget(this.#loaded));
  }

  /**
   * What is done about a text in a phase of a room. Throws `Trouble` "unguarded" where the rules did not come.
   * @param {string} text @param {"unnamed" | "named"} phase @returns {Promise<Told>}
   */
  async judge(text, phase) {
    if (this.#loaded === null) this.begin();
    const loading = this.#loaded;
    try {
      const { code, rules, texts } = await /** @type {Promise<Loaded>} */ (loading);
      const pieces = (/** @type {any} */ spans) => code.piecesOf(text, spans);
      return { ...code.judge(rules, text, { channel: CHANNEL, phase }), texts, pieces };
    } catch (error) {
      this.#forget(loading);
      throw new Trouble("unguarded", { cause: error });
    }
  }

  /** @param {Loaded | null} known */
  async #load(known) {
    const [code, told] = await Promise.all([import("./guard.js"), this.#api.guard()]);
    if (known !== null && known.digest === told.digest) return known;
    return { digest: told.digest, code, rules: code.build(told), texts: told.texts };
  }

  /** What did not come is asked for again the next time. @param {Promise<Loaded> | null} loading */
  #forget(loading) {
    if (this.#loaded === loading) this.#loaded = null;
  }
}
