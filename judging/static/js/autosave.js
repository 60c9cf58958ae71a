/**
 * Nothing typed is lost: <form id="…" data-autosave-url="…" data-copy-of="…"> with <input type="hidden" name="version">, a sheet or a section.
 *
 * At every input the text is copied in the browser (autosave/copies.js), and it is sent after a pause and at the latest after some seconds
 * (autosave/timing.js; the answers expected: autosave/sending.js). What has had no answer is sent again as it was before anything newer is, so
 * the server can tell that it has it; what the server does not take waits in the copy, also when the browser is closed, and comes back with
 * the page. The form's id names the record. [data-conflict] stands outside the form. Events of the form: "kept" with the whole answer,
 * "saved" when nothing is left to send, "restored" after a copy was put back, "put" after the text of somebody else was.
 */
import { withBase } from "./autosave/base.js";
import { LocalCopy } from "./autosave/copies.js";
import { showFaults } from "./autosave/faults.js";
import { send } from "./autosave/sending.js";
import { isOf, pairsOf, put, same, servedPairs } from "./autosave/text.js";
import { Timing } from "./autosave/timing.js";
import { Words } from "./autosave/words.js";
import { keyRows } from "./rows.js";

const SOON = 1000;
const LONGEST_WAIT = 60;
const SIGNED_OUT_WAIT = 15_000;
const AFTER_REFUSAL = 5000;
const PRESS_WAITS = 5000;

const hex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((one) => one.toString(16).padStart(2, "0")).join("");

class Autosave {
  constructor(form, status) {
    this.form = form;
    this.words = new Words(status);
    this.copy = new LocalCopy(form);
    this.timing = new Timing(() => this.save(), form.dataset);
    this.pending = null;
    this.failures = 0;
    this.edits = 0;
    this.kept = 0;
    this.presses = 0;
    this.waits = false;
    this.running = false;
    this.stopped = false;
    this.putting = false;
    this.found = false;
    this.held = null;
  }

