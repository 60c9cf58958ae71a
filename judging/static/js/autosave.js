/**
 * Autosave of a draft: <form id="…" data-autosave-url="…"> with <input type="hidden" name="version">.
 *
 * One second after the last input the form is POSTed (FormData, header X-Requested-With: fetch). The server answers
 *   200 {"version": 7, "saved_at_text": "14:32"}   kept; the next save carries the new version, the event "kept" the whole answer;
 *                                                  with "whole": false a part was left out, and a copy of the text stays in the browser
 *   409 {"html": "…"}                              changed elsewhere; the html goes into [data-conflict], saving stops
 *   5xx, 429 {"message": "…"}                      not now; said, kept in the browser and tried again
 *   other 4xx                                      refused; said, the text stays in the browser
 * When the network or the server fails, the form's text is kept in localStorage under the form's id and version, and tried
 * again after 2, 4, 8 … 60 s. A copy found on load that differs from the page is put back and said; it goes with the version it
 * was written on, so a draft changed meanwhile answers 409 with both texts instead of being overwritten.
 * Files and the CSRF token are never kept. The form's id must name the record (review-17). [data-conflict] stands outside
 * the form, because the ways out of a conflict are forms themselves; sending one of them drops the copy.
 */
const DELAY = 1000;
const LONGEST_WAIT = 60;
const NEVER_KEPT = new Set(["csrf_token", "version"]);

/** Where the text waits in the browser, under the form's id and the version it was written on. */
class LocalCopy {
  constructor(form) {
    this.form = form;
    this.prefix = `draft:${form.id}:`;
  }

  get version() {
    return this.form.elements.version?.value ?? "";
  }

  keep() {
    withStorage((storage) => storage.setItem(this.prefix + this.version, JSON.stringify(textOf(this.form))));
  }

  forget() {
    withStorage((storage) => this.keys(storage).forEach((key) => storage.removeItem(key)));
  }

  keys(storage) {
    return Object.keys(storage).filter((key) => key.startsWith(this.prefix));
  }

  /**
   * Puts the kept text back, with the version it was written on; true when it differs from what the server has. The server's text is
   * what the page came with, not what stands in the form: somebody may have typed before this script was there.
   */
  restore() {
    const key = withStorage((storage) => this.keys(storage).at(-1));
    if (!key) return false;
    const text = withStorage((storage) => storage.getItem(key));
    if (text === JSON.stringify(servedText(this.form))) {
      this.forget();
      return false;
    }
    const values = new Map();
    for (const [name, value] of JSON.parse(text)) values.set(name, [...(values.get(name) ?? []), value]);
    for (const element of this.form.elements) {
      if (element.name && !NEVER_KEPT.has(element.name) && !["file", "submit"].includes(element.type)) fill(element, values.get(element.name));
    }
    if (this.form.elements.version) this.form.elements.version.value = key.slice(this.prefix.length);
    return true;
  }
}

/** Storage may be full or forbidden: then there is no copy, and the page still works. */
function withStorage(act) {
  try {
    return act(window.localStorage);
  } catch {
    return null;
  }
}

const textOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NEVER_KEPT.has(name));

/** The text that the page came with, in the order of textOf. */
function servedText(form) {
  return [...form.elements].flatMap((element) => {
    const { name, type } = element;
    if (!name || NEVER_KEPT.has(name) || element.disabled || ["file", "submit", "button", "reset", "fieldset"].includes(type)) return [];
    if (type === "radio" || type === "checkbox") return element.defaultChecked ? [[name, element.value]] : [];
    if (element.options) return [...element.options].filter((option) => option.defaultSelected).map((option) => [name, option.value]);
    return [[name, element.defaultValue]];
  });
}

function fill(element, values = []) {
  if (element.type === "radio" || element.type === "checkbox") element.checked = values.includes(element.value);
  else if (element.options && element.multiple) for (const option of element.options) option.selected = values.includes(option.value);
  else if (values.length) element.value = values[0];
}

