/**
 * A section of a form of applications (form[data-questionnaire]): after a change the server is asked what is shown now, what is computed and
 * summed, and what it finds. The server decides; nothing is stored. Without an answer the page stays as it is: saving tells the same.
 * The answer: {"shown": [name], "computed": {name: text}, "totals": {table: {column: text}}, "notes": {id: [{text, look}]}, "codes": {name: [[code, name]]},
 * "begun": whether anything is answered, "lacking" and "warnings": [{text, href}] of the whole section, told beside it}
 */
const SOON = 200;
const WHILE_TYPING = 800;

class Questionnaire {
  constructor(form) {
    this.form = form;
    this.timer = 0;
    this.asked = 0;
    this.status = form.querySelector("[data-questionnaire-status]");
  }

  start() {
    this.form.addEventListener("input", () => this.soon(WHILE_TYPING));
    this.form.addEventListener("change", () => this.soon(SOON));
    this.form.addEventListener("put", () => this.soon(SOON));
  }

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), delay);
  }

  async ask() {
    this.asked += 1;
    const { asked } = this;
    try {
      const response = await fetch(this.form.dataset.questionnaire, {
        method: "POST", body: new FormData(this.form), headers: { "X-Requested-With": "fetch", Accept: "application/json" }, credentials: "same-origin",
      });
      if (!response.ok || asked !== this.asked) return;
      const answer = await response.json();
      this.show(answer);
      if (answer.lacking) this.tell(answer);
    } catch {
      // out of reach: saving says so
    }
  }

  show({ shown, computed, totals, notes, codes }) {
    this.reveal(new Set(shown));
    for (const [name, text] of Object.entries(computed)) {
      const output = document.getElementById(name)?.querySelector("[data-computed]");
      if (output) output.textContent = text || output.dataset.computedNone;
    }
    for (const [table, sums] of Object.entries(totals)) {
      for (const [column, text] of Object.entries(sums)) {
        const cell = document.getElementById(table)?.querySelector(`[data-total="${column}"]`);
        if (cell) cell.textContent = text;
      }
    }
    this.note(notes);
    for (const [name, some] of Object.entries(codes)) this.name(name, some);
  }

  /** What is said beside the section of all of it. */
  tell({ begun, lacking, warnings }) {
    this.list("[data-lacking]", begun ? lacking : []);
    this.list("[data-warned]", begun ? warnings : []);
    const whole = document.querySelector("[data-whole]");
    if (whole) whole.hidden = !begun || lacking.length > 0;
  }

  /** Where one stands in the list with the keyboard it stays as it is. */
  list(where, lines) {
    const place = document.querySelector(where);
    if (!place || place.contains(document.activeElement)) return;
    place.hidden = lines.length === 0;
    place.querySelector("ul").replaceChildren(...lines.map(({ text, href }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      Object.assign(link, { href, textContent: text });
      item.append(link);
      return item;
    }));
  }

  /** Shows what is asked now and hides the rest; what has come is said to who cannot see it. */
  reveal(shown) {
    const come = [];
    for (const answer of this.form.querySelectorAll("[data-answer]")) {
      const visible = shown.has(answer.dataset.answer);
      if (visible && answer.hidden) come.push(answer.querySelector(".field__label, legend, label")?.textContent.trim());
      answer.hidden = !visible;
    }
    for (const group of this.form.querySelectorAll("[data-answer-group]")) group.hidden = !group.querySelector("[data-answer]:not([hidden])");
    if (come.length) this.status.textContent = `${this.status.dataset.textShown} ${come.join(", ")}`;
  }

  note(notes) {
    for (const note of this.form.querySelectorAll("[data-note], [data-notes] > *")) note.remove();
    for (const [name, some] of Object.entries(notes)) {
      const target = document.getElementById(name);
      const cell = target?.closest("td, [data-cell]");
      const place = cell ?? this.form.querySelector(`[data-answer="${CSS.escape(name)}"] > [data-notes]`);
      for (const { text, look } of place ? some : []) {
        const note = document.createElement("p");
        note.className = look;
        if (cell) note.dataset.note = "";
        note.textContent = text;
        place.append(note);
      }
    }
  }

  name(name, some) {
    const list = this.form.querySelector(`[data-answer="${CSS.escape(name)}"] [data-codes-chosen]`);
    list?.replaceChildren(...some.map(([code, words]) => {
      const item = document.createElement("li");
      const strong = document.createElement("b");
      strong.textContent = code;
      item.append(strong, ` ${words}`);
      return item;
    }));
  }
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-questionnaire]")) new Questionnaire(form).start();
}
