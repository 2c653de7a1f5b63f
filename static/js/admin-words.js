// Says in the reader's language what the admin writes in English: the rules of admin_words.py.
const rules = JSON.parse(document.getElementById("admin-words").textContent)
  .map(([selector, said, words]) => [selector, new RegExp(`^${said}$`), words]);

function translate() {
  for (const [selector, said, words] of rules) {
    for (const element of document.querySelectorAll(selector)) {
      if (element.matches("input")) {
        if (said.test(element.value)) element.value = element.value.replace(said, words);
        continue;
      }
      for (const node of element.childNodes) {
        const text = node.nodeType === Node.TEXT_NODE ? node.data.trim() : "";
        if (said.test(text)) node.data = text.replace(said, words);
      }
    }
  }
}

translate();
const editor = document.querySelector(".js-translation-editor");
if (editor) new MutationObserver(translate).observe(editor, { childList: true, subtree: true });
