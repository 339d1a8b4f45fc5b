/** Says "ring" when nothing has been heard for twenty seconds: the page that says so needs no server. */

const SILENCE = 20_000; // ms without an answer before the page says "ring"
const GRACE = 5_000; // ms for the first answer after the phone has slept
const LOOK = 1_000; // ms between looks

/** One page's silence; its alert was drawn by the server, hidden. */
export class Silence {
  #heard = performance.now();

  /** Look from now on. */
  begin() {
    setInterval(() => this.#look(), LOOK);
    document.addEventListener("visibilitychange", () => this.#wake());
    addEventListener("pageshow", () => this.#wake());
    addEventListener("online", () => this.#wake());
    addEventListener("offline", () => tell(true));
    return this;
  }

  /** Something was heard just now. */
  heard() {
    this.#heard = performance.now();
    tell(false);
  }

  /** A telephone that slept has heard nothing meanwhile, and that means nothing. */
  #wake() {
    if (!document.hidden) this.#heard = Math.max(this.#heard, performance.now() - SILENCE + GRACE);
  }

  #look() {
    if (!document.hidden && performance.now() - this.#heard > SILENCE) tell(true);
  }
}

/** @param {boolean} silent */
function tell(silent) {
  const alert = /** @type {HTMLElement | null} */ (document.querySelector("[data-silence]"));
  if (alert && alert.hidden === silent) alert.hidden = !silent;
}
