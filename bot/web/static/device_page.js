/** Starts the page about one's own device. What it takes to seal is loaded after the page is there. */

import { fill } from "./views/dom.js";
import { drawDoor } from "./views/door.js";
import { Words } from "./views/words.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const door = /** @type {HTMLElement} */ (document.querySelector("[data-door-slot]"));
const words = Words.of(main);

async function start() {
  fill(door, drawDoor(words, { name: "working" }));
  try {
    const { App } = await import("./device_app.js");
    await new App({ door, words }).begin();
  } catch (error) {
    fill(door, drawDoor(words, { name: "trouble", error, retry: () => location.reload() }));
  }
}

start();
