// Puts the page together: a phone for each person, and tabs where only one fits.

import { watch } from "./api.js";
import { initials, part, phone } from "./phone.js";
import { translate, words } from "./words.js";

const row = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const lost = document.getElementById("lost");
/** @type {Map<number, ReturnType<typeof phone> & {tab: HTMLButtonElement, unread: number, label: string}>} */
const phones = new Map();
let chosen = 0;

translate();
row.append(part("p", "note", words.nobody));
watch(show, (contact) => {
  lost.hidden = contact;
});

/** @param {import("./api.js").View} view */
function show(view) {
  if (view.phones.length && !phones.size) row.replaceChildren();
  for (const [index, now] of view.phones.entries()) {
    const here = phones.get(now.id) ?? add(now, index);
    const rung = here.show(now);
    if (now.id !== chosen) here.unread += rung;
    mark(here, now.id);
  }
}

function add(view, index) {
  const tab = part("button", "tab");
  tab.type = "button";
  const face = part("span", `face tone-${index % 6}`, initials(view.name));
  tab.append(face, part("span", "name", view.name.split(" ").slice(-2).join(" ")), part("span", "count"));
  tab.addEventListener("click", () => choose(view.id));
  const made = { ...phone(view, index), tab, unread: 0, label: view.label };
  phones.set(view.id, made);
  tabs.append(tab);
  row.append(made.element);
  if (phones.size === 1) choose(view.id);
  requestAnimationFrame(made.end);
  return made;
}

function choose(id) {
  chosen = id;
  for (const [other, here] of phones) {
    here.element.classList.toggle("chosen", other === id);
    if (other === id) {
      here.unread = 0;
      here.end();
    }
    mark(here, other);
  }
}

function mark(here, id) {
  here.tab.setAttribute("aria-pressed", String(id === chosen));
  here.tab.setAttribute("aria-label", here.unread ? `${here.label}, ${here.unread} ${words.unread}` : here.label);
  here.tab.lastElementChild.textContent = here.unread ? String(here.unread) : "";
}
