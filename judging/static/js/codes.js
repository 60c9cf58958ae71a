/** A field of codes of a classifier ([data-codes]): what is typed after the last comma is looked up, and one of what fits may be taken. */
const DELAY = 250;
const LEAST = 2;

class Codes {
  constructor(block) {
    this.block = block;
    this.input = block.querySelector("input");
    this.list = document.createElement("ul");
    this.list.className = "codes__found";
    this.list.id = `${this.input.id}-found`;
    this.list.role = "listbox";
    this.list.ariaLabel = block.dataset.codesLabel;
    this.list.hidden = true;
    this.timer = 0;
    this.asked = 0;
    this.at = -1;
  }

  start() {
    this.input.after(this.list);
    this.input.role = "combobox";
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.ariaExpanded = "false";
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), DELAY);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("pointerdown", (event) => {
      const item = event.target.closest("[data-code]");
      if (!item) return;
      event.preventDefault();
      this.take(item);
    });
  }

  typed() {
    return this.input.value.slice(this.input.value.lastIndexOf(",") + 1).trim();
  }

  async ask() {
    const text = this.typed();
    this.asked += 1;
    const { asked } = this;
    if (text.length < LEAST) {
      this.close();
      return;
    }
    try {
      const response = await fetch(`${this.block.dataset.codes}?q=${encodeURIComponent(text)}`, {
        headers: { "X-Requested-With": "fetch", Accept: "application/json" }, credentials: "same-origin",
      });
      if (response.ok && asked === this.asked) this.open((await response.json()).found);
    } catch {
      this.close();
    }
  }

  open(found) {
    const exact = found.length === 1 && found[0][0] === this.typed();
    if (!found.length || exact || document.activeElement !== this.input) {
      this.close();
      return;
    }
    this.at = -1;
    this.list.replaceChildren(...found.map(([code, name], index) => {
      const item = document.createElement("li");
      const strong = document.createElement("b");
      strong.textContent = code;
      item.append(strong, ` ${name}`);
      item.role = "option";
      item.id = `${this.list.id}-${index}`;
      item.dataset.code = code;
      item.ariaSelected = "false";
      return item;
    }));
    this.list.hidden = false;
    this.input.ariaExpanded = "true";
  }

  close() {
    this.list.hidden = true;
    this.input.ariaExpanded = "false";
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden) return;
    const items = [...this.list.children];
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.go(items, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && this.at >= 0) this.take(items[this.at]);
    else return;
    event.preventDefault();
  }

  go(items, by) {
    this.at = (this.at + by + items.length) % items.length;
    for (const [index, item] of items.entries()) item.ariaSelected = String(index === this.at);
    items[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", items[this.at].id);
  }

  take(item) {
    const before = this.input.value.slice(0, this.input.value.lastIndexOf(",") + 1).trim();
    this.input.value = `${before ? `${before} ` : ""}${item.dataset.code}`;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function start(root) {
  for (const block of root.querySelectorAll("[data-codes]")) new Codes(block).start();
}
