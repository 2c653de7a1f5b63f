// Saves the draft a few seconds after the last key, and says where it is kept.
const form = document.querySelector("form[data-autosave]");
const status = form?.querySelector("[data-saved]");
let timer;
let sending = false;

async function save() {
  const data = new FormData(form);
  data.set("do", "autosave");
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body: data });
    const said = await answer.json();
    status.textContent = said.text;
    if (said.address && location.pathname !== said.address) history.replaceState(null, "", said.address);
  } catch {
    status.textContent = "";
  }
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => { if (!sending) save(); }, 3000);
});
form?.addEventListener("submit", () => { sending = true; clearTimeout(timer); });
