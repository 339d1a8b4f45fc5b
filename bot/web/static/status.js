// Keeps the status page true: asks again every five seconds while somebody looks, and says "ring" when nothing is heard.

import { Silence } from "./silence.js";

const REFRESH = 5_000; // ms between questions
const PATIENCE = 8_000; // ms for one answer

const live = document.querySelector("[data-live]");
const announced = document.querySelector("[data-announced]");
const clock = document.querySelector("[data-heard]");
const silence = new Silence().begin();
let etag = "";
let question = null;
let timer = 0;

/** Ask for the part that changes. An XHR parses it into a document of its own: no string becomes markup here. */
function ask() {
  if (question) return; // a slow network gets its time: the next question waits for this one
  const asked = new XMLHttpRequest();
  question = asked;
  asked.open("GET", live.dataset.live);
  asked.responseType = "document";
  asked.timeout = PATIENCE;
  if (etag) asked.setRequestHeader("If-None-Match", etag);
  asked.onload = () => answered(asked);
  asked.onloadend = () => {
    if (question === asked) question = null;
  };
  asked.send();
}

/** @param {XMLHttpRequest} answer */
function answered(answer) {
  if (answer.status !== 200 && answer.status !== 304) return; // an error is no news: silence goes on
  silence.heard();
  clock.textContent = answer.getResponseHeader("Samjour-Time") ?? clock.textContent;
  if (answer.status === 200) {
    etag = answer.getResponseHeader("ETag") ?? "";
    renew(answer.response?.querySelector("[data-part]"));
  }
}

/** Put the fresh part in the old one's place, only if it differs, and leave the focus where it was. */
function renew(fresh) {
  const old = live.querySelector("[data-part]");
  if (!fresh) return;
  keepOpen(old, fresh);
  if (old.isEqualNode(fresh)) return;
  const focused = document.activeElement?.id;
  old.replaceWith(document.adoptNode(fresh));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  announce(fresh.dataset.headline ?? "");
}

/** What somebody has unfolded stays so. */
function keepOpen(old, fresh) {
  for (const fold of old.querySelectorAll("details[open]")) {
    fresh.querySelector(`#${CSS.escape(fold.id)}`)?.setAttribute("open", "");
  }
}

/** Say the new state once, to those who listen rather than look. */
function announce(headline) {
  if (announced.textContent !== headline) announced.textContent = headline;
}

function start() {
  stop();
  ask();
  timer = setInterval(ask, REFRESH);
}

function stop() {
  clearInterval(timer);
  question?.abort();
  question = null;
}

function startIfSeen() {
  if (document.hidden) stop();
  else start();
}

document.addEventListener("visibilitychange", startIfSeen);
addEventListener("online", startIfSeen);
addEventListener("pageshow", (event) => event.persisted && startIfSeen());
startIfSeen();
