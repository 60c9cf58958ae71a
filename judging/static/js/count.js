/** Counts the characters or words left. The server checks the limit; this only tells. */
export function measure(text, what) {
  return what === "words" ? (text.trim().match(/\S+/gu) ?? []).length : [...text.replace(/\r\n/g, "\n")].length;
}

/** `status` holds the wording for one, few and many, each with the number it was written for (1, 2, 5). */
export function say(status, left) {
  const amount = Math.abs(left);
  const form = { one: "One", few: "Few", two: "Few" }[new Intl.PluralRules(document.documentElement.lang).select(amount)] ?? "Many";
  const template = status.dataset[(left < 0 ? "over" : "left") + form];
  return template.replace(/[125]/, new Intl.NumberFormat(document.documentElement.lang).format(amount));
}

/** Of a field of one line it is told once a fifth is left (.field__count--far until then). */
const NEAR = 5;

/** Begins to count; the element that tells is found by the control's id, which a table of rows may change. */
export function wire(control) {
  const update = () => {
    const status = document.getElementById(`${control.id}-count`);
    const limit = Number(control.dataset.countLimit);
    const left = limit - measure(control.value, control.dataset.count);
    status.textContent = say(status, left);
    status.classList.toggle("field__count--over", left < 0);
    status.classList.toggle("field__count--far", left > limit / NEAR);
  };
  control.addEventListener("input", update);
  update();
}

export function start(root) {
  for (const control of root.querySelectorAll("[data-count]")) wire(control);
}
