/**
 * Marks by keys, while a mark has the focus. A digit chooses and leads on to the next criterion, once no longer number of the scale
 * begins with what was typed: on 0–10 a 1 stays, however long the pause, until 0 makes it 10, or Enter or ↓ leads on. No timer decides.
 * Left and right move along the scale, up and down to the criterion before and after; no arrow ever changes a mark: the space bar
 * chooses where the focus stands. Minus says that one cannot judge, Delete and a button clear the mark.
 */
const NUMBER = /^[0-9.,-]$/;
const ALONG = { ArrowLeft: -1, ArrowRight: 1 };
const ACROSS = { ArrowUp: -1, ArrowDown: 1 };
const CLEARS = new Set(["Delete", "Backspace"]);
const ABSTAIN = "abstain";

const radiosOf = (scale) => [...scale.querySelectorAll("input[type=radio]:enabled")];
const numberOf = (scale) => scale.querySelector("input[inputmode]:enabled");
/** A mark as it is typed: 1 for 1.0. */
const typedAs = ({ value }) => (value.includes(".") ? value.replace(/\.?0+$/, "") : value);

function tell(control) {
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(radio) {
  radio.checked = true;
  radio.focus();
  tell(radio);
}

/** The focus goes to the mark that is chosen, to the first one else; nothing is chosen by it. */
export function focusMark(scale) {
  const radios = radiosOf(scale);
  const control = radios.find((radio) => radio.checked) ?? numberOf(scale) ?? radios[0];
  control?.focus({ preventScroll: true });
  for (const place of [scale, control]) if (control) place.scrollIntoView({ block: "nearest" });
  return Boolean(control);
}

class Scale {
  constructor(scale, scales) {
    this.scale = scale;
    this.scales = scales;
    this.typed = "";
    this.pending = scale.querySelector("[data-mark-pending]");
    this.clearer = scale.querySelector("[data-mark-clear]");
  }

  start() {
    const { scale } = this;
    scale.addEventListener("keydown", (event) => this.pressed(event));
    scale.addEventListener("focusout", ({ relatedTarget }) => scale.contains(relatedTarget) || this.forget());
    scale.addEventListener("pointerdown", () => this.forget());
    scale.addEventListener("change", ({ target }) => this.changed(target));
    scale.addEventListener("input", ({ target }) => this.excluded(target));
    scale.closest("form")?.addEventListener("put", () => this.offer());
    this.clearer?.addEventListener("click", () => this.clear());
    this.offer();
  }

  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const inNumber = event.target === numberOf(this.scale);
    if (!inNumber && !event.target.matches("input[type=radio]")) return;
    if (inNumber ? this.between(event.key) : this.act(event)) event.preventDefault();
  }

  act({ key, target, shiftKey }) {
    if (shiftKey) return false;
    if (NUMBER.test(key)) return this.number(key === "," ? "." : key);
    this.forget();
    if (key in ALONG) return this.along(target, ALONG[key]);
    if (CLEARS.has(key)) return this.clear();
    return this.between(key);
  }

  /** From criterion to criterion, from a number that is typed, too. */
  between(key) {
    if (key === "Enter") return this.goOn();
    return key in ACROSS && this.across(ACROSS[key]);
  }

  number(key) {
    const radios = radiosOf(this.scale).filter(({ value }) => value !== ABSTAIN);
    const begins = (text) => radios.filter((radio) => typedAs(radio).startsWith(text));
    this.typed = begins(this.typed + key).length ? this.typed + key : key;
    const longer = begins(this.typed);
    if (!longer.length) return this.abstain(key);
    const exact = longer.find((radio) => typedAs(radio) === this.typed);
    if (exact) choose(exact);
    const rest = longer.filter((radio) => radio !== exact);
    if (exact && !rest.length) this.goOn();
    else this.wait(rest);
    return true;
  }

  abstain(key) {
    this.forget();
    const radio = radiosOf(this.scale).find(({ value }) => value === ABSTAIN);
    if (key !== "-" || !radio) return false;
    choose(radio);
    return this.goOn();
  }

  /** Says that the number may still grow, and what leads on. */
  wait(longer) {
    if (!this.pending) return;
    const { textMore = "" } = this.pending.dataset;
    const numbers = longer.map((radio) => radio.labels[0].textContent.trim()).join(", ");
    this.pending.textContent = textMore.replace("{typed}", this.typed.replace(".", ",")).replace("{longer}", numbers);
    this.pending.hidden = false;
  }

  forget() {
    this.typed = "";
    if (this.pending) this.pending.hidden = true;
  }

  along(radio, step) {
    const radios = radiosOf(this.scale);
    radios[(radios.indexOf(radio) + step + radios.length) % radios.length].focus();
    return true;
  }

  across(step) {
    const other = this.scales[this.scales.indexOf(this.scale) + step];
    return other ? focusMark(other) : true;
  }

  /** To the next criterion; from the last one to the questions after them. */
  goOn() {
    this.forget();
    const next = this.scales[this.scales.indexOf(this.scale) + 1];
    if (next) return focusMark(next);
    const after = [...(this.scale.form?.querySelectorAll("[data-after-marks] input[type=radio]") ?? [])];
    (after.find((radio) => radio.checked) ?? after[0])?.focus();
    return true;
  }

  clear() {
    const chosen = this.scale.querySelector("input[type=radio]:checked");
    if (chosen) chosen.checked = false;
    radiosOf(this.scale)[0]?.focus();
    tell(this.scale);
    return true;
  }

  changed(target) {
    if (target.value !== undefined && document.activeElement !== target) this.forget();
    this.offer();
  }

  /** Where the mark is typed: it or “I cannot judge it”, not both. */
  excluded(target) {
    const [number, tick] = [numberOf(this.scale), this.scale.querySelector("input[type=checkbox]")];
    if (!number || !tick) return;
    if (target === tick && tick.checked) number.value = "";
    else if (target === number && number.value) tick.checked = false;
  }

  offer() {
    if (this.clearer) this.clearer.hidden = !this.scale.querySelector("input[type=radio]:checked");
  }
}

export function start(root) {
  const scales = [...root.querySelectorAll("[data-mark-scale]")];
  for (const scale of scales) new Scale(scale, scales).start();
}
