/** Builds the page's elements from values: a text is always text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>} Attributes */

/**
 * One element. An attribute of true stands bare, of false, null or undefined not at all; `onclick` and the like are
 * functions. @param {string} tag @param {Attributes | null} attributes @param {...Child} children
 * @returns {any} the element; its kind is known where it is made
 */
export function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...present(children));
  return made;
}

/** Our own icon of that name; the words beside it say the same. @param {string} name */
export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.querySelector("main")?.dataset.icons}#${name}`);
  drawn.append(use);
  return drawn;
}

/**
 * Put these in the place of all that is inside; what had the focus has it again, by its id.
 * @param {Element} place @param {...Child} children
 */
export function fill(place, ...children) {
  const focused = place.contains(document.activeElement) ? document.activeElement?.id : "";
  place.replaceChildren(...present(children));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Move the focus where what was pressed has gone; whoever cannot see it hears it. @param {string} id */
export function attend(id) {
  document.getElementById(id)?.focus();
}

/** A button that does one thing, and nothing a second time while it does it. @param {Attributes} attributes @param {string} label @param {() => unknown} act */
export function button(attributes, label, act) {
  const made = el("button", { type: "button", class: "press", ...attributes }, label);
  made.addEventListener("click", async () => {
    if (made.getAttribute("aria-disabled") === "true") return;
    made.setAttribute("aria-disabled", "true");
    try {
      await act();
    } finally {
      made.removeAttribute("aria-disabled");
    }
  });
  return made;
}

/** A paragraph. @param {string} text @param {string} [kind] */
export function p(text, kind) {
  return el("p", { class: kind }, text);
}

/** A few words with a mark before them. @param {"good" | "bad" | "wait" | "plain"} tone @param {string} text */
export function toned(tone, text) {
  const marks = { good: "yes", bad: "no", wait: "clock", plain: "no" };
  return el("span", { class: "toned", "data-tone": tone }, icon(marks[tone]), el("span", null, text));
}

/** @param {Child[]} children */
function present(children) {
  return /** @type {(Node | string)[]} */ (
    children.filter((child) => child !== null && child !== undefined && child !== false)
  );
}
