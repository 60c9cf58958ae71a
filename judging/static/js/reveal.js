/** Shows and hides a password. */
export function start(root) {
  for (const button of root.querySelectorAll("[data-reveal]")) {
    const input = root.getElementById(button.dataset.reveal);
    const words = [button.textContent, button.dataset.hideText];
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = words[Number(shown)];
    });
  }
}
