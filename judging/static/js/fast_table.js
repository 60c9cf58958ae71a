/**
 * The table of marks ([data-fast-table]): arrows and Enter lead from field to field, and each row says whether it is saved. Saving itself is
 * autosave.js, a form a row; its events "kept" and "saved" are heard here.
 */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const fieldsOf = (row) => [...row.querySelectorAll("input.input")];

/** Left and right move within what is typed until its edge is reached. */
function atEdge(input, key) {
  if (key === "ArrowLeft") return input.selectionStart === 0;
  if (key === "ArrowRight") return input.selectionEnd === input.value.length;
  return true;
}

const isHeld = ({ altKey, ctrlKey, metaKey, shiftKey }) => altKey || ctrlKey || metaKey || shiftKey;

/** The field that a key leads to from `input`: null where the key is for the field itself, undefined at the edge of the table. */
function fieldAt(table, input, key) {
  if (!STEPS[key] || !input.matches?.("input.input") || !atEdge(input, key)) return null;
  const rows = [...table.querySelectorAll("form")].map(fieldsOf);
  const row = rows.findIndex((fields) => fields.includes(input));
  const [down, right] = STEPS[key];
  return rows[row + down]?.[rows[row].indexOf(input) + right];
}

/** Enter sends nothing by itself: the row is saved as it is typed. */
function move(table, event) {
  const next = isHeld(event) ? null : fieldAt(table, event.target, event.key);
  if (next === null) return;
  event.preventDefault();
  next?.focus();
  next?.select();
}

function tell(form, what, tone, time = "") {
  const state = form.querySelector("[data-row-state]");
  state.textContent = `${state.dataset[`text${what}`]}${time && ` ${time}`}`;
  state.dataset.tone = tone;
}

function rowOf(form) {
  form.addEventListener("input", () => tell(form, "Waits", "waiting"));
  form.addEventListener("restored", () => tell(form, "Waits", "waiting"));
  form.addEventListener("kept", ({ detail }) => {
    form.querySelector("[data-row-total]").textContent = detail.total;
    for (const note of form.querySelectorAll("[data-cannot-judge]")) note.hidden = !detail.abstained.includes(note.dataset.cannotJudge);
    if (detail.whole) tell(form, "Saved", "saved", detail.saved_at_text);
  });
}

export function start(root) {
  for (const table of root.querySelectorAll("[data-fast-table]")) {
    table.addEventListener("keydown", (event) => move(table, event));
    for (const form of table.querySelectorAll("form")) rowOf(form);
  }
}
