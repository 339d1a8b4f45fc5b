/** What the guard knows of words: the lists, and how a single word can look (bot/core/guard/knowledge.py). */

import { camel, readLexicon } from "./lexicon.js";

const LONGEST_WORD = 40; // letters of a word that are looked at, from its end
const SHORTEST_ROLE = 6; // letters of a role that ends a compound
const SHORTEST_PART = 3; // letters that an everyday word may add to a compound

/** The word lists and the shapes of words. */
export class Knowledge {
  #shapes;

  /** @param {{lists: Record<string, string>, shapes: Record<string, string>, numbering: string}} told */
  constructor({ lists, shapes, numbering }) {
    this.lexicon = readLexicon(lists);
    this.phone = new RegExp(`^(?:${numbering})$`);
    this.#shapes = new Map(Object.entries(shapes).map(([name, shape]) => [camel(name), new RegExp(shape)]));
  }

  /** Whether a word (or the end of a text, for shapes that look back) has that shape. @param {string} word @param {string} shape */
  looks(word, shape) {
    return /** @type {RegExp} */ (this.#shapes.get(shape)).test(word.slice(-LONGEST_WORD));
  }

  /** Whether the word ends with an everyday word of at least `tail` letters. @param {string} word @param {number} tail */
  isCompound(word, tail) {
    const end = word.slice(-LONGEST_WORD);
    for (let at = SHORTEST_PART; at <= end.length - tail; at += 1) {
      if (this.lexicon.ordinary.has(end.slice(at))) return true;
    }
    return false;
  }

  /** Whether the word is a role, or a compound that ends with one: patrullkollega. @param {string} word */
  isRole(word) {
    const { role } = this.lexicon;
    if (role.has(word)) return true;
    const end = word.slice(-LONGEST_WORD);
    for (let at = SHORTEST_PART; at <= end.length - SHORTEST_ROLE; at += 1) {
      if (role.has(end.slice(at))) return true;
    }
    return false;
  }

  /** Whether the word is two everyday words in one, an s between them or none. @param {string} word */
  isOfTwo(word) {
    const { ordinary } = this.lexicon;
    const length = Math.min(word.length, LONGEST_WORD);
    for (let at = SHORTEST_PART; at <= length - SHORTEST_PART; at += 1) {
      const tail = word.slice(at);
      if (!ordinary.has(word.slice(0, at))) continue;
      if (ordinary.has(tail) || (tail[0] === "s" && ordinary.has(tail.slice(1)))) return true;
    }
    return false;
  }
}
