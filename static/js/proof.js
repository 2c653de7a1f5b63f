// Solves the proof of work while one writes, then hides the small sum: see commons/members/human.py.
const proof = document.querySelector("[data-proof]");
const { form } = proof;
const sum = form.querySelector("[data-sum]");
const ticket = form.elements.ticket.value;
const encoder = new TextEncoder();

async function solve() {
  for (let number = 0; ; number += 1) {
    const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${ticket}:${number}`));
    const start = new DataView(digest).getUint16(0);
    if (start === 0) return number;
  }
}

if (globalThis.crypto?.subtle) {
  sum.hidden = true;
  const solved = solve().then((number) => { proof.value = number; });
  form.addEventListener("submit", async (event) => {
    if (proof.value || event.submitter?.value !== "send") return;
    event.preventDefault();
    event.submitter.setAttribute("aria-busy", "true");
    await solved;
    form.requestSubmit(event.submitter);
  });
}
