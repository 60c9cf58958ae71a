/** Copies a value and says so. Without a secure clipboard the button stays hidden. */
export function start(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) {
    const label = button.querySelector("[data-copy-label]");
    const words = label.textContent;
    label.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = button.dataset.copiedText;
      setTimeout(() => { label.textContent = words; }, 2500);
    });
  }
}
