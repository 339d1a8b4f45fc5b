// Every sentence of the page, in Swedish and English.

/** @typedef {Record<string, string>} Words */

/** @type {Record<string, Words>} */
const WORDS = {
  sv: {
    title: "Demotelefoner · Samjour",
    banner: "Demo: här spelar du telefonerna. Inget lämnar datorn.",
    lost: "Ingen kontakt med demon. Försöker igen ...",
    phones: "Telefoner",
    nobody: "Inga telefoner än. De dyker upp här när demon har startat.",
    empty: "Tryck på Starta för att öppna chatten.",
    start: "Starta",
    write: "Skriv ett meddelande",
    send: "Skicka",
    commands: "Kommandon",
    edited: "redigerat",
    silent: "ljudlöst",
    blocked: "Har blockerat boten",
    close: "OK",
    copied: "Kopierat",
    failed: "Det gick inte att skicka. Försök igen.",
    unread: "olästa",
    photo: "Bild",
    sticker: "Klistermärke",
    voice: "Röstmeddelande",
    chat: "Chatt",
  },
  en: {
    title: "Demo phones · Samjour",
    banner: "Demo: here you play the phones. Nothing leaves the computer.",
    lost: "No contact with the demo. Trying again ...",
    phones: "Phones",
    nobody: "No phones yet. They appear here when the demo has started.",
    empty: "Press Start to open the chat.",
    start: "Start",
    write: "Write a message",
    send: "Send",
    commands: "Commands",
    edited: "edited",
    silent: "silent",
    blocked: "Has blocked the bot",
    close: "OK",
    copied: "Copied",
    failed: "It could not be sent. Try again.",
    unread: "unread",
    photo: "Picture",
    sticker: "Sticker",
    voice: "Voice message",
    chat: "Chat",
  },
};

export const language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "sv";
export const words = WORDS[language];

/** Puts the words into what stands in the page from the start. */
export function translate() {
  document.documentElement.lang = language;
  document.title = words.title;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = words[element.dataset.word];
  }
  document.getElementById("tabs").setAttribute("aria-label", words.phones);
  if (language === "en") {
    const link = document.getElementById("language");
    link.textContent = "Svenska";
    link.setAttribute("href", "/phones");
    link.setAttribute("hreflang", "sv");
    link.setAttribute("lang", "sv");
  }
}
