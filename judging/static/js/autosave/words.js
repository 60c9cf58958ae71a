/** The line that says what became of the text: [data-autosave-status] with its sentences in data-text-…, read out as it changes. */
export class Words {
  constructor(status) {
    this.status = status;
  }

  /** look: "saved", "saving" or "failed"; link: {text, href} behind the sentence. */
  say(what, values, look, link = null) {
    this.tell(this.of(what, values), look, link);
  }

  of(what, values) {
    const template = this.status.dataset[`text${what[0].toUpperCase()}${what.slice(1)}`] ?? "";
    return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  tell(sentence, look, link = null) {
    this.status.textContent = sentence;
    if (link) {
      const anchor = document.createElement("a");
      Object.assign(anchor, { href: link.href, textContent: link.text });
      this.status.append(" ", anchor);
    }
    for (const name of ["saved", "saving", "failed"]) this.status.classList.toggle(`autosave--${name}`, name === look);
    if (look === "failed") keepInSight(document.activeElement);
  }
}

/** A failure makes the line higher: what somebody types into is not left behind it (its room is scroll-padding in autosave.css). */
function keepInSight(control) {
  if (control?.form) control.scrollIntoView({ block: "nearest" });
}
