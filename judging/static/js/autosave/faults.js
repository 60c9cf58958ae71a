/** The messages beside the fields that could not be kept: shown and cleared as the server says, and the focus stays where it is. */
const INVALID = "field--invalid";

/** faults: why, by the id of the control or of the group of controls. */
export function showFaults(form, faults) {
  for (const message of form.querySelectorAll(".field__error")) {
    if (message.id && !(message.id.replace(/-error$/, "") in faults)) clear(form, message);
  }
  for (const [id, text] of Object.entries(faults)) show(form, id, text);
  if (Object.keys(faults).length === 0) dropSummary();
}

function show(form, id, text) {
  const control = document.getElementById(id);
  if (!control || !form.contains(control)) return;
  const message = document.getElementById(`${id}-error`) ?? made(control, id);
  if (message.lastChild?.textContent !== text) message.replaceChildren(...message.querySelectorAll(".visually-hidden"), text);
}

function made(control, id) {
  const message = document.createElement("p");
  message.className = "field__error";
  message.id = `${id}-error`;
  const cell = control.closest("td");
  if (cell) cell.append(message);
  else if (control.matches("fieldset")) control.querySelector(":scope > legend").after(message);
  else (control.closest(".field__control") ?? control).before(message);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", [control.getAttribute("aria-describedby"), message.id].filter(Boolean).join(" "));
  (cell ?? control.closest(".field") ?? control).classList.add(cell ? "grid-table__wrong" : INVALID);
  return message;
}

function clear(form, message) {
  const control = document.getElementById(message.id.replace(/-error$/, ""));
  message.remove();
  if (!control) return;
  control.removeAttribute("aria-invalid");
  const rest = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== message.id);
  if (rest.length) control.setAttribute("aria-describedby", rest.join(" "));
  else control.removeAttribute("aria-describedby");
  control.closest("td")?.classList.remove("grid-table__wrong");
  (control.closest(".field") ?? control).classList.remove(INVALID);
}

/** The list of what was wrong when the page was drawn says nothing any more; it stays while somebody reads it. */
function dropSummary() {
  const summary = document.querySelector("[data-error-summary]");
  if (summary && !summary.contains(document.activeElement)) summary.remove();
}
