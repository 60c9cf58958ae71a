/**
 * A table of links as one stop of the Tab key: [data-roving]. The arrows, Home, End, Ctrl+Home and Ctrl+End move between its cells.
 * Without JS every link is a stop of its own.
 */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function target(rows, row, column, event) {
  const last = rows[row].length - 1;
  if (event.key === "Home") return event.ctrlKey ? rows[0][0] : rows[row][0];
  if (event.key === "End") return event.ctrlKey ? rows.at(-1).at(-1) : rows[row][last];
  const [down, right] = STEPS[event.key] ?? [0, 0];
  return down ? inColumn(rows, row, down, rows[row][column]) : rows[row][column + right];
}

/** The next link up or down in the same column: a map may have cells without one. */
function inColumn(rows, row, down, from) {
  const index = from.closest("td").cellIndex;
  for (let next = row + down; rows[next]; next += down) {
    const found = rows[next].find((link) => link.closest("td").cellIndex === index);
    if (found) return found;
  }
  return undefined;
}

function rove(table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td a")]).filter((row) => row.length);
  if (!rows.length) return;
  let current = rows[0][0];
  for (const link of rows.flat()) link.tabIndex = link === current ? 0 : -1;
  const enter = (link) => {
    current.tabIndex = -1;
    current = link;
    current.tabIndex = 0;
  };
  table.addEventListener("focusin", (event) => {
    if (rows.some((row) => row.includes(event.target))) enter(event.target);
  });
  table.addEventListener("keydown", (event) => {
    const row = rows.findIndex((links) => links.includes(event.target));
    if (row < 0 || !(event.key in STEPS || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    const next = target(rows, row, rows[row].indexOf(event.target), event);
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

export function start(root) {
  for (const table of root.querySelectorAll("table[data-roving]")) rove(table);
}
