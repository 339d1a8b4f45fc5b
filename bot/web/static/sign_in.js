// Turns a sign-in link into a session: the token stands in the fragment, which the browser sends to no server.

const ENDPOINT = "/api/v1/sessions";

const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname + location.search); // not left in the history or on the screen

/** Show one of the page's sections and hide the others. */
function show(name) {
  for (const section of document.querySelectorAll("[data-when]")) section.hidden = section.dataset.when !== name;
  document.querySelector(`[data-when="${name}"] h1`)?.focus();
}

async function signIn() {
  show("working");
  try {
    const answer = await fetch(ENDPOINT, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
    });
    if (answer.ok) location.replace("/" + location.search);
    else show(answer.status < 500 ? "refused" : "unheard");
  } catch {
    show("unheard");
  }
}

document.querySelector("[data-retry]").addEventListener("click", signIn);
if (token) signIn();
else show("refused");
