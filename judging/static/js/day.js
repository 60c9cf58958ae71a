/**
 * A date is typed or pasted as people write it, input[data-day="…"]; the browser's own calendar opens from the button beside it, which is called
 * so. An <input type="date"> alone takes no pasted text in most browsers.
 */
const WRITTEN = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/;
const two = (text) => text.padStart(2, "0");

function isoOf(text) {
  const [, day, month, year] = WRITTEN.exec(text) ?? [];
  return year ? `${year}-${two(month)}-${two(day)}` : "";
}

function wire(input) {
  const calendar = document.createElement("input");
  Object.assign(calendar, { type: "date", className: "day__calendar", tabIndex: -1, min: "1980-01-01", max: "2199-12-31" });
  calendar.setAttribute("aria-hidden", "true");
  if (!calendar.showPicker) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "day__button", title: input.dataset.day });
  button.setAttribute("aria-label", `${input.dataset.day}: ${input.labels[0]?.textContent.trim() ?? ""}`);
  button.addEventListener("click", () => {
    calendar.value = isoOf(input.value);
    calendar.showPicker();
  });
  calendar.addEventListener("change", () => {
    if (!calendar.value) return;
    input.value = calendar.value.split("-").toReversed().join(".");
    for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
    input.focus();
  });
  input.after(button, calendar);
}

export function start(root) {
  for (const input of root.querySelectorAll("input[data-day]")) if (!input.closest("[data-rows]")) wire(input);
}
