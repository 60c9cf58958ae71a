/**
 * The tables of a form of applications ([data-rows]): rows are added, removed and moved at once, and numbered anew after each change, so that
 * the server reads stages-0-till, stages-1-till, …; a button's value names its row, stages:1. What is copied in a spreadsheet is pasted from the
 * focused cell on. Enter goes to the next row, as in a spreadsheet; Ctrl + Enter, Alt + ↑, Alt + ↓ and Ctrl + Delete do what the buttons do.
 * Without this script the buttons are submits that the server carries out.
 */
import { wire } from "./count.js";

const CONTROLS = "input:not([type=hidden]), select, textarea";
const NAMED = ["name", "id", "for", "aria-describedby", "aria-labelledby"];

const rowsOf = (block) => [...block.querySelector("[data-rows-body]").querySelectorAll(":scope > [data-row]")];
const controlsOf = (row) => [...row.querySelectorAll(CONTROLS)];
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

function number(block) {
  const base = block.dataset.rows;
  const part = new RegExp(`^${escaped(base)}-(?:\\d+|__index__)(?=-)`);
  const place = new RegExp(`^${escaped(base)}:(?:\\d+|__index__)`);
  for (const [index, row] of rowsOf(block).entries()) {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const name of NAMED) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.split(" ").map((one) => one.replace(part, `${base}-${index}`)).join(" "));
      }
      if (element.tagName === "BUTTON") element.value = element.value.replace(place, `${base}:${index}`);
      if ("rowNumber" in element.dataset) element.textContent = String(index + 1);
    }
  }
}

/** Rows bear a key that nobody sees, from the beginning: so one that is sent twice is not there twice. */
export function keyRows(root) {
  for (const control of root.querySelectorAll('input[name$="-_key"]')) {
    if (!control.value) control.value = [...crypto.getRandomValues(new Uint8Array(4))].map((one) => one.toString(16).padStart(2, "0")).join("");
  }
}

function made(block) {
  const row = block.querySelector("[data-rows-template]").content.cloneNode(true).querySelector("[data-row]");
  keyRows(row);
  return row;
}

const KEY = "_key";

/** Puts rows into a table, told by their key: [{_key: "…", till: "…"}]. What is left over is removed. */
export function fillRows(block, rows) {
  const body = block.querySelector("[data-rows-body]");
  const known = new Map(rowsOf(block).map((row) => [keyOf(row)?.value, row]));
  const order = rows.map((told) => {
    const row = known.get(told[KEY]) ?? made(block);
    known.delete(told[KEY]);
    for (const control of row.querySelectorAll("[name]")) {
      const column = control.name.slice(control.name.lastIndexOf("-") + 1);
      if (column in told) control.value = told[column];
    }
    return row;
  });
  if (order.length) body.replaceChildren(...order);
  number(block);
  for (const control of body.querySelectorAll("[data-count]")) wire(control);
}

const keyOf = (row) => row.querySelector('input[name$="-_key"]');

class Rows {
  constructor(block) {
    this.block = block;
    this.body = block.querySelector("[data-rows-body]");
    this.status = block.querySelector("[data-rows-status]");
    this.most = Number(this.status.dataset.most);
    this.isGrid = Boolean(block.querySelector(".grid-table"));
  }

  start() {
    this.block.querySelector("[data-rows-help]").hidden = false;
    this.block.addEventListener("click", (event) => this.pressed(event));
    this.block.addEventListener("keydown", (event) => this.key(event));
    if (this.isGrid) this.block.addEventListener("paste", (event) => this.pasted(event));
  }

  pressed(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const row = button.closest("[data-row]");
    if ("rowsAdd" in button.dataset) this.add(null, 0);
    else if ("rowRemove" in button.dataset) this.remove(row);
    else if ("rowUp" in button.dataset) this.move(row, -1, button);
    else if ("rowDown" in button.dataset) this.move(row, 1, button);
    else return;
    event.preventDefault();
  }

