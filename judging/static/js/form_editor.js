/**
 * The editor of forms: only what is chosen is shown of a rule, values are offered for the field at hand, and what a move did
 * is read out. Without it everything is on the page and works alike.
 */
const BARE = new Set(["yes", "no", "filled", "empty"]);

function chosen(form, name) {
  const ticked = form.querySelector(`input[name="${CSS.escape(name)}"]:checked`);
  return ticked ? ticked.value : "";
}

function follow(block) {
  const [name, values] = block.dataset.when.split(":");
  const form = block.closest("form");
  const show = () => { block.hidden = !values.split(" ").includes(chosen(form, name)); };
  form.addEventListener("change", (event) => { if (event.target.name === name) show(); });
  show();
}

function offer(row) {
  const subject = row.querySelector("[data-subject]");
  const sign = row.querySelector("[data-sign]");
  const value = row.querySelector("[data-value]");
  if (!subject || !sign || !value) return;
  const list = [...document.querySelectorAll("datalist[data-options-of]")].find((one) => one.dataset.optionsOf === subject.value);
  if (list) value.setAttribute("list", list.id);
  else value.removeAttribute("list");
  const bare = BARE.has(sign.value);
  for (const field of [value.closest(".field"), value.closest(".field").nextElementSibling]) field.hidden = bare;
}

for (const block of document.querySelectorAll("[data-when]")) follow(block);
for (const row of document.querySelectorAll("[data-repeat-row]")) offer(row);
document.addEventListener("input", (event) => {
  for (const row of event.target.querySelectorAll?.("[data-repeat-row]") ?? []) offer(row);
  const row = event.target.closest?.("[data-repeat-row]");
  if (row) offer(row);
});

/* A region that is on the page from the beginning is not read out: its words come back a moment later. */
const spoken = document.querySelector(".flashes");
if (spoken && spoken.textContent.trim() && location.hash) {
  const words = [...spoken.childNodes];
  spoken.replaceChildren();
  setTimeout(() => spoken.replaceChildren(...words), 150);
}
