/** The guard's word lists, unpacked from the document (bot/core/guard/lexicon.py, document.py). */

const PACKED = /([A-Z])([^A-Z]*)/g;

/** @typedef {Record<string, Set<string>>} Lexicon words in plain spelling, by what they are */

/** @param {Record<string, string>} lists @returns {Lexicon} */
export function readLexicon(lists) {
  return Object.fromEntries(Object.entries(lists).map(([name, packed]) => [camel(name), unpack(packed)]));
}

/** Words in order, each led by how much it shares with the one before: `A` nothing, `B` a letter. @param {string} packed */
function unpack(packed) {
  const words = new Set();
  let before = "";
  for (const [, shared, rest] of packed.matchAll(PACKED)) {
    before = before.slice(0, shared.charCodeAt(0) - 65) + rest;
    words.add(before);
  }
  return words;
}

/** @param {string} name */
export function camel(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}