  start() {
    keyRows(this.form);
    const copy = this.copy.read();
    const typed = "autosaveUnsaved" in this.form.dataset || !same(pairsOf(this.form), servedPairs(this.form));
    if (copy && !typed) this.restore(copy);
    else if (typed) this.changed();
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("submit", (event) => this.pressed(event));
    window.addEventListener("online", () => this.now());
    window.addEventListener("focus", () => this.now());
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.resume());
    document.addEventListener("visibilitychange", () => document.hidden && this.edits !== this.kept && !this.waits && this.timing.in(0));
  }

  value(name) {
    return this.form.elements[name]?.value;
  }

  set(name, value) {
    const control = this.form.elements[name];
    if (control && value !== undefined) control.value = value;
  }

  restore(copy) {
    if (!copy.pending && same(copy.text, servedPairs(this.form))) {
      this.copy.forget();
      return;
    }
    this.fill(copy.text);
    this.set("version", copy.version);
    this.set("fingerprint", copy.fingerprint);
    this.found = true;
    this.pending = copy.pending ? { ...copy.pending, edits: 0, found: true } : null; // it may be older than the text
    this.edits = 1;
    this.words.say("restored", {}, "failed");
    this.form.dispatchEvent(new Event("restored", { bubbles: true }));
    this.keep();
    this.timing.in(Math.min(SOON, this.timing.pause));
  }

  /** Puts text into the form without taking it for something typed. */
  fill(pairs, field = null) {
    this.putting = true;
    put(this.form, pairs, field);
    for (const control of this.form.querySelectorAll("[data-count]")) control.dispatchEvent(new Event("input"));
    this.putting = false;
    this.form.dispatchEvent(new Event("put"));
  }

  changed() {
    if (this.putting) return;
    this.found = false;
    this.edits += 1;
    this.keep();
    if (!this.waits) this.timing.touched();
  }

  keep(pressed = undefined) {
    const [version, fingerprint] = [this.value("version"), this.value("fingerprint")];
    const there = this.copy.write({ version, fingerprint, text: pairsOf(this.form), pending: this.pending, pressed });
    if (there) this.form.dataset.copied = "";
    else {
      delete this.form.dataset.copied;
      if (this.words.of("full", {})) this.words.say("full", {}, "failed");
    }
    return there;
  }

  /**
   * A button sends the form: until the next page says that it was kept, the copy stays. It waits a moment for what is under way, so that the
   * form says what it is filled from.
   */
  pressed(event) {
    if (event.defaultPrevented || this.stopped) return;
    if (this.running) {
      event.preventDefault();
      this.hold(event.submitter);
      return;
    }
    if (this.presses && this.value("request_key")) this.set("request_key", hex(16));
    this.presses += 1;
    const name = hex(8);
    if (this.keep(name)) this.naming(name);
    this.stop();
  }

  hold(submitter) {
    if (this.held) return;
    this.held = () => {
      this.held = null;
      this.running = false;
      this.form.requestSubmit(submitter);
    };
    setTimeout(() => this.held?.(), PRESS_WAITS);
  }

  naming(name) {
    let control = this.form.elements.copy;
    if (!control) {
      control = document.createElement("input");
      Object.assign(control, { type: "hidden", name: "copy" });
      this.form.append(control);
    }
    control.value = name;
  }

  stop() {
    this.stopped = true;
    this.timing.cancel();
  }

  resume() {
    this.stopped = false;
    this.changed();
  }

  /** Where something waits for the network, the server or a sign-in: try at once. */
  now() {
    if (this.waits) this.timing.in(0);
  }

  async save() {
    if (this.running || this.stopped) return;
    this.running = true;
    this.pending ??= {
      text: pairsOf(this.form), version: this.value("version"), fingerprint: this.value("fingerprint"), edits: this.edits,
      found: this.found,
    };
    const body = this.pending;
    this.timing.taken();
    if (!this.waits) this.words.say("saving", {}, "saving");
    const [kind, answer, status] = await send(this.form.dataset.autosaveUrl, body, this.value("csrf_token"));
    this.running = false;
    if (!this.stopped) this[`on${kind[0].toUpperCase()}${kind.slice(1)}`](answer, body, status);
    this.held?.();
  }

  onKept(answer, body) {
    Object.assign(this, { pending: null, failures: 0, waits: false });
    if (answer.overtaken && this.edits !== body.edits) { // what is on the page is compared for itself
      this.keep();
      this.timing.touched();
      return;
    }
    const { version, whole = true } = answer;
    this.set("version", version);
    this.set("fingerprint", answer.fingerprint);
    this.take(answer, body);
    this.form.dispatchEvent(new CustomEvent("kept", { detail: answer }));
    if (whole && this.edits === body.edits) {
      this.kept = this.edits;
      this.copy.forget();
      this.form.dispatchEvent(new Event("saved", { bubbles: true }));
    } else this.keep();
    this.sayKept(answer);
    if (this.edits !== body.edits) this.timing.touched();
  }

  sayKept({ saved_at_text: time, whole = true, merged = "" }) {
    const saved = this.words.of("saved", { time });
    this.words.tell(merged ? `${saved}. ${merged}.` : saved, whole ? "saved" : "failed");
    const echo = document.querySelector("[data-autosave-echo]");
    if (echo) echo.textContent = saved;
  }

  /** What a section is told beside: faults, what others changed, what two changed. */
  take({ faults, theirs = [], conflict }, body) {
    if (faults) showFaults(this.form, faults);
    for (const { name, pairs, base } of theirs) {
      if (!this.isUntouched(name, body)) continue;
      this.fill(pairs, name);
      if (base) this.set("fingerprint", withBase(this.value("fingerprint"), [base]));
    }
    if (conflict !== undefined) this.showPanel(conflict);
  }

  isUntouched(name, body) {
    const ofField = (pairs) => pairs.filter(([one]) => isOf(one, name));
    const focused = document.activeElement;
    const within = focused?.form === this.form && (isOf(focused.name, name) || focused.closest("[data-rows]")?.dataset.rows === name);
    return !within && same(ofField(pairsOf(this.form)), ofField(body.text));
  }

  showPanel(html) {
    const place = document.querySelector("[data-conflict]");
    if (place.dataset.shown === html) return;
    place.dataset.shown = html;
    // oxlint-disable-next-line no-restricted-properties -- a fragment of the server's own templates, which escape what is typed
    place.innerHTML = html;
  }

  onConflict({ html }) {
    this.stop();
    this.pending = null;
    this.keep();
    this.words.say("conflict", {}, "failed");
    this.showPanel(html);
    const place = document.querySelector("[data-conflict]");
    place.addEventListener("submit", () => this.copy.forget());
    place.querySelector("[data-conflict-panel]")?.focus();
    place.scrollIntoView({ block: "start" });
  }

  onSignedOut({ message, sign_in: address }) {
    this.waits = true;
    this.keep();
    const next = encodeURIComponent(location.pathname + location.search);
    const link = address && { text: this.words.of("again", {}), href: `${address}?next=${next}` };
    this.words.tell(message ?? "", "failed", link);
    this.timing.in(SIGNED_OUT_WAIT);
  }

  /** Somebody signed in since the page was opened: the same person's text goes on with the new token, another's waits for its own. */
  onAnother({ message, csrf_token: token, of }) {
    this.waits = true;
    this.keep();
    if (of !== (this.form.dataset.copyOf ?? "")) {
      this.words.tell(this.words.of("other", {}) || message, "failed");
      this.stop();
      return;
    }
    for (const control of document.querySelectorAll("input[name=csrf_token]")) control.value = token;
    this.timing.in(0);
  }

  onRefused({ message }, _body, status) {
    this.pending = null;
    this.waits = false;
    this.keep();
    this.words.say("refused", { status }, "failed");
    if (message) this.words.tell(`${message} ${this.words.of("waits", {})}`.trim(), "failed");
    if (this.edits !== _body.edits) this.timing.in(AFTER_REFUSAL);
  }

  /** message: why, where the server could say so; else it is taken to be out of reach. */
  onFailed({ message }) {
    this.failures += 1;
    this.waits = true;
    this.keep();
    const seconds = Math.min(2 ** this.failures, LONGEST_WAIT);
    this.words.say("offline", { seconds }, "failed");
    if (message) this.words.tell(message, "failed");
    this.timing.in(seconds * 1000);
  }
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-autosave-url]")) {
    const status = form.querySelector("[data-autosave-status]") ?? root.querySelector("[data-autosave-status]");
    if (status) new Autosave(form, status).start();
  }
}
