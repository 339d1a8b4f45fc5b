// The only file that talks to the server.

/**
 * @typedef {{text: string, data: ?string, url: ?string, copies: ?string}} Button
 * @typedef {{kind: string, offset: number, length: number, url: ?string}} Entity
 * @typedef {{id: number, mine: boolean, text: string, entities: Entity[], rows: Button[][], at: string,
 *   edits: number, silent: boolean, media: ?string}} Message
 * @typedef {{id: string, text: string, must_be_closed: boolean}} Alert
 * @typedef {{id: number, name: string, label: string, blocked: boolean, messages: Message[],
 *   keyboard: string[][], commands: {name: string, description: string}[], alerts: Alert[]}} Phone
 * @typedef {{bot: string, phones: Phone[]}} View
 */

/**
 * Calls back with the whole view, at once and whenever it has changed, and with whether there is contact.
 * @param {(view: View) => void} show
 * @param {(contact: boolean) => void} contact
 */
export function watch(show, contact) {
  const source = new EventSource("/phones/live");
  source.addEventListener("message", (event) => show(JSON.parse(event.data)));
  source.addEventListener("open", () => contact(true));
  source.addEventListener("error", () => {
    contact(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => watch(show, contact), 2000);
  });
}

/** @param {number} phone @param {string} text @returns {Promise<boolean>} whether it was sent */
export const say = (phone, text) => post(`/phones/${phone}/say`, { text });

/** @param {number} phone @param {number} message @param {string} button @returns {Promise<boolean>} */
export const press = (phone, message, button) => post(`/phones/${phone}/press`, { message, button });

async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
