/** What stands in a form, as pairs of name and text, and putting such pairs back, with the rows of its tables. Files are no part of it. */
import { fillRows } from "../rows.js";

const LEFT_OUT = new Set(["csrf_token", "version", "fingerprint", "request_key", "copy"]);
const NOT_TYPED = new Set(["file", "submit", "button", "reset", "fieldset", "output", "image"]);

export const pairsOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));

export const isOf = (name, field) => name === field || name.startsWith(`${field}-`);

/** The text that the page came with, in the order of pairsOf: somebody may have typed before this script was there. */
export function servedPairs(form) {
  return [...form.elements].flatMap((element) => {
    const { name, type } = element;
    if (!name || LEFT_OUT.has(name) || element.disabled || NOT_TYPED.has(type)) return [];
    if (type === "radio" || type === "checkbox") return element.defaultChecked ? [[name, element.value]] : [];
    if (element.options) return servedOption(element).map((option) => [name, option.value]);
    return [[name, element.defaultValue]];
  });
}

/** A list of which no option was chosen by the page shows its first. */
function servedOption(select) {
  const chosen = [...select.options].filter((option) => option.defaultSelected);
  return chosen.length || select.multiple ? chosen : [...select.options].slice(0, 1);
}

export const same = (first, second) => JSON.stringify(first) === JSON.stringify(second);

/** Puts pairs into the form; those of one `field` alone, where one is named. */
export function put(form, pairs, field = null) {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  const isMeant = (name) => field === null || name === field;
  for (const block of form.querySelectorAll("[data-rows]")) {
    const table = block.dataset.rows;
    if (isMeant(table) && values.has(table)) fillRows(block, rowsOf(values, table));
  }
  for (const element of form.elements) if (isTyped(element) && isMeant(element.name)) fill(element, values.get(element.name));
}

const isTyped = ({ name, type }) => name && !LEFT_OUT.has(name) && !NOT_TYPED.has(type);

/** The rows of a table: [{_key: "…", till: "…"}], in the order of their numbers. */
function rowsOf(values, table) {
  const rows = new Map();
  for (const [name, [value]] of values) {
    const [, number, column] = name.startsWith(`${table}-`) ? /^(\d+)-(.+)$/.exec(name.slice(table.length + 1)) ?? [] : [];
    if (column) rows.set(Number(number), { ...rows.get(Number(number)), [column]: value });
  }
  return [...rows].toSorted(([one], [other]) => one - other).map(([, row]) => row);
}

function fill(element, values = []) {
  if (element.type === "radio" || element.type === "checkbox") element.checked = values.includes(element.value);
  else if (element.options && element.multiple) for (const option of element.options) option.selected = values.includes(option.value);
  else if (values.length) element.value = values[0];
}
