/** Asks before a form goes: `data-confirm` on the pressed button or on the form. */
export function start(root) {
  root.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !event.defaultPrevented && !window.confirm(question)) event.preventDefault();
  });
}
