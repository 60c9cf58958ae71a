/**
 * Asks before a page with unsent changes is left. `form[data-guard]` is dirty from the first input until it is sent;
 * a form with autosave is clean again when the server has it ("saved"), and may be left while a copy waits in the browser (data-copied).
 */
export function start(root) {
  const forms = [...root.querySelectorAll("form[data-guard]")];
  if (!forms.length) return;
  const dirty = new Set();
  for (const form of forms) {
    form.addEventListener("input", () => dirty.add(form));
    form.addEventListener("saved", () => dirty.delete(form));
    form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) dirty.delete(form);
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => !("copied" in form.dataset))) event.preventDefault();
  });
}
