/** Takes the person to the error summary, and from each of its lines to the field. */
export function start(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && root.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("fieldset, div") ? target.querySelector("input:not([type=hidden]), select, textarea") ?? target : target;
    target.scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
  });
}
