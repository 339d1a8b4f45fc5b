// Turns text and its entities into nodes. Offsets are UTF-16, as JavaScript counts.

const ELEMENTS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
  blockquote: "q",
  expandable_blockquote: "q",
  spoiler: "mark",
  bot_command: "b",
  mention: "b",
};

/**
 * @param {string} text
 * @param {import("./api.js").Entity[]} entities
 * @returns {Node[]}
 */
export function rich(text, entities) {
  const cuts = new Set([0, text.length]);
  for (const entity of entities) cuts.add(entity.offset).add(entity.offset + entity.length);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => piece(text, entities, places[index], end));
}

function piece(text, entities, start, end) {
  const around = entities.filter((entity) => entity.offset <= start && entity.offset + entity.length >= end);
  const inner = document.createTextNode(text.slice(start, end));
  return around.reduceRight((node, entity) => wrap(entity, node, text), inner);
}

function wrap(entity, node, text) {
  const element = element_for(entity, text);
  if (!element) return node;
  element.append(node);
  return element;
}

function element_for(entity, text) {
  if (entity.kind === "text_link" || entity.kind === "url") {
    return link(entity.url ?? text.slice(entity.offset, entity.offset + entity.length));
  }
  return ELEMENTS[entity.kind] ? document.createElement(ELEMENTS[entity.kind]) : null;
}

/**
 * A link that opens beside the page; null for what is no web address.
 * @param {string} address
 */
export function link(address) {
  if (!/^https?:\/\//i.test(address)) return null;
  const element = document.createElement("a");
  element.href = address;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
  return element;
}
