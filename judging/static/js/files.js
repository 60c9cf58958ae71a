/**
 * The documents of a section: <div data-files> with data-text-… words and [data-file-status]; in it #files-view, whose rows [data-file-row] have
 * a form [data-file-form] with data-pieces (files/sending.js) and a list [data-file-lines]. Files are sent as they are chosen or dropped, one
 * after the other. After each the view is fetched anew, so that the table, its counts and what is lacking say what is stored; files on their
 * way and refused ones stay where they are. Without this script the form sends files whole.
 */
import { Line } from "./files/line.js";
import { Refusal, Upload } from "./files/sending.js";

const REFRESHED = ["files-view", "lacking"];

const percentOf = (received, total) => Math.floor((100 * received) / total);

class Words {
  constructor(root) {
    this.root = root;
    this.status = root.querySelector("[data-file-status]");
    this.number = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  of(key, values = {}) {
    const text = this.root.dataset[`text${key[0].toUpperCase()}${key.slice(1)}`] ?? "";
    return text.replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  size(bytes) {
    return `${this.number.format(bytes / 1048576)}\u00a0${this.of("megabytes")}`;
  }

  far(name, received, total) {
    return { name, done: this.size(received), total: this.size(total), percent: `${percentOf(received, total)}\u00a0%` };
  }

  tell(text) {
    this.status.textContent = text;
  }
}

class Files {
  constructor(root) {
    this.root = root;
    this.words = new Words(root);
    this.turn = Promise.resolve();
    this.going = 0;
  }

  start() {
    this.wire();
    window.addEventListener("beforeunload", (event) => {
      if (this.going) event.preventDefault();
    });
  }

  wire() {
    for (const form of this.root.querySelectorAll("[data-file-form]")) {
      form.classList.add("file-slot__form--live");
      const input = form.querySelector("input[type=file]");
      input.addEventListener("change", () => {
        this.take(form, [...input.files]);
        input.value = "";
      });
      this.droppable(form.closest("[data-file-row]"), form);
    }
  }

  droppable(row, form) {
    const over = (on) => row.classList.toggle("file-slot--over", on);
    row.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      over(true);
    });
    row.addEventListener("dragleave", (event) => row.contains(event.relatedTarget) || over(false));
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      this.take(form, [...event.dataTransfer.files]);
    });
  }

  take(form, files) {
    const list = form.closest("[data-file-row]").querySelector("[data-file-lines]");
    for (const file of files) {
      this.forgetBroken(list.closest("[data-file-row]"), file);
      const line = new Line(list, file.name, this.words);
      const limit = Number(form.dataset.maxBytes);
      if (file.size > limit) this.refused(line, form.dataset.tooBig.replace("{name}", file.name));
      else this.queue(form, file, line);
    }
  }

  /** What the page says of an upload that broke off is over when the same file is chosen again. */
  forgetBroken(place, file) {
    for (const note of place.querySelectorAll("[data-broken-off]")) {
      if (note.dataset.name === file.name && Number(note.dataset.size) === file.size) note.remove();
    }
  }

  queue(form, file, line) {
    const upload = new Upload(file, form.dataset.pieces, form.elements.csrf_token.value, this.told(file, line));
    line.say(this.words.of("queued", { name: file.name }));
    line.at(0, file.size || 1);
    line.onPress(() => {
      upload.cancel();
      line.remove();
      this.words.tell(this.words.of("cancelled", { name: file.name }));
    });
    this.going += 1;
    this.turn = this.turn.then(() => this.sent(upload, file, line)).finally(() => { this.going -= 1; });
  }

  told(file, line) {
    const [words, { name, size }] = [this.words, file];
    let quarter = 0;
    return {
      progress: (received) => {
        const far = words.far(name, received, size);
        line.say(words.of("progress", far));
        line.at(received, size);
        const now = Math.floor(percentOf(received, size) / 25);
        if (now > quarter) words.tell(words.of("progress", far));
        quarter = now;
      },
      waiting: (received) => {
        line.say(words.of("waiting", words.far(name, received, size)), "waiting");
        words.tell(line.text.textContent);
      },
      resumed: (received) => words.tell(words.of("resumed", words.far(name, received, size))),
      checking: () => {
        line.at(size, size);
        line.say(words.of("checking", { name }));
      },
    };
  }

  async sent(upload, file, line) {
    if (upload.stopping.signal.aborted) return;
    this.words.tell(this.words.of("begun", { name: file.name }));
    try {
      const message = await upload.send();
      line.remove();
      await this.refresh();
      this.words.tell(message);
    } catch (error) {
      if (upload.stopping.signal.aborted) return;
      this.refused(line, (error instanceof Refusal && error.message) || this.words.of("failed", { name: file.name }));
    }
  }

  refused(line, text) {
    line.refuse(text);
    this.words.tell(text);
  }

  /** Puts the view as it is stored now in place of the one shown; lines of files move over, and the focus stays where it was. */
  async refresh() {
    const focused = document.activeElement?.id;
    const response = await fetch(window.location.pathname, { credentials: "same-origin" }).catch(() => null);
    if (!response?.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const id of REFRESHED) replace(document.getElementById(id), page.getElementById(id));
    this.wire();
    if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  }
}

function replace(shown, fresh) {
  if (!shown || !fresh) return;
  for (const list of shown.querySelectorAll("[data-file-lines]")) {
    const code = CSS.escape(list.closest("[data-file-row]").dataset.fileRow);
    fresh.querySelector(`[data-file-row="${code}"] [data-file-lines]`)?.replaceWith(list);
  }
  shown.replaceWith(document.adoptNode(fresh));
}

export function start(root) {
  for (const files of root.querySelectorAll("[data-files]")) new Files(files).start();
}
