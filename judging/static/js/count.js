/** Counts the characters or words left. The server checks the limit; this only tells. */

/** White space; what stands between it is a word where it has a letter or a digit: the same as judging/domain/forms/lengths.py. */
const SPACES = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const SIGN_OF_A_WORD = /[\p{L}\p{N}]/u;

export function measure(text, what) {
  return what === "words" ? text.split(SPACES).filter((run) => SIGN_OF_A_WORD.test(run)).length : [...text.replace(/\r\n/g, "\n")].length;
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
