/**
 * Keys of the whole score sheet ([data-sheet-keys]): Ctrl+Enter presses “Save and next” from anywhere, also while one writes; “?” opens the
 * list of keys from anywhere but a text.
 */
const TEXT = "textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit]), [contenteditable]";

export function start(root) {
  const hint = root.querySelector("[data-sheet-keys]");
  if (!hint) return;
  const opener = hint.querySelector("summary");
  root.addEventListener("keydown", (event) => {
    if (root.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const button = root.querySelector("form[data-score] button[name=next][value=following]");
      if (!button) return;
      event.preventDefault();
      button.form.requestSubmit(button);
    } else if (event.key === "?" && !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.matches(TEXT)) {
      event.preventDefault();
      opener.click();
    }
  });
}
