/** Turns <details data-dialog> into a modal <dialog>; a dialog whose form was refused (it holds an error) opens by itself. */
function build(details) {
  const panel = details.querySelector("[data-dialog-panel]");
  const close = panel.querySelector("[data-dialog-close]");
  const dialog = document.createElement("dialog");
  dialog.className = "dialog__window";
  dialog.setAttribute("aria-labelledby", `${details.id}-title`);
  dialog.append(panel);
  details.after(dialog);
  close.hidden = false;
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}

export function start(root) {
  for (const details of root.querySelectorAll("details[data-dialog]")) {
    const dialog = build(details);
    const opener = details.querySelector("summary");
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    dialog.addEventListener("close", () => opener.focus());
    if (details.open || dialog.querySelector("[aria-invalid=true], [data-error-summary]")) {
      details.open = false;
      dialog.showModal();
    }
  }
}
