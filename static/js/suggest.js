// Suggestions under a search box while one types: an ARIA combobox over a plain form, which works without.
const PAUSE = 180;

function option(found, number, id) {
  const item = document.createElement("li");
  item.id = `${id}-${number}`;
  item.role = "option";
  item.dataset.url = found.url;
  item.append(found.title);
  const kind = document.createElement("small");
  kind.textContent = found.kind;
  item.append(" ", kind);
  return item;
}

function attach(input) {
  const list = document.createElement("ul");
  const status = document.createElement("p");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.role = "listbox";
  list.ariaLabel = input.dataset.suggestLabel;
  status.className = "sr-only";
  status.role = "status";
  input.after(list, status);
  input.role = "combobox";
  input.autocomplete = "off";
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  input.ariaExpanded = "false";
  let timer;
  let asked = 0;

  function said(count) {
    const { suggestNone, suggestOne, suggestLabel } = input.dataset;
    return [suggestNone, suggestOne][count] ?? `${count} ${suggestLabel}`;
  }

  const active = () => list.querySelector("[aria-selected=true]");

  function choose(item) {
    active()?.removeAttribute("aria-selected");
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) input.setAttribute("aria-activedescendant", item.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    status.textContent = "";
    list.hidden = true;
    input.ariaExpanded = "false";
    choose(null);
  }

  async function ask() {
    const mine = ++asked;
    const words = input.value.trim();
    if (words.length < 2) return close();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`);
      const { suggestions } = await answer.json();
      if (mine !== asked) return;
      list.replaceChildren(...suggestions.map((found, number) => option(found, number, list.id)));
      list.hidden = !suggestions.length;
      input.ariaExpanded = String(!list.hidden);
      choose(null);
      status.textContent = said(suggestions.length);
    } catch {
      close();
    }
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const items = [...list.children];
    const at = items.indexOf(active());
    if (event.key === "ArrowDown") choose(items[at + 1] ?? items[0]);
    else if (event.key === "ArrowUp") choose(at < 0 ? items.at(-1) : items[at - 1] ?? null);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) location.assign(items[at].dataset.url);
    else return;
    event.preventDefault();
  });
  // Before the field loses the focus, which would close the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) location.assign(item.dataset.url);
  });
}

for (const input of document.querySelectorAll("input[data-suggest]")) attach(input);
