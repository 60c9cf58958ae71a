/** A second press of a button does not send a form twice. The page coming back from the cache may send again; a download, too. */
const SENT = "sent";

function release(root) {
  for (const form of root.querySelectorAll(`form[data-${SENT}]`)) {
    delete form.dataset[SENT];
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}

export function start(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "download" in form.dataset) return;
    if (form.dataset[SENT]) {
      event.preventDefault();
      return;
    }
    form.dataset[SENT] = "true";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => release(root));
}