  key(event) {
    const row = event.target.closest("[data-row]");
    const control = event.target;
    if (!row || !control.matches(CONTROLS)) return;
    const column = controlsOf(row).indexOf(control);
    const held = `${event.ctrlKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.metaKey || event.shiftKey ? "other+" : ""}`;
    const acts = {
      "Ctrl+Enter": () => this.add(row, column),
      "Ctrl+Delete": () => this.remove(row, column),
      "Alt+ArrowUp": () => this.move(row, -1, control),
      "Alt+ArrowDown": () => this.move(row, 1, control),
      ...(this.isGrid && control.matches("input, textarea") && this.walks(row, column)),
    };
    const act = acts[held + event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** From row to row, as in a spreadsheet; within a long text the arrows go through its lines. */
  walks(row, column) {
    return {
      Enter: () => this.down(row, column),
      ...(!controlsOf(row)[column].matches("textarea") && {
        ArrowDown: () => this.focus(row.nextElementSibling, column),
        ArrowUp: () => this.focus(row.previousElementSibling, column),
      }),
    };
  }

  add(after, column) {
    if (rowsOf(this.block).length >= this.most) {
      this.say("full", { count: this.most });
      return;
    }
    const row = made(this.block);
    if (after) after.after(row);
    else this.body.append(row);
    this.changed();
    for (const control of row.querySelectorAll("[data-count]")) wire(control);
    this.focus(row, column);
    this.say("added", { number: rowsOf(this.block).indexOf(row) + 1 });
  }

  remove(row, column = -1) {
    const place = rowsOf(this.block).indexOf(row);
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.changed();
    if (neighbour && column >= 0) this.focus(neighbour, column);
    else (neighbour?.querySelector("[data-row-remove]") ?? this.block.querySelector("[data-rows-add]")).focus();
    this.say("removed", { number: place + 1 });
  }

  move(row, by, focused) {
    const neighbour = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!neighbour) return;
    if (by < 0) neighbour.before(row);
    else neighbour.after(row);
    this.changed();
    focused.focus();
    const rows = rowsOf(this.block);
    this.say("moved", { number: rows.indexOf(row) + 1, count: rows.length });
  }

  down(row, column) {
    if (row.nextElementSibling) this.focus(row.nextElementSibling, column);
    else if (controlsOf(row).some((one) => one.value)) this.add(row, column);
  }

  focus(row, column) {
    const control = row && controlsOf(row)[Math.max(column, 0)];
    control?.focus();
    control?.select?.();
  }

  pasted(event) {
    const row = event.target.closest("[data-row]");
    const lines = parted(event.clipboardData.getData("text/plain"));
    const several = lines.some((cells) => cells.length > 1) || lines.length > 1;
    if (!row || !several) return; // one cell is pasted as a text
    event.preventDefault();
    const first = rowsOf(this.block).indexOf(row);
    const column = controlsOf(row).indexOf(event.target);
    const taken = lines.slice(0, this.most - first);
    for (const [index, cells] of taken.entries()) this.fill(first + index, column, cells);
    this.changed();
    if (taken.length < lines.length) this.say("full", { count: this.most });
    else this.say("pasted", { count: taken.length });
  }

  fill(place, column, cells) {
    while (place >= rowsOf(this.block).length) this.body.append(made(this.block));
    const controls = controlsOf(rowsOf(this.block)[place]).slice(column);
    for (const [offset, cell] of cells.slice(0, controls.length).entries()) put(controls[offset], cell);
  }

  changed() {
    number(this.block);
    this.block.dispatchEvent(new Event("input", { bubbles: true }));
    this.block.dispatchEvent(new Event("change", { bubbles: true }));
  }

  say(what, values) {
    const template = this.status.dataset[`text${what[0].toUpperCase()}${what.slice(1)}`];
    this.status.textContent = template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }
}

/** The cells of what a spreadsheet copied: lines of tabs, where a cell with a break or a quotation mark stands in quotation marks. */
export function parted(text) {
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\r?\n|$)/y;
  const lines = [[]];
  while (cell.lastIndex <= text.length) {
    const found = cell.exec(text);
    if (!found) break;
    lines.at(-1).push(found[1] === undefined ? found[2].replace(/\r$/, "") : found[1].replaceAll('""', '"'));
    if (found[3] === "") break;
    if (found[3] !== "\t") lines.push([]);
  }
  while (lines.length && lines.at(-1).every((one) => one === "")) lines.pop();
  return lines;
}

/** A list takes the option of these words or of this value; what fits none leaves it as it was. */
function put(control, text) {
  const wanted = text.trim();
  if (!control.options) {
    control.value = control.matches("textarea") ? wanted : wanted.replaceAll(/\s*\n\s*/g, " ");
    return;
  }
  const same = (one) => one.trim().toLocaleLowerCase() === wanted.toLocaleLowerCase();
  const option = [...control.options].find((one) => same(one.textContent) || same(one.value));
  if (option) control.value = option.value;
}

export function start(root) {
  for (const block of root.querySelectorAll("[data-rows]")) new Rows(block).start();
}
