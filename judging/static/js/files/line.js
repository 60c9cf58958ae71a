/** A file on its way: its name, how far it is, and the button to cancel; refused, it stays with the reason until it is put away. */
export class Line {
  constructor(list, name, words) {
    this.words = words;
    this.name = name;
    this.element = document.createElement("li");
    this.element.className = "file-slot__line";
    this.text = document.createElement("p");
    this.bar = document.createElement("progress");
    this.bar.setAttribute("aria-label", name);
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button button--link";
    this.button.textContent = words.of("cancel");
    this.button.addEventListener("click", () => this.act?.());
    this.element.append(this.text, this.bar, this.button);
    list.append(this.element);
  }

  onPress(act) {
    this.act = act;
  }

  say(text, look = "") {
    this.text.textContent = text;
    this.element.className = `file-slot__line${look ? ` file-slot__line--${look}` : ""}`;
  }

  at(received, total) {
    this.bar.max = total;
    this.bar.value = received;
  }

  refuse(text) {
    this.say(text, "refused");
    this.bar.remove();
    this.button.textContent = this.words.of("hide");
    this.onPress(() => this.remove());
  }

  remove() {
    this.element.remove();
  }
}
