// Saves the draft a few seconds after the last key, and says where it is kept, or that it is not.
const form = document.querySelector("form[data-autosave]");
const status = form?.querySelector("[data-saved]");
const RETRY = 20_000;
let timer;
let sending = false;

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(() => { if (!sending) save(); }, wait);
}

function say(text, refused) {
  status.textContent = text;
  status.classList.toggle("refused", refused);
}

async function save() {
  const data = new FormData(form);
  data.set("do", "autosave");
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body: data });
    const said = await answer.json();
    say(said.text, !answer.ok);
    if (answer.status >= 500) later(RETRY);
    if (said.address && location.pathname !== said.address) history.replaceState(null, "", said.address);
  } catch {
    say(status.dataset.failed, true); // no network, or no answer that we know
    later(RETRY);
  }
}

form?.addEventListener("input", () => later(3000));
form?.addEventListener("submit", () => { sending = true; clearTimeout(timer); });
