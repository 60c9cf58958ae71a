/** Rows that can be added and removed; after each change names, ids and labels are numbered anew: base-0, base-1, … */
function renumber(block) {
  const base = block.dataset.repeat;
  const pattern = new RegExp(`^${base}-(\\d+|__index__)`);
  [...block.querySelectorAll("[data-repeat-row]")].forEach((row, index) => {
    for (const element of row.querySelectorAll("*")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.split(" ").map((part) => part.replace(pattern, `${base}-${index}`)).join(" "));
      }
    }
    for (const number of row.querySelectorAll("[data-repeat-number]")) number.textContent = String(index + 1);
    const button = row.querySelector("[data-repeat-remove]");
    button.value = button.value.includes(":") ? `${base}:${index}` : String(index);
  });
}

function add(block, template) {
  block.querySelector("[data-repeat-rows]").append(template.content.cloneNode(true));
  renumber(block);
  const rows = block.querySelectorAll("[data-repeat-row]");
  rows[rows.length - 1].querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function remove(block, row) {
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  renumber(block);
  (neighbour?.querySelector("[data-repeat-remove]") ?? block.querySelector("[data-repeat-add]")).focus();
}

export function start(root) {
  for (const block of root.querySelectorAll("[data-repeat]")) {
    const template = block.querySelector("[data-repeat-template]");
    if (!template) continue;
    block.addEventListener("click", (event) => {
      const adding = event.target.closest("[data-repeat-add]");
      const removing = event.target.closest("[data-repeat-remove]");
      if (!adding && !removing) return;
      event.preventDefault();
      if (adding) add(block, template);
      else remove(block, removing.closest("[data-repeat-row]"));
      block.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