/** {"message": "…"} of a refusal says why; another answer says nothing that could be shown. */
async function sentenceOf(response) {
  try {
    return (await response.json()).message;
  } catch {
    return null;
  }
}

class Autosave {
  constructor(form, status) {
    this.form = form;
    this.status = status;
    this.copy = new LocalCopy(form);
    this.failures = 0;
    this.edits = 0;
    this.kept = 0;
    this.timer = 0;
    this.running = false;
    this.stopped = false;
  }

  start() {
    if (this.copy.restore()) {
      this.say("restored", {}, "failed");
      this.form.dispatchEvent(new Event("restored", { bubbles: true }));
      this.schedule(DELAY);
    } else if (JSON.stringify(textOf(this.form)) !== JSON.stringify(servedText(this.form))) this.changed();
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) this.stop();
    });
    window.addEventListener("online", () => this.failures && this.schedule(0));
    window.addEventListener("pagehide", () => this.edits !== this.kept && this.copy.keep());
  }

  changed() {
    this.edits += 1;
    if (!this.failures) this.schedule(DELAY);
    else this.copy.keep();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  schedule(delay) {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  async save() {
    if (this.running || this.stopped) return;
    this.running = true;
    const edits = this.edits;
    if (!this.failures) this.say("saving", {}, "saving");
    try {
      const response = await fetch(this.form.dataset.autosaveUrl, {
        method: "POST", body: new FormData(this.form), headers: { "X-Requested-With": "fetch", Accept: "application/json" }, credentials: "same-origin",
      });
      await this.answered(response, edits);
    } catch {
      this.failed();
    } finally {
      this.running = false;
    }
    if (this.edits !== edits && !this.failures) this.schedule(DELAY);
  }

  async answered(response, edits) {
    if (response.ok) this.saved(await response.json(), edits);
    else if (response.status === 409) this.conflict(await response.json());
    else if (response.status >= 500 || response.status === 429) this.failed(await sentenceOf(response));
    else this.refused(response.status, await sentenceOf(response));
  }

  saved(answer, edits) {
    const { version, saved_at_text: time, whole = true } = answer;
    this.failures = 0;
    this.copy.forget();
    if (this.form.elements.version) this.form.elements.version.value = version;
    if (whole) this.kept = edits;
    else this.copy.keep();
    this.form.dispatchEvent(new CustomEvent("kept", { detail: answer }));
    if (whole && this.edits === edits) this.form.dispatchEvent(new Event("saved", { bubbles: true }));
    this.say("saved", { time }, whole ? "saved" : "failed");
  }

  conflict({ html }) {
    this.stop();
    this.copy.keep();
    this.say("conflict", {}, "failed");
    const place = document.querySelector("[data-conflict]");
    // oxlint-disable-next-line no-restricted-properties -- a fragment of the server's own templates, which escape what is typed
    place.innerHTML = html;
    place.addEventListener("submit", () => {
      this.kept = this.edits; // the choice is made: leaving the page keeps no copy
      this.copy.forget();
    });
    place.querySelector("[data-conflict-panel]")?.focus();
    place.scrollIntoView({ block: "start" });
  }

  refused(status, sentence) {
    this.stop();
    this.copy.keep();
    this.say("refused", { status }, "failed");
    if (sentence) this.status.textContent = sentence;
  }

  /** sentence: why, where the server could say so; else it is taken to be out of reach. */
  failed(sentence = null) {
    this.failures += 1;
    this.copy.keep();
    const seconds = Math.min(2 ** this.failures, LONGEST_WAIT);
    this.say("offline", { seconds }, "failed");
    if (sentence) this.status.textContent = sentence;
    this.schedule(seconds * 1000);
  }

  say(what, values, look) {
    const template = this.status.dataset[`text${what[0].toUpperCase()}${what.slice(1)}`];
    this.status.textContent = template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    for (const name of ["saved", "saving", "failed"]) this.status.classList.toggle(`autosave--${name}`, name === look);
  }
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-autosave-url]")) {
    const status = form.querySelector("[data-autosave-status]") ?? root.querySelector("[data-autosave-status]");
    if (status) new Autosave(form, status).start();
  }
}
