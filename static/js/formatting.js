// Buttons above each box that signs can format: they write the signs, as one would by hand.
const template = document.querySelector("template[data-formatting]");
const FORMATTED = /^(?:## |- |• )/;

// execCommand is old, but nothing else leaves the browser its undo.
function write(box, text, start, end) {
  box.focus();
  box.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, text)) return;
  box.setRangeText(text, start, end, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

// Around the words selected, without the spaces at their ends; around `word` when there are none.
function around(box, word, before, after) {
  const { selectionStart: from, selectionEnd: to, value } = box;
  const chosen = value.slice(from, to);
  const words = chosen.trim() || word;
  const start = from + (chosen.trim() ? chosen.length - chosen.trimStart().length : 0);
  const lines = words.split("\n").map((line) => (line.trim() ? before + line + after : line));
  write(box, lines.join("\n"), start, chosen.trim() ? start + words.length : to);
  return start + before.length;
}

// At the beginning of each line selected; a second time takes it away.
function ahead(box, sign) {
  const { selectionStart, selectionEnd, value } = box;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", Math.max(selectionEnd, start));
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end).split("\n");
  const written = lines.every((line) => line.startsWith(sign) || !line.trim()) && lines.join("").trim();
  const changed = lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    return (written ? "" : sign) + line.replace(FORMATTED, "");
  });
  write(box, changed.join("\n"), start, end);
}

const ACTS = {
  bold(box, word) {
    const start = around(box, word, "**", "**");
    if (box.value.slice(start, start + word.length) === word) box.setSelectionRange(start, start + word.length);
  },
  heading: (box) => ahead(box, "## "),
  list: (box) => ahead(box, "- "),
  link(box, word) {
    const chosen = box.value.slice(box.selectionStart, box.selectionEnd).trim();
    if (/^(?:https?:|www\.)\S+$/.test(chosen)) {
      const start = around(box, "", `[${word}](`, ")") - word.length - 2;
      box.setSelectionRange(start, start + word.length);
    } else {
      around(box, word, "[", "](https://)");
      box.setSelectionRange(box.selectionEnd - 9, box.selectionEnd - 1);
    }
  },
};

for (const box of document.querySelectorAll("textarea[data-formatted]")) {
  const group = template.content.firstElementChild.cloneNode(true);
  for (const button of group.children) {
    button.setAttribute("aria-controls", box.id);
    button.addEventListener("click", () => ACTS[button.value](box, button.dataset.word));
  }
  box.before(group);
}
