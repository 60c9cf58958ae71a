/**
 * Keys of the whole score sheet ([data-sheet-keys]): Ctrl+Enter presses “Save and next” from anywhere, also while one writes; “?” opens the
 * list of keys from anywhere but a text.
 */
const TEXT = "textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit]), [contenteditable]";

const isPlain = ({ ctrlKey, altKey, metaKey }) => !ctrlKey && !altKey && !metaKey;

function saveAndNext(root, event) {
  const button = root.querySelector("form[data-score] button[name=next][value=following]");
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
}

export function start(root) {
  const opener = root.querySelector("[data-sheet-keys] summary");
  if (!opener) return;
  root.addEventListener("keydown", (event) => {
    if (root.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) saveAndNext(root, event);
    else if (event.key === "?" && isPlain(event) && !event.target.matches(TEXT)) {
      event.preventDefault();
      opener.click();
    }
  });
}
