// « Trier par » applies as soon as one chooses with the mouse or a finger. By keyboard, arrows only go
// through the choices: Enter, or the button beside, applies.
const select = document.getElementById("sort");
const before = select?.value;
let byKeys = false;

function apply() {
  if (select.value !== before) select.form.requestSubmit();
}

select?.addEventListener("pointerdown", () => { byKeys = false; });
select?.addEventListener("change", () => { if (!byKeys) apply(); });
select?.addEventListener("keydown", (event) => {
  byKeys = true;
  if (event.key !== "Enter" || select.value === before) return;
  event.preventDefault();
  apply();
});
