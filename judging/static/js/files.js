/** A file can be dropped on its slot; one that is too large is named before it travels. */
function tooBig(input) {
  const limit = Number(input.dataset.maxBytes);
  return limit > 0 && [...input.files].some((file) => file.size > limit);
}

function wire(form) {
  const input = form.querySelector("input[type=file]");
  const area = form.querySelector("[data-file-drop]");
  const error = form.querySelector("[data-file-error]");
  const check = () => {
    const refused = tooBig(input);
    error.hidden = !refused;
    error.textContent = refused ? input.dataset.tooBig : "";
    return !refused;
  };
  const highlight = (on) => area.classList.toggle("file-slot__drop--over", on);
  input.addEventListener("change", check);
  area.addEventListener("dragover", (event) => { event.preventDefault(); highlight(true); });
  area.addEventListener("dragleave", () => highlight(false));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    highlight(false);
    input.files = event.dataTransfer.files;
    check();
  });
  form.addEventListener("submit", (event) => {
    if (!check()) event.preventDefault();
  });
}

export function start(root) {
  for (const form of root.querySelectorAll("[data-file-form]")) wire(form);
}
