/** Tables: ticking rows, and a tab stop only where there is something to scroll. */
function select(table) {
  const all = table.querySelector("[data-select-all]");
  const boxes = [...table.querySelectorAll("tbody .table__select input")];
  const update = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    for (const output of document.querySelectorAll("[data-bulk-count]")) output.textContent = String(ticked);
  };
  all.hidden = boxes.length === 0;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    update();
  });
  table.addEventListener("change", update);
  update();
}

function fit(region) {
  const table = region.querySelector("table");
  region.classList.remove("table-region--scrolls");
  const scrolls = table.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
  region.classList.toggle("table-region--scrolls", table.scrollWidth > region.clientWidth + 1);
  if (scrolls) region.tabIndex = 0;
  else region.removeAttribute("tabindex");
}

export function start(root) {
  for (const table of root.querySelectorAll("[data-select-table]")) select(table);
  const regions = [...root.querySelectorAll("[data-table-region]")];
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));
  for (const region of regions) observer.observe(region);
}
